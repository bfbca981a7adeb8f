import { type Course, changed, settingsOf } from "../../../deployment/rehearsal/second-day/course.ts";
import { courses, elsewhere } from "../../../deployment/rehearsal/second-day/courses.ts";
import { hands } from "../../../deployment/rehearsal/second-day/hands.ts";
import { requireKeyOrder } from "../../../deployment/rehearsal/second-day/key-order.ts";
import { LIVED, lived } from "../../../deployment/rehearsal/second-day/lived.ts";
import { readConfiguration } from "../../../infra/configuration.ts";
import type { EnvironmentInput } from "../../../infra/settings.ts";
import { settingPaths } from "../../support/setting-paths.ts";
import { synthesise } from "../../support/synthesise.ts";

/** `tags.team` is one of `tags.*`. */
function declared(path: string): string {
  return settingPaths.includes(path) ? path : path.replace(/\.[^.]+$/, ".*");
}

test("every setting that is declared is changed on a living environment, or it is said what shows it instead", () => {
  const rehearsed = courses.flatMap(({ steps }) => steps.flatMap(settingsOf)).map(declared);
  const told = elsewhere.map(({ setting }) => setting.replace(/ .*/, ""));
  expect(settingPaths.length).toBeGreaterThan(70);
  expect([...new Set([...rehearsed, ...told])].sort()).toEqual(settingPaths);
});

test("titles tell courses apart, and a part of them belongs to every rehearsal", () => {
  const titles = courses.map(({ title }) => title);
  expect(new Set(titles).size).toBe(titles.length);
  expect(courses.some(({ always }) => always)).toBe(true);
  expect(courses.some(({ always }) => !always)).toBe(true);
});

/** The settings after each step that is applied. */
function* settingsAlong({ steps }: Course): Generator<EnvironmentInput> {
  let settings = lived;
  for (const { set, ends } of steps) {
    const wanted = changed(settings, set);
    if (ends.kind === "stopped") continue;
    settings = wanted;
    yield settings;
  }
}

test.each(courses)("$title: every step can be synthesised", (course) => {
  for (const settings of settingsAlong(course)) {
    expect(readConfiguration({ [LIVED]: settings }).environments.get(LIVED)).toBeDefined();
  }
});

test.each(courses)("$title: every step changes something", ({ steps }) => {
  let settings = lived;
  for (const { set, ends } of steps) {
    const wanted = changed(settings, set);
    expect(wanted).not.toEqual(settings);
    if (ends.kind !== "stopped") settings = wanted;
  }
});

describe("what needs a newer provider than the rehearsal has", () => {
  const base = synthesise(lived, LIVED);

  /** `aws_lambda_function.receiver.runtime` for every attribute that differs. */
  function differences(input: EnvironmentInput): string[] {
    const other = synthesise(input, LIVED);
    const types = Object.keys(base.json["resource"] as object);
    expect(Object.keys(other.json["resource"] as object)).toEqual(types);
    return types.flatMap((type) => {
      expect(Object.keys(other.resources(type))).toEqual(Object.keys(base.resources(type)));
      return Object.entries(base.resources(type)).flatMap(([id, attributes]) =>
        Object.keys({ ...attributes, ...other.resource(type, id) })
          .filter(
            (name) => JSON.stringify(attributes[name]) !== JSON.stringify(other.resource(type, id)[name]),
          )
          .map((name) => `${type}.${id}.${name}`),
      );
    });
  }

  test("another runtime changes the functions' runtime and nothing else, none of it by a replacement", () => {
    expect(differences({ ...lived, runtime: "nodejs24.x" })).toEqual([
      "aws_lambda_function.processor.runtime",
      "aws_lambda_function.receiver.runtime",
      "aws_lambda_function.recovery.runtime",
    ]);
  });

  test("larger messages change the queues' limit, and what the functions know of it", () => {
    expect(differences(changed(lived, { "queue.maxMessageBytes": 1_048_576 }))).toEqual([
      "aws_lambda_function.processor.environment",
      "aws_lambda_function.receiver.environment",
      "aws_lambda_function.recovery.environment",
      "aws_sqs_queue.queues_dead_letter.max_message_size",
      "aws_sqs_queue.queues_main.max_message_size",
    ]);
  });
});

test("what hands change has an address in the stack", () => {
  const stack = synthesise(lived, LIVED);
  for (const { address } of hands) {
    const [type = "", id = ""] = address.split(".");
    expect(stack.resource(type, id)).toBeDefined();
  }
});

describe("the order in which a key changes", () => {
  const NEW = "arn:aws:kms:eu-west-1:123456789012:key/new";
  const right = "aws_iam_role_policy.receiver_key_new: Creation complete after 0s";
  const widened = "aws_iam_role_policy.receiver_key_new: Modifications complete after 0s";
  const queue = "aws_sqs_queue.queues_main: Modifying... [id=x]";
  const queueDone = "aws_sqs_queue.queues_main: Modifications complete after 25s";
  const bucket =
    "aws_s3_bucket_server_side_encryption_configuration.overflow_encryption: Modifying... [id=x]";
  const taken = "aws_iam_role_policy.receiver_key_old: Modifying... [id=x]";

  test.each([
    ["to a new one", [right, queue, queueDone, bucket, taken]],
    ["back to one that was there before", [widened, queue, queueDone, bucket, taken]],
  ])("is held: %s", (_, lines) => {
    expect(() => requireKeyOrder(lines.join("\n"), NEW)).not.toThrow();
  });

  test("is held where there is no key any more", () => {
    expect(() => requireKeyOrder([queue, queueDone, bucket, taken].join("\n"), undefined)).not.toThrow();
  });

  test.each([
    ["a right after the queue", [queue, right, queueDone, bucket, taken]],
    ["a right that is widened after the queue", [queue, widened, queueDone, bucket, taken]],
    ["the bucket before a queue is done", [right, queue, bucket, queueDone, taken]],
    ["a right taken before the bucket has its key", [right, queue, queueDone, taken, bucket]],
  ])("is not: %s", (_, lines) => {
    expect(() => requireKeyOrder(lines.join("\n"), NEW)).toThrow("the order in which the key changed");
  });

  test("does not matter to an apply that changes no key", () => {
    expect(() => requireKeyOrder([queue, queueDone].join("\n"), undefined)).not.toThrow();
  });
});
