import { Logger } from "@aws-lambda-powertools/logger";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DeliverOnce } from "../../../functions/processor/once.ts";
import { startStateTable } from "../../support/dynamodb.ts";
import { forEachTest } from "../../support/hooks.ts";

const dynamodb = forEachTest(startStateTable);

/** One execution environment, in an invocation that has this much time left. */
function environment(client = dynamodb.client, remainingMilliseconds = 30_000): DeliverOnce {
  const once = new DeliverOnce(client, dynamodb.table, 3600, new Logger({ logLevel: "SILENT" }));
  once.startInvocation({ getRemainingTimeInMillis: () => remainingMilliseconds });
  return once;
}

const deliveries: string[] = [];
beforeEach(() => {
  deliveries.length = 0;
});
const deliver = (outcome: string) => async () => {
  deliveries.push(outcome);
  return outcome;
};
const isSuccess = (outcome: string) => outcome === "success";

test("what has succeeded is not delivered again, in whatever environment", async () => {
  expect(await environment().run("id", deliver("success"), isSuccess)).toEqual({
    kind: "ran",
    value: "success",
    protected: true,
  });
  expect(await environment().run("id", deliver("success"), isSuccess)).toEqual({ kind: "duplicate" });
  expect(await environment().run("other", deliver("success"), isSuccess)).toMatchObject({ kind: "ran" });
  expect(deliveries).toHaveLength(2);
});

test("what failed is delivered again", async () => {
  for (const outcome of ["failure", "failure", "success"]) {
    expect(await environment().run("id", deliver(outcome), isSuccess)).toMatchObject({
      kind: "ran",
      value: outcome,
    });
  }
  expect(deliveries).toEqual(["failure", "failure", "success"]);
});

test("while one is at it, another waits its turn", async () => {
  let inner: unknown;
  await environment().run(
    "id",
    async () => {
      inner = await environment().run("id", deliver("success"), isSuccess);
      return "success";
    },
    isSuccess,
  );
  expect(inner).toEqual({ kind: "in-progress" });
  expect(deliveries).toEqual([]);
});

test("the lock of a killed execution ends with the time it had", async () => {
  let kill = () => {};
  const killed = new Promise<string>((resolve) => {
    kill = () => resolve("failure");
  });
  let started = () => {};
  const running = new Promise<void>((resolve) => {
    started = resolve;
  });
  const first = environment(dynamodb.client, 1).run(
    "id",
    () => {
      started();
      return killed;
    },
    isSuccess,
  );
  await running;
  const lockEnds = Date.now() + 1;
  while (Date.now() <= lockEnds);
  expect(await environment().run("id", deliver("success"), isSuccess)).toMatchObject({ kind: "ran" });
  kill();
  await first;
});

test("with the table out of reach it is delivered all the same, and only once", async () => {
  const nowhere = new DynamoDBClient({
    endpoint: "http://127.0.0.1:1",
    region: "eu-west-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  });
  expect(await environment(nowhere).run("id", deliver("success"), isSuccess)).toEqual({
    kind: "ran",
    value: "success",
    protected: false,
  });
  expect(deliveries).toHaveLength(1);
});

test("a table that fails after the delivery does not undo it", async () => {
  const client = new DynamoDBClient({
    endpoint: dynamodb.endpoint,
    region: "eu-west-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  });
  const outcome = await environment(client).run(
    "id",
    async () => {
      client.destroy();
      client.middlewareStack.add(() => () => Promise.reject(new Error("gone")), { step: "initialize" });
      deliveries.push("success");
      return "success";
    },
    isSuccess,
  );
  expect(outcome).toEqual({ kind: "ran", value: "success", protected: false });
  expect(deliveries).toHaveLength(1);
});
