import { errorName, isError } from "../runtime/error-name.ts";

/**
 * What the codes of Node's network, TLS and HTTP parser mean, for a person who looks for the cause. Each follows
 * "The delivery failed: ".
 * https://nodejs.org/api/errors.html, https://nodejs.org/api/tls.html#x509-certificate-error-codes
 */
const TEXTS: Readonly<Record<string, string>> = {
  EAI_AGAIN: "the destination's name could not be looked up",
  ENOTFOUND: "the destination's name does not exist",
  ECONNREFUSED: "nobody listens at the destination's address and port",
  ECONNRESET: "the destination broke off the connection",
  EPIPE: "the destination closed the connection before it had the whole request",
  ETIMEDOUT: "the destination did not take the connection in time",
  EHOSTUNREACH: "no route leads to the destination's host",
  ENETUNREACH: "no route leads to the destination's network",

  EPROTO: "the destination and we found no common TLS, or it speaks none at that port",
  ERR_SSL_WRONG_VERSION_NUMBER: "the destination speaks no TLS at that port",
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: "the destination takes none of our versions of TLS",
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE:
    "the destination broke off the TLS handshake: it may want a client certificate",
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: "the destination wants a client certificate",
  ERR_TLS_CERT_ALTNAME_INVALID: "the destination's certificate is for another name",
  CERT_HAS_EXPIRED: "the destination's certificate has expired",
  CERT_NOT_YET_VALID: "the destination's certificate is not valid yet",
  CERT_REVOKED: "the destination's certificate has been revoked",
  CERT_UNTRUSTED: "nobody vouches for the destination's certificate",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the destination's certificate is signed by itself, and nobody vouches for it",
  SELF_SIGNED_CERT_IN_CHAIN: "the destination's certificate is signed by an authority that nobody here knows",
  UNABLE_TO_GET_ISSUER_CERT: "the destination's certificate is signed by an authority that nobody here knows",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    "the destination's certificate is signed by an authority that nobody here knows",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    "the destination does not send the intermediate certificates along with its own",

  HPE_HEADER_OVERFLOW: "the head of the destination's answer is longer than 16 KB",
  HPE_INVALID_CHUNK_SIZE: "the destination's answer has a chunk without a size",
  HPE_INVALID_CONSTANT: "what the destination answers is no HTTP",
  HPE_INVALID_CONTENT_LENGTH: "the destination's answer has a Content-Length that is no number",
  HPE_UNEXPECTED_CONTENT_LENGTH:
    "the destination's answer has both a Content-Length and chunks, or two lengths",
  HPE_INVALID_EOF_STATE: "the destination closed the connection in the middle of its answer",
  HPE_INVALID_HEADER_TOKEN: "a header of the destination's answer has a character that HTTP does not allow",
  HPE_INVALID_STATUS: "the destination's answer has no HTTP status",
  HPE_INVALID_VERSION: "the destination answers in a version of HTTP that is not understood",
};

/** For codes that are not in the table: each new one says at least whose matter it is. */
const FAMILIES: readonly (readonly [prefix: string, text: string])[] = [
  ["HPE_", "the destination's answer is not the HTTP that it should be"],
  ["ERR_SSL_", "TLS with the destination failed"],
  ["ERR_TLS_", "TLS with the destination failed"],
  ["CERT_", "the destination's certificate is not in order"],
];

/**
 * What went wrong, in words where its code is known, and with the code by which one finds more: "the destination's
 * certificate has expired (CERT_HAS_EXPIRED)". Never the error's own message, which may quote what was sent.
 */
export function failureText(error: unknown): string {
  // fetch, which a team's own code may use, has the code in its cause.
  const name = [error, isError(error) ? error.cause : undefined]
    .map(codeOf)
    .find((code) => code !== undefined);
  if (name === undefined) return errorName(error);
  const text = TEXTS[name] ?? FAMILIES.find(([prefix]) => name.startsWith(prefix))?.[1];
  return text === undefined ? errorName(error) : `${text} (${name})`;
}

function codeOf(error: unknown): string | undefined {
  const { code } = (isError(error) ? error : {}) as { readonly code?: unknown };
  return typeof code === "string" ? code : undefined;
}
