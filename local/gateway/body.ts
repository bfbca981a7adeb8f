import { decodeUtf8 } from "../../contract/event/write-envelope.ts";

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

/** Bytes that are no text whatever their type says go as base64 too, so that none is ever changed. */
export function encodeBody(bytes: Buffer, contentType: string | undefined): EncodedBody {
  const type = contentType?.split(";")[0]?.trim().toLowerCase() ?? "";
  const body = TEXT.test(type) ? decodeUtf8(bytes) : undefined;
  return body === undefined
    ? { body: bytes.toString("base64"), isBase64Encoded: true }
    : { body, isBase64Encoded: false };
}
