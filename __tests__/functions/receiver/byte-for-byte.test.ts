import fc from "fast-check";
import { isMessageText } from "../../../contract/event/message-text.ts";
import { readEnvelope } from "../../../contract/event/read-envelope.ts";
import { readSpill } from "../../../contract/event/spill.ts";
import { capturedLogs } from "../../support/captured-logs.ts";
import { anyEventBytes } from "../../support/event-bytes.ts";
import { httpEvent, signed } from "../../support/lambda-events.ts";
import { type ReceiverBench, receiverBench, secret } from "../../support/receiver.ts";

const bench = receiverBench();
const logs = capturedLogs();

/** The bytes of the one event that is stored anywhere, on either queue, in an envelope, a claim check or a spill. */
async function storedBytes(): Promise<Buffer> {
  const spills = await Promise.all(
    (await bench.cloud.keys("spill/")).map(async (key) =>
      readSpill((await bench.cloud.object(key)).bytes.toString()),
    ),
  );
  const [message, ...others] = [...bench.cloud.messages(), ...bench.cloud.messages("dead-letter"), ...spills];
  expect(others).toEqual([]);
  expect(isMessageText(message?.body ?? "\uFFFF")).toBe(true);
  const { body } = readEnvelope(message?.body ?? "");
  return "bytes" in body ? body.bytes : (await bench.cloud.object(body.reference.key)).bytes;
}

/** Each another way to the same bytes: the events are many on the first, for all of them are read there. */
const ways = {
  queue: () => bench.start(),
  "claim check": () => bench.start({ maxMessageBytes: 0 }),
  spill: () => bench.start({}, { queue: "http://127.0.0.1:1" }),
  "spilled claim check": () => bench.start({ maxMessageBytes: 0 }, { queue: "http://127.0.0.1:1" }),
};

describe.each(Object.entries(ways))("through %s", (way, start) => {
  async function expectBytesKept(
    receive: ReturnType<ReceiverBench["start"]>,
    bytes: Buffer,
    base64: boolean,
  ) {
    bench.cloud.reset();
    logs.clear();
    const event = httpEvent({ body: bytes, base64, headers: signed(bytes, secret) });
    expect((await receive(event)).statusCode).toBe(200);
    const stored = await storedBytes();
    if (!stored.equals(bytes)) expect(stored.toString("hex")).toBe(bytes.toString("hex"));
  }

  test("any event's bytes are kept, JSON or not", async () => {
    const receive = start();
    await fc.assert(
      fc.asyncProperty(anyEventBytes, ({ bytes }) => expectBytesKept(receive, bytes, true)),
      { numRuns: way === "queue" ? 100 : 25 },
    );
  });

  test.each([0, 1])("%d bytes", (size) => expectBytesKept(start(), Buffer.alloc(size, 0x30), false));

  test.each([250_000, 1_000_000, 5_000_000])("a sound event of %d bytes", async (size) => {
    const [head, unit, tail] = ['{"webhookName":"x","t":"', "😀\uFFFE漢\\ud800", '"}'] as const;
    const space = size - Buffer.byteLength(head + tail);
    const units = Math.floor(space / Buffer.byteLength(unit));
    const bytes = Buffer.from(
      `${head}${unit.repeat(units)}${"x".repeat(space - units * Buffer.byteLength(unit))}${tail}`,
    );
    expect(bytes).toHaveLength(size);
    await expectBytesKept(start(), bytes, size === 1_000_000);
    expect(bench.cloud.messages("dead-letter")).toEqual([]);
  });

  test("10,000 levels deep", async () => {
    const deep = `{"webhookName":"x","deep":${'{"a":['.repeat(5_000)}${"]}".repeat(5_000)}}`;
    await expectBytesKept(start(), Buffer.from(deep), false);
  });
});
