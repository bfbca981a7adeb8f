/** A body as an event of format 2.0 carries it. */
export interface EncodedBody {
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/**
 * Content types that API Gateway hands over as text; anything else, and a request that names none, goes as
 * base64. A form, for one, is base64.
 */
const TEXT = /^(text\/.*|application\/(json|javascript|xml|.+\+json|.+\+xml))$/;

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Bytes that are no text whatever their type says go as base64 too, so that none is ever changed. */
export function encodeBody(bytes: Buffer, contentType: string | undefined): EncodedBody {
  const type = contentType?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (TEXT.test(type)) {
    try {
      return { body: strictUtf8.decode(bytes), isBase64Encoded: false };
    } catch {
      // not UTF-8
    }
  }
  return { body: bytes.toString("base64"), isBase64Encoded: true };
}
