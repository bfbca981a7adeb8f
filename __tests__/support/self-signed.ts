import { generateKeyPairSync, sign } from "node:crypto";

/**
 * A certificate for `localhost` that nobody signed but itself, made afresh: no key lies in the repository.
 *
 * @param notAfter its last moment, as a certificate has it
 */
export function selfSignedCertificate(notAfter = "491231235959Z"): {
  readonly key: string;
  readonly cert: string;
} {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const ecdsaWithSha256 = der(0x30, der(0x06, bytes("2a8648ce3d040302")));
  const name = der(0x30, der(0x31, der(0x30, der(0x06, bytes("550403")), der(0x0c, text("localhost")))));
  const validity = der(0x30, der(0x17, text("200101000000Z")), der(0x17, text(notAfter)));
  const subjectAltName = der(0x30, der(0x82, text("localhost")), der(0x87, Buffer.from([127, 0, 0, 1])));
  const extension = der(0x30, der(0x06, bytes("551d11")), der(0x04, subjectAltName));
  const toBeSigned = der(
    0x30,
    der(0xa0, der(0x02, bytes("02"))), // version 3
    der(0x02, bytes("01")), // serial number
    ecdsaWithSha256,
    name,
    validity,
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, der(0x30, extension)),
  );
  const signature = sign("sha256", toBeSigned, privateKey);
  const certificate = der(0x30, toBeSigned, ecdsaWithSha256, der(0x03, bytes("00"), signature));
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${certificate.toString("base64").replace(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`,
  };
}

const text = (value: string) => Buffer.from(value);
const bytes = (hex: string) => Buffer.from(hex, "hex");

/** One ASN.1 value: tag, length, content. */
function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const value = Buffer.concat(content);
  const { length } = value;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), value]);
}
