import { failureText } from "../../../functions/destination/failure-text.ts";

const withCode = (code: string) => Object.assign(new Error("planted"), { code });

test.each([
  ...["EAI_AGAIN", "ENOTFOUND", "ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH"],
  ...["EPROTO", "ERR_SSL_WRONG_VERSION_NUMBER", "ERR_SSL_SOMETHING_NEW", "ERR_TLS_CERT_ALTNAME_INVALID"],
  ...["CERT_HAS_EXPIRED", "CERT_SOMETHING_NEW", "DEPTH_ZERO_SELF_SIGNED_CERT", "SELF_SIGNED_CERT_IN_CHAIN"],
  ...["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "HPE_HEADER_OVERFLOW", "HPE_INVALID_CONSTANT", "HPE_SOMETHING_NEW"],
  ...[
    "ENETUNREACH",
    "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION",
    "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE",
    "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED",
    "CERT_NOT_YET_VALID",
    "CERT_REVOKED",
    "CERT_UNTRUSTED",
    "UNABLE_TO_GET_ISSUER_CERT",
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    "HPE_INVALID_CHUNK_SIZE",
    "HPE_INVALID_CONTENT_LENGTH",
    "HPE_UNEXPECTED_CONTENT_LENGTH",
    "HPE_INVALID_EOF_STATE",
    "HPE_INVALID_HEADER_TOKEN",
    "HPE_INVALID_STATUS",
    "HPE_INVALID_VERSION",
    "ERR_TLS_SOMETHING_NEW",
  ],
])("%s is told in words, and by its name", (code) => {
  expect(failureText(withCode(code))).toMatch(new RegExp(`^[a-zA-Z]\\w* [^.]+ \\(${code}\\)$`));
});

test("what is wrapped, as fetch does, is told by its cause", () => {
  const error = new TypeError("fetch failed", { cause: withCode("ECONNREFUSED") });
  expect(failureText(error)).toMatch(/\(ECONNREFUSED\)$/);
});

test.each([
  ["a code that nobody knows", withCode("EWHATEVER"), "EWHATEVER"],
  ["an error without one", new RangeError("planted"), "RangeError"],
  ["one whose name only contains a family's", withCode("NO_HPE_ERROR"), "NO_HPE_ERROR"],
  ["a cause that is no error", new RangeError("planted", { cause: { code: "EPIPE" } }), "RangeError"],
  ["a code that is a number", Object.assign(new RangeError("planted"), { code: 7 }), "RangeError"],
  ["no error", "planted", "string"],
])("%s is told by its name, and never by its message", (_, error, text) => {
  expect(failureText(error)).toBe(text);
});
