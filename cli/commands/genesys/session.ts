import type { Command } from "commander";
import { CommandError } from "../../../contract/command-error.ts";
import { exitCodes } from "../../../contract/exit-codes.ts";
import { Redaction } from "../../../contract/redaction/redaction.ts";
import { httpSources } from "../../../contract/sources/index.ts";
import { act } from "../../act.ts";
import type { Context } from "../../context.ts";
import { GenesysClient } from "../../genesys/client.ts";
import { findCredentials } from "../../genesys/credentials.ts";
import { endpointOf } from "../../genesys/endpoint.ts";
import { GenesysError } from "../../genesys/genesys-error.ts";
import { TokenCache } from "../../genesys/token-cache.ts";
import { readSecret } from "../../secret/other-secret.ts";
import { SecretParameter } from "../../secret/parameter.ts";
import type { GenesysOptions } from "./options.ts";

/** One command under `genesys`: its client, and a mouth that says no secret. */
export class Session {
  readonly context: Context;
  readonly redaction = new Redaction();
  readonly #options: GenesysOptions;
  #made: Promise<GenesysClient> | undefined;

  constructor(context: Context, options: GenesysOptions) {
    this.context = context;
    this.#options = options;
  }

  /** @throws {CommandError | GenesysError} */
  client(): Promise<GenesysClient> {
    this.#made ??= this.#makeClient();
    return this.#made;
  }

  /** The secret in an SSM parameter: a source's current one, or another. @throws {CommandError} */
  async secret(parameter: string): Promise<string> {
    const { clients, outputs } = await this.context.environment();
    const [key] = Object.entries(outputs.secretParameters).find(([, name]) => name === parameter) ?? [];
    const secret =
      key !== undefined && httpSources.some((source) => source === key.split("/")[0])
        ? (await new SecretParameter(clients, parameter, key).value()).current
        : await readSecret(clients, parameter);
    return this.redaction.add(secret);
  }

  /** The result, without a secret in it. */
  async result(document: unknown, tell: () => string): Promise<void> {
    const { redaction } = this;
    const clean: unknown = JSON.parse(
      JSON.stringify(document, (_, value: unknown) =>
        typeof value === "string" ? redaction.scrub(value) : value,
      ),
    );
    await this.context.output.result(clean, () => redaction.scrub(tell()));
  }

  note(text: string): void {
    this.context.output.note(this.redaction.scrub(text));
  }

  /** What went wrong, without a secret in it, and with what Genesys' support asks for. */
  explain(error: unknown): unknown {
    if (error instanceof GenesysError) {
      const { message, remedy, correlationId } = error;
      const quoted = correlationId === undefined ? "" : `\nCorrelation id: ${correlationId}`;
      const exitCode = error.kind === "usage" ? exitCodes.usage : exitCodes.failed;
      const { redaction } = this;
      return new CommandError(redaction.scrub(message), redaction.scrub(`${remedy}${quoted}`), { exitCode });
    }
    if (error instanceof Error) {
      error.message = this.redaction.scrub(error.message);
      error.stack = this.redaction.scrub(error.stack ?? "");
    }
    return error;
  }

  async #makeClient(): Promise<GenesysClient> {
    const { genesysRegion, genesysUrl, oauth } = this.#options;
    const credentials = await findCredentials(this.#options, this.redaction, (name) => this.secret(name));
    const endpoint = endpointOf(genesysRegion ?? credentials.region, genesysUrl, oauth);
    return new GenesysClient({
      endpoint,
      credentials,
      cache: new TokenCache(endpoint, credentials.clientId, (text) => this.note(text)),
      redaction: this.redaction,
      signal: this.context.signal,
    });
  }
}

/** What a command under `genesys` does; `options` are its own. */
type Action<Options> = (session: Session, options: Options) => Promise<void>;

/** Turns an {@link Action} into what commander calls. */
export function genesysAct<Options>(action: Action<Options>): (...given: unknown[]) => Promise<void> {
  return (...given) => {
    const options = (given.at(-1) as Command).optsWithGlobals<GenesysOptions>();
    return act<Options>(async (context, own) => {
      const session = new Session(context, options);
      try {
        await action(session, own);
      } catch (error) {
        throw session.explain(error);
      }
    })(...given);
  };
}
