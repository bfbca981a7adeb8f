import { type RecoveryPorts, type RecoverySteps, recover } from "../../../functions/recovery/recover.ts";
import { EmbeddedMetrics } from "../../../functions/runtime/embedded-metrics.ts";
import { LogLines } from "../../../functions/runtime/log-lines.ts";
import { heldLogger } from "../../support/log-lines.ts";

const logger = heldLogger();

/** One run, and what it did. */
async function run(changedSteps: Partial<RecoverySteps> = {}, timeUp: Promise<void> = new Promise(() => {})) {
  const done: string[] = [];
  const steps: RecoverySteps = {
    requeueSpilled: async () => {
      done.push("spilled");
      return { moved: 2, more: false };
    },
    bringBackParked: async () => {
      done.push("parked");
      return { moved: 5, more: false, deadLetters: 7 };
    },
    tendDeadLetters: async () => {
      done.push("dead letters");
      return { moved: 4, redriven: 3, parked: 1, more: false, fresh: 8 };
    },
    parkWaiting: async () => {
      done.push("waiting");
      return { moved: 6, more: false };
    },
  };
  const ports: RecoveryPorts = {
    logger,
    metrics: new EmbeddedMetrics(new LogLines({ service: "recovery", environment: "test" }, "INFO")),
    steps: { ...steps, ...changedSteps },
  };
  const outcome = await recover(ports, timeUp);
  return { done, outcome };
}

const all = ["spilled", "parked", "dead letters", "waiting"];

test("every step has its turn", async () => {
  const { done, outcome } = await run();
  expect(done).toEqual(all);
  expect(outcome).toMatchObject({
    requeued: 2,
    broughtBack: 5,
    redriven: 3,
    parked: 7,
    stored: { deadLetters: 7 },
    deadLetters: { fresh: 8 },
    more: false,
    failures: [],
    failedSteps: [],
  });
});

test("a step that fails holds up none of the others and is told", async () => {
  const broken = () => Promise.reject(new Error("bucket out of reach"));
  const { done, outcome } = await run({ requeueSpilled: broken });
  expect(done).toEqual(["parked", "dead letters", "waiting"]);
  expect(outcome.failures.map(({ message }) => message)).toEqual(["bucket out of reach"]);
  expect(outcome.failedSteps).toEqual(["requeueSpilled"]);
  expect(outcome).toMatchObject({ requeued: 0, redriven: 3 });
});

test("a step that never ends does not take the run's end away: the others are done, and it is told", async () => {
  let end = () => {};
  const timeUp = new Promise<void>((resolve) => {
    end = resolve;
  });
  const hangs = () => {
    end(); // the time is up while it still waits
    return new Promise<never>(() => {});
  };
  const { done, outcome } = await run({ parkWaiting: hangs }, timeUp);
  expect(done).toEqual(["spilled", "parked", "dead letters"]);
  expect(outcome.failures.map(({ message }) => message)).toEqual([
    "The run's time was up before it could park what waits too long.",
  ]);
  expect(outcome).toMatchObject({ requeued: 2, broughtBack: 5, redriven: 3 });
});

test.each([
  ["some of it was done", { moved: 1, more: true }, true],
  ["nothing could be done: the next minute will do", { moved: 0, more: true }, false],
  ["nothing is left", { moved: 1, more: false }, false],
])("there is more to do at once where there is more, and %s", async (_, result, more) => {
  const { outcome } = await run({ requeueSpilled: async () => result });
  expect(outcome.more).toBe(more);
});
