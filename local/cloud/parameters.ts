import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { PLACEHOLDER_PARAMETER_VALUE } from "../../contract/secret.ts";
import type { ParameterModel } from "../stack/model.ts";
import { writeWhole } from "../write-file.ts";
import { jsonService } from "./json-service.ts";
import { ServiceError } from "./service-error.ts";

interface Parameter {
  readonly type: string;
  readonly value: string;
  readonly version: number;
}

/** The parameter store, as far as secrets need it, kept in a file that only its owner can read. */
export class ParameterStore {
  readonly #file: string;
  readonly #region: string;
  readonly #parameters: Map<string, Parameter>;
  #saved: Promise<void> = Promise.resolve();

  private constructor(file: string, region: string, parameters: Map<string, Parameter>) {
    this.#file = file;
    this.#region = region;
    this.#parameters = parameters;
  }

  static async open(file: string, region: string): Promise<ParameterStore> {
    const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "{}";
      throw error;
    });
    return new ParameterStore(file, region, new Map(Object.entries(JSON.parse(text))));
  }

  /**
   * Makes the stack's parameters, where they are not there yet. A placeholder becomes a secret of this
   * folder's own: what a person would put there after a first deployment.
   */
  async provision(models: readonly ParameterModel[]): Promise<void> {
    for (const { name, type, value } of models) {
      if (type === "SecureString" && this.#parameters.has(name)) continue; // somebody's secret by now
      const own = value === PLACEHOLDER_PARAMETER_VALUE ? newSecret() : value;
      if (this.#parameters.get(name)?.value !== own) this.#set(name, type, own);
    }
    await this.#saved;
  }

  /** The value, decrypted. */
  value(name: string): string | undefined {
    return this.#parameters.get(name)?.value;
  }

  /** Answers calls to SSM. */
  readonly listener = jsonService("AmazonSSM", (action, input) => this.#act(action, input));

  async #act(action: string, input: Readonly<Record<string, unknown>>): Promise<unknown> {
    const name = String(input["Name"]);
    const known = this.#parameters.get(name);
    switch (action) {
      case "GetParameter": {
        const Parameter = this.#describeValue(name, input["WithDecryption"]);
        if (!Parameter) throw new ServiceError("ParameterNotFound", `Parameter ${name} not found.`);
        return { Parameter };
      }
      case "GetParameters": {
        const names = (input["Names"] ?? []) as readonly string[];
        const found = names.map((each) => this.#describeValue(each, input["WithDecryption"]));
        return {
          Parameters: found.filter((each) => each !== undefined),
          InvalidParameters: names.filter((_, index) => found[index] === undefined),
        };
      }
      case "PutParameter": {
        if (known && input["Overwrite"] !== true) {
          throw new ServiceError("ParameterAlreadyExists", "The parameter already exists.");
        }
        this.#set(name, String(input["Type"] ?? known?.type ?? "String"), String(input["Value"]));
        await this.#saved;
        return { Version: this.#parameters.get(name)?.version, Tier: "Standard" };
      }
      case "DescribeParameters":
        return { Parameters: this.#describe(input["ParameterFilters"]) };
      default:
        throw new ServiceError("UnknownOperationException", `The local run does not know ${action}.`);
    }
  }

  #describeValue(name: string, withDecryption: unknown) {
    const known = this.#parameters.get(name);
    if (!known) return undefined;
    const { type, version } = known;
    const hidden = type === "SecureString" && withDecryption !== true;
    const arn = `arn:aws:ssm:${this.#region}:000000000000:parameter${name.startsWith("/") ? "" : "/"}${name}`;
    const value = hidden ? Buffer.from(name).toString("base64") : known.value;
    return { Name: name, Type: type, Value: value, Version: version, ARN: arn };
  }

  /** Those that the filter names; there is no other here. */
  #describe(filters: unknown) {
    const [filter, second] = (filters ?? []) as readonly {
      readonly Key?: string;
      readonly Values?: string[];
    }[];
    if (filter?.Key !== "Name" || second !== undefined) {
      throw new ServiceError("InvalidFilterKey", "The local run finds parameters by their names alone.");
    }
    return (filter.Values ?? []).flatMap((Name) => {
      const known = this.#parameters.get(Name);
      return known === undefined ? [] : [{ Name, Type: known.type, Version: known.version }];
    });
  }

  #set(name: string, type: string, value: string): void {
    const version = (this.#parameters.get(name)?.version ?? 0) + 1;
    this.#parameters.set(name, { type, value, version });
    const text = JSON.stringify(Object.fromEntries(this.#parameters), null, 2);
    this.#saved = this.#saved.then(() => writeWhole(this.#file, text));
  }
}

function newSecret(): string {
  return JSON.stringify({ current: randomBytes(24).toString("base64url") });
}
