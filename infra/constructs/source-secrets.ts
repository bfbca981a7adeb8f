import type { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter/index.js";
import { Construct } from "constructs";
import type { AuthenticationSettings, SourceSettings } from "../../contract/settings.ts";
import type { Names } from "../names.ts";
import type { Authentication, EnabledSource } from "../sources.ts";
import { createSecretParameter } from "./secret-parameter.ts";

/** A parameter for each secret of the sources, and what the receiver has to be told of them. */
export class SourceSecrets extends Construct {
  public readonly sources: readonly SourceSettings[];
  public readonly parameters: readonly SsmParameter[];

  constructor(scope: Construct, id: string, names: Names, enabled: readonly EnabledSource[]) {
    super(scope, id);
    const parameters: SsmParameter[] = [];
    this.sources = enabled.map((source) => this.createSource(names, source, parameters));
    this.parameters = parameters;
  }

  private createSource(names: Names, source: EnabledSource, parameters: SsmParameter[]): SourceSettings {
    const { definition, dedupePath } = source;
    const authentication = [...source.authentication].map(([integration, given]) => {
      const settings = this.createAuthentication(given, () => {
        const name = names.sourceSecret(definition.source, integration);
        const parameter = createSecretParameter(this, toId(definition.source, integration), {
          name,
          description: `Secret of ${[definition.source, integration].filter(Boolean).join(" ")}: {"current":"…","previous":"…"}`,
        });
        parameters.push(parameter);
        return parameter.name;
      });
      return [integration, settings] as const;
    });
    return {
      source: definition.source,
      authentication: Object.fromEntries(authentication),
      ...(dedupePath === undefined ? {} : { dedupePath }),
    };
  }

  private createAuthentication(given: Authentication, createSecret: () => string): AuthenticationSettings {
    return given.kind === "none" ? given : { ...given, secretParameter: createSecret() };
  }
}

/** `open-messaging`, `a.b` → `open_messaging_a_2e_b`: two integrations never share an address. */
function toId(source: string, integration: string): string {
  const escaped = integration.replace(/[^A-Za-z0-9-]/g, (c) => `_${c.charCodeAt(0).toString(16)}_`);
  return integration === "" ? source : `${source}_${escaped}`;
}
