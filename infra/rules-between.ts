import { locationOf } from "../contract/settings/backend.ts";
import { describeFinding } from "./finding.ts";
import { allNames } from "./names.ts";
import type { EnvironmentSettings } from "./settings.ts";
import { enabledSources } from "./sources.ts";

type Environments = ReadonlyMap<string, EnvironmentSettings>;

/** One thing that an environment must have for itself alone. */
interface Claim {
  readonly path: readonly string[];
  readonly value: string;
}

interface Rule {
  readonly claims: (settings: EnvironmentSettings, environment: string) => readonly Claim[];
  /** What is wrong when `owner` has it too. */
  readonly message: (owner: string) => string;
}

/** Finds what two environments would take from each other, one line each. */
export function findingsBetween(environments: Environments): string[] {
  return rules.flatMap((rule) => claimedTwice(environments, rule));
}

const rules: readonly Rule[] = [
  {
    claims: ({ backend }) => [
      {
        path: ["backend"],
        value: locationOf(backend),
      },
    ],
    message: (owner) => `is ${owner}'s state too: give each environment its own`,
  },
  {
    // Wherever the two are: roles have no region, and nothing here knows of accounts.
    claims: (settings, environment) =>
      allNames(settings.namePrefix, environment, enabledSources(settings)).map((value) => ({
        path: ["namePrefix"],
        value,
      })),
    message: (owner) => `would be the name of something of ${owner}'s too: change one of the two prefixes`,
  },
  {
    claims: ({ domain }) => (domain ? [{ path: ["domain", "name"], value: domain.name }] : []),
    message: (owner) => `is ${owner}'s too: a name leads to one API`,
  },
  {
    claims: ({ sources: { eventbridge } }) =>
      eventbridge
        ? [{ path: ["sources", "eventbridge", "partnerEventSource"], value: eventbridge.partnerEventSource }]
        : [],
    message: (owner) => `is ${owner}'s too: a partner event source has one bus, so give each its own suffix`,
  },
];

function claimedTwice(environments: Environments, { claims, message }: Rule): string[] {
  const owners = new Map<string, string>();
  return [...environments].flatMap(([environment, settings]) =>
    claims(settings, environment).flatMap(({ path, value }) => {
      const owner = owners.get(value) ?? environment;
      owners.set(value, owner);
      return owner === environment
        ? []
        : [describeFinding(environment, { path, value, message: message(owner) })];
    }),
  );
}
