import { pause } from "../runtime/pause.ts";
import { TimeUpError, within } from "../runtime/within.ts";
import type { ReadSecrets, Secrets } from "./secret-value.ts";

/** Milliseconds: with a secret at hand, the request's own 6 s have to hold the queue's and the bucket's time too. */
const REFRESH_MILLISECONDS = 800;
/** Milliseconds: without one there is nothing else that the request could do. */
const FIRST_READ_MILLISECONDS = 2_500;
/**
 * How long a first read waits for its turn where it was throttled, milliseconds. SSM takes 40 reads a second from a
 * whole account: so many environments that start together, most of them for forged requests, are served one after the
 * other, and a genuine one among them need not be refused. Queue and bucket have their time before Genesys gives up,
 * which is after 10 s.
 */
const TURN_MILLISECONDS = 4_500;
/** Between two tries, milliseconds: by chance, so that those that were throttled together do not come back together. */
const PAUSE_MILLISECONDS = { least: 200, most: 1_000 } as const;

/**
 * Reads a parameter's secrets, as patiently as a request can wait.
 *
 * @param isCached whether an earlier secret is at hand: then nobody waits for long
 * @throws what the last read threw
 */
export type PatientRead = (parameter: string, isCached: boolean) => Promise<Secrets>;

/** @param random from 0 up to, but not including, 1 */
export function patientRead(read: ReadSecrets, random: () => number): PatientRead {
  /** A store that hung the last time answers at once when it is well: it holds no request for long again. */
  let hung = false;

  async function readOnce(parameter: string, isCached: boolean): Promise<Secrets> {
    try {
      const milliseconds = isCached || hung ? REFRESH_MILLISECONDS : FIRST_READ_MILLISECONDS;
      const secrets = await read(parameter, milliseconds);
      hung = false;
      return secrets;
    } catch (error) {
      hung = error instanceof TimeUpError;
      throw error;
    }
  }

  function waitForTurn(parameter: string, throttling: unknown): Promise<Secrets> {
    let last = throttling;
    const { least, most } = PAUSE_MILLISECONDS;
    return within("Waiting for the parameter store", TURN_MILLISECONDS, async (signal) => {
      while (isThrottled(last) && !signal.aborted) {
        await pause(least + (most - least) * random());
        try {
          return await readOnce(parameter, false);
        } catch (error) {
          last = error;
        }
      }
      throw last;
    }).catch(() => {
      throw last; // what the store has said, and not that the time was up
    });
  }

  return (parameter, isCached) =>
    readOnce(parameter, isCached).catch((error: unknown) => {
      if (isCached || !isThrottled(error)) throw error;
      return waitForTurn(parameter, error);
    });
}

/** The store is well, and has too much to do: unlike after any other failure it may be asked again soon. */
export function isThrottled(error: unknown): boolean {
  const { name = "", $retryable: retryable } = (error ?? {}) as {
    readonly name?: string;
    readonly $retryable?: { readonly throttling?: boolean };
  };
  return retryable?.throttling === true || /^(Throttl|TooManyRequests)/.test(name);
}
