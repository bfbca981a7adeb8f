import { createHmac } from "node:crypto";
import { parameterClient } from "../../../functions/destination/credentials.ts";
import { type HttpSettings, openExchange } from "../../../functions/destination/exchange.ts";
import { parameterSigner } from "../../../functions/destination/signing.ts";
import { outcomeOfAnswer, outcomeOfError } from "../../../functions/processor/classify.ts";
import { httpDestination } from "../../../functions/processor/destinations/http.ts";
import { openDestination } from "../../../functions/processor/destinations/open.ts";
import { startDestination } from "../../support/destination.ts";
import { forEachTest } from "../../support/hooks.ts";
import { startParameterStore } from "../../support/parameter-store.ts";

process.env["AWS_REGION"] = "eu-west-1";
process.env["AWS_ACCESS_KEY_ID"] = "test";
process.env["AWS_SECRET_ACCESS_KEY"] = "test";

const secretParameter = "/signing";
const signing = { kind: "standard-webhooks", secretParameter } as const;
const bytes = Buffer.from('{ "text": "😀\uFFFF", "n": 1.0 }\n');
const start = Date.parse("2026-11-24T12:00:00.900Z");

const store = forEachTest(() => startParameterStore({ [secretParameter]: '{"current":"the-first-secret"}' }));
const target = forEachTest(() => startDestination());
let time = start;
let requests = 0;
beforeEach(() => {
  [time, requests] = [start, 0];
});

const settings = (): HttpSettings => ({
  kind: "http",
  url: target.url,
  timeoutMilliseconds: 5_000,
  maxResponseBytes: 1_000,
  allowPrivateAddresses: true,
});
const secrets = () => ({ endpoint: store.endpoint, attemptMilliseconds: 1_000, attempts: 1 });
const put = (value: unknown) =>
  store.values.set(secretParameter, typeof value === "string" ? value : JSON.stringify(value));

/** A destination as a new execution environment has it; the function returned delivers one event. */
function open() {
  const sign = parameterSigner(signing, parameterClient(secrets()), () => time);
  const destination = httpDestination(settings(), openExchange(settings()), { sign });
  return (id = "webhook|7~aa") =>
    destination
      .deliver(
        { event: { id, source: "webhook", body: { bytes } }, bytes, nextAttempt: () => ++requests },
        new AbortController().signal,
      )
      .then(outcomeOfAnswer, outcomeOfError);
}

/** As a destination would, by the specification. */
function expected(key: string | Buffer, id: string, seconds: number): string {
  const content = Buffer.concat([Buffer.from(`${id}.${seconds}.`), bytes]);
  return `v1,${createHmac("sha256", key).update(content).digest("base64")}`;
}

const last = () => target.requests.at(-1)?.headers ?? {};

test("a delivery is signed over id, time and bytes, each request anew", async () => {
  const deliver = open();
  expect(await deliver()).toMatchObject({ class: "success" });
  expect(last()).toMatchObject({
    "webhook-id": "webhook|7~aa",
    "idempotency-key": "webhook|7~aa",
    "webhook-timestamp": "1795521600",
    "webhook-signature": expected("the-first-secret", "webhook|7~aa", 1795521600),
  });
  time += 60_000;
  await deliver();
  expect(last()).toMatchObject({
    "webhook-id": "webhook|7~aa",
    "webhook-signature": expected("the-first-secret", "webhook|7~aa", 1795521660),
  });
  expect(store.reads()).toBe(1);
});

test("the specification's own example", async () => {
  // https://github.com/standard-webhooks/standard-webhooks/blob/main/libraries/javascript/src/index.test.ts
  put({ current: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" });
  time = 1614265330_000;
  const sign = parameterSigner(signing, parameterClient(secrets()), () => time);
  const headers = await sign("msg_p5jXN8AQM9LWM0D4loKWxJek", Buffer.from('{"test": 2432232314}'));
  expect(headers["webhook-signature"]).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
});

test("what does not fit a header is signed as it stands there", async () => {
  await open()("ä\n");
  expect(last()["webhook-signature"]).toBe(expected("the-first-secret", "%C3%A4%0A", 1795521600));
});

test("while they change, both secrets sign, the new one first", async () => {
  put({ current: "whsec_AAECAwQF", previous: "the-first-secret", rotation: { step: "announced" } });
  await open()();
  expect(last()["webhook-signature"]).toBe(
    [
      expected(Buffer.from([0, 1, 2, 3, 4, 5]), "webhook|7~aa", 1795521600),
      expected("the-first-secret", "webhook|7~aa", 1795521600),
    ].join(" "),
  );
});

test("a new secret signs within five minutes; what cannot be read meanwhile changes nothing", async () => {
  const deliver = open();
  await deliver();
  put({ current: "the-second-secret" });
  time += 299_000;
  await deliver();
  expect(last()["webhook-signature"]).toBe(expected("the-first-secret", "webhook|7~aa", 1795521899));
  time += 1_000;
  store.down = true;
  await deliver();
  expect(last()["webhook-signature"]).toBe(expected("the-first-secret", "webhook|7~aa", 1795521900));
  store.down = false;
  time += 5_000;
  await deliver();
  expect(last()["webhook-signature"]).toBe(expected("the-second-secret", "webhook|7~aa", 1795521905));
});

test.each([
  ["the placeholder", '{"current":"REPLACE-ME"}', /holds none/],
  ["no JSON", "planted", /holds none/],
  ["nothing", "", /holds none/],
  ["a secret that nobody can read", undefined, /could not be read/],
])("%s: nothing is sent, nothing counts as an attempt, and the event comes again", async (_, value, said) => {
  if (value === undefined) store.down = true;
  else put(value);
  const deliver = open();
  for (const outcome of await Promise.all([deliver(), deliver(), deliver()])) {
    expect(outcome).toMatchObject({ class: "transient", message: expect.stringMatching(said) });
    expect(JSON.stringify(outcome)).not.toContain("planted");
  }
  await deliver();
  expect({ requests, reads: store.reads(), sent: target.requests.length }).toEqual({
    requests: 0,
    reads: 1,
    sent: 0,
  });
  store.down = false;
  put({ current: "the-first-secret" });
  time += 5_000;
  expect(await deliver()).toMatchObject({ class: "success" });
});

test.each([
  ["as the configuration says", signing, true],
  ["not at all where it says nothing", undefined, false],
])("deliveries are signed %s", async (_, given, isSigned) => {
  const destination = await openDestination(
    { ...settings(), ...(given && { signing: given }) },
    { openExchange, secrets: secrets() },
  );
  const event = { id: "i", source: "webhook" as const, body: { bytes } };
  await destination.deliver({ event, bytes, nextAttempt: () => 1 }, new AbortController().signal);
  expect("webhook-signature" in last()).toBe(isSigned);
  expect(store.reads()).toBe(isSigned ? 1 : 0);
});
