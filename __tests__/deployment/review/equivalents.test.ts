import { reviewPlan } from "../../../deployment/review/review.ts";
import type { PlanJson, PlannedResource, StackJson, Values } from "../../../terraform/plan-json.ts";
import { deployed, drifted, planBetween } from "../../support/plan-between.ts";
import { guardedInput, ref, synthesise } from "../../support/synthesise.ts";
import { changed, gone, one, type Resources, rewrite, set } from "./losing-changes.ts";

const stack = synthesise(guardedInput).json as StackJson;
const QUEUE = "aws_sqs_queue.queues_main";
const ROUTE = "aws_apigatewayv2_route.api_route_webhook";
const MAPPING = "aws_lambda_event_source_mapping.processor_mapping";
const ALARM = "aws_cloudwatch_metric_alarm.alarms_spill";

function becauseOf(plan: PlanJson, after: StackJson): string[] {
  const { losses } = reviewPlan("test", plan, after);
  return losses.map(({ address, how, because }) => `${address} ${how}: ${because.join("; ")}`);
}

const stackAfter = (change: (resources: Resources) => void) => changed(stack, change);

/** The same resource under another id, and all that refer to it. */
function renamed(address: string, id: string): StackJson {
  const [type = ""] = address.split(".");
  const text = JSON.stringify(stack).replaceAll(address, `${type}.${id}`);
  const copy = JSON.parse(text) as { resource: Resources };
  const ofType = copy.resource[type] ?? {};
  ofType[id] = ofType[address.slice(type.length + 1)] ?? {};
  delete ofType[address.slice(type.length + 1)];
  return copy as StackJson;
}

/** A plan in which one resource changes otherwise than its two stacks say. */
function withChange(plan: PlanJson, address: string, change: Partial<PlannedResource["change"]>): PlanJson {
  const resource_changes = (plan.resource_changes ?? []).map((resource) =>
    resource.address === address ? { ...resource, change: { ...resource.change, ...change } } : resource,
  );
  return { ...plan, resource_changes };
}

describe("another way to the same is no loss", () => {
  test.each([ROUTE, QUEUE, MAPPING, ALARM, "aws_lambda_function.receiver", "aws_iam_role.receiver_role"])(
    "%s moves to another address",
    (address) => {
      const young = renamed(address, "elsewhere");
      const [type = ""] = address.split(".");
      expect(becauseOf(planBetween(stack, young, { [`${type}.elsewhere`]: address }), young)).toEqual([]);
    },
  );

  test.each<[string, (resources: Resources) => void]>([
    [
      "a statement for each action, in another order",
      (resources) => {
        const policy = one(resources, "aws_iam_role_policy.receiver_policy");
        resources["aws_iam_role_policy"] = {
          again: { name: "again", role: policy["role"], policy: policy["policy"] },
          ...resources["aws_iam_role_policy"],
        };
        gone("aws_iam_role_policy.receiver_policy")(resources);
      },
    ],
    [
      "a policy that is attached, and not inline",
      (resources) => {
        const { role, policy } = one(resources, "aws_iam_role_policy.receiver_policy");
        resources["aws_iam_policy"] = { receiver: { name: "receiver", policy } };
        resources["aws_iam_role_policy_attachment"] = {
          receiver: { role, policy_arn: ref("aws_iam_policy.receiver.arn") },
        };
        gone("aws_iam_role_policy.receiver_policy")(resources);
      },
    ],
    [
      "a wider action on a wider resource",
      (resources) => {
        rewrite("aws_iam_role_policy.receiver_policy", "policy", '"sqs:SendMessage"', '"sqs:*"')(resources);
        rewrite("aws_iam_role_policy.receiver_policy", "policy", "/spill/*", "/*")(resources);
      },
    ],
    [
      "one more prefix to list",
      rewrite("aws_iam_role_policy.recovery_policy", "policy", '["spill/", ', '["spill/", "more/", '),
    ],
    [
      "a redrive policy of the queue's own",
      (resources) => {
        const { redrive_policy } = one(resources, "aws_sqs_queue_redrive_policy.queues_redrive");
        gone("aws_sqs_queue_redrive_policy.queues_redrive")(resources);
        set(QUEUE, { redrive_policy })(resources);
      },
    ],
    ["a bucket without expirations", gone("aws_s3_bucket_lifecycle_configuration.overflow_lifecycle")],
    [
      "a pattern that takes more",
      rewrite(
        "aws_cloudwatch_event_rule.eventbridge_rule",
        "event_pattern",
        '"detail-type" = [',
        '"detail-type" = ["more", ',
      ),
    ],
  ])("%s", (_, change) => {
    const young = stackAfter(change);
    expect(becauseOf(planBetween(stack, young), young)).toEqual([]);
  });
});

describe("another way to a loss is one", () => {
  test("a door that is made anew under another address is shut meanwhile", () => {
    const young = renamed(ROUTE, "elsewhere");
    expect(becauseOf(planBetween(stack, young), young)).toEqual([
      expect.stringMatching(
        /^aws_apigatewayv2_route.elsewhere interrupted: route POST \/webhook: there → gone and made again$/,
      ),
    ]);
  });

  test.each([
    [["delete", "create"], 1],
    [["create", "delete"], 0],
  ])("a door that is replaced by %j is shut meanwhile: %d", (actions, told) => {
    const plan = withChange(planBetween(stack, stack), ROUTE, { actions });
    expect(becauseOf(plan, stack).filter((line) => line.includes("interrupted"))).toHaveLength(told);
  });

  test("a term that nobody knows before the apply is none", () => {
    const plan = withChange(planBetween(stack, stack), QUEUE, {
      actions: ["update"],
      after_unknown: { message_retention_seconds: true },
    });
    const young = stackAfter(set(QUEUE, { message_retention_seconds: ref("data.aws_x.y.z") }));
    expect(becauseOf(plan, young)).toEqual([
      `${QUEUE} kept for less: message_retention_seconds: 345600 → nobody can tell`,
    ]);
  });

  test("a term that is hidden as a secret is none", () => {
    const values = deployed(stack, QUEUE);
    const plan = withChange(planBetween(stack, stack), QUEUE, {
      actions: ["update"],
      after: { ...values, message_retention_seconds: 60 },
      after_sensitive: { message_retention_seconds: true },
    });
    const lines = becauseOf(plan, stack);
    expect(lines).toEqual([`${QUEUE} changed: message_retention_seconds: called sensitive from now on`]);
  });

  test("a store that is forgotten is looked after by nobody", () => {
    const plan = withChange(planBetween(stack, stack), QUEUE, { actions: ["forget"] });
    expect(becauseOf(plan, stackAfter(gone(QUEUE)))).toContainEqual(`${QUEUE} forgotten: `);
  });

  test("what a replacement has left behind has a line of its own, and hides nobody else's", () => {
    const plan = planBetween(stack, stack);
    const values = deployed(stack, QUEUE);
    const left: PlannedResource = {
      address: QUEUE,
      type: "aws_sqs_queue",
      mode: "managed",
      deposed: "00000001",
      change: { actions: ["delete"], before: values, after: null },
    };
    const review = reviewPlan(
      "test",
      { ...plan, resource_changes: [...(plan.resource_changes ?? []), left] },
      stack,
    );
    expect(review.changes.map(({ address }) => address)).toEqual([`${QUEUE} (deposed 00000001)`]);
    expect(review.losses).toMatchObject([{ address: `${QUEUE} (deposed 00000001)`, how: "destroyed" }]);
  });
});

describe("what a hand has done", () => {
  const withDrift = (...resource_drift: PlannedResource[]): PlanJson => ({
    ...planBetween(stack, stack),
    resource_drift,
  });
  const hand = (address: string, was: Values) => {
    const now = deployed(stack, address);
    return drifted(address, { ...now, ...was }, now);
  };

  test("and the stack agrees to, is a loss", () => {
    const plan = withDrift(hand(QUEUE, { message_retention_seconds: 1_209_600 }));
    expect(becauseOf(plan, stack)).toEqual([
      `${QUEUE} kept for less: message_retention_seconds: 1209600 → 345600`,
    ]);
  });

  test("and the plan puts right, is none: it is told as drift", () => {
    const now = { ...deployed(stack, QUEUE), message_retention_seconds: 60 };
    const plan = withChange(planBetween(stack, stack), QUEUE, { actions: ["update"], before: now });
    const whole = { ...plan, resource_drift: [drifted(QUEUE, deployed(stack, QUEUE), now)] };
    const review = reviewPlan("test", whole, stack);
    expect(review.losses).toEqual([]);
    expect(review.drift).toMatchObject([
      { address: QUEUE, attributes: [{ path: "message_retention_seconds", before: "345600", after: "60" }] },
    ]);
  });

  test("and the plan leaves so, is a loss: a schedule that is off", () => {
    const address = "aws_cloudwatch_event_rule.recovery_schedule";
    const off = { ...deployed(stack, address), state: "DISABLED" };
    const young = changed(stack, (resources) => {
      delete one(resources, address)["state"]; // nobody asks for it
    });
    const plan = withChange(planBetween(young, young), address, { before: off, after: off });
    const drift = [drifted(address, { ...off, state: "ENABLED" }, off)];
    expect(becauseOf({ ...plan, resource_drift: drift }, young)).toEqual([
      expect.stringMatching(
        /^aws_cloudwatch_event_rule.recovery_schedule changed: rule \S+ is enabled: on → off$/,
      ),
    ]);
  });

  test("is no news where it is the breaker's: the mapping is off", () => {
    const off = { ...deployed(stack, MAPPING), enabled: false, state: "Disabled" };
    const on = { ...off, enabled: true, state: "Enabled" };
    const plan = withChange(planBetween(stack, stack), MAPPING, {
      actions: ["no-op"],
      before: off,
      after: off,
    });
    const review = reviewPlan("test", { ...plan, resource_drift: [drifted(MAPPING, on, off)] }, stack);
    expect(review).toMatchObject({ losses: [], drift: [] });
  });

  /** Terraform has looked for it, found nothing, and makes it anew. */
  const deleted = (address: string): PlanJson => {
    const plan = planBetween(stack, stack);
    const recreated = withChange(plan, address, { actions: ["create"], before: null });
    return { ...recreated, resource_drift: [drifted(address, deployed(stack, address), null)] };
  };

  test("a store that was deleted is lost, though the plan makes another", () => {
    const review = reviewPlan("test", deleted("aws_dynamodb_table.state"), stack);
    expect(review.losses).toMatchObject([
      {
        address: "aws_dynamodb_table.state",
        how: "gone",
        because: ["it was deleted by other means than Terraform"],
      },
    ]);
  });

  test("an alarm that was deleted is made again: nothing is lost", () => {
    expect(becauseOf(deleted(ALARM), stack)).toEqual([]);
  });

  test("in another region nothing was deleted: everything is orphaned, which is one reason", () => {
    const elsewhere = { ...stack, provider: { aws: [{ region: "us-east-1" }] } } as StackJson;
    const all = Object.entries(stack.resource ?? {}).flatMap(([type, byId]) =>
      Object.keys(byId).map((id) => `${type}.${id}`),
    );
    const plan: PlanJson = {
      ...planBetween(undefined, elsewhere),
      resource_drift: all.map((address) => drifted(address, deployed(stack, address), null)),
    };
    const [first, ...more] = reviewPlan("test", plan, elsewhere).losses;
    expect(first).toMatchObject({ how: "orphaned", because: ["region: eu-west-1 → us-east-1"] });
    expect(more).toEqual([]);
  });
});
