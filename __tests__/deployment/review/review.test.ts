import fc from "fast-check";
import { differences } from "../../../deployment/review/compare-reviews.ts";
import { LONGEST_REPORT, toMarkdown } from "../../../deployment/review/markdown.ts";
import { reviewPlan } from "../../../deployment/review/review.ts";
import type { Change, PlanJson, PlannedResource, StackJson } from "../../../terraform/plan-json.ts";
import { ref } from "../../support/synthesise.ts";

type Given = Partial<Omit<PlannedResource, "change">> & { readonly change: Partial<Change> };

function resource(address: string, given: Given): PlannedResource {
  const type = address.split(".")[0] ?? "";
  return { address, type, mode: "managed", ...given, change: { actions: ["update"], ...given.change } };
}

function plan(resources: readonly PlannedResource[], more: Partial<PlanJson> = {}): PlanJson {
  return { terraform_version: "1.11.4", resource_changes: resources, ...more };
}

function report(given: PlanJson, stack: StackJson = {}, dataLossAllowed = false): string {
  return toMarkdown(reviewPlan("test", given, stack), { dataLossAllowed });
}

const queueArn = "arn:aws:sqs:eu-west-1:123456789012:events-queue";
const prior_state = {
  values: {
    root_module: {
      resources: [
        { address: "aws_sqs_queue.main", values: { arn: queueArn } },
        { address: "aws_sqs_queue.other", values: { arn: `${queueArn}-two` } },
        { address: "aws_sqs_queue.part", values: { arn: `${queueArn}/part` } },
      ],
    },
  },
};

test("data that is lost comes first, with the reason and what is lost", () => {
  const text = report(
    plan([
      resource("aws_iam_role.a", { change: { actions: ["create"], after: {} } }),
      resource("aws_sqs_queue.main", {
        change: {
          actions: ["create", "delete"],
          before: { name: "a" },
          after: { name: "b" },
          replace_paths: [["name"]],
        },
      }),
      resource("aws_dynamodb_table.old", {
        action_reason: "delete_because_no_resource_config",
        change: { actions: ["delete"], before: {} },
      }),
      resource("aws_dynamodb_table.new", { change: { actions: ["create"], after: {} } }),
    ]),
  );
  expect(text.split("\n").slice(0, 7)).toEqual([
    "## Plan of `test`: 2 created, 1 replaced, 1 destroyed",
    "",
    "> [!CAUTION]",
    "> **This plan loses data or events.**",
    "> - `aws_dynamodb_table.old` is destroyed, because of `it is no longer in the stack`. Lost: the record of deliveries, so that duplicates are delivered again, and the breaker's state. Is `aws_dynamodb_table.new` the same one under a new address? Then move it in the state (`terraform state mv`), and nothing is lost.",
    "> - `aws_sqs_queue.main` is replaced, because of `name`. Lost: every event in the queue.",
    "",
  ]);
});

test.each([
  ["aws_sqs_queue.main", "message_retention_seconds", 345_600, 60, true],
  ["aws_sqs_queue.main", "message_retention_seconds", 60, 345_600, false],
  ["aws_cloudwatch_log_group.logs", "retention_in_days", 0, 7, true],
  ["aws_cloudwatch_log_group.logs", "retention_in_days", 7, 0, false],
])("%s that goes from %s %d to %d loses data: %s", (address, attribute, before, after, loses) => {
  const change = { before: { [attribute]: before }, after: { [attribute]: after } };
  const { losses } = reviewPlan("test", plan([resource(address, { change })]), {});
  expect(losses).toHaveLength(loses ? 1 : 0);
});

test.each([
  ["", "aws_sqs_queue.main"],
  ["-two", "aws_sqs_queue.other"],
  ["/part/*", "aws_sqs_queue.part/*"],
  ["/else", "aws_sqs_queue.main/else"],
  ["-unknown", `${queueArn}-unknown`],
])(
  "names a resource in place of its ARN with %j behind it, and never a part of a longer one",
  (rest, name) => {
    const change = { before: { target: "x" }, after: { target: `${queueArn}${rest}` } };
    const text = report(plan([resource("aws_x.y", { change })], { prior_state }));
    expect(text).toContain(`- \`target\`: \`x\` → \`${name}\``);
  },
);

test("what is not known before the apply is read from the stack: a policy, and a variable among many", () => {
  const document = (action: string) =>
    `\${jsonencode({"Statement" = [{"Effect" = "Allow", "Action" = "${action}", "Resource" = aws_sqs_queue.new.arn}]})}`;
  const stack = {
    resource: {
      aws_iam_role_policy: { p: { policy: document("sqs:SendMessage") } },
      aws_lambda_function: {
        f: { environment: { variables: { QUEUE: ref("aws_sqs_queue.new.url"), BACK_OFF: '{"factor":3}' } } },
      },
    },
  };
  const { changes } = reviewPlan(
    "test",
    plan([
      resource("aws_iam_role_policy.p", {
        change: { before: { policy: "" }, after: {}, after_unknown: { id: true, policy: true } },
      }),
      resource("aws_lambda_function.f", {
        change: {
          before: { environment: [{ variables: { QUEUE: "https://sqs", BACK_OFF: '{"factor":2}' } }] },
          after: { environment: [{}] },
          after_unknown: { environment: [{ variables: true }], arn: true },
        },
      }),
    ]),
    stack,
  );
  expect(changes).toMatchObject([
    {
      address: "aws_iam_role_policy.p",
      added: ["allow sqs:SendMessage on aws_sqs_queue.new"],
      attributes: [],
    },
    {
      address: "aws_lambda_function.f",
      attributes: [
        { path: "environment.variables.BACK_OFF.factor", before: "2", after: "3" },
        { path: "environment.variables.QUEUE", before: "https://sqs", after: "aws_sqs_queue.new.url" },
      ],
    },
  ]);
});

test("a policy that nobody can read before the apply is not passed over", () => {
  const stack = { resource: { aws_iam_role_policy: { p: { policy: ref('file("policy.json")') } } } };
  const change = { actions: ["create"], before: null, after: {}, after_unknown: { policy: true } };
  const text = report(plan([resource("aws_iam_role_policy.p", { change })]), stack);
  expect(text).toContain("+ a policy that is known only after apply");
});

test("changed code is code, not a hash; its digest is in the JSON alone", () => {
  const [before, after] = ["old", "new"].map((hash) => ({
    source_code_hash: `${hash}-hash`,
    filename: `${hash}.zip`,
    timeout: 1,
  }));
  const given = plan([resource("aws_lambda_function.f", { change: { before, after } })]);
  expect(report(given)).toContain("- `aws_lambda_function.f`\n  - code\n");
  expect(report(given)).not.toContain("hash");
  expect(reviewPlan("test", given, {}).changes[0]?.code).toBe("new-hash");
});

test("drift is what somebody has decided; what AWS counts, and what another resource gives, is not", () => {
  const given = { url: "https://sqs/main", policy: "" };
  const drifted = resource("aws_sqs_queue.main", {
    change: {
      before: { ...given, delay_seconds: 0, tags: null, deployment_id: "1" },
      after: {
        ...given,
        delay_seconds: 9,
        policy: "of aws_sqs_queue_policy.p",
        tags: {},
        deployment_id: "2",
      },
    },
  });
  const resource_drift = [
    drifted,
    resource("aws_sqs_queue.gone", { change: { actions: ["delete"], before: {} } }),
  ];
  const current = ["aws_sqs_queue.main", "aws_sqs_queue_policy.p"].map((address) => {
    const values = { url: "https://sqs/main", queue_url: "https://sqs/main" };
    return resource(address, { change: { actions: ["no-op"], before: values, after: values } });
  });
  const stack = { resource: { aws_sqs_queue: { main: { delay_seconds: 0 } } } };
  const { drift } = reviewPlan("test", plan(current, { resource_drift }), stack);
  expect(drift).toMatchObject([
    { address: "aws_sqs_queue.gone", action: "destroy" },
    { address: "aws_sqs_queue.main", attributes: [{ path: "delay_seconds", before: "0", after: "9" }] },
  ]);
  const withoutPolicy = reviewPlan("test", plan([], { resource_drift: [drifted] }), stack);
  expect(withoutPolicy.drift[0]?.attributes.map(({ path }) => path)).toEqual(["delay_seconds", "policy"]);
});

test("says that nothing changes, and where a resource only moves", () => {
  expect(report(plan([resource("a.b", { change: { actions: ["no-op"] } })]))).toBe(
    "## Plan of `test`: no changes\n\nPlanned with Terraform `1.11.4`, region `not said`, state `not said`.\n",
  );
  const moved = resource("a.b", { previous_address: "a.c", change: { actions: ["no-op"] } });
  expect(report(plan([moved]))).toContain("- `a.b`, moved from `a.c`\n");
});

test("two plans are the same review when they do the same, and name what differs otherwise", () => {
  const of = (value: string, policy = "x") =>
    reviewPlan(
      "test",
      plan([resource("a.b", { change: { before: { v: "1" }, after: { v: value } } })], {
        output_changes: { o: { actions: ["update"], before: "1", after: policy } },
      }),
      {},
    );
  const written = JSON.parse(JSON.stringify(of("2"))) as ReturnType<typeof of>;
  expect(differences(written, of("2"))).toEqual([]);
  expect(differences(written, of("3", "y"))).toEqual(["a.b", "output o"]);
  expect(toMarkdown(of("3"), { dataLossAllowed: false, notReviewed: ["a.b"] })).toContain(
    "> **This is not the plan that was reviewed.** Since then something else differs:\n> - `a.b`",
  );
});

const SECRET = "s3cr3t-Value";

test("a sensitive value is shown nowhere, at whatever depth it lies and on whichever side it is marked", () => {
  /** A value with the secret somewhere in it, and a mask of the same shape that covers it. */
  const secretIn = fc.letrec<{ pair: { value: unknown; mask: unknown } }>((tie) => ({
    pair: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(SECRET, `{"k":"${SECRET}"}`, `{"Statement":[{"Action":"${SECRET}"}]}`).map((value) => ({
        value,
        mask: true as unknown,
      })),
      fc
        .tuple(fc.constantFrom("policy", "value", "variables"), tie("pair"))
        .map(([key, { value, mask }]) => ({
          value: { [key]: value, plain: "p" },
          mask: { [key]: mask },
        })),
      tie("pair").map(({ value, mask }) => ({ value: ["p", value], mask: [false, mask] })),
      tie("pair").map(({ value }) => ({ value, mask: true })),
    ),
  })).pair;
  const others = fc.constantFrom<unknown>("other", null, { policy: "o" }, ["o"], undefined);
  fc.assert(
    fc.property(secretIn, others, fc.constantFrom("before", "after"), (secret, other, side) => {
      const values = { attribute: secret.value };
      const mask = { attribute: secret.mask };
      const change =
        side === "before"
          ? { before: values, before_sensitive: mask, after: { attribute: other }, after_sensitive: {} }
          : { before: { attribute: other }, before_sensitive: {}, after: values, after_sensitive: mask };
      const given = plan([resource("aws_iam_role_policy.a", { change })], {
        resource_drift: [resource("aws_iam_role_policy.a", { change })],
        output_changes: {
          o: {
            actions: ["update"],
            before: side === "before" ? secret.value : other,
            after: side === "after" ? secret.value : other,
            before_sensitive: side === "before" ? secret.mask : false,
            after_sensitive: side === "after" ? secret.mask : false,
          },
        },
      });
      const stack = { resource: { aws_iam_role_policy: { a: { attribute: "x" } } } };
      const review = reviewPlan("test", given, stack);
      expect(JSON.stringify(review) + toMarkdown(review, { dataLossAllowed: false })).not.toContain(SECRET);
    }),
    { numRuns: 500 },
  );
});

test("a sensitive value that the stack would tell before the apply is not told either", () => {
  const stack = { resource: { aws_ssm_parameter: { s: { value: SECRET } } } };
  const change = {
    before: { value: "old" },
    after: {},
    after_unknown: { value: true },
    before_sensitive: { value: true },
    after_sensitive: { value: true },
  };
  expect(report(plan([resource("aws_ssm_parameter.s", { change })]), stack)).toContain(
    "- `value`: `(sensitive)` → `(sensitive)`",
  );
});

test("hostile names and values stay within their code: no line, mention or markup of theirs", () => {
  const text = fc.string({ unit: fc.constantFrom("\n", "`", "<script>", "@team", "# ", "|", "a", "\u202e") });
  fc.assert(
    fc.property(text, text, (name, value) => {
      const change = { before: { [name]: "x" }, after: { [name]: value } };
      const lines = report(plan([resource(`aws_x.${name}`, { change })])).split("\n");
      for (const line of lines) {
        const outside = line.replaceAll(/(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/g, "");
        expect(outside).not.toMatch(/<script>|@team|\u202e|\|/);
      }
    }),
  );
});

test("a report fits into a comment, and says how much it leaves out", () => {
  const many = Array.from({ length: 3000 }, (_, i) =>
    resource(`aws_iam_role_policy.number_${i}`, {
      change: { actions: ["create"], after: { policy: '{"Statement":[{"Action":"a:B","Resource":"*"}]}' } },
    }),
  );
  const text = report(plan(many));
  expect(text.length).toBeLessThanOrEqual(LONGEST_REPORT);
  expect(text).toMatch(/\n```\n\n\*\*Cut here: \d+ more lines\.\*\* .*\n$/);
});
