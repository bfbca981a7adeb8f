import fc from "fast-check";
import { Redaction } from "../../../contract/redaction/redaction.ts";

const secret = fc.string({ minLength: 4, maxLength: 60, unit: "grapheme" });

test("no spelling of a secret is left", () => {
  fc.assert(
    fc.property(secret, fc.string(), fc.string(), (secret, before, after) => {
      fc.pre(!"[secret]".includes(secret) && secret.isWellFormed());
      const redaction = new Redaction();
      redaction.add(secret);
      // A form spells a space as +, and + as %2B: of a secret with both, that spelling is not known.
      const form = new URLSearchParams({ a: secret }).toString().slice(2);
      for (const spelling of [
        secret,
        encodeURIComponent(secret),
        ...(/\+.* | .*\+/s.test(secret) ? [] : [form]),
        JSON.stringify(secret).slice(1, -1),
        Buffer.from(secret).toString("base64"),
      ]) {
        expect(redaction.scrub(`${before} ${spelling} ${after}`)).toContain("[secret]");
      }
    }),
  );
});

test("of two secrets one of which is in the other, nothing is left over", () => {
  const redaction = new Redaction();
  redaction.add("abcd");
  redaction.add("abcdefgh");
  expect(redaction.scrub("x abcdefgh y abcd z")).toBe("x [secret] y [secret] z");
});

test("secrets that touch are one place, and what stands between two is left", () => {
  const redaction = new Redaction();
  redaction.add("abcd");
  redaction.add("efgh");
  expect(redaction.scrub("x abcdefghabcd y")).toBe("x [secret] y");
  expect(redaction.scrub("abcd-efgh")).toBe("[secret]-[secret]");
});

test("what is so short that it is in many words counts as a word of its own", () => {
  const redaction = new Redaction();
  redaction.add("ana");
  expect(redaction.scrub("banana: ana.")).toBe("banana: [secret].");
});

/** What a header can carry. */
const credential = fc.string({
  minLength: 8,
  maxLength: 60,
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
});

const units = (text: string, spell: (code: number) => string) =>
  [...text].map((unit) => spell(unit.codePointAt(0) ?? 0)).join("");
const hex = (code: number, digits: number) => code.toString(16).padStart(digits, "0");
const base64 = (text: string) => Buffer.from(text).toString("base64");
const html = (text: string) =>
  text.replace(
    /[&<>"']/g,
    (unit) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[unit] ?? "&#39;",
  );

/** How a text is spelled, and how it is read again. */
const spellings: Readonly<Record<string, (text: string) => string>> = {
  "as it is": (text) => text,
  "in capitals": (text) => text.toUpperCase(),
  "as JSON": (text) => JSON.stringify(text),
  "as JSON in JSON": (text) => JSON.stringify(JSON.stringify(text)),
  "in JSON's escapes alone": (text) => units(text, (code) => `\\u${hex(code, 4)}`),
  "in JavaScript's": (text) => units(text, (code) => `\\x${hex(code, 2)}`),
  "in JavaScript's, in braces": (text) => units(text, (code) => `\\u{${hex(code, 4)}}`),
  "with its slashes escaped": (text) => JSON.stringify(text).replaceAll("/", "\\/"),
  percent: encodeURIComponent,
  "percent alone": (text) => units(text, (code) => `%${hex(code, 2)}`),
  "percent twice": (text) => encodeURIComponent(encodeURIComponent(text)),
  "a form": (text) => new URLSearchParams({ a: text }).toString(),
  HTML: html,
  "HTML of HTML": (text) => html(html(text)),
  "HTML by number": (text) => units(text, (code) => `&#${code};`),
  "HTML by number, of sixteen": (text) => units(text, (code) => `&#x${hex(code, 4)};`),
  base64,
  "base64 for addresses": (text) => Buffer.from(text).toString("base64url"),
  "base64 with more before": (text) => base64(`x${text}`),
  "base64 with still more before and after": (text) => base64(`Basic: ${text} it was`),
  "base64, percent": (text) => encodeURIComponent(base64(text)),
  "base64 in lines": (text) => base64(text).replace(/.{10}/g, "$&\r\n"),
  hex: (text) => Buffer.from(text).toString("hex"),
  "UTF-16, read as UTF-8": (text) => units(text, (code) => `${String.fromCharCode(code)}\0`),
};

/** The parts of a secret of eight characters. */
const parts = (secret: string) =>
  Array.from({ length: secret.length - 7 }, (_, at) => secret.slice(at, at + 8));

test.each(Object.entries(spellings))(
  "of eight characters of a secret nothing is left, spelled %s",
  (_, spell) => {
    const anywhere = fc.tuple(credential, fc.nat(), fc.nat());
    fc.assert(
      fc.property(anywhere, ([secret, from, length]) => {
        const redaction = new Redaction();
        redaction.add(secret);
        const start = from % (secret.length - 7);
        const shortened = secret.slice(start, start + 8 + (length % (secret.length - start - 7)));
        for (const repeated of [secret, shortened, shortened.slice(0, 8)]) {
          const said = redaction.scrub(`the key ${spell(repeated)} is no good`);
          // However it is spelled, a part of the secret has no place between these words.
          for (const part of parts(repeated)) expect(said).not.toContain(spell(part));
          expect(said).toMatch(/^the key .*\[secret\].* is no good$/s);
        }
      }),
    );
  },
);

test.each(Object.entries(spellings))("of a whole secret next to nothing is left, spelled %s", (_, spell) => {
  const redaction = new Redaction();
  const secret = redaction.add('Tr0ub4dor&3/xK"9%zQ+w7_correct=horse');
  const left = redaction.scrub(spell(secret)).split("[secret]");
  expect(left.length).toBeGreaterThan(1);
  // Quotes, and of base64 what stands for its neighbours too.
  for (const each of left) expect(each.length).toBeLessThanOrEqual(12);
});

test("the words around it stay, and so does what only looks like an escape", () => {
  const redaction = new Redaction();
  redaction.add("s3cr3t-k3y-0f-0urs");
  const answer =
    'Invalid token "s3cr3t-k3y-0f-0urs" for C:\\users\\x: 100% of &copies; fail; see https://a.example/?q=%C3%BC';
  expect(redaction.scrub(answer)).toBe(answer.replace("s3cr3t-k3y-0f-0urs", "[secret]"));
});

test.each(["user:passw0rd-0f-theirs", "user:pw12"])("of %s the password alone goes too", (secret) => {
  const redaction = new Redaction();
  redaction.add(secret);
  const password = secret.slice(5);
  for (const said of [secret, password, base64(password), encodeURIComponent(secret), base64(secret)]) {
    expect(redaction.scrub(`no such user: ${said} it says`)).toBe("no such user: [secret] it says");
  }
});

test("it takes as long as the text is, whatever stands in it", () => {
  const redaction = new Redaction();
  redaction.add("a".repeat(4_000));
  const text = "%2525".repeat(100_000);
  expect(redaction.scrub(text)).toBe(text);
});
