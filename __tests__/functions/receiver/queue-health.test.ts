import { QueueHealth } from "../../../functions/receiver/queue-health.ts";
import { TimeUpError } from "../../../functions/runtime/within.ts";
import { startBlackHole } from "../../support/black-hole.ts";
import { capturedLogs } from "../../support/captured-logs.ts";
import { forEachTest } from "../../support/hooks.ts";
import { httpEvent, signed } from "../../support/lambda-events.ts";
import { receiverBench, secret } from "../../support/receiver.ts";

const { jest } = import.meta;
const bench = receiverBench();
const logs = capturedLogs();
const hole = forEachTest(startBlackHole);
afterEach(() => jest.restoreAllMocks());

const timeout = new TimeUpError("The queue", 2_000);

/** With a clock of its own. */
function health() {
  let now = 0;
  const watched = new QueueHealth(() => now);
  const pass = (seconds: number) => {
    now += seconds * 1_000;
  };
  return { watched, pass };
}

test("one time-out is forgiven, two in a row are not; an answer, whatever it says, starts anew", () => {
  const { watched } = health();
  watched.failed(timeout);
  expect(watched.next()).toBe("send");
  watched.failed(Object.assign(new Error("no"), { name: "QueueDoesNotExist" }));
  watched.failed(timeout);
  expect(watched.next()).toBe("send");
  watched.failed(Object.assign(new Error("late"), { name: "TimeoutError" }));
  expect(watched.next()).toBe("avoid");
});

test("after a rest one request tries; its success ends it, its time-out begins another rest", () => {
  const { watched, pass } = health();
  watched.failed(timeout);
  watched.failed(timeout);
  pass(9.9);
  expect(watched.next()).toBe("avoid");
  pass(0.1);
  expect([watched.next(), watched.next()]).toEqual(["try", "avoid"]);
  watched.failed(timeout);
  pass(9.9);
  expect(watched.next()).toBe("avoid");
  pass(0.1);
  expect(watched.next()).toBe("try");
  watched.answered();
  expect(watched.next()).toBe("send");
});

test("a queue that hangs is left alone after two events; later one of many asks it again", async () => {
  const receive = bench.start(
    { queueUrl: `${hole.endpoint}/000000000000/events` },
    { queue: hole.endpoint },
    ["queue"],
  );
  let sent = 0;
  const send = async () => {
    const body = JSON.stringify({ webhookName: "ended", n: ++sent });
    expect((await receive(httpEvent({ body, headers: signed(body, secret) }))).statusCode).toBe(200);
  };
  await send();
  await send();
  const asked = hole.connections();
  for (let event = 0; event < 5; event++) await send();
  expect(hole.connections()).toBe(asked);

  const later = Date.now() + 10_000;
  jest.spyOn(Date, "now").mockImplementation(() => later);
  await Promise.all(Array.from({ length: 5 }, send));
  expect(hole.connections()).toBe(asked + 1);
  expect(await bench.cloud.keys("spill/")).toHaveLength(12);
  expect(logs.metric("EventsSpilled")).toBe(12);
}, 20_000);

test("what the bucket does not take either goes to the queue, if it is well again", async () => {
  const receive = bench.start(
    { queueUrl: `${hole.endpoint}/000000000000/events` },
    { queue: hole.endpoint, bucket: "http://127.0.0.1:1" },
    ["queue"],
  );
  const body = '{"webhookName":"ended"}';
  const send = async () => (await receive(httpEvent({ body, headers: signed(body, secret) }))).statusCode;
  expect([await send(), await send()]).toEqual([503, 503]);
  const asked = hole.connections();
  expect(await send()).toBe(503);
  expect(hole.connections()).toBeGreaterThan(asked);
}, 20_000);
