const HEARTBEAT_MILLISECONDS = 15_000;

/** Whom the progress of a step is told, and what ends it. */
export interface StepContext {
  readonly say: (line: string) => void;
  readonly interrupted: AbortSignal;
}

/**
 * Tells of a step when it begins, while it takes long, and when it has ended well.
 *
 * @param name what it is, in a few words for people: "terraform apply"
 * @throws the signal's reason where it is aborted already; else what `work` throws
 */
export async function step<T>(
  name: string,
  { say, interrupted }: StepContext,
  work: () => Promise<T>,
): Promise<T> {
  interrupted.throwIfAborted();
  const started = Date.now();
  const seconds = () => ((Date.now() - started) / 1000).toFixed(0);
  say(`${name} …`);
  const heartbeat = setInterval(() => say(`${name} … ${seconds()} s`), HEARTBEAT_MILLISECONDS);
  try {
    const result = await work();
    say(`${name}: ${seconds()} s`);
    return result;
  } finally {
    clearInterval(heartbeat);
  }
}
