const UNITS = [
  ["d", 86_400],
  ["h", 3_600],
  ["min", 60],
] as const;

/** `3.5 h`, `40 s`: a span of time, in the unit that goes with it. */
export function span(seconds: number): string {
  const [unit, length] = UNITS.find(([, least]) => seconds >= 2 * least) ?? (["s", 1] as const);
  const units = seconds / length;
  return `${unit === "s" || units >= 10 ? Math.round(units) : Math.round(units * 10) / 10} ${unit}`;
}

/** `13 million`, `8,640`: a number of events. */
export function count(events: number): string {
  return events >= 1e6
    ? `${Number((events / 1e6).toPrecision(3))} million`
    : Math.round(events).toLocaleString("en");
}
