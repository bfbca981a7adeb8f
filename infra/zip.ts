import { crc32 } from "node:zlib";
import { deflateSync, Zip, type ZipInputFile } from "fflate";

const UNIX = 3;
const REGULAR_FILE_0644 = 0o100644 << 16;
const DEFLATED = 8;
/**
 * ZIP keeps local time, and fflate reads it off the `Date` with local getters: built from local parts, the same bytes come
 * out in every time zone. 1980 is the format's first year.
 */
const DATE = new Date(1980, 0, 2);

interface Compressed {
  readonly crc: number;
  readonly size: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A chunk that functions share is compressed once. */
const known = new WeakMap<Uint8Array, Compressed>();

/**
 * A zip whose bytes depend on names and contents only, which CDKTF's own do not: sorted names, one date, one mode.
 * It is compressed by a package, since Node's zlib may give other bytes with another version or processor.
 * docs/decisions/0015-no-build-step.md
 */
export function zip(files: ReadonlyMap<string, Uint8Array>): Buffer {
  const parts: Uint8Array[] = [];
  const zipping = new Zip((error, part) => {
    if (error) throw error;
    parts.push(part);
  });
  for (const name of [...files.keys()].sort()) {
    const content = files.get(name);
    if (content) add(zipping, name, compress(content));
  }
  zipping.end();
  return Buffer.concat(parts);
}

function add(zipping: Zip, filename: string, { crc, size, bytes }: Compressed): void {
  const file: ZipInputFile = {
    ...{ filename, crc, size, compression: DEFLATED },
    ...{ os: UNIX, attrs: REGULAR_FILE_0644, mtime: DATE },
  };
  zipping.add(file);
  file.ondata?.(null, bytes, true);
}

function compress(content: Uint8Array): Compressed {
  const made = known.get(content) ?? {
    crc: crc32(content),
    size: content.length,
    bytes: deflateSync(content, { level: 6 }) as Uint8Array<ArrayBuffer>,
  };
  known.set(content, made);
  return made;
}
