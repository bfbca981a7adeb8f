import fc from "fast-check";
import { unzipSync, zipSync } from "fflate";
import { zip } from "../../infra/zip.ts";

const files = fc.dictionary(
  fc.stringMatching(/^[a-z]{1,8}(-[A-Z0-9]{8})?\.mjs$/),
  fc.uint8Array({ maxLength: 2_000 }),
  { minKeys: 1, maxKeys: 5 },
);

test("what goes in comes out, and the order of going in leaves no trace", () => {
  fc.assert(
    fc.property(files, (given) => {
      const entries = Object.entries(given);
      const zipped = zip(new Map(entries));
      const unzipped = Object.entries(unzipSync(zipped)).map(([name, content]) => [
        name,
        Buffer.from(content),
      ]);
      expect(Object.fromEntries(unzipped)).toEqual(
        Object.fromEntries(entries.map(([name, content]) => [name, Buffer.from(content)])),
      );
      expect(Buffer.from(zip(new Map(entries.toReversed()))).equals(zipped)).toBe(true);
    }),
  );
});

test("another tool writes the same bytes, one after the other, of files that zips share too", () => {
  const options = { os: 3, attrs: 0o100644 << 16, level: 6, mtime: new Date(1980, 0, 2) } as const;
  fc.assert(
    fc.property(files, (given) => {
      const names = Object.keys(given).sort();
      const theirs = zipSync(
        Object.fromEntries(names.map((name) => [name, given[name] ?? new Uint8Array()])),
        options,
      );
      for (const again of [1, 2])
        expect([again, zip(new Map(Object.entries(given))).equals(theirs)]).toEqual([again, true]);
    }),
  );
});

test("every file may be read by everybody, and is of the same old date", () => {
  const zipped = Buffer.from(zip(new Map([["index.mjs", Buffer.from("1")]])));
  const entry = zipped.indexOf(Buffer.from("PK\u0001\u0002", "latin1")); // of the central directory
  expect(zipped.readUInt8(entry + 5)).toBe(3); // made on Unix
  expect((zipped.readUInt32LE(entry + 38) >>> 16).toString(8)).toBe("100644");
  expect(zipped.readUInt16LE(entry + 12)).toBe(0); // 00:00:00
  expect(zipped.readUInt16LE(entry + 14)).toBe((1 << 5) | 2); // 2 January 1980
});
