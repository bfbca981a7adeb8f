import { interpolate } from "../../terraform/expression.ts";
import type { PlanJson, PlannedResource, StackJson, Values } from "../../terraform/plan-json.ts";

const ACCOUNT = "123456789012";
const REGION = "eu-west-1";
/** What a stack says of a resource and the provider does not. */
const OF_TERRAFORM = ["//", "depends_on", "lifecycle", "provider"];
/** What the provider writes as a list, however often it is there. Everything else that is an object is a map. */
const BLOCKS =
  /^(environment|scaling_config|retry_policy|dead_letter_config|versioning_configuration|point_in_time_recovery|ttl|default_route_settings|access_log_settings|cors_configuration|mutual_tls_authentication|domain_name_configuration|rule|apply_server_side_encryption_by_default|tracing_config|metric|filter_criteria)$/;

/** An attribute that Terraform knows after the apply only. */
class Unknown extends Error {}

/**
 * What Terraform plans from one synthesised stack, as it was deployed, to another, in the shape in which `terraform show
 * -json` and the AWS provider write it: ARNs, URLs and ids in place of references, blocks as lists, and of what is made
 * anew nothing that AWS decides. Resources that another resource's attributes are repeated at have those, too.
 *
 * @param before `undefined`: nothing is deployed
 * @param moved by new address the old one
 */
export function planBetween(
  before: StackJson | undefined,
  after: StackJson,
  moved: Readonly<Record<string, string>> = {},
): PlanJson {
  const [old, young] = [listed(before ?? {}), listed(after)];
  const previous = (address: string) => moved[address] ?? address;
  const changes: PlannedResource[] = [...young.keys()].map((address) => {
    const was = old.has(previous(address)) ? deployedValues(old, previous(address)) : null;
    const { values, unknown } = plannedValues(old, young, address, previous);
    const action = was === null ? "create" : same(was, values, unknown) ? "no-op" : "update";
    const at = { address, type: typeOf(address), mode: "managed" };
    const movedFrom = previous(address) === address ? {} : { previous_address: previous(address) };
    return {
      ...at,
      ...movedFrom,
      change: { actions: [action], before: was, after: { ...was, ...values }, after_unknown: unknown },
    };
  });
  const gone = [...old.keys()].filter(
    (address) => !young.has(address) && !Object.values(moved).includes(address),
  );
  return {
    terraform_version: "1.11.4",
    resource_changes: [...changes, ...gone.map((address) => destroyed(old, address))],
    prior_state: {
      values: {
        root_module: {
          resources: [...old.keys()].map((address) => ({ address, values: deployedValues(old, address) })),
        },
      },
    },
    planned_values: {
      root_module: {
        resources: changes.map(({ address, change }) => ({ address, values: change.after as Values })),
      },
    },
  };
}

/** What was changed since by other means: `values` as Terraform last wrote them, or a resource that is gone. */
export function drifted(address: string, values: Values, now: Values | null): PlannedResource {
  const actions = [now === null ? "delete" : "update"];
  return { address, type: typeOf(address), mode: "managed", change: { actions, before: values, after: now } };
}

/** A resource of a stack, as it is when it is deployed. */
export function deployed(stack: StackJson, address: string): Values {
  return deployedValues(listed(stack), address);
}

type Listed = ReadonlyMap<string, Values>;

function listed({ resource = {} }: StackJson): Listed {
  return new Map(
    Object.entries(resource).flatMap(([type, byId]) =>
      Object.entries(byId).map(([id, values]) => [`${type}.${id}`, values] as const),
    ),
  );
}

const typeOf = (address: string) => address.split(".")[0] ?? "";

function destroyed(old: Listed, address: string): PlannedResource {
  return {
    address,
    type: typeOf(address),
    mode: "managed",
    action_reason: "delete_because_no_resource_config",
    change: { actions: ["delete"], before: deployedValues(old, address), after: null, after_unknown: {} },
  };
}

function deployedValues(stack: Listed, address: string): Values {
  const resolve = (reference: Reference): string => attributeOf(stack, reference, resolve);
  const asked = Object.fromEntries(
    ownEntries(stack, address).map(([name, value]) => [name, filled(value, resolve, name)]),
  );
  return { ...computed(stack, address), ...asked };
}

function plannedValues(old: Listed, young: Listed, address: string, previous: (address: string) => string) {
  const unknown: Record<string, unknown> = old.has(previous(address)) ? {} : { arn: true, id: true };
  const resolve = (reference: Reference): string => {
    const was = previous(reference.address);
    if (old.has(was)) return attributeOf(old, { ...reference, address: was }, resolve);
    const literal = young.get(reference.address)?.[reference.attribute];
    if (typeof literal === "string") return interpolate(literal, resolve);
    throw new Unknown();
  };
  const values: Record<string, unknown> = {};
  for (const [name, value] of ownEntries(young, address)) {
    try {
      values[name] = filled(value, resolve, name);
    } catch (error) {
      if (!(error instanceof Unknown)) throw error;
      unknown[name] = true;
    }
  }
  return { values: { ...withoutAsked(old, young, address, previous), ...values }, unknown };
}

/** What was asked for and is not any more goes back to nothing. */
function withoutAsked(
  old: Listed,
  young: Listed,
  address: string,
  previous: (address: string) => string,
): Values {
  const now = young.get(address) ?? {};
  return Object.fromEntries(
    ownEntries(old, previous(address))
      .filter(([name]) => !(name in now))
      .map(([name]) => [name, null]),
  );
}

interface Reference {
  readonly address: string;
  readonly attribute: string;
}

function attributeOf(
  stack: Listed,
  { address, attribute }: Reference,
  resolve: (reference: Reference) => string,
) {
  const value = stack.get(address)?.[attribute];
  if (typeof value === "string") return interpolate(value, resolve);
  return String(computed(stack, address)[attribute] ?? `${address}.${attribute}`);
}

function ownEntries(stack: Listed, address: string): [string, unknown][] {
  return Object.entries(stack.get(address) ?? {}).filter(([name]) => !OF_TERRAFORM.includes(name));
}

function filled(value: unknown, resolve: (reference: Reference) => string, name = ""): unknown {
  if (typeof value === "string") return interpolate(value, resolve);
  if (Array.isArray(value)) return value.map((item) => filled(item, resolve));
  if (typeof value !== "object" || value === null) return value;
  const inner = Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, filled(one, resolve, key)]),
  );
  return BLOCKS.test(name) ? [inner] : inner;
}

/** What AWS makes up, by which others refer to it; and what the provider repeats of others. */
function computed(stack: Listed, address: string): Values {
  const type = typeOf(address);
  const { name, function_name, bucket_prefix } = stack.get(address) ?? {};
  const id = address.slice(type.length + 1);
  const literal = [function_name, name].find((one) => typeof one === "string" && !one.includes("${"));
  const called = String(literal ?? id);
  const service = type === "aws_iam_role" ? "iam:" : `${type.split("_")[1]}:${REGION}`;
  const arn = `arn:aws:${service}:${ACCOUNT}:${type}/${called}`;
  return {
    arn,
    id: type === "aws_iam_role" ? called : `id-of-${id}`,
    url: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${called}`,
    invoke_arn: `arn:aws:apigateway:${REGION}:lambda:path/2015-03-31/functions/${arn}/invocations`,
    execution_arn: `arn:aws:execute-api:${REGION}:${ACCOUNT}:${id}`,
    owner: ACCOUNT,
    ...(bucket_prefix === undefined ? {} : { bucket: `${bucket_prefix}20261126081018479900000001` }),
    ...(type === "aws_iam_role" ? { inline_policy: inlinePolicies(stack, called) } : {}),
  };
}

function inlinePolicies(stack: Listed, role: string) {
  return [...stack.entries()].flatMap(([address, { role: given, name }]) => {
    if (typeOf(address) !== "aws_iam_role_policy" || typeof given !== "string") return [];
    const owner = interpolate(given, (reference) => String(stack.get(reference.address)?.["name"]));
    return owner === role ? [{ name, policy: "{}" }] : [];
  });
}

function same(before: Values, after: Values, unknown: Values): boolean {
  return (
    Object.keys(unknown).length === 0 &&
    Object.entries(after).every(([name, value]) => JSON.stringify(before[name]) === JSON.stringify(value))
  );
}
