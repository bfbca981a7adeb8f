import { GENESYS_DLQ } from "../../contract/command-line.ts";

const UNITS = [
  ["d", 86_400],
  ["h", 3_600],
  ["min", 60],
] as const;

/** `3.5 h`, `40 s` */
export function duration(seconds: number): string {
  const [unit, length] = UNITS.find(([, least]) => seconds >= 2 * least) ?? (["s", 1] as const);
  const count = seconds / length;
  return `${unit === "s" || count >= 10 ? Math.round(count) : Math.round(count * 10) / 10} ${unit}`;
}

/** The command's own, for the environment at hand. */
export function commandFor(
  { kind, outputs }: { readonly kind: string; readonly outputs: { readonly environment: string } },
  words: string,
): string {
  return `${GENESYS_DLQ} ${words} ${kind === "local" ? "--local" : `--environment ${outputs.environment}`}`;
}
