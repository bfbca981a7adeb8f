import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { CommandError } from "../../contract/command-error.ts";
import { GENESYS_DLQ } from "../../contract/command-line.ts";
import { defined } from "../../contract/defined.ts";
import { DESTINATION_SIGNING } from "../../contract/outputs.ts";
import { PLACEHOLDER_SECRET, type SecretValue } from "../../contract/secret.ts";
import type { AwsClients } from "../aws/clients.ts";
import { describeParameter } from "./key.ts";
import { parseSecret, readParameter } from "./stored.ts";

/** The parameter that holds a source's secrets. */
export class SecretParameter {
  readonly name: string;
  /** Whose it is: `open-messaging/main`. */
  readonly key: string;
  readonly #clients: AwsClients;
  readonly #encryptedWith: string | undefined;

  /** @param encryptedWith the key that secrets belong under, where the environment says so */
  constructor(clients: AwsClients, name: string, key: string, encryptedWith?: string) {
    this.#clients = clients;
    this.name = name;
    this.key = key;
    this.#encryptedWith = encryptedWith;
  }

  /**
   * What stands there; nothing while that is the placeholder.
   *
   * @throws {CommandError} where there is no such parameter, or its value not of the agreed shape; never with it
   */
  async read(): Promise<SecretValue | undefined> {
    const value = parseSecret(await readParameter(this.#clients, this.name));
    if (value === undefined) {
      throw new CommandError(
        `The parameter ${this.name} does not hold {"current": "…"}: whoever has read it before goes on with that, and else ${this.#without}.`,
        `Put a secret there: ${GENESYS_DLQ} secret set ${this.arguments} --replace`,
      );
    }
    return value.current === PLACEHOLDER_SECRET ? undefined : value;
  }

  /** What stands there. @throws {CommandError} where that is only the placeholder */
  async value(): Promise<SecretValue> {
    const value = await this.read();
    if (value !== undefined) return value;
    throw new CommandError(
      `The secret of ${this.key} has not been set: its parameter holds the placeholder, and ${this.#without}.`,
      `Put the secret there that ${this.key === DESTINATION_SIGNING ? "the destination knows" : "Genesys signs with"}: ${GENESYS_DLQ} secret set ${this.arguments}`,
    );
  }

  /** Replaces all that stands there, encrypted with the environment's key; with the one it has, where that is not known. */
  async write(value: SecretValue): Promise<void> {
    const ssm = await this.#clients.ssm();
    const KeyId = this.#encryptedWith ?? (await describeParameter(this.#clients, this.name))?.KeyId;
    await ssm.send(
      new PutParameterCommand({
        Name: this.name,
        Value: JSON.stringify(value),
        Type: "SecureString",
        Overwrite: true,
        ...defined({ KeyId }), // without it, AWS takes its own
      }),
    );
  }

  get #without(): string {
    return this.key === DESTINATION_SIGNING ? "every delivery waits" : "the receiver answers 503";
  }

  /** As the command's own arguments name it. */
  get arguments(): string {
    const [source, integration] = this.key.split(/\/(.*)/s);
    return integration === undefined ? `${source}` : `${source} --integration ${integration}`;
  }
}
