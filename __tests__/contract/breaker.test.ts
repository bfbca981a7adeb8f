import fc from "fast-check";
import { type BreakerEvent, type BreakerState, initialState, next } from "../../contract/breaker.ts";

const pauses = { baseSeconds: 60, capSeconds: 900 };
const start = new Date("2026-03-01T12:00:00.000Z");
const at = (seconds: number) => new Date(start.getTime() + seconds * 1000);

/** The state after the events, one every ten seconds. */
function after(...events: BreakerEvent[]): BreakerState {
  return events.reduce((state, event, index) => next(state, event, at(index * 10), pauses), initialState);
}

const outage: BreakerEvent = { kind: "outage", reason: "503", oldestUndelivered: at(-30).toISOString() };

test("an outage opens it, a probe closes it; where there is nothing to probe, the next delivery does", () => {
  expect(after(outage)).toMatchObject({ status: "open", by: "processor", reason: "503" });
  expect(after(outage, { kind: "probe-succeeded" })).toMatchObject({ status: "closed", by: "recovery" });
  expect(after(outage, { kind: "nothing-to-probe" })).toMatchObject({ status: "half-open" });
  expect(after(outage, { kind: "nothing-to-probe" }, { kind: "delivered" })).toMatchObject({
    status: "closed",
    failedProbes: 0,
  });
});

test("a probe that is due is taken once, and one that was never set a time is due", () => {
  const open = after(outage);
  expect(next(open, { kind: "probe-started" }, at(59), pauses)).toBe(open);
  const taken = next(open, { kind: "probe-started" }, at(60), pauses);
  expect(taken.nextProbeAt).toBe(at(120).toISOString());
  expect(next(taken, { kind: "probe-started" }, at(60), pauses)).toBe(taken);
  const { nextProbeAt: _, ...older } = open;
  expect(next(older, { kind: "probe-started" }, at(1), pauses)).not.toBe(older);
});

test("what a probe met stands beside the reason of the outage", () => {
  expect(after(outage, { kind: "probe-failed", reason: "refused" })).toMatchObject({
    reason: "503",
    lastProbe: { at: at(10).toISOString(), reason: "refused" },
  });
});

test("two processors that see one outage open it once", () => {
  const once = after(outage);
  expect(next(once, { kind: "outage", reason: "another" }, at(5), pauses)).toBe(once);
});

test("pauses double with failed probes, up to the cap", () => {
  const seconds: number[] = [];
  let state = after(outage);
  for (let probe = 0; probe < 7; probe++) {
    const now = new Date(state.nextProbeAt ?? "");
    state = next(state, { kind: "probe-failed", reason: "503" }, now, pauses);
    seconds.push((Date.parse(state.nextProbeAt ?? "") - now.getTime()) / 1000);
  }
  expect(seconds).toEqual([120, 240, 480, 900, 900, 900, 900]);
});

test("half-open and failing again goes on with a longer pause and keeps the oldest event", () => {
  const again = after(outage, { kind: "nothing-to-probe" }, { kind: "outage", reason: "503 again" });
  expect(again).toMatchObject({
    status: "open",
    failedProbes: 1,
    oldestUndelivered: at(-30).toISOString(),
    nextProbeAt: at(20 + 120).toISOString(),
  });
});

test("what an operator opened, no probe and no delivery closes", () => {
  const opened = after({ kind: "operator-opened", reason: "maintenance" });
  expect(opened).toMatchObject({ status: "open", by: "operator", reason: "maintenance" });
  for (const kind of [
    "probe-started",
    "probe-succeeded",
    "nothing-to-probe",
    "delivered",
    "settled",
  ] as const) {
    const event = { kind };
    expect(next(opened, event, at(60), pauses)).toBe(opened);
  }
  expect(next(opened, { kind: "operator-closed" }, at(60), pauses).status).toBe("closed");
});

test("who brought it into a state is told, with the moment, and a closed one has no reason", () => {
  const probing = after(outage, { kind: "nothing-to-probe" });
  expect(probing).toMatchObject({ status: "half-open", by: "recovery", since: at(10).toISOString() });
  const closed = { status: "closed", since: at(60).toISOString(), reason: "", failedProbes: 0 };
  for (const [kind, by] of [
    ["delivered", "processor"],
    ["settled", "recovery"],
    ["operator-closed", "operator"],
  ] as const) {
    expect(next(probing, { kind }, at(60), pauses)).toEqual({ ...closed, by, held: false });
  }
});

test("what changes nothing leaves the very same object", () => {
  const closed = after(outage, { kind: "probe-succeeded" });
  const open = after(outage);
  const held = after(outage, { kind: "held" });
  const ignored = [
    ...(["operator-closed", "held", "released", "settled", "delivered", "probe-succeeded"] as const).map(
      (kind) => [closed, kind] as const,
    ),
    ...(["released", "delivered", "settled"] as const).map((kind) => [open, kind] as const),
    ...(["held", "released"] as const).map((kind) => [held, kind] as const),
    [closed, "nothing-to-probe"] as const,
  ];
  for (const [state, kind] of ignored) expect(next(state, { kind }, at(60), pauses)).toBe(state);
});

test("a mapping is owed from the moment that it is held until it is seen enabled with the breaker not open", () => {
  const held = after(outage, { kind: "held" });
  expect(held).toEqual({ ...after(outage), held: true });
  const closed = next(held, { kind: "probe-succeeded" }, at(60), pauses);
  expect(closed.held).toBe(true);
  expect(next(closed, { kind: "released" }, at(61), pauses)).toEqual({ ...closed, held: false });
});

const anyEvent = fc.oneof(
  fc.record({ kind: fc.constant("outage" as const), reason: fc.string() }),
  fc.record({ kind: fc.constant("probe-failed" as const), reason: fc.string() }),
  fc.record({ kind: fc.constant("operator-opened" as const), reason: fc.string() }),
  ...(
    [
      ...(["probe-started", "probe-succeeded", "nothing-to-probe", "delivered", "settled"] as const),
      ...(["operator-closed", "held", "released"] as const),
    ] as const
  ).map((kind) => fc.record({ kind: fc.constant(kind) })),
);

test("whatever happens, a held mapping is owed until it is released, and only an open breaker has a next probe", () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
      let state = initialState;
      events.forEach((event, index) => {
        const before = state;
        state = next(state, event, at(index), pauses);
        if (before.held && !state.held) expect(event.kind).toBe("released");
        if (!before.held && state.held) expect(before.status).toBe("open");
        expect(state.nextProbeAt !== undefined).toBe(state.status === "open" && state.by !== "operator");
        if (before.status === "open" && before.by === "operator" && state.status !== "open") {
          expect(event.kind).toBe("operator-closed");
        }
        if (state.nextProbeAt !== undefined && state.nextProbeAt !== before.nextProbeAt) {
          const pause = (Date.parse(state.nextProbeAt) - at(index).getTime()) / 1000;
          expect(pause).toBeGreaterThanOrEqual(pauses.baseSeconds);
          expect(pause).toBeLessThanOrEqual(pauses.capSeconds);
        }
      });
    }),
    { numRuns: 500 },
  );
});
