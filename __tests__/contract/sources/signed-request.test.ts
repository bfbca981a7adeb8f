import { secretParameterOf, signRequest, urlOf } from "../../../contract/sources/signed-request.ts";

const url = urlOf("https://api.example.com/open-messaging/{integrationId}", "a/b");
const body = Buffer.from('{"id":"c327c2078ca056db130c55ce648d9fa2","type":"Text","text":"Hello World"}');

test("signs as Genesys documents it", () => {
  const proof = { kind: "signature", encoding: "base64" } as const;
  const signed = signRequest({ url, body }, proof, "skjdhfsjfhjsdsoquwajkad1234");
  expect(signed).toEqual({
    url: "https://api.example.com/open-messaging/a%2Fb",
    headers: {
      "content-type": "application/json",
      "x-hub-signature-256": "sha256=fDwJXvBycEo9kutNX77loCt9EIRNIFJMKTjqRWR5KO8=",
    },
    body,
  });
});

test("signs in hex where that is asked for, hands a shared secret over, or proves nothing", () => {
  const headers = (proof: Parameters<typeof signRequest>[1]) =>
    signRequest({ url, body }, proof, "skjdhfsjfhjsdsoquwajkad1234").headers;
  expect(headers({ kind: "signature", encoding: "hex" })["x-hub-signature-256"]).toBe(
    `sha256=${Buffer.from("fDwJXvBycEo9kutNX77loCt9EIRNIFJMKTjqRWR5KO8=", "base64").toString("hex")}`,
  );
  expect(headers({ kind: "shared-secret" })).toMatchObject({ "x-api-key": "skjdhfsjfhjsdsoquwajkad1234" });
  expect(Object.keys(headers({ kind: "none" }))).toEqual(["content-type"]);
});

test("only a way in without authentication has no parameter with a secret", () => {
  expect(secretParameterOf({ kind: "shared-secret", secretParameter: "/secret" })).toBe("/secret");
  expect(secretParameterOf({ kind: "none" })).toBeUndefined();
});
