import { blockOf, blocksOf, listOf, type Resource, type Snapshot } from "./snapshot.ts";
import type { Snapshots } from "./snapshots.ts";

/** Something that a plan opens to people who were not let in before. */
export interface Exposure {
  readonly address: string;
  readonly what: string;
}

/** What lies open in a resource, each in words that are the same before and after. */
type Finder = (resource: Resource, snapshot: Snapshot) => readonly string[];

const found = (condition: boolean, what: string) => (condition ? [what] : []);
const EVERYWHERE = ["0.0.0.0/0", "::/0"];

function openTo(rules: unknown): string[] {
  return blocksOf(rules)
    .filter((rule) =>
      ["cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6"].some((name) =>
        listOf(rule[name]).some((range) => EVERYWHERE.includes(String(range))),
      ),
    )
    .map(
      ({ from_port, to_port }) =>
        `ports ${from_port ?? "all"} to ${to_port ?? "all"} are open to the internet`,
    );
}

const finders: Readonly<Record<string, Finder>> = {
  aws_lambda_function_url: ({ values }) =>
    found(
      values["authorization_type"] !== "AWS_IAM",
      "anybody can call the function by this URL: it asks for no authorization",
    ),
  aws_lambda_permission: ({ values }) =>
    found(
      values["principal"] === "*" &&
        !values["principal_org_id"] &&
        values["function_url_auth_type"] !== "AWS_IAM",
      "anybody may call the function",
    ),
  aws_sns_topic_subscription: ({ values }) => [
    `${values["protocol"]} to ${values["endpoint"]} gets what is published`,
  ],
  aws_s3_bucket_acl: ({ values }) =>
    found(/public/.test(String(values["acl"])), `the bucket is ${values["acl"]}`),
  aws_security_group: ({ values }) => openTo(values["ingress"]),
  aws_security_group_rule: ({ values }) =>
    found(values["type"] === "ingress", "in").flatMap(() => openTo([values])),
  aws_vpc_security_group_ingress_rule: ({ values }) => openTo([values]),
  aws_db_instance: ({ values }) =>
    found(values["publicly_accessible"] === true, "the database has a public address"),
  aws_cloudwatch_event_permission: ({ values }) =>
    found(
      values["principal"] === "*" && Object.keys(blockOf(values["condition"])).length === 0,
      "anybody may put events",
    ),
};

/** What the plan opens; what lies open already is no news. */
export function exposuresOf({ before, after }: Snapshots, policies: readonly PolicyAdditions[]): Exposure[] {
  return [
    ...after.all(...Object.keys(finders)).flatMap((resource) => {
      const find = finders[resource.type];
      const was = before.get(resource.address);
      const known = was === undefined ? [] : (find?.(was, before) ?? []);
      return (find?.(resource, after) ?? [])
        .filter((what) => !known.includes(what))
        .map((what) => ({ address: resource.address, what }));
    }),
    ...policies.flatMap(({ address, added }) =>
      added.filter(isForAnybody).map((what) => ({ address, what })),
    ),
  ];
}

interface PolicyAdditions {
  readonly address: string;
  readonly added: readonly string[];
}

/** A condition may narrow it, and may as well not: that is for a person to see. */
function isForAnybody(line: string): boolean {
  return /^allow .* for anybody(?: |$)/.test(line);
}
