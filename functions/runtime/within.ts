/** The time was up: what was asked for has been aborted, and nobody waits for it any more. */
export class TimeUpError extends Error {
  constructor(what: string, milliseconds: number) {
    super(`${what} took longer than ${milliseconds} ms.`);
    this.name = "TimeUpError";
  }
}

/**
 * Runs `work` for at most `milliseconds`, whatever it is doing by then: a client's own timeouts end one
 * attempt, and none of them sees an answer whose body stops in the middle.
 *
 * Work that has got what matters may settle for it when its signal is aborted: what it returns then counts.
 *
 * @throws {TimeUpError} when the time is up; the signal that `work` was given is then aborted.
 */
export async function within<T>(
  what: string,
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const { signal } = controller;
  const isUp = () => new TimeUpError(what, milliseconds);
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      controller.abort();
      timer = setTimeout(() => reject(isUp()), 0); // a turn later: what settles on the abort comes first
    }, milliseconds);
  });
  const working = async () => {
    try {
      return await work(signal);
    } catch (error) {
      throw signal.aborted ? isUp() : error;
    }
  };
  try {
    return await Promise.race([working(), timeUp]);
  } finally {
    clearTimeout(timer);
  }
}
