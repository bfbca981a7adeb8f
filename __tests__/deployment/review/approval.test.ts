import { differences } from "../../../deployment/review/compare-reviews.ts";
import { lostWith } from "../../../deployment/review/data-stores.ts";
import { reportOn } from "../../../deployment/review/report.ts";
import { type Review, reviewPlan } from "../../../deployment/review/review.ts";
import { keptFor } from "../../../deployment/review/safeguards/retention.ts";
import type { Change, PlanJson, PlannedResource } from "../../../terraform/plan-json.ts";
import { guardedInput, synthesise } from "../../support/synthesise.ts";

function resource(address: string, change: Partial<Change>): PlannedResource {
  const [type = ""] = address.split(".");
  return { address, type, mode: "managed", change: { actions: ["update"], ...change } };
}

function review(resources: readonly PlannedResource[], more: Partial<PlanJson> = {}): Review {
  return reviewPlan("test", { terraform_version: "1.11.4", resource_changes: resources, ...more }, {});
}

const changed = resource("aws_sqs_queue.main", { before: { delay_seconds: 0 }, after: { delay_seconds: 1 } });
const code = (hash: string) =>
  resource("aws_lambda_function.receiver", {
    before: { source_code_hash: "old", timeout: 1 },
    after: { source_code_hash: hash, timeout: 1 },
  });
const policy = (action: string) =>
  resource("aws_iam_role_policy.receiver_policy", {
    before: { policy: '{"Statement":[]}' },
    after: {
      policy: JSON.stringify({
        Statement: [{ Effect: "Allow", Action: action, Resource: "arn:aws:s3:::b/*" }],
      }),
    },
  });
const shorter = (seconds: number) =>
  resource("aws_sqs_queue.main", {
    before: { message_retention_seconds: 345_600 },
    after: { message_retention_seconds: seconds },
  });
const output = (after: string): Partial<PlanJson> => ({
  output_changes: { webhook_url: { actions: ["update"], before: "a", after } as Change },
});

describe("what is planned now and was approved then: every difference counts", () => {
  test.each<[string, Review, Review, string[]]>([
    ["other code", review([code("one")]), review([code("two")]), ["aws_lambda_function.receiver"]],
    ["code that was not", review([]), review([code("one")]), ["aws_lambda_function.receiver"]],
    [
      "code that was approved and is gone",
      review([code("one")]),
      review([]),
      ["aws_lambda_function.receiver"],
    ],
    [
      "a change that was approved and is gone",
      review([changed, code("one")]),
      review([code("one")]),
      ["aws_sqs_queue.main"],
    ],
    [
      "another permission",
      review([policy("s3:GetObject")]),
      review([policy("s3:*")]),
      ["aws_iam_role_policy.receiver_policy"],
    ],
    [
      "another action on the same thing",
      review([resource("aws_sqs_queue.main", { actions: ["create"], after: {} })]),
      review([resource("aws_sqs_queue.main", { actions: ["delete"], before: {} })]),
      ["aws_sqs_queue.main", "loss of aws_sqs_queue.main"],
    ],
    [
      "data kept for less than was approved",
      review([shorter(86_400)]),
      review([shorter(60)]),
      ["aws_sqs_queue.main", "loss of aws_sqs_queue.main"],
    ],
    ["another output", review([], output("b")), review([], output("c")), ["output webhook_url"]],
    ["an output that is gone", review([], output("b")), review([]), ["output webhook_url"]],
  ])("%s", (_, approved, now, expected) => {
    const written = JSON.parse(JSON.stringify(approved)) as Review;
    expect(differences(written, now)).toEqual(expected);
    expect(differences(JSON.parse(JSON.stringify(now)) as Review, approved)).toEqual(expected);
    expect(differences(JSON.parse(JSON.stringify(now)) as Review, now)).toEqual([]);
    expect(reportOn(now, written, { allowDataLoss: true }).exitCode).toBe(4);
    expect(reportOn(now, written, { allowDataLoss: true }).markdown).toContain(
      "This is not the plan that was reviewed.",
    );
  });

  test("what somebody has done meanwhile is one, though the plan has nothing to do about it", () => {
    const resource_drift = [resource("aws_lambda_function.x", { actions: ["delete"], before: {} })];
    expect(differences(review([code("one")]), review([code("one")], { resource_drift }))).toEqual([
      "drift of aws_lambda_function.x",
    ]);
  });
});

const losing = review([resource("aws_sqs_queue.main", { actions: ["delete"], before: {} })]);

test.each<[string, Review, Review | undefined, boolean, number]>([
  ["nothing is lost", review([changed]), undefined, false, 0],
  ["data is lost", losing, undefined, false, 3],
  ["data is lost, and that is allowed", losing, undefined, true, 0],
  ["it is what was reviewed", review([changed]), review([changed]), false, 0],
  ["it is what was reviewed, and data is lost", losing, losing, false, 3],
  ["it is not what was reviewed", review([changed]), review([]), true, 4],
  ["it is not what was reviewed, and data is lost", losing, review([]), false, 4],
])("%s: one exit code, for the report as for its JSON", (_, now, reviewed, allowDataLoss, exitCode) => {
  const report = reportOn(now, reviewed, { allowDataLoss });
  expect(report.exitCode).toBe(exitCode);
  expect(JSON.parse(report.json)).toEqual(JSON.parse(JSON.stringify(now)));
});

/** Written out: what is gone for good with a resource of each type. */
const HOLDS_DATA = [
  "aws_apigatewayv2_api",
  "aws_cloudwatch_event_archive",
  "aws_cloudwatch_log_group",
  "aws_dynamodb_table",
  "aws_kms_key",
  "aws_s3_bucket",
  "aws_secretsmanager_secret",
  "aws_sqs_queue",
  "aws_ssm_parameter",
];

/** And what the stack has that holds none: Terraform makes it again as it was. */
const HOLDS_NONE = [
  "aws_apigatewayv2_api_mapping",
  "aws_apigatewayv2_domain_name",
  "aws_apigatewayv2_integration",
  "aws_apigatewayv2_route",
  "aws_apigatewayv2_stage",
  "aws_cloudwatch_dashboard",
  "aws_cloudwatch_event_bus",
  "aws_cloudwatch_event_rule",
  "aws_cloudwatch_event_target",
  "aws_cloudwatch_log_metric_filter",
  "aws_cloudwatch_metric_alarm",
  "aws_iam_role",
  "aws_iam_role_policies_exclusive",
  "aws_iam_role_policy",
  "aws_iam_role_policy_attachments_exclusive",
  "aws_kms_key_policy",
  "aws_lambda_alias",
  "aws_lambda_event_source_mapping",
  "aws_lambda_function",
  "aws_lambda_function_event_invoke_config",
  "aws_lambda_function_recursion_config",
  "aws_lambda_permission",
  "aws_s3_bucket_lifecycle_configuration",
  "aws_s3_bucket_logging",
  "aws_s3_bucket_ownership_controls",
  "aws_s3_bucket_policy",
  "aws_s3_bucket_public_access_block",
  "aws_s3_bucket_server_side_encryption_configuration",
  "aws_s3_bucket_versioning",
  "aws_sns_topic",
  "aws_sns_topic_policy",
  "aws_sns_topic_subscription",
  "aws_sqs_queue_policy",
  "aws_sqs_queue_redrive_policy",
];

test("of every type in the stack it is known whether it holds data", () => {
  expect(Object.keys(lostWith).sort()).toEqual(HOLDS_DATA);
  const types = Object.keys(synthesise(guardedInput).json["resource"] as object);
  expect(types.filter((type) => ![...HOLDS_DATA, ...HOLDS_NONE].includes(type))).toEqual([]);
});

test.each(HOLDS_DATA)("%s destroyed, or replaced in either order, is data lost", (type) => {
  for (const actions of [["delete"], ["delete", "create"], ["create", "delete"]]) {
    const { losses } = review([resource(`${type}.x`, { actions, before: {}, after: {} })]);
    expect(losses).toMatchObject([
      { address: `${type}.x`, how: actions.length > 1 ? "replaced" : "destroyed" },
    ]);
  }
  expect(review([resource(`${type}.x`, { actions: ["forget"], before: {} })]).losses).toMatchObject([
    { how: "forgotten", lost: expect.stringMatching(/: it stays where it is, and nothing looks after it$/) },
  ]);
  for (const actions of [["create"], ["update"], ["no-op"], ["read"]]) {
    expect(review([resource(`${type}.x`, { actions, before: {}, after: {} })]).losses).toEqual([]);
  }
});

test.each(HOLDS_NONE)("%s destroyed loses no data, though it may lose what keeps events", (type) => {
  const { losses } = review([resource(`${type}.x`, { actions: ["delete"], before: {} })]);
  expect(losses.filter(({ how }) => how === "destroyed")).toEqual([]);
});

test.each<[string, (kept: number) => object, number, number]>([
  ["aws_sqs_queue", (kept) => ({ message_retention_seconds: kept }), 345_600, 345_599],
  ["aws_cloudwatch_log_group", (kept) => ({ retention_in_days: kept }), 30, 14],
  ["aws_cloudwatch_log_group", (kept) => ({ retention_in_days: kept }), 0, 3_653],
  [
    "aws_s3_bucket_lifecycle_configuration",
    (kept) => ({ rule: [{ id: "expire", expiration: [{ days: kept }] }] }),
    30,
    19,
  ],
])("%s that keeps for less is data lost", (type, values, before, after) => {
  const kept = (from: number, to: number) =>
    review([resource(`${type}.x`, { before: values(from), after: values(to) })]).losses;
  expect(kept(before, after)).toMatchObject([
    { how: "kept for less", because: [expect.stringContaining(`${before || "for ever"} → ${after}`)] },
  ]);
  expect(kept(after, before)).toEqual([]);
  expect(kept(before, before)).toEqual([]);
});

describe("the bucket keeps its folders for terms of their own", () => {
  const rule = (prefix: string, days: number) => ({ filter: [{ prefix }], expiration: [{ days }] });
  const because = (before: readonly object[], after: readonly object[]) =>
    review([
      resource("aws_s3_bucket_lifecycle_configuration.x", {
        before: { rule: before },
        after: { rule: after },
      }),
    ]).losses.flatMap((loss) => loss.because);
  const stack = () => [rule("spill/", 365), rule("parked/", 365), rule("claim-checks/", 425)];

  test("each is looked at", () => {
    const shorter = [rule("spill/", 365), rule("parked/", 30), rule("claim-checks/", 425)];
    expect(because(stack(), shorter)).toEqual(["expiration.days of parked/: 365 → 30"]);
    expect(because(stack(), stack())).toEqual([]);
    expect(because(stack(), stack().reverse())).toEqual([]);
  });

  test("one rule for everything, as there was, is compared with each", () => {
    expect(because([rule("", 30)], stack())).toEqual([]);
    expect(because([rule("", 400)], stack())).toEqual([
      "expiration.days of spill/: 400 → 365",
      "expiration.days of parked/: 400 → 365",
    ]);
  });

  test("a rule where there was none is a term where there was none", () => {
    expect(because([], [rule("parked/", 365)])).toEqual(["expiration.days of parked/: for ever → 365"]);
  });

  test("what the stack says stands where it is looked for", () => {
    const [lifecycle] = Object.values(
      synthesise(guardedInput).resources("aws_s3_bucket_lifecycle_configuration"),
    );
    const terms = keptFor["aws_s3_bucket_lifecycle_configuration"]?.terms(lifecycle ?? {}) ?? new Map();
    for (const prefix of ["spill/", "parked/", "claim-checks/"]) {
      expect(terms.get(`expiration.days of ${prefix}`)).toBeLessThan(1_000);
      expect(terms.get(`noncurrent_days of ${prefix}`)).toBe(7);
    }
  });
});
