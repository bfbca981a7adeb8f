import { crc32 } from "node:zlib";
import { deflateSync } from "fflate";

const UNIX = 3;
const REGULAR_FILE_0644 = 0o100644 << 16;
/** The version of the format that a reader needs: 2.0, with compression. */
const VERSION = 20;
const DEFLATED = 8;
/** 2 January 1980, 00:00:00, in MS-DOS' way: 1980 is the format's first year. It says nothing of a time zone. */
const DATE = ((1 << 5) | 2) << 16;

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END = 0x06054b50;

interface Entry {
  readonly name: Buffer;
  readonly crc: number;
  readonly bytes: number;
  readonly compressed: Uint8Array;
}

/** A chunk that functions share is compressed once. */
const compressed = new WeakMap<Uint8Array, Omit<Entry, "name">>();

/**
 * A zip whose bytes depend on names and contents only, which CDKTF's own do not: sorted names, one date, one mode.
 * It is compressed by a package, since Node's zlib may give other bytes with another version or processor.
 * docs/decisions/0015-no-build-step.md
 *
 * @param files their names are ASCII
 */
export function zip(files: ReadonlyMap<string, Uint8Array>): Buffer {
  const local: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let offset = 0;
  for (const name of [...files.keys()].sort()) {
    const content = files.get(name);
    if (!content) continue;
    const entry = { name: Buffer.from(name), ...compress(content) };
    const header = localHeader(entry);
    central.push(centralHeader(entry, offset), entry.name);
    local.push(header, entry.name, entry.compressed);
    offset += header.length + entry.name.length + entry.compressed.length;
  }
  const directory = Buffer.concat(central);
  return Buffer.concat([...local, directory, end(central.length / 2, directory.length, offset)]);
}

function compress(content: Uint8Array): Omit<Entry, "name"> {
  const known = compressed.get(content);
  if (known !== undefined) return known;
  const made = {
    crc: crc32(content),
    bytes: content.length,
    compressed: deflateSync(content, { level: 6 }),
  };
  compressed.set(content, made);
  return made;
}

/** APPNOTE.TXT 4.3.7: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */
function localHeader(entry: Entry): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(LOCAL_HEADER, 0);
  describe(entry, header, 4);
  return header;
}

/** APPNOTE.TXT 4.3.12 */
function centralHeader(entry: Entry, offset: number): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(CENTRAL_HEADER, 0);
  header.writeUInt16LE((UNIX << 8) | VERSION, 4);
  describe(entry, header, 6);
  header.writeUInt32LE(REGULAR_FILE_0644 >>> 0, 38);
  header.writeUInt32LE(offset, 42);
  return header;
}

/** What both headers say, in the same order. */
function describe({ name, crc, bytes, compressed }: Entry, header: Buffer, at: number): void {
  header.writeUInt16LE(VERSION, at);
  header.writeUInt16LE(DEFLATED, at + 4);
  header.writeUInt32LE(DATE, at + 6);
  header.writeUInt32LE(crc, at + 10);
  header.writeUInt32LE(compressed.length, at + 14);
  header.writeUInt32LE(bytes, at + 18);
  header.writeUInt16LE(name.length, at + 22);
}

/** APPNOTE.TXT 4.3.16 */
function end(entries: number, bytes: number, offset: number): Buffer {
  const record = Buffer.alloc(22);
  record.writeUInt32LE(END, 0);
  record.writeUInt16LE(entries, 8);
  record.writeUInt16LE(entries, 10);
  record.writeUInt32LE(bytes, 12);
  record.writeUInt32LE(offset, 16);
  return record;
}
