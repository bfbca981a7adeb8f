import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { isThisMachine, replay, replayUrl } from "../../../cli/dlq/replay.ts";
import { sha256 } from "../../../contract/event/envelope.ts";
import { readEnvelope } from "../../../contract/event/read-envelope.ts";
import { envelopeWithReference } from "../../../contract/event/write-envelope.ts";
import { openExchange } from "../../../functions/destination/exchange.ts";
import { parameterSigner } from "../../../functions/destination/signing.ts";
import { httpDestination } from "../../../functions/processor/destinations/http.ts";
import { type DeadLetters, startDeadLetters } from "../../support/dead-letters.ts";
import { startDestination, type TestDestination } from "../../support/destination.ts";
import { envelopeFor, headFor } from "../../support/envelopes.ts";

let deadLetters: DeadLetters;
let server: TestDestination;

beforeAll(async () => {
  deadLetters = await startDeadLetters();
  server = await startDestination();
});
afterAll(async () => {
  await deadLetters.stop();
  await server.stop();
});
beforeEach(async () => {
  await deadLetters.reset();
  server.reset();
});

const lines = (text: string) =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test("goes out to the byte and to the header as the processor sends it", async () => {
  const bytes = Buffer.from('{ "n": 12345678901234567890, "smile": "😀\uFFFF" }\n');
  const event = readEnvelope(envelopeFor(bytes, { event_type: "Kontakt ä", integration_id: "main" }));
  const secret = "whsec_c2VjcmV0";
  const settings = {
    kind: "http",
    url: `${server.url}?tenant=1`,
    timeoutMilliseconds: 5_000,
    maxResponseBytes: 1_000,
    allowPrivateAddresses: true,
  } as const;
  const parameter = { Parameter: { Value: JSON.stringify({ current: secret }) } };
  const sign = parameterSigner({ kind: "standard-webhooks", secretParameter: "/signing" }, {
    send: async () => parameter,
  } as unknown as Parameters<typeof parameterSigner>[1]);
  const destination = httpDestination(settings, openExchange(settings), { sign });
  const fromProcessor = { event, bytes, nextAttempt: () => 6 };
  await destination.deliver(fromProcessor, AbortSignal.timeout(5_000));
  const options = { timeoutMilliseconds: 5_000, signingSecret: secret };
  await replay({ event, bytes, attempt: 6 }, new URL(settings.url), options);

  const [real, replayed] = server.requests.map(({ method, path, headers, body }) => {
    const { "webhook-timestamp": timestamp, "webhook-signature": signature, ...rest } = headers;
    return {
      method,
      path,
      rest,
      body: body.toString("base64"),
      signed: [typeof timestamp, typeof signature],
    };
  });
  expect(replayed).toEqual(real);
  expect(replayed?.signed).toEqual(["string", "string"]);
});

test("one event goes to a server of one's own, and nothing changes", async () => {
  await deadLetters.put("one");
  await deadLetters.put("other");
  const before = deadLetters.state();
  const { code, stdout } = await deadLetters.dlq("replay", "id-one", "--to", server.url);
  expect(stdout).toMatch(/^[0-9a-f]{12} {2}200 {2}\d+ ms.*\n$/);
  expect(code).toBe(0);
  const [request, ...others] = server.requests;
  expect(others).toEqual([]);
  expect(request?.body.toString()).toBe("one");
  expect(request?.headers).toMatchObject({ "x-attempt": "6", "x-event-type": "conversation:ended" });
  expect(deadLetters.state().map(({ id, body, visible }) => ({ id, body, visible }))).toEqual(
    expect.arrayContaining(before.map(({ id, body }) => ({ id, body, visible: true }))),
  );
  expect(deadLetters.cloud.messages("main")).toEqual([]);
});

test("an answer that is no success is told, and so is none at all", async () => {
  await deadLetters.put("one");
  server.answer = () => ({ status: 422, body: "no\u001b[31m such\ncontact" });
  const refused = await deadLetters.dlq("replay", "id-one", "--to", server.url);
  expect(refused.code).toBe(1);
  expect(refused.stdout).toMatch(/^[0-9a-f]{12} {2}422 {2}\d+ ms {2}no.* such contact\n$/);
  expect(refused.stdout).not.toContain("\u001b");

  const gone = await startDestination();
  await gone.stop();
  const unreachable = await deadLetters.dlq("replay", "id-one", "--to", gone.url, "--json");
  expect(unreachable.code).toBe(1);
  expect(lines(unreachable.stdout)).toMatchObject([{ answer: "ECONNREFUSED", text: "" }]);
});

test("a claim-checked event comes out of the bucket; one that is not there is said to be missing", async () => {
  const bytes = Buffer.from("big");
  const reference = { bucket: deadLetters.cloud.bucket, key: "claim-checks/one", bytes: bytes.length };
  await deadLetters.putMessage(envelopeWithReference(headFor(bytes, { id: "claimed" }), reference));
  const missing = await deadLetters.dlq("replay", "claimed", "--to", server.url);
  expect(missing.code).toBe(3);
  expect(missing.stdout).toMatch(
    /^[0-9a-f]{12} {2}not sent: Its event is no longer in the overflow bucket\.\n$/,
  );
  await deadLetters.cloud.s3.send(
    new PutObjectCommand({ Bucket: reference.bucket, Key: reference.key, Body: bytes }),
  );
  expect((await deadLetters.dlq("replay", "claimed", "--to", server.url)).code).toBe(0);
  expect(server.requests.map(({ body }) => sha256(body))).toEqual([sha256(bytes)]);
});

test("an export is replayed without any queue, all of it or what is chosen", async () => {
  await deadLetters.put("one");
  await deadLetters.put("two", { class: "permanent" });
  const file = join(deadLetters.folder, "replay.jsonl");
  await deadLetters.dlq("export", file, "--yes");
  await deadLetters.reset();
  expect((await deadLetters.dlq("replay", "--file", file, "--to", server.url)).code).toBe(0);
  expect(server.requests.map(({ body }) => body.toString()).sort()).toEqual(["one", "two"]);
  server.reset();
  await deadLetters.dlq("replay", "--file", file, "--class", "permanent", "--to", server.url);
  expect(server.requests.map(({ body }) => body.toString())).toEqual(["two"]);
  const nobody = await deadLetters.dlq("replay", "nobody", "--file", file, "--to", server.url);
  expect(nobody).toMatchObject({ code: 3, stdout: expect.stringContaining("Nothing was sent.") });

  await writeFile(file, "{}\n");
  const foreign = await deadLetters.dlq("replay", "--file", file, "--to", server.url);
  expect(foreign).toMatchObject({ code: 1, stdout: "" });
  expect(foreign.stderr).toContain("No export wrote line 1 of");
});

test("no more than the limit goes out, the last to die first; how many more there are is said", async () => {
  for (const hour of ["07", "08", "09"])
    await deadLetters.put(`at ${hour}`, { lastAttemptAt: `2026-11-24T${hour}:00:00.000Z` });
  const { stderr } = await deadLetters.dlq(
    "replay",
    "--class",
    "exhausted",
    "--limit",
    "2",
    "--to",
    server.url,
  );
  expect(server.requests.map(({ body }) => body.toString())).toEqual(["at 09", "at 08"]);
  expect(stderr).toContain("1 more is chosen: --limit 3 sends all.");
});

test("nothing goes to another machine unasked, and nothing without a choice", async () => {
  await deadLetters.put("one");
  const elsewhere = await deadLetters.dlq("replay", "id-one", "--to", "http://crm.example.com/hook");
  expect(elsewhere).toMatchObject({ code: 2, stdout: "" });
  expect(elsewhere.stderr).toContain("There is no terminal to ask on.");
  const unchosen = await deadLetters.dlq("replay", "--to", server.url);
  expect(unchosen).toMatchObject({ code: 2, stderr: expect.stringContaining("Which dead letter?") });
  const noUrl = await deadLetters.dlq("replay", "id-one", "--to", "ftp://localhost/x");
  expect(noUrl).toMatchObject({ code: 2, stderr: expect.stringContaining("is no http or https URL") });
  expect(server.requests).toEqual([]);
});

test.each([
  ["http://localhost:3000", true],
  ["localhost:3000", true],
  ["http://app.localhost/", true],
  ["http://127.1.2.3/", true],
  ["http://[::1]:8080/", true],
  ["http://127.0.0.1.example.com/", false],
  ["http://localhost.example.com/", false],
  ["http://10.0.0.1/", false],
  ["https://example.com", false],
])("%s is this machine: %s", (text, own) => {
  expect(isThisMachine(replayUrl(text))).toBe(own);
});
