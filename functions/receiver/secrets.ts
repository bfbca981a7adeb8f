import { GetParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { PLACEHOLDER_SECRET } from "../../contract/secret.ts";
import { within } from "../runtime/within.ts";
import type { TimeLimits } from "./time-limits.ts";

/** The active secrets of one parameter: `current`, and `previous` while a rotation lasts. */
export type Secrets = readonly string[];

export interface SecretStore {
  /** `undefined`: there is none, or the store is out of reach and none was ever read. */
  secrets(parameter: string): Promise<Secrets | undefined>;
  /**
   * Newer secrets than `known`, after a request that did not match them: those that somebody else has read
   * meanwhile, or a fresh read, of which there is at most one an interval. `undefined`: nothing newer.
   */
  newerThan(known: Secrets, parameter: string): Promise<Secrets | undefined>;
}

/** Reads one parameter's value, decrypted, in the given time. */
export type ReadParameter = (name: string, milliseconds: number) => Promise<string>;

/** Milliseconds: with a secret at hand, the request's own 6 s have to hold the queue's and the bucket's time too. */
const REFRESH_MILLISECONDS = 800;
/** Milliseconds: without one there is nothing else that the request could do. */
const FIRST_READ_MILLISECONDS = 2_500;

interface Entry {
  secrets?: Secrets;
  refreshAt: number;
  mismatchRefreshAt: number;
  reading?: Promise<void> | undefined;
}

/**
 * Secrets, kept for `refreshSeconds`. A read that fails leaves what is known in use, so that an outage of
 * the parameter store refuses nobody; a parameter that says "placeholder" takes it out of use.
 *
 * A rotation that loses nothing: write `{"current": new, "previous": old}`, wait for `refreshSeconds`, then
 * change the secret in Genesys.
 */
export function cachedSecrets(
  read: ReadParameter,
  refreshSeconds: number,
  options: {
    readonly now: () => number;
    readonly onReadFailed: (parameter: string, error: unknown) => void;
  },
): SecretStore {
  const entries = new Map<string, Entry>();

  function entryOf(parameter: string): Entry {
    const entry = entries.get(parameter) ?? { refreshAt: 0, mismatchRefreshAt: 0 };
    entries.set(parameter, entry);
    return entry;
  }

  /** Requests that arrive during a read wait for that one. It never rejects. */
  function refresh(entry: Entry, parameter: string): Promise<void> {
    entry.reading ??= read(parameter, entry.secrets ? REFRESH_MILLISECONDS : FIRST_READ_MILLISECONDS)
      .then(parseSecrets)
      .then((secrets) => {
        if (secrets.length === 0) delete entry.secrets;
        else entry.secrets = secrets;
      })
      .catch((error: unknown) => options.onReadFailed(parameter, error))
      .finally(() => {
        entry.refreshAt = options.now() + refreshSeconds * 1_000;
        entry.reading = undefined;
      });
    return entry.reading;
  }

  return {
    async secrets(parameter) {
      const entry = entryOf(parameter);
      if (!entry.secrets || options.now() >= entry.refreshAt) await refresh(entry, parameter);
      return entry.secrets;
    },
    async newerThan(known, parameter) {
      const entry = entryOf(parameter);
      while (entry.secrets === known) {
        if (entry.reading) {
          await entry.reading;
        } else if (options.now() >= entry.mismatchRefreshAt) {
          entry.mismatchRefreshAt = options.now() + refreshSeconds * 1_000;
          await refresh(entry, parameter);
        } else {
          return undefined;
        }
      }
      return entry.secrets;
    },
  };
}

/** No secrets: the placeholder. @throws {Error} without the value when it is not of the agreed shape. */
function parseSecrets(value: string): Secrets {
  let parsed: { current?: unknown; previous?: unknown } | null;
  try {
    parsed = JSON.parse(value);
  } catch {
    throw new Error("The parameter's value is not JSON."); // JSON.parse's own message quotes the value
  }
  const { current, previous } = parsed ?? {};
  if (typeof current !== "string" || current === "") {
    throw new Error('The parameter\'s value has no "current" secret.');
  }
  if (current === PLACEHOLDER_SECRET) return [];
  return [current, previous].filter(
    (secret): secret is string =>
      typeof secret === "string" && secret !== "" && secret !== PLACEHOLDER_SECRET,
  );
}

/** @param limits where it says so, the time that is given does not count */
export function readParameter(client: SSMClient, limits: TimeLimits = {}): ReadParameter {
  return (name, milliseconds) =>
    within("Reading the secret", limits.secrets ?? milliseconds, async (signal) => {
      const command = new GetParameterCommand({ Name: name, WithDecryption: true });
      const { Parameter: parameter } = await client.send(command, { abortSignal: signal });
      return parameter?.Value ?? "";
    });
}
