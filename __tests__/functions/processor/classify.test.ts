import { PermanentError } from "../../../contract/event/failure.ts";
import { classOfStatus, TransientError } from "../../../functions/destination/response.ts";
import { outcomeOfAnswer, outcomeOfError } from "../../../functions/processor/classify.ts";
import { TimeUpError } from "../../../functions/runtime/within.ts";

const statuses = Array.from({ length: 500 }, (_, index) => index + 100);

test("every status from 100 to 599 has the blueprint's class", () => {
  const expected = (status: number) => {
    if (status < 200) return "transient";
    if (status < 300) return "success";
    if ([401, 403, 407, 404, 405, 410, 421, 408, 425, 426, 429].includes(status)) return "transient";
    return status >= 400 && status < 500 ? "permanent" : "transient";
  };
  expect(statuses.map((status) => [status, classOfStatus(status)])).toEqual(
    statuses.map((status) => [status, expected(status)]),
  );
});

test.each([0, 99, 600, 999])("%i is no HTTP status, so nobody knows: again", (status) => {
  expect(classOfStatus(status)).toBe("transient");
});

test.each<[string, unknown, object]>([
  ["a handler's PermanentError", new PermanentError("No such customer."), { message: "No such customer." }],
  ["one with a status", new PermanentError("Gone.", { status: 410 }), { message: "Gone.", status: 410 }],
])("%s is permanent", (_, error, fields) => {
  expect(outcomeOfError(error)).toEqual({ class: "permanent", ...fields });
});

test.each<[string, unknown, string]>([
  ["a known failure", new TransientError("The store is shut."), "The store is shut."],
  ["a timeout", new TimeUpError("The delivery", 5), "The delivery took longer than 5 ms."],
  [
    "a system error",
    Object.assign(new Error("connect"), { code: "ECONNREFUSED" }),
    "The delivery failed: nobody listens at the destination's address and port (ECONNREFUSED).",
  ],
  ["any error", new TypeError("x is not a function"), "The delivery failed: TypeError."],
  ["no error at all", "thrown", "The delivery failed: string."],
  ["nothing", undefined, "The delivery failed: undefined."],
])("%s is transient", (_, error, message) => {
  expect(outcomeOfError(error)).toMatchObject({ class: "transient", message });
});

test("413 is transient where it says when there is room again", () => {
  expect(outcomeOfAnswer({ status: 413 })).toMatchObject({ class: "permanent" });
  expect(outcomeOfAnswer({ status: 413, retryAfter: "60" })).toMatchObject({
    class: "transient",
    retryAfter: "60",
  });
});

test("a mistake in the team's code is told from what it called", () => {
  expect(outcomeOfError(new TypeError("x is not a function"))).toMatchObject({ isMistake: true });
  const network = new TypeError("fetch failed", { cause: new Error("ECONNREFUSED") });
  expect(outcomeOfError(network)).not.toHaveProperty("isMistake");
  expect(outcomeOfError(new SyntaxError("<html>"))).not.toHaveProperty("isMistake");
});

test("what an unexpected error says goes into the dead letter, not into the log", () => {
  const outcome = outcomeOfError(new SyntaxError('Unexpected token in "planted customer name"'));
  expect(outcome).toMatchObject({ message: "The delivery failed: SyntaxError." });
  expect(outcome).toHaveProperty("detail", 'Unexpected token in "planted customer name"');
});

test("an answer's Retry-After counts where there is a later attempt", () => {
  const answer = { retryAfter: "7", excerpt: "not now" };
  expect(outcomeOfAnswer({ status: 503, ...answer })).toEqual({
    class: "transient",
    status: 503,
    message: "The destination answered 503.",
    detail: "not now",
    retryAfter: "7",
  });
  expect(outcomeOfAnswer({ status: 422, ...answer })).not.toHaveProperty("retryAfter");
  expect(outcomeOfAnswer({ status: 200, ...answer })).toEqual({ class: "success", status: 200 });
});
