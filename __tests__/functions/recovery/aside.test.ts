import { Aside, isAboutTheObject } from "../../../functions/recovery/aside.ts";
import type { Memory } from "../../../functions/recovery/memory.ts";
import { heldLogger } from "../../support/log-lines.ts";
import { awsError } from "../../support/recovery-run.ts";

const logger = heldLogger();
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
let now = 0;
let memory: Memory;
let aside: Aside;
beforeEach(() => {
  now = 0;
  memory = { aside: {} };
  aside = new Aside(memory, logger, () => new Date(now));
});
const put = (name: string) => aside.put(name, "It cannot be read", awsError("AccessDenied", 403));

test("what cannot be handled is told once, with its name and why", () => {
  put("key");
  put("key");
  expect(logger.lines).toEqual([
    { level: "ERROR", message: "It cannot be read", key: "key", reason: "AccessDenied" },
  ]);
});

test("it is tried again after a minute, then less and less often, once a day at last; another is not held up", () => {
  const pauses: number[] = [];
  for (let tries = 0; tries < 14; tries++) {
    put("key");
    const pause = (memory.aside["key"]?.nextTryAt ?? 0) - now;
    now += pause - 1;
    expect([aside.has("key"), aside.has("another")]).toEqual([true, false]);
    now += 1;
    expect(aside.has("key")).toBe(false);
    pauses.push(pause / MINUTE);
  }
  expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 1_440, 1_440, 1_440]);
  expect(memory.aside["key"]?.tries).toBe(14);
});

test("what has been handled is forgotten, and begins anew where it fails again", () => {
  put("key");
  put("key");
  aside.remove("key");
  aside.remove("never there");
  expect(aside.count).toBe(0);
  put("key");
  expect(memory.aside).toEqual({ key: { tries: 1, nextTryAt: MINUTE } });
  expect(logger.lines).toHaveLength(2);
});

test("what lies elsewhere now keeps its turn", () => {
  put("key");
  aside.rename("key", "rest");
  aside.rename("never there", "nowhere");
  expect(memory.aside).toEqual({ rest: { tries: 1, nextTryAt: MINUTE } });
});

test("a thousand are remembered; what goes beyond is told and tried in every run, and those go on", () => {
  for (let number = 0; number < 1_001; number++) put(`key ${number}`);
  expect([aside.count, aside.has("key 999"), aside.has("key 1000")]).toEqual([1_000, true, false]);
  expect(logger.lines).toHaveLength(1_001);
  put("key 999");
  expect(memory.aside["key 999"]?.tries).toBe(2);
  expect(memory.aside["key 999"]?.nextTryAt).toBeLessThan(DAY);
});

test.each<[string, unknown, boolean]>([
  ["gone", awsError("NoSuchKey", 404), true],
  ["denied", awsError("AccessDenied", 403), true],
  ["turned down", awsError("InvalidRequest", 400), true],
  ["any other of its kind", awsError("Teapot", 499), true],
  ["timed out", awsError("RequestTimeout", 408), false],
  ["asked too often", awsError("TooManyRequestsException", 429), false],
  ["throttled", awsError("ThrottlingException", 400), false],
  ["told to slow down", awsError("SlowDown", 400), false],
  ["met an error of the service", awsError("InternalError", 500), false],
  ["a redirect", awsError("PermanentRedirect", 399), false],
  ["not answered", new Error("socket hang up"), false],
  ["nothing at all", undefined, false],
])("an object that was %s: the refusal is about that one alone: %#", (_what, error, isIt) => {
  expect(isAboutTheObject(error)).toBe(isIt);
});
