import fc from "fast-check";
import { failedMessages } from "../../../local/poller/response.ts";
import { doneOf } from "../../../simulation/aws/batch-response.ts";

const ids = ["a", "b", "c"];
const all = ids;
const none: string[] = [];
const returned = (value: unknown) => ({ kind: "returned", value }) as const;

// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html, "Success and failure conditions"
test.each<[string, unknown, readonly string[]]>([
  ["an empty list", { batchItemFailures: [] }, all],
  ["a null list", { batchItemFailures: null }, all],
  ["an empty response", {}, all],
  ["a null response", null, all],
  ["no response", undefined, all],
  ["an id", { batchItemFailures: [{ itemIdentifier: "b" }] }, ["a", "c"]],
  ["an empty id", { batchItemFailures: [{ itemIdentifier: "" }] }, none],
  ["a null id", { batchItemFailures: [{ itemIdentifier: null }] }, none],
  ["a bad key name", { batchItemFailures: [{ id: "b" }] }, none],
  [
    "an id that is not in the batch",
    { batchItemFailures: [{ itemIdentifier: "b" }, { itemIdentifier: "x" }] },
    none,
  ],
])("%s: what is deleted", (_, value, done) => {
  expect(doneOf(returned(value), ids, true)).toEqual(done);
});

test("a function that failed deletes nothing, and one without partial responses everything", () => {
  expect(doneOf({ kind: "failed", error: "x" }, ids, true)).toEqual(none);
  expect(doneOf({ kind: "throttled" }, ids, true)).toEqual(none);
  expect(doneOf(returned({ batchItemFailures: [{ itemIdentifier: "b" }] }), ids, false)).toEqual(all);
});

test("the local run's poller deletes the same, whatever a function answers", () => {
  const id = fc.oneof(fc.constantFrom(...ids, "", "x"), fc.jsonValue());
  const failure = fc.oneof(fc.record({ itemIdentifier: id }, { requiredKeys: [] }), fc.jsonValue());
  const list = fc.oneof(fc.array(failure, { maxLength: 4 }), fc.jsonValue());
  const answer = fc.oneof(fc.record({ batchItemFailures: list }, { requiredKeys: [] }), fc.jsonValue());
  fc.assert(
    fc.property(answer, fc.boolean(), (value, reports) => {
      const failed = failedMessages({ ok: true, payload: JSON.stringify(value) }, ids, reports);
      expect(doneOf(returned(value), ids, reports)).toEqual(ids.filter((each) => !failed.has(each)));
    }),
    { numRuns: 2_000 },
  );
});
