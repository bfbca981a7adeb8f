const DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
const LONG_DAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day";
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const MONTH = `(?<month>${MONTHS.join("|")})`;
const TIME = "(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)";

/** An HTTP-date (RFC 9110, 5.6.7): IMF-fixdate, and the two obsolete forms that a recipient still has to take. */
const HTTP_DATES = [
  `${DAY}, (?<day>\\d\\d) ${MONTH} (?<year>\\d{4}) ${TIME} GMT`,
  `${LONG_DAY}, (?<day>\\d\\d)-${MONTH}-(?<year>\\d\\d) ${TIME} GMT`,
  `${DAY} ${MONTH} (?<day>\\d\\d| \\d) ${TIME} (?<year>\\d{4})`,
].map((form) => new RegExp(`^${form}$`));

/**
 * What a `Retry-After` header asks for (RFC 9110, 10.2.3): digits are seconds, an HTTP-date is a moment. Any other
 * value, `1.5`, `-5` and ISO 8601 among them, is as if the header were absent.
 *
 * @param header as it came
 * @returns whole seconds, never negative, perhaps `Infinity`; 0 for a moment that is past; `undefined` where the
 *   header asks for nothing
 */
export function retryAfterSeconds(header: string | undefined, now: Date): number | undefined {
  const value = header?.trim() ?? "";
  if (/^\d+$/.test(value)) return Number(value);
  const at = readHttpDate(value, now);
  return at === undefined ? undefined : Math.max(0, Math.ceil((at - now.getTime()) / 1000));
}

/** Milliseconds since 1970; `undefined` for what is no HTTP-date, and for a day or an hour that does not exist. */
function readHttpDate(text: string, now: Date): number | undefined {
  const groups = HTTP_DATES.map((form) => form.exec(text)?.groups).find((found) => found !== undefined);
  if (groups === undefined) return undefined;
  const { day, month = "", year = "", hour, minute, second } = groups;
  return momentOf(
    fullYear(year, now),
    MONTHS.indexOf(month),
    Number(day),
    [hour, minute, second].map(Number),
  );
}

function momentOf(year: number, month: number, day: number, time: readonly number[]): number | undefined {
  const [hour = 0, minute = 0, second = 0] = time;
  if (hour > 23 || minute > 59 || second > 60) return undefined; // 60: a leap second
  const midnight = new Date(0);
  midnight.setUTCFullYear(year, month, day);
  if (midnight.getUTCDate() !== day) return undefined; // the 31st of February
  return midnight.getTime() + (hour * 3600 + minute * 60 + second) * 1000;
}

/** Two digits that would lie more than 50 years ahead are of the century before. */
function fullYear(digits: string, now: Date): number {
  if (digits.length > 2) return Number(digits);
  const thisYear = now.getUTCFullYear();
  const year = Math.floor(thisYear / 100) * 100 + Number(digits);
  return year > thisYear + 50 ? year - 100 : year;
}
