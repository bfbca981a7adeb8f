import fc from "fast-check";
import { unzipSync } from "fflate";
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

test("a file that two zips share is the same in both", () => {
  const shared = Buffer.from("shared".repeat(100));
  const zips = ["a.mjs", "b.mjs"].map((name) =>
    zip(
      new Map([
        [name, Buffer.from(name)],
        ["shared.mjs", shared],
      ]),
    ),
  );
  for (const zipped of zips) expect(Buffer.from(unzipSync(zipped)["shared.mjs"] ?? "")).toEqual(shared);
});

test("every file may be read by everybody, and is of the same old date", () => {
  const zipped = Buffer.from(zip(new Map([["index.mjs", Buffer.from("1")]])));
  const entry = zipped.indexOf(Buffer.from("PK\u0001\u0002", "latin1")); // of the central directory
  expect(zipped.readUInt8(entry + 5)).toBe(3); // made on Unix
  expect((zipped.readUInt32LE(entry + 38) >>> 16).toString(8)).toBe("100644");
  expect(zipped.readUInt16LE(entry + 12)).toBe(0); // 00:00:00
  expect(zipped.readUInt16LE(entry + 14)).toBe((1 << 5) | 2); // 2 January 1980
});
