import { ModelError } from "../../../simulation/aws/errors.ts";
import { Bucket } from "../../../simulation/aws/s3.ts";
import { DAY, errorOf, HOUR, Simulated } from "../../support/simulated.ts";

const caller = { name: "test", alive: true, hops: 0, die() {} };
let world: Simulated;
let bucket: Bucket;
let expired: string[];
beforeEach(() => {
  world = new Simulated();
  expired = [];
  start([]);
});

function start(expirations: { prefix: string; days: number }[]): void {
  bucket = new Bucket("overflow", world.clock, expirations, { onExpired: (key) => expired.push(key) });
}

// biome-ignore lint/suspicious/noExplicitAny: an answer is what the operation's name says
const call = (operation: string, input: object = {}): any =>
  bucket.operate(operation, { Bucket: "overflow", ...input } as never, caller);
const put = (Key: string, Body: string | Uint8Array = "x", more = {}) =>
  call("PutObject", { Key, Body, ...more });
const list = (input = {}) => call("ListObjectsV2", input);
const keys = (input = {}) => (list(input).Contents ?? []).map(({ Key }: { Key: string }) => Key);

test("an object is there to the byte, with its metadata, and its maker's buffer is not", async () => {
  const bytes = Uint8Array.from([0, 255, 10]);
  put("a", bytes, { Metadata: { source: "webhook" } });
  bytes.fill(7);
  const { Body, Metadata } = call("GetObject", { Key: "a" });
  expect(Metadata).toEqual({ source: "webhook" });
  const read = await Body.transformToByteArray();
  expect([...read]).toEqual([0, 255, 10]);
  read.fill(7);
  expect([...(await call("GetObject", { Key: "a" }).Body.transformToByteArray())]).toEqual([0, 255, 10]);
  expect(call("HeadObject", { Key: "a" })).toMatchObject({
    ContentLength: 3,
    Metadata: { source: "webhook" },
  });
});

test("a second object of one name takes the first one's place, unless it may not", () => {
  put("a", "1");
  put("a", "2");
  expect([bucket.size, call("HeadObject", { Key: "a" }).ContentLength]).toEqual([1, 1]);
  expect(errorOf(() => put("a", "33", { IfNoneMatch: "*" }))).toEqual({
    name: "PreconditionFailed",
    status: 412,
  });
  put("b", "1", { IfNoneMatch: "*" });
  expect(keys()).toEqual(["a", "b"]);
});

test.each<[string, object, string]>([
  ["GetObject", { Key: "x" }, "NoSuchKey"],
  ["HeadObject", { Key: "x" }, "NotFound"], // its answer has no body that could say more
  ["PutObject", { Key: "x", Bucket: "other" }, "NoSuchBucket"],
])("%s of what is not there is %j: %s", (operation, input, name) => {
  expect(errorOf(() => call(operation, input))).toEqual({ name, status: 404 });
});

test("what is deleted is gone, once and again", () => {
  for (const key of ["a", "b", "c"]) put(key);
  call("DeleteObject", { Key: "a" });
  call("DeleteObject", { Key: "a" });
  call("DeleteObjects", { Delete: { Objects: [{ Key: "b" }, { Key: "x" }] } });
  expect(keys()).toEqual(["c"]);
});

describe("a list", () => {
  test("has the keys of a prefix, in the order of their names", () => {
    for (const key of ["b/2", "a", "b/10", "c", "b"]) put(key);
    expect(keys()).toEqual(["a", "b", "b/10", "b/2", "c"]);
    expect(keys({ Prefix: "b/" })).toEqual(["b/10", "b/2"]);
    expect(keys({ Prefix: "b/", StartAfter: "b/10" })).toEqual(["b/2"]);
    expect(keys({ StartAfter: "a" })).toEqual(["b", "b/10", "b/2", "c"]);
  });

  test("has 1,000 keys, and a token for the rest, though some go and some come in between", () => {
    const names = Array.from({ length: 2_500 }, (_, i) => `spill/${String(i).padStart(5, "0")}`);
    for (const name of names) put(name);
    const first = list({ Prefix: "spill/" });
    expect([first.KeyCount, first.IsTruncated]).toEqual([1_000, true]);
    call("DeleteObject", { Key: names[999] });
    call("DeleteObject", { Key: names[1_000] });
    const second = list({ Prefix: "spill/", ContinuationToken: first.NextContinuationToken });
    expect(second.Contents[0].Key).toBe(names[1_001]);
    const third = list({ Prefix: "spill/", ContinuationToken: second.NextContinuationToken });
    expect([third.KeyCount, third.IsTruncated, third.NextContinuationToken]).toEqual([499, false, undefined]);
    expect(list({ MaxKeys: 3 }).KeyCount).toBe(3);
  });

  test("of nothing has no Contents", () => {
    expect(list()).toEqual({ KeyCount: 0, IsTruncated: false });
  });

  test("tells times in whole seconds", async () => {
    await world.pass(1_900);
    put("a");
    expect(list().Contents[0].LastModified.getTime() % 1_000).toBe(0);
  });
});

describe("the lifecycle", () => {
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html: rounded to the next midnight UTC
  test.each([
    [0, 1 * DAY],
    [10 * HOUR, 2 * DAY],
  ])("deletes what was stored after %d ms, for a day, at %d ms", async (storedAt, goneAt) => {
    start([{ prefix: "", days: 1 }]);
    await world.pass(storedAt);
    put("a");
    await world.pass(goneAt - storedAt - 1);
    expect(keys()).toEqual(["a"]);
    await world.pass(1);
    expect([keys(), expired]).toEqual([[], ["a"]]);
  });

  test("is carried out at midnight, whenever the bucket was made", async () => {
    await world.pass(5 * HOUR);
    start([{ prefix: "", days: 1 }]);
    put("a");
    await world.pass(2 * DAY - 5 * HOUR);
    expect(keys()).toEqual([]);
    put("b");
    await world.pass(DAY);
    expect(keys()).toEqual([]);
  });

  test("knows its prefix, and begins anew with what is stored anew", async () => {
    start([{ prefix: "spill/", days: 2 }]);
    for (const key of ["spill/a", "spill/b", "claim/c"]) put(key);
    await world.pass(DAY);
    put("spill/b");
    await world.pass(DAY);
    expect(keys()).toEqual(["claim/c", "spill/b"]);
  });
});

test.each([
  ["CopyObject", {}],
  ["ListObjectsV2", { Delimiter: "/" }],
  ["PutObject", { Key: "a", Body: "x", IfMatch: "etag" }],
])("what the model does not know is no answer of S3's: %s %j", (operation, input) => {
  expect(() => call(operation, input)).toThrow(ModelError);
});
