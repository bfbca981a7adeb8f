import { jest } from "@jest/globals";
import { floodInput } from "../support/flood.ts";
import { keepLedger, textOf } from "../support/ledger.ts";
import { localRun } from "../support/local-bench.ts";
import { postUntilTaken } from "../support/local-run.ts";
import { depth, drained, objectKeys } from "../support/watch.ts";

jest.setTimeout(300_000);

const { run, destination } = localRun({
  input: { ...floodInput, idempotency: { windowSeconds: 0 } },
  scheduleEverySeconds: 1,
});

/** What JSON.parse and JSON.stringify would not give back. */
const hard = [
  '{"webhookName":"w"}',
  '\uFEFF {"webhookName" : "w"}\r\n\t ',
  '{"webhookName":"w","n":123456789012345678901234567890.10,"m":-0,"e":1E+2,"big":1e999}',
  '{"webhookName":"a","webhookName":"b","__proto__":1,"__proto__":{"payload":2},"constructor":""}',
  '{"webhookName":"👋","text":"\uFFFE\uFFFF\u{10FFFF} \u2028 漢字 \\ud800 \\udc00\\ud83d \\u0000 \\/"}',
  `{"webhookName":"w","deep":${'{"a":['.repeat(2_000)}${"]}".repeat(2_000)}}`,
];

/** The same, and `bytes` long: every character of several bytes may lie on some boundary. */
function padded(text: string, bytes: number): Buffer {
  const unit = "😀\uFFFE漢é";
  const room = bytes - Buffer.byteLength(text) - Buffer.byteLength(',"pad":""');
  const units = Math.floor(room / Buffer.byteLength(unit));
  const pad = unit.repeat(units) + "x".repeat(room - units * Buffer.byteLength(unit));
  return Buffer.from(text.replace(/\}(\s*)$/, `,"pad":"${pad}"}$1`));
}

async function expectDelivered(events: readonly Buffer[], post: () => Promise<void>): Promise<void> {
  const ledger = keepLedger(destination);
  await post();
  await ledger.keys(events.length);
  await drained(run);
  const texts = events.map(textOf).sort();
  if (ledger.bodies().join("\n") !== texts.join("\n")) expect(ledger.bodies()).toEqual(texts);
  expect(await depth(run, "dead-letter-queue")).toBe(0);
}

const postAll = async (events: readonly Buffer[]) => {
  for (const event of events) expect((await postUntilTaken(run, event)).status).toBe(200);
};

test("through the queue", async () => {
  const events = [...hard.map((text) => Buffer.from(text)), padded(hard[1] ?? "", 60_000)];
  await expectDelivered(events, () => postAll(events));
  expect(await objectKeys(run, "")).toEqual([]);
});

test("through claim checks", async () => {
  const events = [262_144, 1_000_000, 5_000_000].flatMap((size) =>
    hard.slice(1, 3).map((text) => padded(text, size)),
  );
  await expectDelivered(events, () => postAll(events));
  expect(await objectKeys(run, "claim-checks/")).toHaveLength(events.length);
});

test("through spills, of claim checks too", async () => {
  // Another order of size, so that no event is one that has been here before.
  const events = [...hard.map((text) => padded(text, 20_000)), padded(hard[0] ?? "", 400_000)];
  await expectDelivered(events, async () => {
    await run.cloud.stopService("sqs");
    await Promise.all(events.map((event) => postAll([event]))); // each waits for the queue to be given up
    expect(await objectKeys(run, "spill/")).toHaveLength(events.length);
    await run.cloud.startService("sqs");
  });
  expect(await objectKeys(run, "spill/")).toEqual([]);
});
