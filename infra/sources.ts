import type { AuthenticationSettings, HttpSource, SourceSettings } from "../contract/settings.ts";
import { sourceDefinitions } from "../contract/sources/index.ts";
import type { SourceDefinition } from "../contract/sources/source.ts";
import type { EnvironmentSettings } from "./settings.ts";

type WithoutSecret<T> = T extends unknown ? Omit<T, "secretParameter"> : never;

/** How one source, or one of its integrations, authenticates, without the secret's place. */
type Authentication = WithoutSecret<AuthenticationSettings>;

export interface EnabledSource {
  readonly definition: SourceDefinition;
  /** By integration id; `""` where the source has one secret. */
  readonly authentication: ReadonlyMap<string, Authentication>;
  readonly dedupePath: string | undefined;
}

/** The sources that an environment switches on, in the contract's order. */
export function enabledSources({ sources }: EnvironmentSettings): EnabledSource[] {
  return (Object.keys(sourceDefinitions) as HttpSource[]).flatMap((name) => {
    const source = sources[name];
    if (source === undefined) return [];
    const authentication: Record<string, Authentication> =
      "integrations" in source ? source.integrations : { "": source.authentication };
    const definition = sourceDefinitions[name];
    return [
      { definition, authentication: new Map(Object.entries(authentication)), dedupePath: source.dedupePath },
    ];
  });
}

/** What the receiver is told of the sources. `secretOf` names a secret's parameter. */
export function toSourceSettings(
  enabled: readonly EnabledSource[],
  secretOf: (source: HttpSource, integration: string) => string,
): SourceSettings[] {
  return enabled.map(({ definition: { source }, authentication, dedupePath }) => ({
    source,
    authentication: Object.fromEntries(
      [...authentication].map(([integration, given]): [string, AuthenticationSettings] => [
        integration,
        given.kind === "none" ? { kind: "none" } : withSecret(given, secretOf(source, integration)),
      ]),
    ),
    ...(dedupePath === undefined ? {} : { dedupePath }),
  }));
}

function withSecret(
  given: Exclude<Authentication, { kind: "none" }>,
  secretParameter: string,
): AuthenticationSettings {
  return { ...given, secretParameter } as AuthenticationSettings;
}
