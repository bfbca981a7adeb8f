import { startBlackHole } from "../../support/black-hole.ts";
import { capturedLogs } from "../../support/captured-logs.ts";
import { forAllTests } from "../../support/hooks.ts";
import { httpEvent, signed } from "../../support/lambda-events.ts";
import { type ReceiverBench, receiverBench, secret } from "../../support/receiver.ts";

const interval = 300;
const start = Date.parse("2026-11-24T12:00:00Z");
const { jest } = import.meta;
const bench = receiverBench();
const logs = capturedLogs();

beforeEach(() => {
  // The date alone stands still; sockets and timers are real.
  jest.useFakeTimers({
    now: start,
    doNotFake: [
      "hrtime",
      "nextTick",
      "performance",
      "queueMicrotask",
      "setImmediate",
      "clearImmediate",
      "setInterval",
      "clearInterval",
      "setTimeout",
      "clearTimeout",
    ],
  });
  set({ current: secret });
  bench.parameters.down = false;
});
afterEach(() => {
  jest.useRealTimers();
});

const body = '{"webhookName":"ended"}';
const event = (key = secret) => httpEvent({ body, headers: signed(body, key) });
const set = (value: unknown) => bench.parameters.values.set("/webhook", JSON.stringify(value));
const passSeconds = (seconds: number) => jest.setSystemTime(Date.now() + seconds * 1_000);

/** How often the parameter was read while `work` ran. */
async function readsOf(work: () => Promise<unknown>): Promise<number> {
  const before = bench.parameters.reads();
  await work();
  return bench.parameters.reads() - before;
}

async function statuses(receive: ReturnType<ReceiverBench["start"]>, ...events: ReturnType<typeof event>[]) {
  return (await Promise.all(events.map((one) => receive(one)))).map(({ statusCode }) => statusCode);
}

test("concurrent first requests share one read, and the secret serves for one interval", async () => {
  const receive = bench.start();
  expect(await readsOf(() => statuses(receive, ...Array.from({ length: 20 }, () => event())))).toBe(1);
  passSeconds(interval - 1);
  expect(await readsOf(() => receive(event()))).toBe(0);
  passSeconds(1);
  expect(await readsOf(() => receive(event()))).toBe(1);
});

test("wrong signatures cause one read an interval, however many come", async () => {
  const receive = bench.start();
  await receive(event());
  const wrong = () => statuses(receive, ...Array.from({ length: 10 }, () => event("wrong")));
  expect(await readsOf(wrong)).toBe(1);
  expect(await readsOf(wrong)).toBe(0);
  passSeconds(interval);
  expect(await readsOf(wrong)).toBe(1); // the secret is old; what was read for this very request is not read again
  expect(await wrong()).toEqual(Array(10).fill(401));
});

test("a request without a signature reads nothing", async () => {
  expect(await readsOf(() => bench.start()(httpEvent({ body })))).toBe(0);
});

test("a rotation while events pour in refuses not one", async () => {
  const receive = bench.start();
  const pour = async (...keys: string[]) =>
    expect(await statuses(receive, ...keys.map((key) => event(key)))).toEqual(keys.map(() => 200));
  await pour(secret, secret, secret);
  set({ current: "the-new-secret", previous: secret });
  await pour(secret, "the-new-secret", secret, "the-new-secret", "the-new-secret", secret);
  passSeconds(interval);
  await pour("the-new-secret", secret, "the-new-secret");
  set({ current: "the-new-secret" });
  passSeconds(interval);
  await pour("the-new-secret", "the-new-secret");
  expect(await statuses(receive, event(secret))).toEqual([401]);
});

test("a rotation is noticed even when wrong signatures have used the interval's read up, once the secret is old", async () => {
  const receive = bench.start();
  await statuses(receive, event(), event("wrong"));
  set({ current: "the-new-secret", previous: secret });
  passSeconds(interval);
  expect(await statuses(receive, event("the-new-secret"), event())).toEqual([200, 200]);
});

test("the cached secret serves while the parameter store is down, asked once an interval", async () => {
  const receive = bench.start();
  await receive(event());
  bench.parameters.down = true;
  passSeconds(interval * 10);
  expect(await statuses(receive, event(), event())).toEqual([200, 200]);
  expect(await readsOf(() => statuses(receive, event(), event()))).toBe(0);
  expect(logs.logs()).toContainEqual(
    expect.objectContaining({ message: "Secret could not be read", parameter: "/webhook" }),
  );
  bench.parameters.values.delete("/webhook");
  bench.parameters.down = false;
  passSeconds(interval);
  expect(await statuses(receive, event())).toEqual([200]);
});

describe("without a usable secret: 503 and a metric, never open", () => {
  test.each<[string, string | undefined]>([
    ["no parameter", undefined],
    ["the placeholder", JSON.stringify({ current: "REPLACE-ME" })],
    ["the placeholder beside a previous secret", JSON.stringify({ current: "REPLACE-ME", previous: secret })],
    ["no JSON", secret],
    ["null", "null"],
    ["an empty secret", JSON.stringify({ current: "" })],
    ["a secret that is no text", JSON.stringify({ current: 1 })],
  ])("%s", async (_, value) => {
    if (value === undefined) bench.parameters.values.delete("/webhook");
    else bench.parameters.values.set("/webhook", value);
    const receive = bench.start();
    for (const key of [secret, "REPLACE-ME", "", "1", "null", "undefined"]) {
      const result = await receive(event(key));
      expect([key, result.statusCode, result.body]).toEqual([key, 503, '{"message":"Service Unavailable"}']);
    }
    expect(logs.metric("SecretMissing")).toBe(1); // one read
    expect(logs.metric("SecretUnreadable")).toBe(0);
    expect(bench.cloud.messages()).toEqual([]);
    expect(logs.text()).not.toContain(secret);
    set({ current: secret });
    passSeconds(8);
    expect(await statuses(receive, event())).toEqual([200]);
  });

  test.each([
    ["missing", "secret-missing", () => bench.parameters.values.delete("/webhook")],
    ["out of reach", "secret-unreadable", () => (bench.parameters.down = true)],
  ])("a hundred requests are few reads, and the log says what it is: %s", async (_, reason, break_) => {
    break_();
    const receive = bench.start();
    const hundred = async () => {
      for (let request = 0; request < 100; request++) await receive(event());
    };
    const first = await readsOf(hundred); // with what the SDK tries again
    expect(first).toBeLessThanOrEqual(2);
    passSeconds(2.9);
    expect(await readsOf(hundred)).toBe(0);
    passSeconds(5.1);
    expect(await readsOf(hundred)).toBe(first);
    const reasons = logs.logs().filter(({ message }) => message === "Request rejected");
    expect(new Set(reasons.map((line) => line["reason"]))).toEqual(new Set([reason]));
  });

  test("what is no signature reads nothing", async () => {
    const receive = bench.start();
    const [good = ""] = [signed(body, secret)["x-hub-signature-256"]];
    const forged = [
      "",
      "sha256=",
      "sha1=abc",
      good.slice(0, -1),
      `${good}=`,
      `${good},${good}`,
      `sha256=${"0".repeat(64)}`,
    ];
    const reads = await readsOf(async () => {
      for (const signature of forged) {
        const headers = { "x-hub-signature-256": signature };
        expect((await receive(httpEvent({ body, headers }))).statusCode).toBe(401);
      }
    });
    expect(reads).toBe(0);
  });

  test("a read that is throttled waits for its turn, for all that ask meanwhile", async () => {
    bench.parameters.throttle = 4; // two of our own tries, with what the SDK tries again
    const receive = bench.start();
    expect(await statuses(receive, event(), event("wrong"), event())).toEqual([200, 401, 200]);
    expect(bench.parameters.throttle).toBeLessThan(0);
    expect(logs.metric("SecretUnreadable")).toBe(0);
  });

  test("with a secret at hand nobody waits for a read that is throttled", async () => {
    const receive = bench.start();
    await receive(event());
    passSeconds(interval);
    bench.parameters.throttle = 1_000;
    const reads = await readsOf(() => statuses(receive, event(), event()));
    expect(reads).toBeLessThanOrEqual(2);
    expect(await statuses(receive, event())).toEqual([200]);
    bench.parameters.throttle = 0;
  });

  test("a forged request at a cold start is one read, not two", async () => {
    expect(await readsOf(() => bench.start()(event("wrong")))).toBe(1);
  });

  test.each<[string, () => void]>([
    ["deleted", () => bench.parameters.values.delete("/webhook")],
    ["emptied", () => set({ current: "" })],
  ])(
    "a secret that is %s serves for a quarter of an hour, told of all the while, and no longer",
    async (_, take) => {
      const receive = bench.start();
      await receive(event());
      take();
      for (let minute = 0; minute < 15; minute += 5) {
        passSeconds(interval);
        expect(await statuses(receive, event())).toEqual([200]);
      }
      expect(logs.metric("SecretMissing")).toBe(3);
      expect(logs.logs()).toContainEqual(
        expect.objectContaining({ message: "Secret is missing", parameter: "/webhook", in_use: true }),
      );
      passSeconds(interval);
      expect(await statuses(receive, event())).toEqual([503]);
    },
  );

  test("a secret that comes back within the quarter of an hour has all of it again", async () => {
    const receive = bench.start();
    await receive(event());
    for (let round = 0; round < 4; round++) {
      bench.parameters.values.delete("/webhook");
      passSeconds(interval);
      expect(await statuses(receive, event())).toEqual([200]);
      set({ current: secret });
      passSeconds(interval);
      expect(await statuses(receive, event())).toEqual([200]);
    }
  });

  test("a secret that became the placeholder is out of use", async () => {
    const receive = bench.start();
    await receive(event());
    set({ current: "REPLACE-ME" });
    passSeconds(interval);
    expect(await statuses(receive, event())).toEqual([503]);
  });

  test("the placeholder is no previous secret either", async () => {
    set({ current: secret, previous: "REPLACE-ME" });
    expect(await statuses(bench.start(), event("REPLACE-ME"), event())).toEqual([401, 200]);
  });
});

describe("with a parameter store that accepts and never answers", () => {
  const hole = forAllTests(startBlackHole);

  test("503 while none is cached", async () => {
    const receive = bench.start({}, { secrets: hole.endpoint }, ["secrets"]);
    expect(await statuses(receive, event())).toEqual([503]);
    expect(hole.connections()).toBeGreaterThan(0);
  });
});
