import { isObject } from "../../terraform/plan-json.ts";

/** Whether an event is one that a rule takes. */
export type Matches = (event: unknown) => boolean;

/**
 * Reads an EventBridge event pattern: of every field that it names, the event's value, or one of its values
 * where it has a list, must be among the pattern's, equal to it or beginning with a `prefix`.
 *
 * @throws {Error} naming what the pattern wants beyond that: a rule must not take other events here than in AWS
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
export function readPattern(json: string): Matches {
  const pattern: unknown = JSON.parse(json);
  if (!isObject(pattern)) throw new Error("has an event pattern that is no object");
  return fields(pattern, "");
}

function fields(pattern: Record<string, unknown>, path: string): Matches {
  const wanted = Object.entries(pattern).map(([name, value]): [string, Matches] => {
    const here = `${path}${name}`;
    if (name.startsWith("$")) throw new Error(`has an event pattern with ${here}`);
    if (Array.isArray(value)) return [name, oneOf(value.map((choice) => values(choice, here)))];
    if (isObject(value)) return [name, fields(value, `${here}.`)];
    throw new Error(`has an event pattern whose ${here} is neither a list nor an object`);
  });
  return (event) =>
    isObject(event) && wanted.every(([name, matches]) => Object.hasOwn(event, name) && matches(event[name]));
}

function oneOf(choices: readonly Matches[]): Matches {
  return (value) => choices.some((matches) => [value].flat().some(matches));
}

function values(choice: unknown, path: string): Matches {
  if (!isObject(choice)) return (value) => value === choice;
  const { prefix, ...more } = choice;
  if (typeof prefix !== "string" || Object.keys(more).length > 0) {
    throw new Error(`has an event pattern whose ${path} wants ${JSON.stringify(choice)}`);
  }
  return (value) => typeof value === "string" && value.startsWith(prefix);
}
