/** Milliseconds. No event tells that a parent is gone, and to ask costs next to nothing. */
const LOOK_EVERY = 500;

/**
 * Calls back once, when the process that started this one is gone: a process without its parent gets another.
 *
 * @param parent its process id, as whoever started this process knows it
 */
export function whenParentIsGone(parent: number, callback: () => void): void {
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    callback();
  }, LOOK_EVERY);
  timer.unref();
}
