/** One thing that is wrong in a configuration. */
export interface Finding {
  /** Keys from the environment's settings downwards. */
  readonly path: readonly string[];
  /** What stands there now; nothing secret ever does. */
  readonly value: unknown;
  /** What is wrong, and what to do. */
  readonly message: string;
}

/** `dev.queue.retentionSeconds: 59 — SQS takes 60 to 1209600 s` */
export function describeFinding(environment: string, { path, value, message }: Finding): string {
  const shown = value === undefined ? "not set" : JSON.stringify(value);
  return `${[environment, ...path].join(".")}: ${shown} — ${message}`;
}

/** What stands at `path`, or `undefined`. */
export function valueAt(root: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, key)
        ? (value as Record<string, unknown>)[key]
        : undefined,
    root,
  );
}
