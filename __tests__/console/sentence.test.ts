import { commandOf } from "../../console/command.ts";
import { count, duration, percent, rate } from "../../console/page/format.ts";
import { sentenceOf } from "../../console/page/sentence.ts";
import { initialState } from "../../contract/breaker.ts";

const NOW = Date.parse("2026-11-26T12:00:00Z");
const quiet = { at: "", waiting: 0, inFlight: 0, delayed: 0, deadLetters: 0 };
const closed = { ...initialState, mapping: "Enabled", types: [] };
const open = {
  ...closed,
  status: "open" as const,
  by: "processor" as const,
  since: "2026-11-26T11:59:00Z",
  reason: "The destination answered 503.\u202e",
  nextProbeAt: "2026-11-26T12:00:40Z",
  oldestReceivedAt: "2026-11-26T11:50:00Z",
};
const type = { type: "any", succeeded: 37, failed: 12, refused: 1 };

test.each([
  [closed, quiet, "good", /^Delivering$/, "No event waits."],
  [
    open,
    { ...quiet, waiting: 3 },
    "bad",
    /^Held back since .*: The destination answered 503\.\\u\{202e\}$/,
    "A few events try again in 40\u202fs. 3 events wait, the oldest for 10\u202fmin since it was received.",
  ],
  [
    { ...open, by: "operator" as const, reason: "" },
    quiet,
    "bad",
    /^Stopped by a person since [^:]*:\d\d:\d\d$/,
    "Events wait until somebody closes the breaker. No event waits.",
  ],
  [{ ...open, status: "half-open" as const }, undefined, "busy", /^Trying again/, ""],
  [
    { ...closed, mapping: "Disabled" },
    quiet,
    "bad",
    /switched the event source mapping off/,
    "No event waits.",
  ],
  [
    { ...closed, mappingReason: "PROBLEM: no permission" },
    quiet,
    "bad",
    /not read: PROBLEM: no permission/,
    "No event waits.",
  ],
  [
    { ...closed, types: [type] },
    quiet,
    "good",
    /^Delivering$/,
    "74\u202f% of the last 50 attempts succeeded. No event waits.",
  ],
  [
    { ...closed, types: [{ ...type, failed: 90 }] },
    { ...quiet, waiting: 1, oldestSeconds: 3 },
    "busy",
    /most attempts fail/,
    "29\u202f% of the last 128 attempts succeeded. 1 event waits, the oldest for 3\u202fs since it was received.",
  ],
] as const)("case %#: how it is, in a sentence", (breaker, queue, tone, headline, details) => {
  const sentence = sentenceOf(breaker, queue, NOW);
  expect(sentence.tone).toBe(tone);
  expect(sentence.headline).toMatch(headline);
  expect(sentence.details.join(" ")).toBe(details);
});

test("numbers are written so that they can be read", () => {
  expect([0, 999, 1_000, 1_234_567].map(count)).toEqual(["0", "999", "1\u202f000", "1\u202f234\u202f567"]);
  expect([0, 0.25, 9.96, 12.4].map(rate)).toEqual(["0", "0.3", "10", "12"]);
  expect([-1, 59, 119, 150, 36_000].map(duration)).toEqual([
    "0\u202fs",
    "59\u202fs",
    "119\u202fs",
    "2.5\u202fmin",
    "10\u202fh",
  ]);
  expect([0, 0.001, 0.744, 1].map(percent)).toEqual(["0\u202f%", "<1\u202f%", "74\u202f%", "100\u202f%"]);
});

test("a command is shown as a shell takes it, whatever stands in it", () => {
  const filter = { type: "a.*", reason: "it's; rm -rf $HOME", since: "  " };
  expect(commandOf({ kind: "redrive", filter }, "--environment production")).toBe(
    `npm run genesys-dlq -- dlq redrive '--type=a.*' '--reason=it'\\''s; rm -rf $HOME' --environment production`,
  );
  expect(commandOf({ kind: "breaker", to: "close" }, "--local")).toBe(
    "npm run genesys-dlq -- breaker close --local",
  );
});
