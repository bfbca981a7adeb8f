import { LambdaClient } from "@aws-sdk/client-lambda";
import { BreakerStore } from "../../../functions/breaker/store.ts";
import { reconcileMapping } from "../../../functions/recovery/mapping.ts";
import { type StateTable, startStateTable } from "../../support/dynamodb.ts";
import { type LambdaApi, startLambdaApi } from "../../support/lambda-api.ts";

let state: StateTable;
let api: LambdaApi;
let lambda: LambdaClient;
let breaker: BreakerStore;

beforeEach(async () => {
  [state, api] = await Promise.all([startStateTable(), startLambdaApi()]);
  lambda = new LambdaClient({
    endpoint: api.endpoint,
    region: "eu-west-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  breaker = new BreakerStore(state.client, state.table, { baseSeconds: 60, capSeconds: 900 });
});
afterEach(async () => {
  lambda.destroy();
  await Promise.all([state.stop(), api.stop()]);
});

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
