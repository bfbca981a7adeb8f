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

/** What a policy says, and whether anybody can read it. */
export function readPolicy(policy: unknown, snapshot: Snapshot): Pick<Holder, "grants" | "isUnreadable"> {
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
