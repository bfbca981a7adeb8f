import { InvalidArgumentError } from "commander";

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * A moment: ISO 8601 (without a zone: UTC), or so long ago (`90m`, `2h`, `3d`).
 *
 * @throws {InvalidArgumentError} for anything else
 */
export function readMoment(text: string, now = new Date()): Date {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  if (count !== undefined) {
    return valid(new Date(now.getTime() - Number(count) * UNITS[unit as keyof typeof UNITS]));
  }
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return valid(new Date(`${text}T00:00:00Z`));
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/.test(text)) {
    return valid(new Date(/(Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}Z`));
  }
  throw wrong();
}

function valid(moment: Date): Date {
  if (Number.isNaN(moment.getTime())) throw wrong();
  return moment;
}

function wrong(): InvalidArgumentError {
  return new InvalidArgumentError("Give a time such as 2026-11-24T08:00Z, or how long ago: 90m, 2h, 3d.");
}
