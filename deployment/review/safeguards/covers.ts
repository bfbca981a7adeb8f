import { matchesGlob } from "../../../contract/glob.ts";
import type { ConditionTest, Grant } from "../grants.ts";

/** Whether whatever the one grant allows is allowed by the other too. */
export function covers(wide: Grant, narrow: Grant): boolean {
  return (
    wide.effect === narrow.effect &&
    matchesGlob(wide.action.toLowerCase(), narrow.action.toLowerCase(), "?") &&
    matchesGlob(wide.resource, narrow.resource, "?") &&
    (wide.principal === narrow.principal || wide.principal === "anybody") &&
    wide.condition.every((test) => narrow.condition.some((given) => follows(given, test)))
  );
}

/** Whether a condition that holds makes another hold: the same question, with no answer that the other does not take. */
function follows(given: ConditionTest, test: ConditionTest): boolean {
  if (given.operator !== test.operator || given.name !== test.name) return false;
  if (/Not/.test(test.operator)) return test.values.every((value) => given.values.includes(value));
  if (/^(ForAnyValue:|ForAllValues:)?(StringEquals|StringLike|ArnEquals|ArnLike|Bool)/.test(test.operator)) {
    const isPattern = /Like|Arn/.test(test.operator);
    return given.values.every((value) =>
      test.values.some((one) => (isPattern ? matchesGlob(one, value, "?") : one === value)),
    );
  }
  return given.values.join() === test.values.join();
}
