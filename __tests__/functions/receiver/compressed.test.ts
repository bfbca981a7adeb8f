import { brotliCompressSync, gzipSync } from "node:zlib";
import { deliveryHeaders } from "../../../contract/event/delivery-headers.ts";
import { readEnvelope } from "../../../contract/event/read-envelope.ts";
import { httpEvent, signed } from "../../support/lambda-events.ts";
import { receiverBench, secret } from "../../support/receiver.ts";

const bench = receiverBench();
const json = Buffer.from('{"webhookName":"ended"}');

async function take(bytes: Buffer, encoding?: string) {
  const headers = { ...signed(bytes, secret), ...(encoding ? { "content-encoding": encoding } : {}) };
  const { statusCode } = await bench.start()(httpEvent({ body: bytes, headers }));
  const [event] = bench.cloud.messages();
  const [deadLetter] = bench.cloud.messages("dead-letter");
  return { statusCode, event, deadLetter };
}

test.each([
  ["gzip", "gzip", gzipSync(json)],
  ["GZIP", "gzip", gzipSync(json)],
  ["br", "br", brotliCompressSync(json)],
])(
  "a body in %s is told as what it is, and its encoding goes on to the destination",
  async (header, encoding, bytes) => {
    const { statusCode, deadLetter } = await take(bytes, header);
    expect(statusCode).toBe(200);
    expect(deadLetter?.attributes).toMatchObject({
      reason_class: "malformed",
      reason_message: `The body is compressed with ${encoding}, and no JSON as it came.`,
    });
    expect(JSON.parse(deadLetter?.body ?? "")).toMatchObject({ content_encoding: encoding });
    const event = readEnvelope(deadLetter?.body ?? "");
    expect(event).toMatchObject({ contentEncoding: encoding, body: { bytes } });
    expect(deliveryHeaders({ event, bytes }, 1)).toMatchObject({ "content-encoding": encoding });
  },
);

test("one that does not say so is told by its first bytes, and nothing is made up", async () => {
  const { deadLetter } = await take(gzipSync(json));
  expect(deadLetter?.attributes["reason_message"]).toContain("compressed with gzip");
  expect(JSON.parse(deadLetter?.body ?? "")).not.toHaveProperty("content_encoding");
});

test("one that is JSON as it came is an event, whatever its header says: a REST API decodes it and leaves that", async () => {
  const { event } = await take(json, "gzip");
  expect(JSON.parse(event?.body ?? "")).not.toHaveProperty("content_encoding");
});

test("one that begins as gzip does, and goes on otherwise, is no gzip", async () => {
  const { deadLetter } = await take(Buffer.from([0x1f, 0x8a, 0x08]));
  expect(deadLetter?.attributes["reason_message"]).toBe("Not JSON in UTF-8.");
});

test.each(["identity", "planted\r\nx: y", "x".repeat(300), ""])(
  "an encoding that is none (%j) is not kept",
  async (encoding) => {
    const { deadLetter } = await take(Buffer.from("hello"), encoding);
    expect(deadLetter?.attributes["reason_message"]).toBe("Not JSON in UTF-8.");
    expect(deadLetter?.body).not.toContain("content_encoding");
  },
);

test("an event without an encoding has no such header", () => {
  const event = { id: "id", source: "webhook" as const, body: { bytes: json } };
  expect(deliveryHeaders({ event, bytes: json }, 1)).not.toHaveProperty("content-encoding");
});
