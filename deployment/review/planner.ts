import { isObject, type PlanJson, type StackJson } from "../../terraform/plan-json.ts";
import type { Names } from "./names.ts";

/** What a plan was made with, and for where: another one of these makes another plan. Each by its name, as text. */
export type Planner = Readonly<Record<string, string>>;

const PROVIDER = /^provider "(?:registry\.terraform\.io\/)?([^"]+)" \{\s*version\s*=\s*"([^"]+)"/gm;

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

/** `s3: bucket state, key production.tfstate, region eu-west-1` */
function stateOf({ terraform }: StackJson): string {
  const backend = terraform?.["backend"];
  const [kind, settings] = Object.entries(isObject(backend) ? backend : {})[0] ?? [];
  if (kind === undefined || !isObject(settings)) return "not said";
  const where = ["bucket", "key", "region", "path"].flatMap((name) =>
    settings[name] === undefined ? [] : [`${name} ${settings[name]}`],
  );
  return `${kind}: ${where.join(", ")}`;
}
