import type { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter/index.js";
import { Construct } from "constructs";
import { secretKey } from "../../contract/outputs.ts";
import type { HttpSource } from "../../contract/sources/index.ts";
import type { SourceSettings } from "../../contract/variables/sources.ts";
import { toId } from "../ids.ts";
import type { Names } from "../names.ts";
import type { EnvironmentSettings } from "../settings.ts";
import { type EnabledSource, toSourceSettings } from "../sources.ts";
import { createSecretParameter } from "./secret-parameter.ts";

/** A parameter for each secret of the sources, and what the receiver has to be told of them. */
export class SourceSecrets extends Construct {
  readonly sources: readonly SourceSettings[];
  readonly parameters: readonly SsmParameter[];
  /** The parameters' names, as the outputs tell them. */
  readonly parameterNames: Readonly<Record<string, string>>;

  constructor(
    scope: Construct,
    id: string,
    names: Names,
    settings: EnvironmentSettings,
    enabled: readonly EnabledSource[],
  ) {
    super(scope, id);
    const parameters: SsmParameter[] = [];
    const parameterNames: Record<string, string> = {};
    this.sources = toSourceSettings(enabled, (source, integration) => {
      const parameter = this.#createParameter(names, settings, source, integration);
      parameters.push(parameter);
      parameterNames[secretKey(source, integration)] = parameter.name;
      return parameter.name;
    });
    this.parameters = parameters;
    this.parameterNames = parameterNames;
  }

  #createParameter(
    names: Names,
    settings: EnvironmentSettings,
    source: HttpSource,
    integration: string,
  ): SsmParameter {
    const of = integration === "" ? source : `${source} ${integration}`;
    return createSecretParameter(
      this,
      toId(source, integration),
      {
        name: names.sourceSecret(source, integration),
        description: `Secret of ${of}: {"current": "...", "previous": "..."}, previous only while it is rotated`,
      },
      settings,
    );
  }
}
