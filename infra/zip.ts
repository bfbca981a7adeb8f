import { type Zippable, zipSync } from "fflate";

const UNIX = 3;
const REGULAR_FILE_0644 = 0o100644 << 16;

/**
 * A zip whose bytes depend on names and contents only, which CDKTF's own do not: sorted names, one date, one
 * mode. docs/decisions/0015-no-build-step.md
 *
 * ZIP keeps local time, and fflate reads it off the `Date` with local getters: the date is built from local
 * parts, so the same bytes come out in every time zone. 1980 is the format's first year.
 */
export function zip(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const entries: Zippable = {};
  for (const name of [...files.keys()].sort()) {
    const content = files.get(name);
    if (content) entries[name] = [content, { os: UNIX, attrs: REGULAR_FILE_0644 }];
  }
  return zipSync(entries, { level: 6, mtime: new Date(1980, 0, 2) });
}
