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
 * @throws {TimeUpError} when the time is up; the signal that `work` was given is then aborted.
 */
export async function within<T>(
  what: string,
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new TimeUpError(what, milliseconds));
      controller.abort();
    }, milliseconds);
  });
  try {
    return await Promise.race([work(controller.signal), timeUp]);
  } finally {
    clearTimeout(timer);
  }
}
