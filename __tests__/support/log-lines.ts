import type { EventLogger } from "../../functions/runtime/observability.ts";

export type LogLine = { readonly message?: unknown } & Readonly<Record<string, unknown>>;

/** What every line has. */
const ON_EVERY_LINE = ["level", "timestamp", "service", "environment"];

/** Whoever reads a line has nothing else: it says what has happened, and a warning or an error to what, or why. */
export function expectTelling(lines: readonly LogLine[]): void {
  const silent = lines.filter(({ message, ...all }) => {
    const told = Object.entries(all).some(
      ([name, value]) => !ON_EVERY_LINE.includes(name) && value !== undefined,
    );
    return !/^[A-Z].{8}/.test(String(message)) || !(told || (all["level"] ?? "INFO") === "INFO");
  });
  expect(silent).toEqual([]);
}

/** A logger for the tests of a file, and the lines of the test that runs; after each, they are held to what a line is. */
export function heldLogger(): EventLogger & { readonly lines: readonly LogLine[] } {
  const lines: LogLine[] = [];
  afterEach(() => expectTelling(lines.splice(0)));
  const add =
    (level: string): EventLogger["info"] =>
    (message, ...fields) =>
      void lines.push({ level, message: String(message), ...Object.assign({}, ...fields) });
  return { info: add("INFO"), warn: add("WARN"), error: add("ERROR"), lines };
}
