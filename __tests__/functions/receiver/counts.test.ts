import { jest } from "@jest/globals";
import { metrics } from "../../../contract/metrics.ts";
import { EmbeddedMetrics } from "../../../functions/runtime/embedded-metrics.ts";
import { capturedLogs } from "../../support/captured-logs.ts";
import { httpEvent, signed } from "../../support/lambda-events.ts";
import { type ReceiverBench, receiverBench, secret } from "../../support/receiver.ts";

const bench = receiverBench();
const logs = capturedLogs();
afterEach(() => jest.restoreAllMocks());

const body = '{"webhookName":"ended"}';
const event = (text = body) => httpEvent({ body: text, headers: signed(text, secret) });
const nowhere = "http://127.0.0.1:1";
const counted = () =>
  (["accepted", "rejected", "spilled", "claimChecked", "malformed", "secretMissing"] as const)
    .filter((name) => logs.metric(metrics.receiver[name]) > 0)
    .map((name) => `${name} ${logs.metric(metrics.receiver[name])}`);

/** Every way to be stored, and what is counted of it. */
test.each<[string, () => ReturnType<ReceiverBench["start"]>, string, string[]]>([
  ["queued", () => bench.start(), body, ["accepted 1"]],
  ["spilled", () => bench.start({}, { queue: nowhere }), body, ["accepted 1", "spilled 1"]],
  ["a claim check", () => bench.start({ maxMessageBytes: 0 }), body, ["accepted 1", "claimChecked 1"]],
  [
    "a spilled claim check",
    () => bench.start({ maxMessageBytes: 0 }, { queue: nowhere }),
    body,
    ["accepted 1", "spilled 1", "claimChecked 1"],
  ],
  ["malformed", () => bench.start(), "[", ["accepted 1", "malformed 1"]],
  [
    "malformed and spilled",
    () => bench.start({}, { queue: nowhere }),
    "[",
    ["accepted 1", "spilled 1", "malformed 1"],
  ],
])("%s: 200, and counted as all that it is", async (_, start, text, expected) => {
  expect((await start()(event(text))).statusCode).toBe(200);
  expect(counted()).toEqual(expected);
});

test("neither queue nor bucket: 503, rejected, and nothing is counted as accepted", async () => {
  expect((await bench.start({}, { queue: nowhere, bucket: nowhere })(event())).statusCode).toBe(503);
  expect(counted()).toEqual(["rejected 1"]);
});

describe.each(["publishStoredMetrics", "addMetric", "addDimensions"] as const)(
  "with metrics whose %s fails",
  (name) => {
    beforeEach(() => {
      jest.spyOn(EmbeddedMetrics.prototype, name).mockImplementation(() => {
        throw new Error("planted: nothing can be written");
      });
    });

    test.each<[string, ReturnType<typeof event>, number, number]>([
      ["an event", event(), 200, 1],
      ["a malformed one", event("["), 200, 0],
      ["one that is not signed", httpEvent({ body }), 401, 0],
      ["one that is not known", httpEvent({ body, path: "/nowhere" }), 404, 0],
    ])("%s is answered as ever", async (_, given, status, queued) => {
      const receive = bench.start();
      expect((await receive(given)).statusCode).toBe(status);
      expect(bench.cloud.messages()).toHaveLength(queued);
      expect((await receive(given)).statusCode).toBe(status); // and nothing of it is left for the next one
    });
  },
);
