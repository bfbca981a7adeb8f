import { LambdaClient } from "@aws-sdk/client-lambda";
import type { BreakerState } from "../../../contract/breaker.ts";
import { BreakerStore } from "../../../functions/breaker/store.ts";
import { reconcileMapping } from "../../../functions/recovery/mapping.ts";
import type { MappingNote } from "../../../functions/recovery/mapping-note.ts";
import { startStateTable } from "../../support/dynamodb.ts";
import { forEachTest } from "../../support/hooks.ts";
import { startLambdaApi } from "../../support/lambda-api.ts";
import { heldLogger } from "../../support/log-lines.ts";

const logger = heldLogger();

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

let note: MappingNote | undefined;
let now: Date;
beforeEach(() => {
  note = undefined;
  now = new Date("2026-03-01T12:00:00.000Z");
});

async function reconcile(seen?: BreakerState) {
  const ports = {
    lambda,
    uuid: "mapping-uuid",
    breaker,
    readNote: async () => note,
    writeNote: async (written: MappingNote) => {
      note = written;
    },
    logger,
    now: () => now,
  };
  return reconcileMapping(ports, seen ?? (await breaker.read()));
}

async function openAndHeld(): Promise<void> {
  await breaker.tell({ kind: "outage", reason: "503" });
  await reconcile();
  expect(api.state).toBe("Disabled");
}

test("a person who closes it while a run is about to disable the mapping finds it enabled", async () => {
  const { after: seen } = await breaker.tell({ kind: "outage", reason: "503" });
  await breaker.tell({ kind: "operator-closed" });
  await reconcile(seen);
  await reconcile();
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
  await reconcile(seen);
  expect(api.state).toBe("Disabled");
  await reconcile();
  expect(api.state).toBe("Enabled");
  expect(await breaker.read()).toMatchObject({ status: "closed", held: false });
});

test("a state table emptied while the breaker is open: the note in the bucket says that it is ours", async () => {
  await openAndHeld();
  await state.empty(); // as a person does
  expect(await reconcile()).toEqual({ ok: true });
  expect(api.state).toBe("Enabled");
});

test("one restored from before the outage too", async () => {
  await breaker.tell({ kind: "operator-closed" });
  await openAndHeld();
  await state.empty(); // as a person does
  await breaker.tell({ kind: "operator-opened", reason: "before" });
  await breaker.tell({ kind: "operator-closed" });
  await reconcile();
  expect(api.state).toBe("Enabled");
});

test("a call to disable that takes effect late, after another run has enabled it, is undone", async () => {
  await openAndHeld();
  await breaker.tell({ kind: "operator-closed" });
  await reconcile();
  expect(api.state).toBe("Enabled");
  api.state = "Disabled"; // the late one
  now = new Date(now.getTime() + 5 * 60_000);
  await reconcile();
  expect(api.state).toBe("Enabled");
});

test("a person's switch is left alone, and told: long after ours, and where there never was one", async () => {
  api.state = "Disabled";
  expect(await reconcile()).toEqual({
    ok: false,
    problem: "The event source mapping is Disabled, and not by the breaker: USER_INITIATED",
  });
  note = { disabledAt: "2026-03-01T10:00:00.000Z", enabledAt: "2026-03-01T11:00:00.000Z" };
  expect((await reconcile()).ok).toBe(false);
  expect(api.state).toBe("Disabled");
  expect(api.calls).toEqual([]);
});

test("what AWS has disabled is enabled again", async () => {
  api.state = "Disabled";
  api.reason = "LAMBDA_INITIATED";
  expect(await reconcile()).toEqual({ ok: true });
  expect(api.state).toBe("Enabled");
});

test("a mapping that is enabled and cannot poll is told with Lambda's reason", async () => {
  api.reason = "PROBLEM: the queue does not exist";
  expect(await reconcile()).toEqual({
    ok: false,
    problem: "Lambda cannot poll: PROBLEM: the queue does not exist",
  });
});

test("a bucket that takes no note holds nothing up", async () => {
  await breaker.tell({ kind: "outage", reason: "503" });
  const { after: seen } = await breaker.tell({ kind: "held" });
  const broken = () => Promise.reject(new Error("bucket"));
  await reconcileMapping(
    {
      ...{ lambda, uuid: "mapping-uuid", breaker, readNote: broken, writeNote: broken },
      logger,
      now: () => now,
    },
    seen,
  );
  expect(api.state).toBe("Disabled");
});
