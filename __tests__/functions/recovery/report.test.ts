import { initialState } from "../../../contract/breaker.ts";
import { metrics as names } from "../../../contract/metrics.ts";
import type { RecoveryOutcome } from "../../../functions/recovery/recover.ts";
import { type RunEnd, report } from "../../../functions/recovery/report.ts";
import { StateOutOfReachError, type TendedBreaker } from "../../../functions/recovery/tend-breaker.ts";
import { observe } from "../../../functions/runtime/observability.ts";
import { capturedLogs } from "../../support/captured-logs.ts";

const logs = capturedLogs();
const HOUR = 3_600_000;

const well: TendedBreaker = { state: initialState, mapping: { ok: true } };
const hoursAgo = (hours: number) => new Date(Date.now() - hours * HOUR);

function end(outcome: Partial<RecoveryOutcome> = {}, more: Partial<RunEnd> = {}): RunEnd {
  const nothing = { requeued: 0, broughtBack: 0, redriven: 0, parked: 0, more: false };
  return {
    outcome: { ...nothing, failures: [], failedSteps: [], ...outcome },
    putAside: 0,
    isTold: false,
    ...more,
  };
}

const failed = (...failedSteps: RecoveryOutcome["failedSteps"]) =>
  end({ failedSteps, failures: failedSteps.map((step) => new Error(step)) });

/** What was told; nothing where a metric was not. */
function told(
  tended: Parameters<typeof report>[0],
  ended: RunEnd | undefined,
): Record<string, number | undefined> {
  try {
    report(tended, ended, observe("recovery", "test", "INFO"));
  } catch (error) {
    if (!(error instanceof AggregateError)) throw error;
  }
  const line = logs.lines().find((each) => "_aws" in each) ?? {};
  return Object.fromEntries(
    Object.entries(names.recovery).map(([key, name]) => [key, line[name] as number | undefined]),
  );
}

test.each<[string, Parameters<typeof report>[0], RunEnd | undefined, object]>([
  ["all is well", well, end(), { endedWell: 1, stateOutOfReach: 0, spillsWait: 0, breakerOpen: 0 }],
  ["a step failed", well, failed("tendDeadLetters"), { endedWell: 0, spillsWait: 0 }],
  ["spills wait: their alarm tells it", well, failed("requeueSpilled"), { endedWell: 1, spillsWait: 1 }],
  [
    "the bucket is out of reach, and no queue is to blame",
    well,
    failed("requeueSpilled", "bringBackParked"),
    { endedWell: 0, spillsWait: 0 },
  ],
  [
    "the state table is out of reach: its alarm tells it",
    new StateOutOfReachError(new Error("gone")),
    failed("bringBackParked"),
    { endedWell: 1, stateOutOfReach: 1, breakerOpen: undefined },
  ],
  [
    "the mapping could not be asked for",
    new Error("denied"),
    end(),
    { endedWell: 0, stateOutOfReach: 0, breakerOpen: undefined },
  ],
  ["another run is at it", well, undefined, { endedWell: undefined, breakerOpen: 0 }],
  ["the reason of what waits is told", well, end({}, { isTold: true }), { waitingTold: 1, endedWell: 1 }],
])("whether a run ended well: %s", (_, tended, ended, expected) => {
  expect(told(tended, ended)).toMatchObject(expected);
});

test("the oldest of everything is told: what waits for the breaker, lies in the bucket, or is spilled", () => {
  const open: TendedBreaker = {
    ...well,
    state: { ...initialState, status: "open", oldestUndelivered: hoursAgo(1).toISOString() },
  };
  const stored = { deadLetters: 3, oldest: hoursAgo(9), oldestEvent: hoursAgo(2) };
  const deadLetters = { fresh: 4, oldestSentAt: hoursAgo(5).getTime() };
  const found = told(
    open,
    end({ stored, oldestSpilled: hoursAgo(3), deadLetters }, { oldestOnQueue: hoursAgo(6).getTime() }),
  );
  const hours = (key: string) => Math.round((found[key] ?? Number.NaN) / HOUR);
  expect(["oldestUndelivered", "oldestStored", "oldestOnQueue", "oldestDeadLetter"].map(hours)).toEqual([
    3, 9, 6, 5,
  ]);
  expect(found).toMatchObject({ newDeadLetters: 4, parkedDeadLetters: 3 });
});

test("where nothing waits, no age is told", () => {
  const found = told(well, end({ stored: { deadLetters: 0 }, deadLetters: { fresh: 0 } }));
  expect(found).toMatchObject({
    oldestUndelivered: undefined,
    oldestStored: undefined,
    oldestOnQueue: undefined,
    oldestDeadLetter: undefined,
  });
});
