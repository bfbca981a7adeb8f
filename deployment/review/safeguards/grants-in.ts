import { document, isEmpty } from "../../../terraform/plan-json.ts";
import { type Grant, grantsOf } from "../grants.ts";
import { SENSITIVE, UNKNOWN } from "../planned.ts";
import { listOf, type Resource, type Snapshot } from "../snapshot.ts";

export const ROLE = "aws_iam_role";

/** What somebody may, and which resource says so. */
export interface Holder {
  readonly address: string;
  readonly grants: readonly Grant[];
  /** A policy that nobody can read before the apply. */
  readonly isUnreadable: boolean;
}

const naming = (snapshot: Snapshot) => (text: string) => snapshot.text(text);

function readPolicy(policy: unknown, snapshot: Snapshot): Pick<Holder, "grants" | "isUnreadable"> {
  const text = String(policy ?? "");
  const isUnreadable =
    !isEmpty(policy) &&
    (text === UNKNOWN || text.startsWith(SENSITIVE.slice(0, -1)) || document(policy) === undefined);
  return { grants: grantsOf(policy, naming(snapshot)), isUnreadable };
}

/** What each function may by its role, whatever the role and its policies are called. */
export function functionsIn(snapshot: Snapshot): Holder[] {
  return snapshot.all("aws_lambda_function").map(({ address, values }) => {
    const role = snapshot.resourceOf(values["role"], [ROLE], ["name"]);
    const policies = policiesOf(role, snapshot).map((policy) => readPolicy(policy, snapshot));
    return {
      address,
      grants: [
        ...policies.flatMap(({ grants }) => grants),
        ...attachedTo(role, snapshot),
        ...grantsOf(snapshot.get(role)?.values["assume_role_policy"], naming(snapshot)),
      ],
      isUnreadable: policies.some(({ isUnreadable }) => isUnreadable),
    };
  });
}

function isOf(role: string, value: unknown, snapshot: Snapshot): boolean {
  return snapshot.resourceOf(value, [ROLE], ["name"]) === role;
}

function attachments(role: string, snapshot: Snapshot): unknown[] {
  const own = snapshot.get(role);
  return [
    ...snapshot
      .all("aws_iam_role_policy_attachment")
      .filter(({ values }) => isOf(role, values["role"], snapshot))
      .map(({ values }) => values["policy_arn"]),
    ...snapshot
      .all("aws_iam_policy_attachment")
      .filter(({ values }) => listOf(values["roles"]).some((one) => isOf(role, one, snapshot)))
      .map(({ values }) => values["policy_arn"]),
    ...(own !== undefined && snapshot.asksFor(own, "managed_policy_arns")
      ? listOf(own.values["managed_policy_arns"])
      : []),
  ];
}

function policiesOf(role: string, snapshot: Snapshot): unknown[] {
  const own = snapshot.get(role);
  const inline =
    own !== undefined && snapshot.asksFor(own, "inline_policy") ? listOf(own.values["inline_policy"]) : [];
  const managed = attachments(role, snapshot).map((arn) => snapshot.resourceOf(arn, ["aws_iam_policy"]));
  return [
    ...snapshot
      .all("aws_iam_role_policy")
      .filter(({ values }) => isOf(role, values["role"], snapshot))
      .map(({ values }) => values["policy"]),
    ...inline.map((policy) => (policy as Resource["values"])["policy"]),
    ...managed.flatMap((address) => snapshot.get(address)?.values["policy"] ?? []),
  ];
}

/** A policy that is not the stack's: all that can be said is its name. */
function attachedTo(role: string, snapshot: Snapshot): Grant[] {
  return attachments(role, snapshot).map((arn) => ({
    effect: "allow",
    action: `everything that ${snapshot.text(arn)} allows`,
    resource: "",
    principal: "",
    condition: [],
  }));
}

/** Policies of what is called, and not of who calls. */
const RESOURCE_POLICIES = [
  "aws_sqs_queue_policy",
  "aws_s3_bucket_policy",
  "aws_sns_topic_policy",
  "aws_kms_key_policy",
  "aws_cloudwatch_event_bus_policy",
];
const OWN_POLICIES = ["aws_sqs_queue", "aws_s3_bucket", "aws_sns_topic", "aws_kms_key"];

/** All of one kind together: it is in their statements what they are about. */
export function resourcePolicies(snapshot: Snapshot): Holder[] {
  const separate = snapshot.all(...RESOURCE_POLICIES).map((one) => [one, one.values["policy"]] as const);
  const own = snapshot
    .all(...OWN_POLICIES)
    .filter((one) => snapshot.asksFor(one, "policy"))
    .map((one) => [one, one.values["policy"]] as const);
  return [
    ...[...separate, ...own].map(([{ address }, policy]) => ({
      address,
      ...readPolicy(policy, snapshot),
      ...aboutItself(address, policy, snapshot),
    })),
    ...snapshot.all("aws_lambda_permission").map((one) => ({
      address: one.address,
      grants: [invoke(one, snapshot)],
      isUnreadable: false,
    })),
  ];
}

/** "Anything" in a key's policy is this key. */
function aboutItself(address: string, policy: unknown, snapshot: Snapshot): Pick<Holder, "grants"> {
  const { grants } = readPolicy(policy, snapshot);
  return {
    grants: grants.map((grant) =>
      grant.resource === "*" ? { ...grant, resource: ownerOf(address) } : grant,
    ),
  };
}

const ownerOf = (address: string) =>
  address.replace(/^aws_kms_key_policy\./, "aws_kms_key.").replace(/_policy$/, "");

function invoke({ values }: Resource, snapshot: Snapshot): Grant {
  const tests = {
    "source ARN": values["source_arn"],
    account: values["source_account"],
    qualifier: values["qualifier"],
  };
  return {
    effect: "allow",
    action: String(values["action"]),
    resource: snapshot.resourceOf(values["function_name"], ["aws_lambda_function"], ["function_name"]),
    principal: String(values["principal"]),
    condition: Object.entries(tests).flatMap(([name, value]) =>
      isEmpty(value) ? [] : [{ operator: "ArnLike", name, values: [snapshot.text(value)] }],
    ),
  };
}
