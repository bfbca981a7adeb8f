/** Milliseconds. Processes and bundles take their time on a busy machine. */
export const START_MILLISECONDS = 300_000;

type Start<T> = () => T | Promise<T>;
/** Ends what was started; by default by its `stop`, where it has one. */
type Stop<T> = (started: T) => unknown;

/**
 * Starts something before the tests of a file, or of a `describe`, and stops it after them.
 *
 * @returns what stands for it in hooks and tests: every property is that of what has been started last
 */
export function forAllTests<T extends object>(start: Start<T>, stop: Stop<T> = stopItself): T {
  return hooked(beforeAll, afterAll, start, stop);
}

/** The same, anew for each test. */
export function forEachTest<T extends object>(start: Start<T>, stop: Stop<T> = stopItself): T {
  return hooked(beforeEach, afterEach, start, stop);
}

function hooked<T extends object>(
  before: typeof beforeAll,
  after: typeof afterAll,
  start: Start<T>,
  stop: Stop<T>,
): T {
  let started: T | undefined;
  before(async () => {
    started = await start();
  }, START_MILLISECONDS);
  after(async () => {
    if (started !== undefined) await stop(started); // it may have failed to start
    started = undefined;
  });
  return standIn(() => {
    if (started === undefined) throw new Error("It is there while hooks and tests run, and not before.");
    return started;
  });
}

async function stopItself(started: object): Promise<void> {
  await (started as { stop?: () => unknown }).stop?.();
}

/** An object whose properties are another's, which may change. Methods run on the other: `#private` is theirs alone. */
export function standIn<T extends object>(current: () => T): T {
  return new Proxy({} as T, {
    get(_, name) {
      const value: unknown = Reflect.get(current(), name);
      return typeof value === "function" ? value.bind(current()) : value;
    },
    set: (_, name, value) => Reflect.set(current(), name, value),
  });
}
