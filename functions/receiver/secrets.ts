import { isThrottled, patientRead } from "./patient-read.ts";
import { NoSecretError, type ReadSecrets, type Secrets } from "./secret-value.ts";

/** What is known of a parameter's secrets. */
type KnownSecrets =
  | {
      readonly kind: "secrets";
      readonly secrets: Secrets;
      /** Whether they were read for the request that asks now: there is nothing newer. */
      readonly isFresh: boolean;
    }
  /** There is none. `unreadable`: the store is out of reach, and none was ever read. */
  | { readonly kind: "missing" | "unreadable" };

export interface SecretStore {
  /** Reads a parameter's secrets ahead of the first request. A read that fails leaves nothing behind. */
  prepare(parameter: string): Promise<void>;
  secrets(parameter: string): Promise<KnownSecrets>;
  /**
   * Newer secrets than `known`, after a request that did not match them: those that somebody else has read
   * meanwhile, or a fresh read, of which there is at most one an interval. `undefined`: nothing newer.
   */
  newerThan(known: Secrets, parameter: string): Promise<Secrets | undefined>;
}

/**
 * How long it is remembered that there is no secret, or that it could not be read, milliseconds: by chance, so that
 * environments that started together do not ask together. SSM takes 40 reads a second from a whole account. Genesys
 * tries again for 85 s. That it was throttled is not remembered: each request has waited for its turn.
 */
const WITHOUT_SECRET_MILLISECONDS = { least: 3_000, most: 8_000 } as const;
/**
 * How long a secret serves on that has been taken away, milliseconds: time for a person to see the alarm and undo a
 * slip, since what is refused meanwhile is lost. The placeholder in its place ends it at once.
 */
const GRACE_MILLISECONDS = 15 * 60_000;
/** Milliseconds that a read ahead of any request may take. */
const AHEAD_MILLISECONDS = 900;
/** So long after a read ahead it is the first request's own, milliseconds: a forged one has the secret read once. */
const FRESH_MILLISECONDS = 2_000;

interface Entry {
  secrets?: Secrets;
  /** Why there is none. */
  without: "missing" | "unreadable";
  refreshAt: number;
  mismatchRefreshAt: number;
  /** When they were read ahead, until a request uses them. */
  readAheadAt?: number;
  /** A read ahead of any request. */
  ahead?: Promise<void>;
  /** Since when the store says that there is none, while one still serves. */
  goneSince?: number;
  reading?: Promise<void> | undefined;
}

interface Options {
  /** Milliseconds, as `Date.now` gives them. */
  readonly now: () => number;
  /** From 0 up to, but not including, 1. */
  readonly random: () => number;
  /** Told at every read that brought no secret. @param inUse whether an earlier one still serves */
  readonly onNoSecret: (parameter: string, error: unknown, inUse: boolean) => void;
}

/**
 * Secrets, kept for `refreshSeconds`. A store that is out of reach leaves what is known in use, so that its outage
 * refuses nobody. A parameter that says "placeholder" takes it out of use at once; one that is gone, empty or denied
 * does so after a while.
 *
 * A rotation that loses nothing: write `{"current": new, "previous": old}`, wait for `refreshSeconds`, then
 * change the secret in Genesys.
 */
export function cachedSecrets(read: ReadSecrets, refreshSeconds: number, options: Options): SecretStore {
  const entries = new Map<string, Entry>();
  const patiently = patientRead(read, options.random);

  function entryOf(parameter: string): Entry {
    const entry = entries.get(parameter) ?? { without: "unreadable", refreshAt: 0, mismatchRefreshAt: 0 };
    entries.set(parameter, entry);
    return entry;
  }

  /** Requests that arrive during a read wait for that one. It never rejects. */
  function refresh(entry: Entry, parameter: string): Promise<void> {
    let wasThrottled = false;
    entry.reading ??= patiently(parameter, entry.secrets !== undefined)
      .then((secrets) => {
        take(entry, secrets);
      })
      .catch((error: unknown) => {
        wasThrottled = isThrottled(error);
        withoutSecret(entry, parameter, error);
      })
      .finally(() => {
        const next = entry.secrets ? refreshSeconds * 1_000 : wasThrottled ? 0 : soon();
        entry.refreshAt = options.now() + next;
        entry.reading = undefined;
      });
    return entry.reading;
  }

  function take(entry: Entry, secrets: Secrets): void {
    entry.secrets = secrets;
    delete entry.goneSince;
  }

  function withoutSecret(entry: Entry, parameter: string, error: unknown): void {
    entry.without = error instanceof NoSecretError ? "missing" : "unreadable";
    if (error instanceof NoSecretError) {
      entry.goneSince ??= options.now();
      const isOver = options.now() - entry.goneSince >= GRACE_MILLISECONDS;
      if (error.why === "placeholder" || isOver) delete entry.secrets;
    }
    options.onNoSecret(parameter, error, entry.secrets !== undefined);
  }

  function soon(): number {
    const { least, most } = WITHOUT_SECRET_MILLISECONDS;
    return least + options.random() * (most - least);
  }

  return {
    prepare(parameter) {
      const entry = entryOf(parameter);
      entry.ahead ??= read(parameter, AHEAD_MILLISECONDS).then(
        (secrets) => {
          take(entry, secrets);
          entry.readAheadAt = options.now();
          entry.refreshAt = entry.readAheadAt + refreshSeconds * 1_000;
        },
        () => {}, // whoever needs it reads it, and tells
      );
      return entry.ahead;
    },
    async secrets(parameter) {
      const entry = entryOf(parameter);
      await entry.ahead;
      const isDue = options.now() >= entry.refreshAt;
      if (isDue) await refresh(entry, parameter);
      if (entry.secrets === undefined) return { kind: entry.without };
      const isAhead = options.now() - (entry.readAheadAt ?? 0) < FRESH_MILLISECONDS;
      delete entry.readAheadAt;
      return { kind: "secrets", secrets: entry.secrets, isFresh: isDue || isAhead };
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
