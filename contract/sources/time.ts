const ISO_8601 =
  /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?:Z|([+-])(\d\d)(?::?(\d\d))?)?$/i;
const EPOCH = /^\d{9,15}(?:\.\d{1,9})?$/;

/** Seconds since 1970 are below, milliseconds above: as the one it is the year 5138, as the other 1973. */
const SECONDS_END = 1e11;
/** Below it neither of them is a time that a contact centre has seen. */
const EARLIEST = 1e8;
const YEAR_10000 = Date.UTC(10_000, 0);

/**
 * A time as a sender writes it, in ISO 8601 and UTC: `2026-11-24T12:00:00.000Z`. Takes ISO 8601 with any offset,
 * without one as UTC, which is what Genesys means; and seconds or milliseconds since 1970, as number or as text.
 * `undefined` for anything else, a template that nobody has filled in for one.
 */
export function utcTime(value: unknown): string | undefined {
  if (typeof value === "number") return fromEpoch(value);
  if (typeof value !== "string") return undefined;
  return EPOCH.test(value) ? fromEpoch(Number(value)) : fromIso(value);
}

function fromEpoch(value: number): string | undefined {
  if (!(value >= EARLIEST)) return undefined;
  const milliseconds = Math.floor(value < SECONDS_END ? value * 1000 : value);
  return milliseconds < YEAR_10000 ? new Date(milliseconds).toISOString() : undefined;
}

function fromIso(text: string): string | undefined {
  const parts = ISO_8601.exec(text);
  if (parts === null) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((part = "0") => Number(part));
  const [fraction = "", sign, offsetHours = "0", offsetMinutes = "0"] = parts.slice(7);
  const written = `${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6] ?? "00"}`;
  const time = new Date(0);
  time.setUTCFullYear(year ?? 0, (month ?? 0) - 1, day);
  time.setUTCHours(hour ?? 0, minute, second, Number(fraction.slice(0, 3).padEnd(3, "0")));
  if (time.toISOString().slice(0, 19) !== written) return undefined; // the 30th of February
  const offset = Number(offsetHours) * 60 + Number(offsetMinutes);
  if (offset >= 24 * 60) return undefined;
  const utc = new Date(time.getTime() + (sign === "-" ? offset : -offset) * 60_000);
  return utc.getTime() < YEAR_10000 && utc.getUTCFullYear() >= 0 ? utc.toISOString() : undefined;
}
