import { LambdaClient } from "@aws-sdk/client-lambda";
import { BreakerStore } from "../../../functions/breaker/store.ts";
import { reconcileMapping } from "../../../functions/recovery/mapping.ts";
import { startStateTable } from "../../support/dynamodb.ts";
import { forEachTest } from "../../support/hooks.ts";
import { startLambdaApi } from "../../support/lambda-api.ts";

const state = forEachTest(startStateTable);
const api = forEachTest(startLambdaApi);
const breaker = forEachTest(
  () => new BreakerStore(state.client, state.table, { baseSeconds: 60, capSeconds: 900 }),
);
const credentials = { accessKeyId: "test", secretAccessKey: "test" };
const lambda = forEachTest(
  () => new LambdaClient({ endpoint: api.endpoint, region: "eu-west-1", credentials }),
  (client) => client.destroy(),
);

test("a person who closes it while a run is about to disable the mapping finds it enabled", async () => {
  const { after: seen } = await breaker.tell({ kind: "outage", reason: "503" });
  await breaker.tell({ kind: "operator-closed" });
  await reconcileMapping(lambda, "mapping-uuid", breaker, seen);
  await reconcileMapping(lambda, "mapping-uuid", breaker, await breaker.read());
  expect(api.state).toBe("Enabled");
});

test("one who closes it just after the run has noted that it holds the mapping gets it back", async () => {
  const { after: seen } = await breaker.tell({ kind: "outage", reason: "503" });
  lambda.middlewareStack.add(
    (next, context) => async (args) => {
      if (context["commandName"] === "UpdateEventSourceMappingCommand" && api.state === "Enabled") {
        await breaker.tell({ kind: "operator-closed" });
      }
      return next(args);
    },
    { step: "initialize" },
  );
  await reconcileMapping(lambda, "mapping-uuid", breaker, seen);
  expect(api.state).toBe("Disabled");
  await reconcileMapping(lambda, "mapping-uuid", breaker, await breaker.read());
  expect(api.state).toBe("Enabled");
  expect(await breaker.read()).toMatchObject({ status: "closed", held: false });
});
