import { reviewPlan } from "../../../deployment/review/review.ts";
import type { EnvironmentInput } from "../../../infra/settings.ts";
import type { StackJson } from "../../../terraform/plan-json.ts";
import { planBetween } from "../../support/plan-between.ts";
import { fullInput, guardedInput, sharedInput, synthesise } from "../../support/synthesise.ts";

const stacks = new Map<string, StackJson>();

/** Synthesising takes a while, and most of these begin alike. */
function stackOf(input: EnvironmentInput): StackJson {
  const key = JSON.stringify(input);
  const stack = stacks.get(key) ?? (synthesise(input).json as StackJson);
  stacks.set(key, stack);
  return stack;
}

/** What the review says of an environment whose settings change. */
function becauseOf(before: EnvironmentInput, after: EnvironmentInput): string[] {
  const [old, young] = [stackOf(before), stackOf(after)];
  const { losses } = reviewPlan("test", planBetween(old, young), young);
  return losses.flatMap(({ how, because }) => because.map((reason) => `${how}: ${reason}`));
}

const shared: EnvironmentInput = {
  ...sharedInput,
  logRetentionDays: 30,
  alarms: { notify: ["a@example.com"] },
};

test.each<[string, EnvironmentInput, EnvironmentInput]>([
  ["a queue keeps for longer", shared, { ...shared, queue: { retentionSeconds: 600_000 } }],
  ["a log keeps for longer", shared, { ...shared, logRetentionDays: 90 }],
  ["the bucket keeps for longer", shared, { ...shared, overflow: { expirationDays: 500 } }],
  ["an alarm's threshold is tuned", shared, { ...shared, alarms: { ...shared.alarms, deadLetters: 5 } }],
  ["somebody more is told", shared, { ...shared, alarms: { notify: ["a@example.com", "b@example.com"] } }],
  ["the throttle is tuned", shared, { ...shared, throttling: { ratePerSecond: 100, burst: 200 } }],
  ["traces are written", shared, { ...shared, tracing: true }],
  ["traces are not written", { ...shared, tracing: true }, shared],
  ["tags", shared, { ...shared, tags: { team: "x" } }],
  ["back-off", shared, { ...shared, backOff: { capSeconds: 600 } }],
  ["more receives", shared, { ...shared, queue: { maxReceiveCount: 8 } }],
  [
    "another destination",
    shared,
    { ...shared, destination: { kind: "http", url: "https://other.example.com/x" } },
  ],
  ["a source more", shared, { ...shared, sources: fullInput.sources }],
  ["more code concurrency", shared, { ...shared, processor: { maximumConcurrency: 20 } }],
  ["no longer disposable", { ...shared, disposable: true }, shared],
  ["a key of the team's own", shared, { ...shared, encryptionKeyArn: guardedInput.encryptionKeyArn ?? "" }],
])("%s: nothing is lost, and nothing is told", (_, before, after) => {
  expect(becauseOf(before, after)).toEqual([]);
});

const domain = { name: "events.example.com", certificateArn: guardedInput.domain?.certificateArn ?? "" };

const told = (...lines: readonly (string | RegExp)[]) =>
  lines.map((line) => expect.stringMatching(line) as string);

test.each<[string, EnvironmentInput, EnvironmentInput, string[]]>([
  [
    "a queue keeps for less",
    shared,
    { ...shared, queue: { retentionSeconds: 86_400 } },
    told(/^kept for less: message_retention_seconds: 345600 → 86400$/),
  ],
  [
    "the bucket keeps for less",
    shared,
    { ...shared, overflow: { expirationDays: 100 } },
    told(/spill\/: 365 → 100$/, /parked\/: 365 → 100$/, /claim-checks\/: 425 → 160$/),
  ],
  [
    "a source is taken away",
    { ...shared, sources: fullInput.sources },
    shared,
    told(/route POST \/data-action: .* → gone/),
  ],
  [
    "another one is told",
    shared,
    { ...shared, alarms: { endpoints: ["https://alarms.example.com/"] } },
    told(/^taken away: email to a@example.com from /),
  ],
  [
    "it is disposable",
    shared,
    { ...shared, disposable: true },
    told(
      /^changed: refusal to delete aws_s3_bucket.overflow .*: on → off$/,
      /^changed: deletion protection of aws_dynamodb_table.state: on → off$/,
      /^weakened: days of point-in-time recovery of aws_dynamodb_table.state: 35 → 0$/,
    ),
  ],
  [
    "fewer receives",
    { ...shared, queue: { maxReceiveCount: 8 } },
    shared,
    told(/^weakened: receives before an event of aws_sqs_queue.queues_main is a dead letter: 8 → 5$/),
  ],
  [
    "certificates are asked for, which Genesys does not show",
    { ...shared, domain },
    { ...shared, domain: { ...domain, mutualTls: { truststoreUri: "s3://trust/clients.pem" } } },
    told(/^changed: domain events.example.com takes callers without a certificate: on → off$/),
  ],
  [
    "a domain of the team's own, and AWS's URL no more",
    shared,
    {
      ...shared,
      domain: { name: "events.example.com", certificateArn: guardedInput.domain?.certificateArn ?? "" },
    },
    told(/^changed: AWS's own URL of aws_apigatewayv2_api.api: on → off$/),
  ],
  [
    "a function may no longer use a key",
    { ...shared, encryptionKeyArn: guardedInput.encryptionKeyArn ?? "" },
    shared,
    told(/^weakened: kms:Decrypt with arn:aws:kms:\S+: there → gone$/),
  ],
])("%s: the review says what is lost", (_, before, after, expected) => {
  expect(becauseOf(before, after)).toEqual(expect.arrayContaining(expected));
});
