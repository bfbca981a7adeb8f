import { clock, utc } from "../format.ts";

/** A moment in the reader's own time; UTC, as in logs, where a pointer rests on it. */
export function Time({ at }: { readonly at: string | undefined }) {
  if (at === undefined || at === "") return <>–</>;
  return (
    <time dateTime={at} title={utc(at)}>
      {clock(at)}
    </time>
  );
}
