import fc from "fast-check";
import type { AuthenticationSettings } from "../../../contract/variables/sources.ts";
import { secretMatches, signatureMatches } from "../../../functions/receiver/signature.ts";
import { capturedLogs } from "../../support/captured-logs.ts";
import { httpEvent, signed } from "../../support/lambda-events.ts";
import { integrationId, receiverBench, secret } from "../../support/receiver.ts";

const genesys = {
  secret: "skjdhfsjfhjsdsoquwajkad1234",
  body: '{"id":"c327c2078ca056db130c55ce648d9fa2","type":"Text","text":"Hello World"}',
  header: "sha256=fDwJXvBycEo9kutNX77loCt9EIRNIFJMKTjqRWR5KO8=",
};
/** Published at https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries. */
const github = {
  secret: "It's a Secret to Everybody",
  body: "Hello, World!",
  header: "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
};

describe("the check itself", () => {
  test("takes Genesys' vector in base64 and GitHub's in hex, and neither in the other's", () => {
    expect(signatureMatches(genesys.header, Buffer.from(genesys.body), [genesys.secret], "base64")).toBe(
      true,
    );
    expect(signatureMatches(github.header, Buffer.from(github.body), [github.secret], "hex")).toBe(true);
    expect(signatureMatches(genesys.header, Buffer.from(genesys.body), [genesys.secret], "hex")).toBe(false);
    expect(signatureMatches(github.header, Buffer.from(github.body), [github.secret], "base64")).toBe(false);
  });

  test.each(["base64", "hex"] as const)(
    "refuses any one flipped bit of body, header or secret (%s)",
    (encoding) => {
      const vector = encoding === "base64" ? genesys : github;
      const parts = {
        body: Buffer.from(vector.body),
        header: Buffer.from(vector.header),
        secret: Buffer.from(vector.secret),
      };
      for (const part of Object.keys(parts) as (keyof typeof parts)[]) {
        for (let bit = 0; bit < parts[part].length * 8; bit++) {
          const flipped = { ...parts, [part]: Buffer.from(parts[part]) };
          flipped[part].writeUInt8(flipped[part].readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
          expect([
            part,
            bit,
            signatureMatches(
              flipped.header.toString("latin1"),
              flipped.body,
              [flipped.secret.toString("latin1")],
              encoding,
            ),
          ]).toEqual([part, bit, false]);
        }
      }
    },
  );

  test("takes either active secret, and none where there is none", () => {
    const body = Buffer.from(genesys.body);
    expect(signatureMatches(genesys.header, body, ["another", genesys.secret], "base64")).toBe(true);
    expect(signatureMatches(genesys.header, body, [genesys.secret, "another"], "base64")).toBe(true);
    expect(signatureMatches(genesys.header, body, ["another"], "base64")).toBe(false);
    expect(signatureMatches(genesys.header, body, [], "base64")).toBe(false);
    expect(secretMatches("b", ["a", "b"])).toBe(true);
    expect(secretMatches("", ["a"])).toBe(false);
    expect(secretMatches("", [])).toBe(false);
  });
});

describe("through the handler", () => {
  const bench = receiverBench();
  const logs = capturedLogs();

  const hexWebhook = {
    sources: [
      {
        source: "webhook",
        authentication: { "": { kind: "signature", encoding: "hex", secretParameter: "/webhook" } },
      },
    ],
  } as const;

  const body = '{"webhookName":"ended"}';
  const good = signed(body, secret);

  test.each<[string, Record<string, string>, string]>([
    ["no signature", {}, "signature-missing"],
    ["an empty signature", { "x-hub-signature-256": "" }, "signature-missing"],
    ["a signature under another secret", signed(body, "another"), "signature-wrong"],
    ["a signature of another body", signed(`${body} `, secret), "signature-wrong"],
    ["hex where base64 is configured", signed(body, secret, "hex"), "signature-wrong"],
    [
      "the good signature twice",
      { "x-hub-signature-256": `${good["x-hub-signature-256"]},${good["x-hub-signature-256"]}` },
      "signature-wrong",
    ],
    ["no algorithm", { "x-hub-signature-256": `${good["x-hub-signature-256"]}`.slice(7) }, "signature-wrong"],
    ["the secret itself", { "x-api-key": secret, authorization: `Bearer ${secret}` }, "signature-missing"],
  ])("%s: 401, nothing stored, counted", async (_, headers, reason) => {
    const result = await bench.start()(httpEvent({ body, headers }));
    expect([result.statusCode, result.body]).toEqual([401, '{"message":"Unauthorized"}']);
    expect(bench.cloud.messages()).toEqual([]);
    expect(bench.cloud.messages("dead-letter")).toEqual([]);
    expect(await bench.cloud.keys()).toEqual([]);
    expect(logs.metric("EventsRejected")).toBe(1);
    expect(logs.lines().find((line) => "_aws" in line)).toMatchObject({ reason, environment: "test" });
    expect(logs.logs()).toEqual([
      expect.objectContaining({ message: "Request rejected", reason, status: 401 }),
    ]);
  });

  test("hex passes where the configuration says so", async () => {
    const receive = bench.start(hexWebhook);
    expect((await receive(httpEvent({ body, headers: signed(body, secret, "hex") }))).statusCode).toBe(200);
    expect((await receive(httpEvent({ body, headers: signed(body, secret) }))).statusCode).toBe(401);
  });

  test("the raw bytes are signed, whether they travel as text or in base64", async () => {
    const receive = bench.start();
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), fc.boolean(), async (name, base64) => {
        const bytes = Buffer.from(JSON.stringify({ webhookName: "any", name }));
        const event = httpEvent({ body: bytes, base64, headers: signed(bytes, secret) });
        expect((await receive(event)).statusCode).toBe(200);
      }),
      { numRuns: 50 },
    );
  });

  test("a wrong API key and a wrong bearer token are refused", async () => {
    const receive = bench.start();
    for (const headers of [
      { "x-api-key": secret },
      { authorization: "Bearer x" },
      { authorization: "Basic x" },
      {},
    ]) {
      expect((await receive(httpEvent({ path: "/data-action", body, headers }))).statusCode).toBe(401);
    }
    expect(bench.cloud.messages()).toEqual([]);
  });

  test.each(["unknown", "", "__proto__", "constructor", "toString"])(
    "an integration id that nobody configured (%j) is answered as a wrong signature is",
    async (unknown) => {
      const receive = bench.start();
      const send = (id: string, headers: Record<string, string>) =>
        receive(
          httpEvent({
            path: "/open-messaging/{integrationId}",
            pathParameters: { integrationId: id },
            body,
            headers,
          }),
        );
      const refused = await send(integrationId, signed(body, "another"));
      expect(await send(unknown, { ...good, "x-api-key": secret })).toEqual(refused);
      expect(refused.statusCode).toBe(401);
      expect(bench.cloud.messages()).toEqual([]);
    },
  );

  test.each(["well", "down", "placeholder", "deleted"])(
    "an unknown integration cannot be told from a known one by answers or reads, the store being %s",
    async (store) => {
      const before = bench.parameters.values.get("/open-messaging") ?? "";
      bench.parameters.down = store === "down";
      if (store === "placeholder") bench.parameters.values.set("/open-messaging", '{"current":"REPLACE-ME"}');
      if (store === "deleted") bench.parameters.values.delete("/open-messaging");
      /** What one integration's requests are answered by a new environment, and the reads that each costs. */
      const probe = async (id: string) => {
        const receive = bench.start();
        const seen: unknown[] = [];
        for (const headers of [{}, { "x-hub-signature-256": "x" }, signed(body, "a"), signed(body, "b")]) {
          const reads = bench.parameters.reads();
          const path = "/open-messaging/{integrationId}";
          const { statusCode, body: text } = await receive(
            httpEvent({ path, pathParameters: { integrationId: id }, body, headers }),
          );
          seen.push([statusCode, text, bench.parameters.reads() - reads]);
        }
        return seen;
      };
      const known = await probe(integrationId);
      expect(await probe("unknown")).toEqual(known);
      expect(await probe("")).toEqual(known);
      bench.parameters.down = false;
      bench.parameters.values.set("/open-messaging", before);
    },
  );

  test("an integration that nobody knows is let in by nobody's secret", async () => {
    const receive = bench.start();
    const path = "/open-messaging/{integrationId}";
    for (const id of Array.from({ length: 20 }, (_, i) => `integration-${i}`)) {
      const request = httpEvent({
        path,
        pathParameters: { integrationId: id },
        body,
        headers: signed(body, secret),
      });
      expect((await receive(request)).statusCode).toBe(401);
    }
    expect(bench.cloud.messages()).toEqual([]);
  });

  test("authentication none takes anything, once it is spelled out", async () => {
    const none: Record<string, AuthenticationSettings> = { "": { kind: "none" } };
    const receive = bench.start({ sources: [{ source: "webhook", authentication: none }] });
    expect((await receive(httpEvent({ body }))).statusCode).toBe(200);
    expect(bench.cloud.messages()).toHaveLength(1);
  });
});
