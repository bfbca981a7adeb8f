import type { LineFilter, TimeRange } from "./log-source.ts";

/** Whether a line may be one of those that are wanted, without reading it whole: most are not, and there may be millions. */
export function mayBeWanted(line: string, { id, conversation }: LineFilter, range?: TimeRange): boolean {
  if (!line.includes('"event_id"')) return false;
  if (id !== undefined && !line.includes(inJson(id))) return false;
  if (conversation !== undefined && !line.includes(inJson(conversation))) return false;
  if (range === undefined) return true;
  const [, time = ""] = /"timestamp":"([^"]{1,40})"/.exec(line) ?? [];
  const at = Date.parse(time);
  return at >= range.from && at < range.to;
}

/** As a text stands within JSON. */
function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
