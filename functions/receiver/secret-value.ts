import { GetParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { PLACEHOLDER_SECRET } from "../../contract/secret.ts";
import { within } from "../runtime/within.ts";
import type { TimeLimits } from "./time-limits.ts";

/** The active secrets of one parameter: `current`, and `previous` while a rotation lasts. */
export type Secrets = readonly string[];

/** There is no secret, and asking again at once would not change it: an answer, unlike a store that is out of reach. */
export class NoSecretError extends Error {
  readonly why: "not found" | "denied" | "placeholder" | "no secret in it";

  constructor(why: NoSecretError["why"]) {
    super(`There is no secret: ${why}.`);
    this.name = "NoSecretError";
    this.why = why;
  }
}

/**
 * Reads one parameter's secrets in the given time.
 *
 * @throws {NoSecretError} where there is none; anything else means that nobody knows.
 */
export type ReadSecrets = (parameter: string, milliseconds: number) => Promise<Secrets>;

/** @param limits where it says so, the time that is given does not count */
export function readSecrets(client: SSMClient, limits: TimeLimits = {}): ReadSecrets {
  return (name, milliseconds) =>
    within("Reading the secret", limits.secrets ?? milliseconds, async (signal) => {
      const command = new GetParameterCommand({ Name: name, WithDecryption: true });
      const { Parameter: parameter } = await client
        .send(command, { abortSignal: signal })
        .catch((error: unknown) => {
          throw answerIn(error) ?? error;
        });
      return parseSecrets(parameter?.Value ?? "");
    });
}

/** Somebody has taken the parameter away, or the right to read it. */
function answerIn(error: unknown): NoSecretError | undefined {
  const { name = "" } = error as { readonly name?: string };
  if (name === "ParameterNotFound") return new NoSecretError("not found");
  return /^AccessDenied/.test(name) ? new NoSecretError("denied") : undefined;
}

/** @throws {NoSecretError} for the placeholder, and for what is not of the agreed shape */
function parseSecrets(value: string): Secrets {
  const { current, previous } = parse(value);
  if (typeof current !== "string" || current === "") throw new NoSecretError("no secret in it");
  if (current === PLACEHOLDER_SECRET) throw new NoSecretError("placeholder");
  return [current, previous].filter(
    (secret): secret is string =>
      typeof secret === "string" && secret !== "" && secret !== PLACEHOLDER_SECRET,
  );
}

function parse(value: string): { readonly current?: unknown; readonly previous?: unknown } {
  try {
    return JSON.parse(value) ?? {};
  } catch {
    return {}; // JSON.parse's own message quotes the value
  }
}
