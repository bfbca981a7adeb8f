import { isNativeError } from "node:util/types";

/**
 * What a log line may say of an error: its code (`ECONNREFUSED`) or name (`AccessDenied`). Never its message,
 * which may quote what was sent, or a secret.
 */
export function errorName(error: unknown): string {
  if (!isError(error)) return typeof error;
  const { code } = error as { code?: unknown };
  return typeof code === "string" ? code : error.name;
}

/** Where an error comes from: the first line of its stack that is a place. */
export function errorLocation(error: unknown): string | undefined {
  if (!isError(error)) return undefined;
  return error.stack
    ?.split("\n")
    .find((line) => /^ {4}at /.test(line))
    ?.trim();
}

/** `instanceof` misses the errors of another realm, `isNativeError` a `DOMException` such as fetch's `AbortError`. */
export function isError(value: unknown): value is Error {
  return value instanceof Error || isNativeError(value);
}
