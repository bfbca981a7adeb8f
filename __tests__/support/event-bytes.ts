import fc from "fast-check";

/** Texts that have broken somebody's pipeline before. */
const awkwardText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "😀",
    "\uFFFE",
    "\uFFFF",
    "\u0000",
    "\u007F\u0085",
    "\u2028",
    "\uFEFF",
    "漢字",
    "\u{10FFFF}",
    "<&>",
  ),
);

/** White space as JSON knows it. */
const space = fc.string({ unit: fc.constantFrom(" ", "\n", "\r", "\t"), maxLength: 4 });

/** A JSON string's source text: as it is, or escaped; now and then with a lone surrogate's escape. */
const stringSource = fc.oneof(
  awkwardText.map((text) => JSON.stringify(text)),
  awkwardText.map(
    (text) =>
      `"${[...text]
        .flatMap((c) => c.split(""))
        .map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`)
        .join("")}"`,
  ),
  fc.constantFrom(
    '"\\ud800"',
    '"\\udc00\\ud83d"',
    '"\\/\\b\\f\\n\\r\\t\\\\\\""',
    '"{\\"payload\\":1}"',
    '"\\\\"',
  ),
);

const numberSource = fc.oneof(
  fc.bigInt().map(String),
  fc.double({ noDefaultInfinity: true, noNaN: true }).map((number) => JSON.stringify(number)),
  fc.constantFrom("1.0", "-0", "1e999", "1E+2", "123456789012345678901234567890.10", "0.10"),
);

/**
 * One character, escaped. Of such a key `JSON.parse` of Node 24 (V8 13.6) makes a backslash, unless it is its object's
 * first: it can be no judge of them. raw-json.test.ts has them by name.
 */
const ONE_ESCAPED = /^"\\(?:u[0-9a-f]{4}|[^u])"$/i;

const keySource = fc
  .oneof(
    stringSource,
    fc.constantFrom(
      ...['"__proto__"', '"constructor"', '"payload"', '"payload_base64"'],
      ...['"a"', '"ab"', '"\\u0061b"', '""'],
    ),
  )
  .map((key) => (ONE_ESCAPED.test(key) ? `${key.slice(0, -1)}_"` : key));

/** The source text of any JSON value: duplicate keys, odd white space and odd spellings included. */
export const jsonSource = fc.letrec<{ value: string; object: string; array: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    stringSource,
    numberSource,
    fc.constantFrom("true", "false", "null"),
    tie("object"),
    tie("array"),
  ),
  object: fc
    .tuple(space, fc.array(fc.tuple(space, keySource, space, space, tie("value"), space), { maxLength: 4 }))
    .map(
      ([gap, members]) =>
        `{${members.length === 0 ? gap : members.map(([a, key, b, c, value, d]) => `${a}${key}${b}:${c}${value}${d}`).join(",")}}`,
    ),
  array: fc
    .tuple(space, fc.array(fc.tuple(space, tie("value"), space), { maxLength: 4 }))
    .map(([gap, items]) => `[${items.length === 0 ? gap : items.map((item) => item.join("")).join(",")}]`),
}));

const byteOrderMark = fc.constantFrom("", "", "", "\uFEFF");

/** A webhook's source text: an object with the name that the tutorial asks for somewhere in it. */
export const webhookSource = fc
  .tuple(byteOrderMark, space, jsonSource.object, space)
  .map(([mark, before, object, after]) => {
    const members = object.slice(1, -1);
    const rest = members.trim() === "" ? members : `,${members}`;
    return `${mark}${before}{"webhookName":"any"${rest}}${after}`;
  });

/** Bytes that a sender may send: a sound event, any JSON, any text, any bytes. */
export const anyEventBytes: fc.Arbitrary<{ readonly bytes: Buffer; readonly sound: boolean }> = fc.oneof(
  { weight: 4, arbitrary: webhookSource.map((text) => ({ bytes: Buffer.from(text), sound: true })) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(byteOrderMark, space, jsonSource.value, space)
      .map((parts) => ({ bytes: Buffer.from(parts.join("")), sound: false })),
  },
  { weight: 1, arbitrary: awkwardText.map((text) => ({ bytes: Buffer.from(text), sound: false })) },
  {
    weight: 1,
    arbitrary: fc
      .uint8Array({ maxLength: 200 })
      .map((bytes) => ({ bytes: Buffer.from(bytes), sound: false })),
  },
);
