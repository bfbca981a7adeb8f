import fc from "fast-check";
import { differences } from "../../../deployment/review/compare-reviews.ts";
import { toMarkdown } from "../../../deployment/review/markdown.ts";
import { reportOn } from "../../../deployment/review/report.ts";
import { type Review, reviewPlan, type Surroundings } from "../../../deployment/review/review.ts";
import type { Change, PlanJson, PlannedResource, StackJson } from "../../../terraform/plan-json.ts";

function resource(
  address: string,
  change: Partial<Change>,
  more: Partial<PlannedResource> = {},
): PlannedResource {
  const [type = ""] = address.split(".");
  return { address, type, mode: "managed", ...more, change: { actions: ["update"], ...change } };
}

function review(
  resources: readonly PlannedResource[],
  more: Partial<PlanJson> = {},
  stack: StackJson = {},
  surroundings: Surroundings = {},
): Review {
  const plan = { terraform_version: "1.11.4", resource_changes: resources, ...more };
  return reviewPlan("test", plan, stack, surroundings);
}

const report = (of: Review) => toMarkdown(of, { dataLossAllowed: false });
const policy = (...statements: readonly object[]) => JSON.stringify({ Statement: statements });
const anything = { Effect: "Allow", Action: "*", Resource: "*" };

describe("what is created is told with what matters of it", () => {
  const created = (address: string, after: object) =>
    resource(address, { actions: ["create"], before: null, after });

  test.each<[string, object, string[]]>([
    [
      "aws_lambda_function_url.open",
      { authorization_type: "NONE", function_name: "receiver" },
      [
        "  - `authorization_type`: `NONE`",
        "> - `aws_lambda_function_url.open`: `anybody can call the function by this URL: it asks for no authorization`",
      ],
    ],
    [
      "aws_sns_topic_subscription.somebody",
      { protocol: "https", endpoint: "https://somebody.example.com" },
      [
        "  - `endpoint`: `https://somebody.example.com`",
        "> - `aws_sns_topic_subscription.somebody`: `https to https://somebody.example.com gets what is published`",
      ],
    ],
    [
      "aws_sqs_queue_policy.public",
      { policy: policy({ Effect: "Allow", Principal: "*", Action: "sqs:*", Resource: "arn:q" }) },
      [
        "> - `aws_sqs_queue_policy.public`: `allow sqs:* on arn:q for anybody`",
        "+ allow sqs:* on arn:q for anybody",
      ],
    ],
    [
      "aws_lambda_permission.public",
      { principal: "*", action: "lambda:InvokeFunction", function_name: "receiver" },
      ["> - `aws_lambda_permission.public`: `anybody may call the function`"],
    ],
    [
      "aws_security_group.open",
      { ingress: [{ from_port: 22, to_port: 22, cidr_blocks: ["0.0.0.0/0"] }] },
      [
        "> - `aws_security_group.open`: `ports 22 to 22 are open to the internet`",
        '  - `ingress.cidr_blocks`: `["0.0.0.0/0"]`',
      ],
    ],
    [
      "aws_iam_role_policy_attachment.admin",
      { role: "r", policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess" },
      ["+ allow everything that arn:aws:iam::aws:policy/AdministratorAccess allows for r"],
    ],
    [
      "aws_iam_role.r",
      { name: "r", inline_policy: [{ name: "x", policy: policy(anything) }] },
      ["+ allow * on *"],
    ],
    ["aws_iam_policy.p", { policy: policy(anything) }, ["+ allow * on *"]],
    [
      "aws_kms_key.k",
      { policy: policy({ ...anything, Principal: { AWS: "arn:x" } }) },
      ["+ allow * on * for arn:x"],
    ],
  ])("%s", (address, after, lines) => {
    const text = report(review([created(address, after)]));
    for (const line of lines) expect(text.split("\n")).toContain(line);
  });

  test("a secret among it is not shown", () => {
    const change = {
      actions: ["create"],
      after: { value: "s3cr3t", type: "x" },
      after_sensitive: { value: true },
    };
    const text = report(review([resource("aws_ssm_parameter.s", change)]));
    expect(text).toContain("- `value`: `(sensitive)`");
    expect(text).not.toContain("s3cr3t");
  });
});

test("what is imported is told, though nothing of it changes, and counts when plans are compared", () => {
  const values = { name: "q" };
  const change = { actions: ["no-op"], before: values, after: values };
  const imported = review([resource("aws_sqs_queue.q", { ...change, importing: { id: "https://sqs/q" } })]);
  expect(report(imported)).toMatch(
    /^## Plan of `test`: 1 imported\n\n### Imported \(1\)\n\n- `aws_sqs_queue.q`, which is there as `https:\/\/sqs\/q`\n/,
  );
  expect(differences(imported, review([resource("aws_sqs_queue.q", change)]))).toEqual(["aws_sqs_queue.q"]);
});

test("what was deleted outside of Terraform is told so", () => {
  const gone = resource("aws_iam_role.r", { actions: ["delete"], before: { name: "r" }, after: null });
  expect(report(review([], { resource_drift: [gone] }))).toContain(
    "### Drift: changed by other means than Terraform (1)\n\n- `aws_iam_role.r`: it was deleted\n",
  );
});

test("code that was deployed by other means is told as code", () => {
  const [before, after] = ["old", "new"].map((code_sha256) => ({ code_sha256, last_modified: code_sha256 }));
  const drift = review([], { resource_drift: [resource("aws_lambda_function.f", { before, after })] });
  expect(report(drift)).toContain("- `aws_lambda_function.f`\n  - code\n");
});

describe("permissions that somebody has added to a role by hand", () => {
  const own = policy({ Effect: "Allow", Action: "a:B", Resource: "r" });
  const role = {
    name: "r",
    inline_policy: [
      { name: "own", policy: own },
      { name: "theirs", policy: policy(anything) },
    ],
    managed_policy_arns: ["arn:aws:iam::aws:policy/AdministratorAccess"],
  };
  const there = (address: string, values: object) =>
    resource(address, { actions: ["no-op"], before: values, after: values });
  const resources = [
    there("aws_iam_role.r", role),
    there("aws_iam_role_policy.own", { name: "own", role: "r", policy: own }),
  ];

  test("are told at every plan, and want a person", () => {
    const found = review(resources);
    expect(found.strangers).toEqual([
      { address: "aws_iam_role.r", policy: "theirs", added: ["allow * on *"], isRemoved: false },
      {
        address: "aws_iam_role.r",
        policy: "arn:aws:iam::aws:policy/AdministratorAccess",
        added: ["allow everything that arn:aws:iam::aws:policy/AdministratorAccess allows"],
        isRemoved: false,
      },
    ]);
    expect(report(found).split("\n").slice(2, 5)).toEqual([
      "> [!CAUTION]",
      "> **Somebody has added permissions by hand, and this plan leaves them there.**",
      "> - `aws_iam_role.r` has the policy `theirs`: `allow * on *`. Remove it, or make it part of the stack.",
    ]);
    expect(reportOn(found, undefined, { allowDataLoss: false }).exitCode).toBe(3);
    expect(reportOn(found, undefined, { allowDataLoss: true }).exitCode).toBe(0);
    expect(differences(review([resources[1] as PlannedResource]), found)).toEqual([
      "permissions added by hand to aws_iam_role.r",
    ]);
  });

  test("are told, and no more, where the plan takes them away", () => {
    const exclusive = [
      there("aws_iam_role_policies_exclusive.r", { role_name: "r", policy_names: ["own"] }),
      there("aws_iam_role_policy_attachments_exclusive.r", { role_name: "r", policy_arns: [] }),
    ];
    const found = review([...resources, ...exclusive]);
    expect(found.strangers.map(({ isRemoved }) => isRemoved)).toEqual([true, true]);
    expect(report(found)).toContain("This plan takes them away.");
    expect(reportOn(found, undefined, { allowDataLoss: false }).exitCode).toBe(0);
  });
});

describe("a parameter whose value Terraform does not know", () => {
  const stack: StackJson = { resource: { aws_ssm_parameter: { s: { value_wo: "x", value_wo_version: 1 } } } };
  const values = { description: "a", key_id: "k", value_wo_version: 1, has_value_wo: true, tags: null };
  const changing = (after: object, after_unknown: object = {}) =>
    review(
      [resource("aws_ssm_parameter.s", { before: values, after: { ...values, ...after }, after_unknown })],
      {},
      stack,
    );

  test.each([
    ["its description", { description: "b" }, {}, ["description"]],
    ["its key", { key_id: "other" }, {}, ["key_id"]],
    ["a key that is known later", {}, { key_id: true }, ["key_id"]],
  ])("cannot change in %s: nobody can allow that", (_, after, unknown, because) => {
    const found = changing(after, unknown);
    expect(found.obstacles).toMatchObject([{ address: "aws_ssm_parameter.s", because }]);
    expect(report(found)).toMatch(
      /^.*\n\n> \[!CAUTION\]\n> \*\*This plan cannot be applied: it would stop half-way\./,
    );
    expect(reportOn(found, undefined, { allowDataLoss: true }).exitCode).toBe(3);
  });

  test("can change its tags", () => {
    expect(changing({ tags: { a: "b" }, version: 2 })).toMatchObject({ obstacles: [], losses: [] });
  });

  test("is written over where its version changes", () => {
    expect(changing({ value_wo_version: 2 })).toMatchObject({
      obstacles: [],
      losses: [{ how: "changed", because: ["value_wo_version"] }],
    });
  });
});

describe("two long values", () => {
  const long = "word ".repeat(100);
  const changing = (after: string) =>
    review([resource("aws_x.y", { before: { text: `${long}one ${long}` }, after: { text: after } })]);

  test("are told where they differ, and not where they begin", () => {
    expect(report(changing(`${long}two ${long}`))).toMatch(
      /- `text`: `….*word one word.*…` → `….*word two word.*…`\n/,
    );
  });

  test("are told in each place", () => {
    expect(report(changing(`zero ${long}one ${long}two`))).toMatch(
      /- `text`, in 2 places:\n {4}- .*\n {4}- .*\n/,
    );
  });

  test("are compared whole when a plan is approved", () => {
    expect(differences(changing(`${long}two ${long}`), changing(`${long}six ${long}`))).toEqual(["aws_x.y"]);
  });
});

describe("with what a plan was made", () => {
  const lock = `provider "registry.terraform.io/hashicorp/aws" {\n  version     = "5.100.0"\n  hashes = []\n}\n`;
  const stack: StackJson = {
    provider: { aws: [{ region: "eu-west-1" }] },
    terraform: { backend: { s3: { bucket: "state", key: "a.tfstate", region: "eu-west-1", encrypt: true } } },
  };

  test("is told last", () => {
    expect(report(review([], {}, stack, { lock }))).toMatch(
      /\nPlanned with Terraform `1.11.4`, provider hashicorp\/aws `5.100.0`, region `eu-west-1`, state `s3: bucket state, key a.tfstate, region eu-west-1`\.\n$/,
    );
  });

  test.each<[string, Partial<PlanJson>, StackJson, string, string]>([
    [
      "another provider",
      {},
      stack,
      lock.replace("5.100.0", "6.1.0"),
      "provider hashicorp/aws: 5.100.0 → 6.1.0",
    ],
    ["another Terraform", { terraform_version: "1.12.0" }, stack, lock, "Terraform: 1.11.4 → 1.12.0"],
    [
      "another region",
      {},
      { ...stack, provider: { aws: [{ region: "eu-west-2" }] } },
      lock,
      "region: eu-west-1 → eu-west-2",
    ],
    [
      "another state",
      {},
      { ...stack, terraform: { backend: { local: { path: "x" } } } },
      lock,
      "state: s3: bucket state, key a.tfstate, region eu-west-1 → local: path x",
    ],
  ])("%s is another plan", (_, more, otherStack, otherLock, named) => {
    const approved = review([], {}, stack, { lock });
    const now = review([], more, otherStack, { lock: otherLock });
    expect(differences(approved, now)).toEqual([named]);
    expect(reportOn(now, approved, { allowDataLoss: true }).exitCode).toBe(4);
  });
});

test("what the account has and the plan makes is orphaned, and what could not be looked for is said", () => {
  const found = review(
    [],
    {},
    {},
    {
      found: {
        there: [{ address: "aws_s3_bucket.overflow", name: "events-1" }],
        unchecked: ["aws_sqs_queue: AccessDenied"],
      },
    },
  );
  const text = report(found);
  expect(text).toContain(
    "> - `terraform.backend` is orphaned, because of `aws_s3_bucket.overflow would be made, and there is events-1`.",
  );
  expect(text).toContain("> - `aws_sqs_queue: AccessDenied`");
  expect(reportOn(found, undefined, { allowDataLoss: false }).exitCode).toBe(3);
});

test("strangers' text in what is warned of stays within its code: no line, mention or markup of theirs", () => {
  const text = fc.string({ unit: fc.constantFrom("\n", "`", "<script>", "@team", "# ", "|", "a", "\u202e") });
  fc.assert(
    fc.property(text, (hostile) => {
      const there = (address: string, values: object, actions: readonly string[] = ["no-op"]) =>
        resource(address, { actions, before: values, after: actions[0] === "delete" ? null : values });
      const found = review(
        [
          there(`aws_apigatewayv2_route.${hostile}`, { route_key: hostile }, ["delete"]),
          there("aws_cloudwatch_metric_alarm.a", { alarm_name: hostile, alarm_actions: [hostile] }, [
            "delete",
          ]),
          there("aws_iam_role.r", {
            name: "r",
            inline_policy: [{ name: hostile, policy: policy({ Action: hostile }) }],
          }),
          resource("aws_sns_topic_subscription.s", {
            actions: ["create"],
            after: { endpoint: hostile, protocol: hostile },
          }),
          resource("aws_x.y", { actions: ["no-op"], before: {}, after: {}, importing: { id: hostile } }),
        ],
        {},
        { terraform: { backend: { s3: { bucket: hostile, key: hostile } } } },
        {
          lock: `provider "${hostile}" {\n  version = "1"\n}\nprovider "a/b" {\n  version = "${hostile}"\n}\n`,
          found: { there: [{ address: hostile, name: hostile }], unchecked: [hostile] },
        },
      );
      for (const line of toMarkdown(found, { dataLossAllowed: false, notReviewed: [hostile] }).split("\n")) {
        const outside = line.replaceAll(/(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/g, "");
        expect(outside).not.toMatch(/<script>|@team|\u202e|\|/);
      }
    }),
  );
});
