import { forAllTests } from "../../support/hooks.ts";
import { batches, requests } from "../cost/events.ts";
import { Bench } from "./bench.ts";
import { tutorials } from "./peers.ts";
import { findPython } from "./python.ts";

/** Milliseconds. An interpreter loads its SDK. */
const TIMEOUT = 60_000;
const NOBODY = "https://localhost:1";

const found = findPython();
if ("missing" in found && process.env["CI"] !== "true") {
  test.skip(`the tutorial's functions are not tested: ${found.missing}`, () => {});
} else {
  const bench = forAllTests(() => Bench.start(1));

  const run = async (of: "receiver" | "processor", variables: Record<string, string> = {}) => {
    if ("missing" in found) throw new Error(found.missing);
    await bench.add(`tutorial-${of}`, await tutorials(of));
    await bench.give("tutorial", of === "receiver" ? requests("tutorial", 1) : batches("tutorial", 2, 1));
    const different = { variables, python: found.python, invocations: "tutorial" };
    return bench.run(`tutorial-${of}`, of, 0, different);
  };

  test(
    "its receiver queues one message, with its four fields",
    async () => {
      const { used, answer } = await run("receiver");
      expect(answer).toEqual({ statusCode: 200, body: '{"status": "accepted"}' });
      expect(used?.calls).toEqual({ "AmazonSQS.SendMessage": 1 });
      expect(JSON.parse(used?.message ?? "")).toEqual({
        received_at: expect.any(String),
        webhook_id: "w-1",
        webhook_name: "measured",
        payload: expect.objectContaining({ webhookName: "measured", number: 0 }),
      });
    },
    TIMEOUT,
  );

  test(
    "its receiver accepts what the queue did not take",
    async () => {
      const { used, answer } = await run("receiver", { AWS_ENDPOINT_URL: NOBODY, AWS_MAX_ATTEMPTS: "1" });
      expect(answer).toEqual({ statusCode: 200, body: '{"status": "accepted"}' });
      expect(used?.calls).toEqual({});
    },
    TIMEOUT,
  );

  test(
    "its processor delivers and deletes each message of a batch",
    async () => {
      const { used } = await run("processor");
      expect(used).toMatchObject({ deliveries: 2, calls: { "AmazonSQS.DeleteMessage": 2 } });
    },
    TIMEOUT,
  );

  test(
    "its processor reports no failure of a delivery, so that Lambda deletes the batch",
    async () => {
      const { used, answer } = await run("processor", { DESTINATION: JSON.stringify({ url: NOBODY }) });
      expect(answer).toBeNull();
      expect(used).toMatchObject({ deliveries: 0, calls: {} });
    },
    TIMEOUT,
  );
}
