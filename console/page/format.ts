/** A narrow space that does not break lines. */
const THIN = "\u202f";

/** `100 000` */
export function count(number: number): string {
  return String(Math.round(number)).replace(/\B(?=(\d{3})+$)/g, THIN);
}

/** `1 event`, `2 events`: a number and what it counts. */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}

/** `0.4`, `12`, `1 200`: events a minute. */
export function rate(number: number): string {
  return number > 0 && number < 10 ? String(Math.round(number * 10) / 10) : count(number);
}

const UNITS = [
  ["d", 86_400],
  ["h", 3_600],
  ["min", 60],
] as const;

/** `3.5 h`, `40 s` */
export function duration(seconds: number): string {
  const [unit, length] = UNITS.find(([, least]) => seconds >= 2 * least) ?? (["s", 1] as const);
  const number = Math.max(0, seconds) / length;
  const rounded = unit === "s" || number >= 10 ? Math.round(number) : Math.round(number * 10) / 10;
  return `${rounded}${THIN}${unit}`;
}

/** `74 %`; less than a half of one, and something: `<1 %`. */
export function percent(share: number): string {
  const whole = Math.round(share * 100);
  return whole === 0 && share > 0 ? `<1${THIN}%` : `${whole}${THIN}%`;
}

/** `512 B`, `12 KB` */
export function bytes(number: number): string {
  if (number < 1_024) return `${number}${THIN}B`;
  return number < 1_048_576
    ? `${Math.round(number / 1_024)}${THIN}KB`
    : `${Math.round(number / 104_857.6) / 10}${THIN}MB`;
}

/** In the reader's own zone: the time of today, and the day as well of any other. */
export function clock(iso: string, now = new Date()): string {
  const at = new Date(iso);
  const time = at.toLocaleTimeString("en-GB");
  if (at.toDateString() === now.toDateString()) return time;
  return `${at.toLocaleDateString("en-GB", { day: "2-digit", month: "short" })} ${time}`;
}

/** The same in UTC, as logs have it. */
export function utc(iso: string): string {
  return `${iso.slice(0, 19).replace("T", " ")} UTC`;
}

/** What happens next to an event, with its time in the reader's own zone. */
export function sentenceOfNext({
  sentence,
  at,
}: {
  readonly sentence: string;
  readonly at?: string;
}): string {
  return at === undefined ? sentence : sentence.replace(at, clock(at));
}
