import type { HttpSource } from "../contract/settings.ts";
import { sourceDefinitions } from "../contract/sources/index.ts";
import type { SourceDefinition } from "../contract/sources/source.ts";
import type { EnvironmentSettings } from "./settings.ts";

/** How one source, or one of its integrations, authenticates: without the secret's place. */
export type Authentication =
  | { readonly kind: "signature"; readonly encoding: "base64" | "hex" }
  | { readonly kind: "shared-secret" }
  | { readonly kind: "none" };

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
    return [
      {
        definition: sourceDefinitions[name],
        authentication: new Map(Object.entries(authentication)),
        dedupePath: source.dedupePath,
      },
    ];
  });
}
