import { isObject, type PlanJson, type StackJson } from "../../terraform/plan-json.ts";
import type { Names } from "./names.ts";

/** What a plan was made with, and for where: another one of these makes another plan. Each by its name, as text. */
export type Planner = Readonly<Record<string, string>>;

const PROVIDER = /^provider "(?:registry\.terraform\.io\/)?([\w./-]+)" \{\s*version\s*=\s*"([^"]+)"/gm;

/** @param lock what `.terraform.lock.hcl` says after `terraform init`; empty where there is none */
export function plannerOf(plan: PlanJson, stack: StackJson, names: Names, lock: string): Planner {
  return {
    Terraform: plan.terraform_version,
    ...Object.fromEntries(
      [...lock.matchAll(PROVIDER)].map(([, name, version]) => [`provider ${name}`, version ?? ""]),
    ),
    region: names.regions().join(", ") || "not said",
    state: stateOf(stack),
  };
}

/** What says where a state lies, whatever the backend; anything else may be a secret. */
const PLACES = [
  "bucket",
  "key",
  "region",
  "path",
  "address",
  "hostname",
  "organization",
  "workspaces",
  "prefix",
];

/** `s3: bucket state, key production.tfstate, region eu-west-1` */
function stateOf({ terraform }: StackJson): string {
  const { backend, cloud } = terraform ?? {};
  const [kind, settings] = isObject(cloud)
    ? ["cloud", cloud]
    : (Object.entries(isObject(backend) ? backend : {})[0] ?? []);
  if (kind === undefined || !isObject(settings)) return "not said";
  const where = PLACES.flatMap((name) =>
    settings[name] === undefined ? [] : [`${name} ${placeOf(settings[name])}`],
  );
  return `${kind}: ${where.join(", ")}`;
}

/** A name, the name of a workspace, or an address without whoever logs in there. */
function placeOf(value: unknown): string {
  if (isObject(value)) return String(value["name"] ?? JSON.stringify(value["tags"] ?? ""));
  return String(value)
    .replace(/^(\w+:\/\/)[^/]*@/, "$1")
    .replace(/\?.*$/, "");
}
