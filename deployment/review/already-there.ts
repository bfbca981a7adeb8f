import { defined } from "../../contract/defined.ts";
import { isObject, type PlanJson } from "../../terraform/plan-json.ts";
import { type ClientConfig, lookUps } from "./look-ups.ts";
import { actionOf } from "./planned.ts";
import { managed } from "./snapshots.ts";

/** What a plan makes, although the account has it: another state looks after it, or none does. */
export interface AlreadyThere {
  readonly address: string;
  /** What it is called in AWS, and where it is. */
  readonly name: string;
}

export interface Found {
  readonly there: readonly AlreadyThere[];
  /** Why some could not be looked for: then nothing is said of them. */
  readonly unchecked: readonly string[];
}

export interface Account {
  readonly region: string;
  readonly profile?: string;
}

/**
 * Looks in the account for what the plan would make. An empty state says nothing about the account: where the state's
 * key or bucket has changed, everything is there, and its state is elsewhere. On a first day, nothing is.
 *
 * Bucket names come from everywhere: this sees an environment in another region too.
 */
export async function findAlreadyThere(plan: PlanJson, account: Account): Promise<Found> {
  const config = clientConfig(account);
  const created = managed(plan.resource_changes).filter((resource) => actionOf(resource) === "create");
  const looked = await Promise.all(
    Object.entries(lookUps).map(async ([type, lookUp]): Promise<Found> => {
      const wanted = created.filter((resource) => resource.type === type);
      if (wanted.length === 0) return { there: [], unchecked: [] };
      try {
        const names = await lookUp(
          wanted.map(({ change: { after } }) => (isObject(after) ? after : {})),
          config,
        );
        const there = wanted.flatMap(({ address }, i) => (names[i] ?? []).map((name) => ({ address, name })));
        return { there, unchecked: [] };
      } catch (error) {
        return { there: [], unchecked: [`${type}: ${(error as Error).name}`] };
      }
    }),
  );
  return {
    there: looked.flatMap(({ there }) => there),
    unchecked: looked.flatMap(({ unchecked }) => unchecked),
  };
}

/** Terraform has just talked to the same account: what does not answer now is said, and not waited for. */
function clientConfig({ region, profile }: Account): ClientConfig {
  const requestHandler = { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true };
  return { region, maxAttempts: 2, requestHandler, ...defined({ profile }) };
}
