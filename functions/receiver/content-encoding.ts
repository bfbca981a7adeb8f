import { defined } from "../../contract/defined.ts";
import type { DescribedEvent } from "./describe.ts";

/** `gzip`, `br`, `zstd`; a list of them where a body was encoded more than once. */
const ENCODING = /^[a-z0-9-]{1,20}(, ?[a-z0-9-]{1,20}){0,3}$/i;

/**
 * What the `Content-Encoding` header adds to a description. A body that can be read as JSON is not encoded, whatever
 * the header says: a REST API, for one, decodes it and leaves the header. One that cannot is told as what it is, and
 * its envelope keeps the header, with which the destination can read the bytes that were signed.
 */
export function withContentEncoding(
  described: DescribedEvent,
  bytes: Buffer,
  header: string | undefined,
): DescribedEvent {
  if (described.malformed === undefined || !described.isUnreadable) return described;
  const given = header !== undefined && ENCODING.test(header) && header.toLowerCase() !== "identity";
  const encoding = given ? header.toLowerCase() : undefined;
  const name = encoding ?? (isGzip(bytes) ? "gzip" : undefined);
  if (name === undefined) return described;
  return {
    ...described,
    head: { ...described.head, ...defined({ content_encoding: encoding }) },
    malformed: `The body is compressed with ${name}, and no JSON as it came.`,
  };
}

/** https://www.rfc-editor.org/rfc/rfc1952#page-5 */
function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}
