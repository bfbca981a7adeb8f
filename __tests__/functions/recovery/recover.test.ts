import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";
import { type RecoveryPorts, recover } from "../../../functions/recovery/recover.ts";

/** One run, and what it did. */
async function run(changed: Partial<RecoveryPorts> = {}) {
  const done: string[] = [];
  const ports: RecoveryPorts = {
    logger: new Logger({ logLevel: "SILENT" }),
    metrics: new Metrics({ namespace: "test" }),
    requeueSpilled: async () => {
      done.push("spilled");
      return 2;
    },
    mayRedrive: async () => true,
    redrive: async (mayGoOn) => {
      done.push(`may redrive: ${await mayGoOn()}`);
      return { redriven: 3, left: 0, complete: true };
    },
    ...changed,
  };
  const outcome = await recover(ports, () => true);
  return { done, outcome };
}

test("spilled events and dead letters go back", async () => {
  const { done, outcome } = await run();
  expect(done).toEqual(["spilled", "may redrive: true"]);
  expect(outcome).toEqual({ requeued: 2, redriven: 3, failures: [] });
});

test("while deliveries do not succeed nothing is redriven", async () => {
  expect((await run({ mayRedrive: async () => false })).done).toEqual(["spilled", "may redrive: false"]);
});

test("a step that fails holds up none of the others and is told", async () => {
  const broken = () => Promise.reject(new Error("bucket out of reach"));
  const { done, outcome } = await run({ requeueSpilled: broken });
  expect(done).toEqual(["may redrive: true"]);
  expect(outcome.failures.map(({ message }) => message)).toEqual(["bucket out of reach"]);
  expect(outcome).toMatchObject({ requeued: 0, redriven: 3 });
});
