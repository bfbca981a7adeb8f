import { type BreakerState, initialState } from "../../../contract/breaker.ts";
import { defined } from "../../../contract/defined.ts";
import type { Notice } from "../../../contract/notice.ts";
import type { KnownWaiting } from "../../../functions/recovery/known-waiting.ts";
import type { Memory } from "../../../functions/recovery/memory.ts";
import { tellStop } from "../../../functions/recovery/notice.ts";
import { StateOutOfReachError, type TendedBreaker } from "../../../functions/recovery/tend-breaker.ts";
import type { EventLogger } from "../../../functions/runtime/observability.ts";

const NOW = new Date("2026-11-26T12:00:00.500Z");
const SINCE = NOW.getTime() - 240_000;
/** The alarm has told of it by now. */
const told: KnownWaiting = { since: SINCE, toldAt: NOW.getTime() };

const closed: TendedBreaker = { state: initialState, mapping: { ok: true } };
const open = (more: Partial<BreakerState> = {}): TendedBreaker => ({
  state: {
    ...initialState,
    status: "open",
    by: "processor",
    since: "2026-11-26T11:55:00.123Z",
    reason: "The destination answered 302, and points to https://login.example.com/sso.",
    ...more,
  },
  mapping: { ok: true },
});

let memory: Memory;
let said: Notice[];
let warned: unknown[];
beforeEach(() => {
  memory = { aside: {} };
  said = [];
  warned = [];
});

const note: EventLogger["warn"] = (message) => void warned.push(message);

async function run(tended: TendedBreaker | Error, waiting?: KnownWaiting, failure?: Error): Promise<void> {
  memory = { ...memory, ...defined({ waiting }) };
  const publish = (notice: Notice) => {
    if (failure !== undefined) return Promise.reject(failure);
    said.push(notice);
    return Promise.resolve();
  };
  const logger = { info: note, warn: note, error: note };
  await tellStop({ memory, environment: "production", waiting: 36, publish, logger, now: NOW }, tended);
}

test("an outage is said with its status and where it points, since when, how many wait and what follows", async () => {
  const probed = open({
    oldestUndelivered: "2026-11-26T11:54:00.000Z",
    lastProbe: { at: "2026-11-26T11:58:00.000Z", reason: "The destination answered 503." },
  });
  await run(probed, told);
  expect(said).toEqual([
    {
      subject: "production: deliveries have stopped",
      text: [
        "Deliveries of production have stopped, since 2026-11-26T11:55:00Z.",
        "Why: The destination answered 302, and points to https://login.example.com/sso.",
        "The last probe, at 2026-11-26T11:58:00Z: The destination answered 503.",
        "About 36 events wait on the queue, the oldest since 2026-11-26T11:54:00Z. None is lost.",
        "Recovery tries a few events again and again, and deliveries resume by themselves when one is delivered.",
        "Run first: npm run genesys-dlq -- breaker status --environment production",
      ].join("\n"),
    },
  ]);
});

test("it is said once, and once that deliveries go on; the next outage is said again", async () => {
  await run(open(), told);
  await run(open(), told);
  await run({ ...open(), state: { ...open().state, status: "half-open" } }, told);
  expect(said).toHaveLength(1);
  await run(closed, { toldAt: NOW.getTime() });
  await run(closed, { toldAt: NOW.getTime() });
  expect(said.map(({ subject }) => subject).slice(1)).toEqual(["production: deliveries go on"]);
  expect(said[1]?.text).toContain("They had stopped at 2026-11-26T11:56:00Z.");
  await run(open(), told);
  expect(said).toHaveLength(3);
});

test("a stop of which the alarm has not told yet is not said, and neither is its end", async () => {
  await run(open(), { since: SINCE });
  await run(open(), { since: SINCE, toldAt: SINCE });
  await run(closed, undefined);
  expect(said).toEqual([]);
});

test("what a person has stopped waits for a person, and so does a mapping that is off", async () => {
  await run(open({ by: "operator", reason: "maintenance" }), told);
  memory = { aside: {} };
  await run({ ...closed, mapping: { ok: false, problem: "Lambda cannot poll: PROBLEM: a key" } }, told);
  expect(said.map(({ text }) => text)).toEqual([
    expect.stringMatching(/^Why: maintenance$[\s\S]+^It stays so until a person puts it right\./m),
    expect.stringMatching(
      /stopped, since 2026-11-26T11:56:00Z\.$[\s\S]+^Why: Lambda cannot poll: PROBLEM: a key$[\s\S]+puts it right/m,
    ),
  ]);
});

test("a topic that does not take it is tried again by the next run, and fails none", async () => {
  await run(open(), told, new Error("denied"));
  expect(memory.stopTold).toBeUndefined();
  expect(warned).toHaveLength(1);
  await run(open(), told);
  expect(said).toHaveLength(1);
  await run(closed, { toldAt: NOW.getTime() }, new Error("denied"));
  expect(memory.stopTold).toBeDefined();
});

test("a destination's own words are one line, and no more than a mail needs", async () => {
  await run(open({ reason: `Answered\nDeliveries go on.\u202e${"x".repeat(5_000)}` }), told);
  const lines = said[0]?.text.split("\n") ?? [];
  expect(lines).toHaveLength(5);
  expect(lines[1]).toMatch(/^Why: Answered Deliveries go on\.\\u\{202e\}x+…$/);
  expect(lines[1]?.length).toBeLessThanOrEqual(405);
});

test("where nobody knows, nothing is said", async () => {
  await run(new StateOutOfReachError(new Error("gone")), told);
  expect(said).toEqual([]);
});
