import { InvalidArgumentError } from "commander";

const UNITS = { ms: 0.001, s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/**
 * Seconds of a span of time such as `200ms`, `90m`, `72h`.
 *
 * @throws {InvalidArgumentError} for anything else
 */
export function readDuration(text: string): number {
  const [, count, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  if (count === undefined)
    throw new InvalidArgumentError("Give a span of time such as 200ms, 30s, 90m, 72h, 3d.");
  return Number(count) * UNITS[unit as keyof typeof UNITS];
}
