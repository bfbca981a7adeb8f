import { PLACEHOLDER_PARAMETER_VALUE, PLACEHOLDER_SECRET } from "../../../contract/secret.ts";
import type { CredentialsSettings } from "../../../contract/variables/destination.ts";
import { parameterClient, parameterCredentials } from "../../../functions/destination/credentials.ts";
import { type HttpSettings, openExchange } from "../../../functions/destination/exchange.ts";
import { outcomeOfAnswer, outcomeOfError } from "../../../functions/processor/classify.ts";
import { httpDestination } from "../../../functions/processor/destinations/http.ts";
import { startDestination, type TestDestination } from "../../support/destination.ts";
import { type ParameterStore, startParameterStore } from "../../support/parameter-store.ts";

process.env["AWS_REGION"] = "eu-west-1";
process.env["AWS_ACCESS_KEY_ID"] = "test";
process.env["AWS_SECRET_ACCESS_KEY"] = "test";

const parameter = "/crm";
const bearer: CredentialsSettings = { kind: "bearer", secretParameter: parameter };
const bytes = Buffer.from("{}");
let requests = 0;
const delivery = {
  event: { id: "id-1", source: "webhook" as const, body: { bytes } },
  bytes,
  nextAttempt: () => ++requests,
};
const minute = 60_000;
let store: ParameterStore;
let target: TestDestination;
let time = 0;

beforeEach(async () => {
  store = await startParameterStore({ [parameter]: "one" });
  target = await startDestination();
});
afterEach(async () => {
  await store.stop();
  await target.stop();
});

/** A destination with credentials of its own; the function returned delivers once and says how it went. */
function open(settings: CredentialsSettings = bearer) {
  const ssm = parameterClient({ endpoint: store.endpoint, attemptMilliseconds: 1_000, attempts: 1 });
  const http: HttpSettings = {
    kind: "http",
    url: target.url,
    timeoutMilliseconds: 5_000,
    maxResponseBytes: 1_000,
    allowPrivateAddresses: true,
    credentials: settings,
  };
  const destination = httpDestination(http, openExchange(http), {
    credentials: parameterCredentials(settings, ssm, () => time),
  });
  return () =>
    destination.deliver(delivery, new AbortController().signal).then(outcomeOfAnswer, outcomeOfError);
}

/** The destination takes this secret and no other. */
function accept(secret: string, refusal = 401) {
  target.answer = ({ headers }) => ({
    status: headers.authorization === `Bearer ${secret}` ? 200 : refusal,
    body: `you said ${headers.authorization}`,
  });
}

test.each<[string, CredentialsSettings, string, object]>([
  ["bearer", bearer, "token", { authorization: "Bearer token" }],
  [
    "basic",
    { kind: "basic", secretParameter: parameter },
    "user:pass",
    { authorization: "Basic dXNlcjpwYXNz" },
  ],
  [
    "api-key",
    { kind: "api-key", header: "X-Api-Key", secretParameter: parameter },
    "key",
    { "x-api-key": "key" },
  ],
  ["with a line end that crept in", bearer, "token\n", { authorization: "Bearer token" }],
])("%s credentials go out in their header", async (_, settings, secret, headers) => {
  store.values.set(parameter, secret);
  expect(await open(settings)()).toEqual({ class: "success", status: 200 });
  expect(target.requests[0]?.headers).toMatchObject(headers);
});

test("the parameter is read once for many events, and again when it is old", async () => {
  const deliver = open();
  await Promise.all([deliver(), deliver(), deliver()]);
  time += 4 * minute;
  await deliver();
  expect(store.reads()).toBe(1);
  store.values.set(parameter, "two");
  time += minute;
  await deliver();
  expect(store.reads()).toBe(2);
  expect(target.requests.at(-1)?.headers.authorization).toBe("Bearer two");
});

test("with the store down, the cached one serves; with none cached, the event comes again", async () => {
  const deliver = open();
  await deliver();
  store.down = true;
  time += 10 * minute;
  expect(await deliver()).toEqual({ class: "success", status: 200 });
  expect(await open()()).toEqual({
    class: "transient",
    message: "The destination's credentials could not be read from the parameter store.",
  });
});

test.each([PLACEHOLDER_SECRET, PLACEHOLDER_PARAMETER_VALUE, " "])(
  "a placeholder is no secret: %j",
  async (value) => {
    store.values.set(parameter, value);
    expect(await open()()).toMatchObject({
      class: "transient",
      message: expect.stringContaining("placeholder"),
    });
    expect(target.requests).toEqual([]);
  },
);

test("a secret that cannot stand in a header is not quoted", async () => {
  store.values.set(parameter, "planted\nsecret");
  const outcome = await open()();
  expect(outcome.class).toBe("transient");
  expect(JSON.stringify(outcome)).not.toContain("planted");
});

test.each([401, 403])("a rotation costs no event, however many are refused at once (%i)", async (refusal) => {
  const deliver = open();
  accept("one", refusal);
  await deliver();
  accept("two", refusal);
  store.values.set(parameter, "two");
  const outcomes = await Promise.all(Array.from({ length: 10 }, deliver));
  expect(outcomes).toEqual(Array(10).fill({ class: "success", status: 200 }));
  expect(store.reads()).toBe(2);
});

test("the request with the newer secret is an attempt of its own", async () => {
  const deliver = open();
  accept("one");
  await deliver();
  accept("two");
  store.values.set(parameter, "two");
  requests = 0;
  expect(await deliver()).toEqual({ class: "success", status: 200 });
  expect(target.requests.slice(-2).map(({ headers }) => headers["x-attempt"])).toEqual(["1", "2"]);
});

test("a refusal that stands is transient, and asks the store once in an interval", async () => {
  const deliver = open();
  accept("another");
  for (let n = 0; n < 5; n++) expect(await deliver()).toMatchObject({ class: "transient", status: 401 });
  expect(store.reads()).toBe(2); // the first use, and the first refusal
  expect(target.requests).toHaveLength(5);
  time += 5 * minute;
  store.values.set(parameter, "another");
  expect(await deliver()).toEqual({ class: "success", status: 200 });
});

test("a refusal while the store is out of reach is transient: nobody knows whether there is a newer secret", async () => {
  const deliver = open();
  accept("another");
  await deliver().catch(() => undefined);
  time += 6 * minute;
  store.down = true;
  expect(await deliver()).toMatchObject({ class: "transient" });
  expect(await deliver()).toMatchObject({ class: "transient" });
  expect(store.reads()).toBeLessThanOrEqual(5);
});

test.each<[CredentialsSettings, string]>([
  [bearer, "planted-secret/of+ours"],
  [{ kind: "basic", secretParameter: parameter }, "the-user:planted-password"],
  [{ kind: "api-key", header: "x-key", secretParameter: parameter }, 'planted"key&of-ours'],
])(
  "of $kind credentials nothing comes back in an answer, in whatever spelling; its words do",
  async (settings, secret) => {
    store.values.set(parameter, secret);
    const deliver = open(settings);
    const spellings: ((said: string) => string)[] = [
      (said) => said,
      (said) => JSON.stringify({ said }),
      encodeURIComponent,
      (said) => [...said].map((unit) => `&#${unit.charCodeAt(0)};`).join(""),
      (said) => Buffer.from(said).toString("base64"),
    ];
    for (const spell of spellings) {
      target.answer = ({ headers }) => {
        const sent = Object.values(headers).find(
          (value) => String(value).length > 20 && value !== headers.host,
        );
        const said = [
          secret,
          secret.slice(0, 12),
          secret.slice(9),
          String(headers.authorization ?? sent).slice(6),
        ];
        return { status: 400, body: `unknown ${said.map(spell).join(" or ")}, sorry` };
      };
      const { detail = "" } = (await deliver()) as { detail?: string };
      expect(detail).toMatch(/^unknown .*\[secret\]/);
      for (let at = 0; at + 8 <= secret.length; at++) {
        expect(detail).not.toContain(spell(secret.slice(at, at + 8)).replace(/^\{"said":"|"\}$/g, ""));
      }
    }
  },
);

test("a redirect that carries the secret is told without it", async () => {
  store.values.set(parameter, "planted-secret");
  target.answer = () => ({ status: 302, headers: { location: "/login/planted%2Dsecret/again" } });
  expect(await open()()).toMatchObject({
    message: "The destination answered 302, and points to /login/[secret]/again.",
  });
});
