import fc from "fast-check";
import {
  escapeForbidden,
  isMessageText,
  messageBytes,
  toMessageText,
} from "../../../contract/event/message-text.ts";
import { jsonSource } from "../../support/event-bytes.ts";

/** SQS's rule, code point by code point, as its documentation gives it. */
function sqsTakes(text: string): boolean {
  return [...text].every((character) => {
    const code = character.codePointAt(0) ?? 0;
    return (
      [0x9, 0xa, 0xd].includes(code) ||
      (code >= 0x20 && code <= 0xd7ff) ||
      (code >= 0xe000 && code <= 0xfffd) ||
      code >= 0x10000
    );
  });
}

/** Any UTF-16, lone surrogates included. */
const anyUnits = fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units));
const anyText = fc.oneof(fc.string({ unit: "binary" }), anyUnits);

test("isMessageText is SQS's rule, asked twice or once", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect([isMessageText(text), isMessageText(text)]).toEqual([sqsTakes(text), sqsTakes(text)]);
    }),
  );
  for (let code = 0; code <= 0xffff; code++) {
    const text = String.fromCharCode(code);
    if (isMessageText(text) !== sqsTakes(text)) throw new Error(`U+${code.toString(16)}`);
  }
});

test("toMessageText makes any text fit, and leaves alone what fits", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const fit = toMessageText(text);
      expect(sqsTakes(fit)).toBe(true);
      if (sqsTakes(text)) expect(fit).toBe(text);
    }),
  );
  expect(toMessageText("a\u0000b\uD800c\uFFFF")).toBe("a\uFFFDb\uFFFDc\uFFFD");
});

test("escapeRefused makes any JSON fit and changes nothing of what it means", () => {
  fc.assert(
    fc.property(jsonSource.value, (json) => {
      const fit = escapeForbidden(json);
      expect(sqsTakes(fit)).toBe(true);
      expect(JSON.parse(fit)).toEqual(JSON.parse(json));
    }),
  );
});

test("messageBytes counts UTF-8 bytes of the body and of every attribute's name, type and value", () => {
  expect(messageBytes("")).toBe(0);
  expect(messageBytes("aü漢😀")).toBe(1 + 2 + 3 + 4);
  expect(messageBytes("a", { ü: { DataType: "String", StringValue: "漢" } })).toBe(1 + 2 + 6 + 3);
});
