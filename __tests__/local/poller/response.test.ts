import type { InvocationResult } from "../../../local/lambda/invocation-result.ts";
import { failedMessages } from "../../../local/poller/response.ts";

const ids = ["a", "b", "c"];
const answer = (value: unknown): InvocationResult => ({ ok: true, payload: JSON.stringify(value) });
const failures = (...identifiers: unknown[]) =>
  answer({ batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })) });
const thrown: InvocationResult = { ok: false, error: { errorType: "Error", errorMessage: "x" } };

describe("with ReportBatchItemFailures", () => {
  test.each<[string, InvocationResult, string[]]>([
    ["a throw retries all", thrown, ids],
    ["named ones come again", failures("a", "c"), ["a", "c"]],
    ["one that is named twice comes again", failures("b", "b"), ["b"]],
    ["an empty list deletes all", failures(), []],
    ["a null list deletes all", answer({ batchItemFailures: null }), []],
    ["an absent list deletes all", answer({}), []],
    ["null deletes all", answer(null), []],
    ["an unknown identifier retries all", failures("a", "elsewhere"), ids],
    ["an empty identifier retries all", failures(""), ids],
    ["a null identifier retries all", failures(null), ids],
    ["an absent identifier retries all", answer({ batchItemFailures: [{ id: "a" }] }), ids],
    ["a null failure retries all", answer({ batchItemFailures: [null] }), ids],
    ["a list of something else retries all", answer({ batchItemFailures: ["a"] }), ids],
    ["no list retries all", answer({ batchItemFailures: "a" }), ids],
    ["text retries all", answer("done"), ids],
    ["a number retries all", answer(5), ids],
  ])("%s", (_, given, expected) => {
    expect([...failedMessages(given, ids, true)]).toEqual(expected);
  });
});

describe("without it", () => {
  test("whatever is answered deletes all, and a throw retries all", () => {
    expect([...failedMessages(failures("a"), ids, false)]).toEqual([]);
    expect([...failedMessages(thrown, ids, false)]).toEqual(ids);
  });
});
