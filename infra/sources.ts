import { defined } from "../contract/defined.ts";
import { type HttpSource, httpSources, sourceDefinitions } from "../contract/sources/index.ts";
import type { SourceDefinition } from "../contract/sources/source.ts";
import type { AuthenticationSettings, SourceSettings } from "../contract/variables/sources.ts";
import type { EnvironmentSettings } from "./settings.ts";

type WithoutSecret<T> = T extends unknown ? Omit<T, "secretParameter"> : never;

/** How one source, or one of its integrations, authenticates, without the secret's place. */
type Authentication = WithoutSecret<AuthenticationSettings>;

export interface EnabledSource {
  readonly source: HttpSource;
  readonly definition: SourceDefinition;
  /** By integration id; `""` where the source has one secret. */
  readonly authentication: ReadonlyMap<string, Authentication>;
  readonly dedupePath: string | undefined;
  /** Of a source whose sender repeats itself. */
  readonly retrySpanSeconds: number | undefined;
  /** Of a source whose events say when they were sent. */
  readonly replayAgeSeconds: number | undefined;
}

/** The sources that an environment switches on, in the contract's order. */
export function enabledSources({ sources }: EnvironmentSettings): EnabledSource[] {
  return httpSources.flatMap((source) => {
    const settings = sources[source];
    if (settings === undefined) return [];
    const authentication: Record<string, Authentication> =
      "integrations" in settings ? settings.integrations : { "": settings.authentication };
    return [
      {
        source,
        definition: sourceDefinitions[source],
        authentication: new Map(Object.entries(authentication)),
        dedupePath: settings.dedupePath,
        retrySpanSeconds: "retrySpanSeconds" in settings ? settings.retrySpanSeconds : undefined,
        replayAgeSeconds: "replayAgeSeconds" in settings ? settings.replayAgeSeconds : undefined,
      },
    ];
  });
}

/** What the receiver is told of the sources. `secretOf` names a secret's parameter. */
export function toSourceSettings(
  enabled: readonly EnabledSource[],
  secretOf: (source: HttpSource, integration: string) => string,
): SourceSettings[] {
  return enabled.map(({ source, authentication, dedupePath, retrySpanSeconds, replayAgeSeconds }) => ({
    source,
    authentication: Object.fromEntries(
      [...authentication].map(([integration, given]): [string, AuthenticationSettings] => [
        integration,
        given.kind === "none"
          ? { kind: "none" }
          : { ...given, secretParameter: secretOf(source, integration) },
      ]),
    ),
    ...defined({ dedupePath, retrySpanSeconds, replayAgeSeconds }),
  }));
}
