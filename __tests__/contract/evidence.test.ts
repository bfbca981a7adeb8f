import {
  bucketOf,
  failingText,
  noEvidence,
  oldAttributes,
  outagesAttribute,
  readEvidence,
  rowAttributes,
  succeededAttribute,
  tallyAttribute,
} from "../../contract/evidence.ts";

const now = Date.parse("2026-03-01T12:00:00.000Z"); // a bucket begins
const MINUTE = 60_000;
const bucket = 1_969_296;
const number = (value: number) => ({ N: String(value) });

test("a bucket is a quarter of an hour", () => {
  expect([now - 1, now, now + 15 * MINUTE - 1, now + 15 * MINUTE].map(bucketOf)).toEqual([
    bucket - 1,
    bucket,
    bucket,
    bucket + 1,
  ]);
});

test("attributes have the short names that are paid for by their bytes", () => {
  const fields = ["succeeded", "failed", "refused", "firstSucceeded", "firstFailed"] as const;
  expect(fields.map((field) => tallyAttribute(bucket, field, "a|b"))).toEqual(
    ["s", "f", "r", "s1", "f1"].map((code) => `1969296|${code}|a|b`),
  );
  expect(succeededAttribute("a|b")).toBe("|at|a|b");
  expect(outagesAttribute(bucket)).toBe("1969296|o|");
  expect(rowAttributes).toEqual(["failing", "refused", "failedInRow", "refusedInRow"]);
});

test("an event that fails is its mark, status, age and type", () => {
  expect(failingText({ mark: "m", status: 503, receivedAt: 1, type: "a|b" })).toBe("m|503|1|a|b");
  expect(failingText({ mark: "m", type: "" })).toBe("m|||");
});

test("no item tells nothing", () => {
  expect(readEvidence(undefined, now)).toBe(noEvidence);
  expect(readEvidence({}, now)).toEqual({
    types: new Map(),
    failedNow: 0,
    missedInOutages: 0,
    failing: [],
    refused: [],
    failedInRow: 0,
    refusedInRow: 0,
    succeededAt: new Map(),
  });
  expect(Object.keys(readEvidence({}, now))).not.toContain("lastFailureAt");
});

test("an item's buckets add up by type, and the failures of the one at hand are told apart", () => {
  const evidence = readEvidence(
    {
      [tallyAttribute(bucket, "failed", "a")]: number(2),
      [tallyAttribute(bucket - 1, "failed", "a")]: number(3),
      [tallyAttribute(bucket - 2, "firstFailed", "a")]: number(4),
      [tallyAttribute(bucket, "failed", "line\nfeed")]: number(5),
      [tallyAttribute(bucket, "succeeded", "a")]: number(6),
      [tallyAttribute(bucket, "refused", "a")]: number(7),
      [tallyAttribute(bucket, "firstSucceeded", "a")]: number(8),
      [outagesAttribute(bucket)]: number(2),
      [outagesAttribute(bucket - 2)]: number(3),
      [succeededAttribute("a")]: number(now - 1),
      failing: { SS: [failingText({ mark: "m", status: 503, receivedAt: 1, type: "a|b" })] },
      refused: { SS: [failingText({ mark: "n", type: "" })] },
      failedInRow: number(9),
      refusedInRow: number(10),
      lastFailureAt: number(11),
      lastSuccessAt: number(0),
    },
    now,
  );
  const none = { succeeded: 0, failed: 0, refused: 0, firstSucceeded: 0, firstFailed: 0 };
  expect(evidence).toEqual({
    types: new Map([
      ["a", { succeeded: 6, failed: 5, refused: 7, firstSucceeded: 8, firstFailed: 4 }],
      ["line\nfeed", { ...none, failed: 5 }],
    ]),
    failedNow: 7,
    missedInOutages: 5,
    failing: [{ mark: "m", status: 503, receivedAt: 1, type: "a|b" }],
    refused: [{ mark: "n", type: "" }],
    failedInRow: 9,
    refusedInRow: 10,
    lastFailureAt: 11,
    lastSuccessAt: 0,
    succeededAt: new Map([["a", now - 1]]),
  });
});

test("an event that failed in several ways is one", () => {
  const texts = [503, 504].map((status) => failingText({ mark: "m", status, type: "a" }));
  expect(readEvidence({ failing: { SS: texts } }, now).failing).toEqual([
    { mark: "m", status: 504, type: "a" },
  ]);
});

test("what is too old is named, and not read: the third bucket before, and a success of an hour ago", () => {
  const old = {
    [tallyAttribute(bucket - 3, "failed", "a")]: number(1),
    [tallyAttribute(bucket - 4, "succeeded", "b")]: number(1),
    [outagesAttribute(bucket - 3)]: number(1),
    [succeededAttribute("a")]: number(now - 60 * MINUTE),
  };
  const young = {
    [tallyAttribute(bucket - 2, "failed", "a")]: number(1),
    [succeededAttribute("b")]: number(now - 60 * MINUTE + 1),
    failedInRow: number(1),
    state: { S: "{}" },
  };
  expect(oldAttributes({ ...old, ...young }, now)).toEqual(Object.keys(old));
  const { types, succeededAt } = readEvidence({ ...old, ...young }, now);
  expect([[...types.keys()], [...succeededAt.keys()]]).toEqual([["a"], ["b"]]);
  expect(types.get("a")?.failed).toBe(1);
});

test("what another version may have written is left out, and is not old", () => {
  const item = {
    [`${bucket}|new|a`]: number(1),
    [`x${bucket}|f|a`]: number(1),
    [tallyAttribute(bucket, "failed", "a")]: { S: "1" },
    [succeededAttribute("a")]: { S: "1" },
    "": number(1),
  };
  expect(readEvidence(item, now)).toEqual(noEvidence);
  expect(oldAttributes(item, now)).toEqual([]);
});
