import { shortId } from "../../contract/event/identity.ts";
import { logMessages } from "../../contract/log-messages.ts";
import { report } from "../../local/reporter.ts";
import type { FunctionRunEvent, RunEvent } from "../../local/run-events.ts";
import { HOSTILE, LONG, unseenIn } from "../support/hostile.ts";

const plain = (text: string) => text;
const colours = { dim: plain, green: plain, yellow: plain, red: plain };
const at = new Date(2026, 10, 24, 7, 35, 32);
const id = "webhook@2026-11-24T12:00:00Z+120~6b2c14ef9899051879b7a38a3bc4757e";
const short = shortId(id, 8);

function event(what: FunctionRunEvent["what"], fields: Record<string, unknown> = {}): RunEvent {
  const message = logMessages[what];
  return { kind: "event", what, functionName: "f", eventId: id, fields: { message, ...fields } };
}

/** What concerns no single event. */
function about(what: FunctionRunEvent["what"], fields: Record<string, unknown> = {}): RunEvent {
  return { ...(event(what, fields) as FunctionRunEvent), eventId: undefined };
}

test.each<[RunEvent, string]>([
  [{ kind: "bus", eventId: id, detailType: "v2.x", rules: ["r"] }, `${short}  accepted  eventbridge v2.x`],
  [
    { kind: "bus", eventId: id, detailType: "v2.x", rules: [] },
    `${short}  no rule takes it  eventbridge v2.x`,
  ],
  [event("accepted", { source: "webhook", event_type: "x.y" }), `${short}  accepted  webhook x.y`],
  [event("accepted", { source: "webhook", event_type: null }), `${short}  accepted  webhook`],
  [event("delivered", { attempt: 3 }), `${short}  delivered  on attempt 3`],
  [
    event("retryLater", { status: 503, reason: "503.", next_attempt_seconds: 2 }),
    `${short}  refused (503), trying again in 2 s`,
  ],
  [
    event("retryLater", { reason: "Timed out.", next_attempt_seconds: 0 }),
    `${short}  failed: Timed out. Trying again at once`,
  ],
  [event("retryLater", { status: 503 }), `${short}  refused (503), trying again later`],
  [
    event("deadLettered", { class: "permanent", status: 422, reason: "Answered 422." }),
    `${short}  dead letter  permanent (422): Answered 422.`,
  ],
  [event("malformed", { reason: "Not JSON." }), `${short}  dead letter  malformed: Not JSON.`],
  [event("duplicate"), `${short}  duplicate  delivered before, not sent again`],
  [
    event("deferred", { next_attempt_seconds: 7 }),
    `${short}  deferred  the breaker is open, looking again in 7 s`,
  ],
  [
    event("inProgress", { next_attempt_seconds: 1 }),
    `${short}  another invocation is delivering it, looking again in 1 s`,
  ],
  [
    event("notReached", { next_attempt_seconds: 0 }),
    `${short}  put back on the queue: the invocation that had it ran out of time`,
  ],
  [
    event("requeued", { next_attempt_seconds: 60 }),
    `${short}  put back on the queue, its receives uncounted: looking again in 60 s`,
  ],
  [
    event("requeued", { status: 503, reason: "503.", next_attempt_seconds: 60 }),
    `${short}  refused (503), sent anew, trying again in 60 s`,
  ],
  [about("nothingToProbe"), "-         no event waits to probe with: the next one tells"],
  [
    about("notConsumed", { problem: "Lambda cannot poll." }),
    "-         the queue is not consumed: Lambda cannot poll.",
  ],
  [about("breakerOpened", { reason: "Answered 503." }), "-         breaker open: Answered 503."],
  [
    about("probeFailed", { probe: "Timed out.", reason: "Answered 503." }),
    "-         probe failed: Timed out.",
  ],
  [about("probeSucceeded"), "-         probe succeeded, deliveries resume"],
  [
    about("recovered", { breaker: "half-open", requeued: 0, redriven: 0 }),
    "-         recovery  breaker half-open",
  ],
  [
    about("recovered", { breaker: "closed", requeued: 2, redriven: 30 }),
    "-         recovery  spilled events back on the queue: 2, dead letters redriven: 30",
  ],
  [{ kind: "mapping", mapping: "m", enabled: false }, "-         the queue is not consumed, its events wait"],
  [{ kind: "mapping", mapping: "m", enabled: true }, "-         the queue is consumed again"],
  [
    { kind: "event", what: "rejected", functionName: "f", eventId: undefined, fields: { status: 401 } },
    "-         request refused (401)",
  ],
  [
    { kind: "function-error", functionName: "processor", errorType: "Sandbox.Timedout", errorMessage: "x" },
    "-         processor failed: Sandbox.Timedout: x",
  ],
  [
    {
      ...{
        kind: "handler-failed",
        functionName: "processor",
        eventId: "webhook|12345678",
        errorType: "TypeError",
      },
      ...{ errorMessage: "x is no function", at: "functions/processor/handlers/a.ts:3:4" },
    },
    "3ced000e  handler failed: TypeError: x is no function at functions/processor/handlers/a.ts:3:4",
  ],
  [
    event("deadLettered", {
      class: "permanent",
      status: 422,
      reason: "No.",
      event_type: "sample.unprocessable",
    }),
    "ac43cd50  dead letter  permanent (422): No. This sample is meant to end so.",
  ],
  [
    about("breakerClosed", { reason: "An event was delivered." }),
    "-         breaker closed: An event was delivered.",
  ],
  [{ kind: "code", functionNames: ["a", "b"] }, "-         changed code runs from now on: a, b"],
  [{ kind: "code", functionNames: [] }, "-         saved: the functions' code is the same"],
  [{ kind: "code-refused", reason: "The old code goes on: x" }, "-         The old code goes on: x"],
  [
    { kind: "trouble", where: "aws_x.y", errorName: "TimeoutError" },
    "-         aws_x.y: TimeoutError, going on",
  ],
])("%j", (runEvent, told) => {
  expect(report(runEvent, at, colours)).toBe(`07:35:32  ${told}`);
});

test("every phrase is told, and ids that begin alike are told apart", () => {
  for (const what of Object.keys(logMessages) as FunctionRunEvent["what"][]) {
    expect(report(event(what), at, colours)).toMatch(new RegExp(`^07:35:32 {2}${short} {2}\\S`));
  }
  const told = ["channel-1|Text|1", "channel-1|Text|2"].map((eventId) =>
    report({ ...event("delivered"), eventId } as RunEvent, at, colours)?.slice(10, 18),
  );
  expect(new Set(told).size).toBe(2);
});

test.each<[RunEvent]>([
  [{ kind: "batch", mapping: "m", size: 1, failed: 0 }],
  [about("recovered", { breaker: "closed", requeued: 0, redriven: 0 })],
])("no news: %j", (runEvent) => {
  expect(report(runEvent, at, colours)).toBeUndefined();
});

const fields = [
  "source",
  "event_type",
  "status",
  "reason",
  "next_attempt_seconds",
  "attempt",
  "probe",
  "problem",
];
const hostileFields = Object.fromEntries(
  [...fields, "class", "breaker"].map((name) => [name, HOSTILE + LONG]),
);

test.each<RunEvent>([
  ...(Object.keys(logMessages) as FunctionRunEvent["what"][]).map((what) => event(what, hostileFields)),
  event("otherBytes", { message: HOSTILE + LONG }),
  { kind: "bus", eventId: HOSTILE, detailType: HOSTILE + LONG, rules: [] },
  { kind: "bus", eventId: HOSTILE, detailType: HOSTILE + LONG, rules: ["r"] },
  { kind: "function-error", functionName: "f", errorType: HOSTILE + LONG, errorMessage: HOSTILE },
  {
    ...{ kind: "handler-failed", functionName: "f", eventId: HOSTILE, errorType: HOSTILE + LONG },
    errorMessage: HOSTILE + LONG,
  },
  { kind: "code-refused", reason: HOSTILE + LONG },
  { kind: "denied", caller: "f", action: HOSTILE, resource: HOSTILE + LONG },
  { kind: "trouble", where: "f", errorName: HOSTILE + LONG },
])("strangers' text is text on a line that ends: $kind $what", (runEvent) => {
  const line = report(runEvent, at, colours) ?? "";
  expect(unseenIn(line)).toEqual([]);
  expect(line).not.toContain("\n");
  expect(line.length).toBeLessThan(700);
});
