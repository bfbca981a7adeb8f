import * as fc from "fast-check";
import { Histories } from "../../../cli/events/histories.ts";
import type { LogLine } from "../../../cli/events/log-source.ts";
import { readLine } from "../../../cli/events/read-line.ts";
import { logMessages } from "../../../contract/log-messages.ts";
import { BEGAN_AT, lineAt, longWay } from "../../support/event-lines.ts";

const told = (lines: readonly LogLine[], id: string) => {
  const histories = new Histories();
  for (const line of lines) for (const step of readLine(line)) histories.add(step);
  return histories.get(id);
};
const kinds = (lines: readonly LogLine[], id: string) =>
  told(lines, id)?.steps.map(({ kind, by }) => (by === undefined ? kind : `${kind} ${by}`));

test("an event's way, with the redrive that no line tells of", () => {
  expect(kinds(longWay("id"), "id")).toEqual([
    ...["accepted", "failed", "deferred", "deferred", "dead", "redriven recovery", "dead recovery", "parked"],
    ...["redriven operator", "delivered operator"],
  ]);
  expect(told(longWay("id"), "id")).toMatchObject({
    event: { id: "id", source: "webhook", type: "conversation:ended", conversation: "c-1" },
    ...{ outcome: "delivered", attempts: 4, redrives: 2, status: 200, next: { what: "nothing" } },
  });
  const [accepted, failed, deferred, inProgress] = told(longWay("id"), "id")?.steps ?? [];
  expect(accepted).toMatchObject({
    ...{ at: "2026-11-26T07:59:59.990Z", requestId: "request", durationMilliseconds: 10 },
  });
  expect(failed).toMatchObject({ attempt: 1, status: 503, durationMilliseconds: 20, pauseSeconds: 2 });
  expect(deferred).toMatchObject({ because: "breaker-open", pauseSeconds: 300 });
  expect(inProgress).toMatchObject({ because: "in-progress" });
});

test.each(["accepted", "retryLater", "deferred", "deadLettered", "redriven", "parked", "delivered"] as const)(
  "where an event is, and what happens next, after a line of %s",
  (what) => {
    const line = lineAt(5, "processor", what, "id", {
      ...(what === "retryLater" ? { next_attempt_seconds: 7 } : {}),
      ...(what === "deadLettered" ? { class: "permanent" } : {}),
    });
    const { outcome, next } = told([line], "id") ?? {};
    expect([outcome, next?.what, next?.at]).toEqual(
      {
        accepted: ["waiting", "attempt", undefined],
        retryLater: ["waiting", "attempt", "2026-11-26T08:00:12.000Z"],
        deferred: ["waiting", "probe", undefined],
        deadLettered: ["dead", "person", undefined],
        redriven: ["waiting", "attempt", undefined],
        parked: ["parked", "recovery", undefined],
        delivered: ["delivered", "nothing", undefined],
      }[what],
    );
  },
);

test("a redrive is never guessed: not for a copy, and a move task's is a person's or another tool's", () => {
  const died = lineAt(1, "processor", "deadLettered", "id", { attempt: 1, class: "permanent" });
  const copy = lineAt(2, "processor", "retryLater", "id", { attempt: 2 });
  expect(kinds([died, copy], "id")).toEqual(["dead", "failed"]);
  const moved = lineAt(2, "processor", "retryLater", "id", {
    attempt: 2,
    redriven_by: "unknown",
    redrives: 0,
  });
  expect(kinds([died, moved], "id")).toEqual(["dead", "redriven unknown", "failed unknown"]);
  const later = lineAt(2, "processor", "retryLater", "id", { attempt: 5, redrives: 3 });
  expect(kinds([later], "id")).toEqual(["failed"]); // the range may begin after the redrive
});

test("a spilled event is spilled until recovery has put it on its queue", () => {
  const spilled = [
    lineAt(0, "receiver", "spilled", "id", { spilled: true, error: "ECONNREFUSED" }),
    lineAt(0, "receiver", "accepted", "id", { spilled: true }),
  ];
  expect(told(spilled, "id")).toMatchObject({ outcome: "spilled", next: { what: "recovery" } });
  const back = [...spilled, lineAt(60, "recovery", "requeuedSpilled", "id")];
  expect(told(back, "id")).toMatchObject({ outcome: "waiting" });
});

test("a repetition that went out under another's id is told under both", () => {
  const line = lineAt(1, "processor", "delivered", "first", { attempt: 1, accepted_as: "second" });
  expect([told([line], "first")?.outcome, told([line], "second")?.outcome]).toEqual([
    "delivered",
    "delivered",
  ]);
});

test("what a function or a stranger writes beside, is cut or makes no sense, tells of nothing and breaks nothing", () => {
  const [whole = ""] = longWay("id").map(({ text }) => text);
  const foreign = [
    "",
    "START RequestId: x",
    "null",
    "[]",
    '{"event_id":7,"message":"Event accepted","timestamp":"2026-11-26T08:00:00Z"}',
    '{"event_id":"x","message":"toString","timestamp":"2026-11-26T08:00:00Z"}',
    `{"event_id":"x","message":"${logMessages.accepted}","timestamp":"yesterday"}`,
    '{"event_id":"x","message":{"a":1},"timestamp":[]}',
    whole.slice(0, -1),
    whole.slice(1),
  ];
  for (const text of foreign) expect(readLine({ function: "processor", text })).toEqual([]);
  fc.assert(
    fc.property(fc.json(), fc.nat(whole.length), (text, cut) => {
      readLine({ function: "receiver", text });
      const half = whole.slice(0, cut);
      expect(readLine({ function: "receiver", text: half }).length).toBe(cut === whole.length ? 1 : 0);
    }),
  );
});

test("the same lines in any order, as often as they come, are the same history", () => {
  const lines = [...longWay("a"), ...longWay("b")];
  const expected = [told(lines, "a"), told(lines, "b")];
  fc.assert(
    fc.property(
      fc.shuffledSubarray(lines, { minLength: lines.length }),
      fc.array(fc.constantFrom(...lines)),
      (order, again) => {
        const all = [...order, ...again];
        expect([told(all, "a"), told(all, "b")]).toEqual(expected);
      },
    ),
    { numRuns: 50 },
  );
});

test("however many events and attempts there are, so many are kept; those that wait go last", () => {
  const histories = new Histories({ most: 100 });
  const add = (line: LogLine) => {
    for (const step of readLine(line)) histories.add(step);
  };
  add(lineAt(0, "processor", "retryLater", "waits", { attempt: 1 }));
  for (let event = 0; event < 2_000; event++) {
    add(lineAt(event, "receiver", "accepted", `id-${event}`));
    add(lineAt(event, "processor", "delivered", `id-${event}`, { attempt: 1 }));
  }
  expect(histories.size).toBeLessThanOrEqual(100);
  expect(histories.size + histories.forgotten).toBeGreaterThanOrEqual(2_001);
  expect(histories.get("waits")?.outcome).toBe("waiting");
  for (let attempt = 2; attempt < 1_000; attempt++)
    add(lineAt(attempt, "processor", "retryLater", "waits", { attempt }));
  const { steps = [], omitted = 0, attempts } = histories.get("waits") ?? {};
  expect(steps.length).toBeLessThanOrEqual(200);
  expect([steps.length + omitted, attempts]).toEqual([999, 999]);
  expect(steps[0]?.at).toBe(new Date(BEGAN_AT).toISOString());
});
