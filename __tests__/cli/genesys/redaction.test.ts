import fc from "fast-check";
import { Redaction } from "../../../cli/genesys/redaction.ts";

const secret = fc.string({ minLength: 4, maxLength: 60, unit: "grapheme" });

test("no spelling of a secret is left", () => {
  fc.assert(
    fc.property(secret, fc.string(), fc.string(), (secret, before, after) => {
      fc.pre(!"[secret]".includes(secret) && secret.isWellFormed());
      const redaction = new Redaction();
      redaction.add(secret);
      for (const spelling of [
        secret,
        encodeURIComponent(secret),
        new URLSearchParams({ a: secret }).toString().slice(2),
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

test("what is too short to be one stays", () => {
  const redaction = new Redaction();
  redaction.add("a");
  expect(redaction.scrub("banana")).toBe("banana");
});
