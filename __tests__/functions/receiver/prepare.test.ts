import { capturedLogs } from "../../support/captured-logs.ts";
import { httpEvent, signed } from "../../support/lambda-events.ts";
import { receiverBench, secret } from "../../support/receiver.ts";

const { jest } = import.meta;
const bench = receiverBench();
const logs = capturedLogs();

const body = '{"webhookName":"ended"}';
const event = (key = secret) => httpEvent({ body, headers: signed(body, key) });
const set = (value: unknown) => bench.parameters.values.set("/webhook", JSON.stringify(value));
const webhookAlone = () => ({ sources: bench.settings.sources.filter(({ source }) => source === "webhook") });

async function readsOf(work: () => Promise<unknown>): Promise<number> {
  const before = bench.parameters.reads();
  await work();
  return bench.parameters.reads() - before;
}

beforeEach(() => set({ current: secret }));
afterEach(() => {
  Object.assign(bench.parameters, { down: false, throttle: 0, hang: false });
  jest.useRealTimers();
});

test("the secret of each source is read ahead, and the first request reads none", async () => {
  const receive = bench.start();
  const first = async () => {
    await receive.prepare();
    expect((await receive(event())).statusCode).toBe(200);
  };
  expect(await readsOf(first)).toBe(3);
});

test("no more than three are read ahead, each once", async () => {
  const parameters = ["/a", "/a", "/b", "/c", "/d"];
  const authentication = Object.fromEntries(
    parameters.map((secretParameter, index) => [
      `integration-${index}`,
      { kind: "signature" as const, encoding: "base64" as const, secretParameter },
    ]),
  );
  const receive = bench.start({ sources: [{ source: "open-messaging", authentication }] });
  expect(await readsOf(() => receive.prepare())).toBe(3);
});

test("nothing is read where nothing authenticates", async () => {
  const receive = bench.start({ sources: [{ source: "webhook", authentication: { "": { kind: "none" } } }] });
  expect(await readsOf(() => receive.prepare())).toBe(0);
  expect((await receive(httpEvent({ body }))).statusCode).toBe(200);
});

test.each([
  ["fails", { down: true }],
  ["is throttled", { throttle: 1 }],
  ["hangs", { hang: true }],
  ["finds no secret", {}],
])(
  "a read ahead that %s fails no initialisation, says nothing, and the first request reads for itself",
  async (what, trouble) => {
    if (what === "finds no secret") bench.parameters.values.delete("/webhook");
    Object.assign(bench.parameters, trouble);
    // By its own bound, and not by the bench's, which is made for busy machines.
    const receive = bench.start(webhookAlone(), {}, ["secrets"]);
    await expect(receive.prepare()).resolves.toBeUndefined();
    expect(logs.logs()).toEqual([]);
    set({ current: secret });
    Object.assign(bench.parameters, { down: false, throttle: 0, hang: false });
    expect((await receive(event())).statusCode).toBe(200);
  },
);

test("a forged first request has the secret read once, a later one has it read again", async () => {
  const receive = bench.start(webhookAlone());
  const forged = async () => expect((await receive(event("wrong"))).statusCode).toBe(401);
  await receive.prepare();
  expect(await readsOf(forged)).toBe(0);
  expect(await readsOf(forged)).toBe(1);
});

test("what was read ahead long before the first request is not taken for news", async () => {
  const receive = bench.start(webhookAlone());
  await receive.prepare();
  set({ current: "the-new-secret", previous: secret });
  jest.useFakeTimers({
    now: Date.now() + 60_000,
    doNotFake: [
      "setTimeout",
      "clearTimeout",
      "setImmediate",
      "nextTick",
      "queueMicrotask",
      "performance",
      "hrtime",
    ],
  });
  expect((await receive(event("the-new-secret"))).statusCode).toBe(200);
});
