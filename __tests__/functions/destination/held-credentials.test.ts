import type { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { CredentialsSettings } from "../../../contract/variables/destination.ts";
import { parameterCredentials } from "../../../functions/destination/credentials.ts";

const MINUTE = 60_000;
const bearer: CredentialsSettings = { kind: "bearer", secretParameter: "/crm" };

/** Credentials over a store that answers what `value` is then: a text, nothing, or an error. */
function bench(settings: CredentialsSettings = bearer) {
  const store = { value: "one" as string | undefined | Error, answer: true, reads: 0, time: 0 };
  const send = async ({ input }: GetParameterCommand) => {
    store.reads++;
    expect(input).toEqual({ Name: "/crm", WithDecryption: true });
    if (store.value instanceof Error) throw store.value;
    return store.answer ? { Parameter: { Value: store.value } } : {};
  };
  const ssm = { send } as unknown as Pick<SSMClient, "send">;
  return { store, credentials: parameterCredentials(settings, ssm, () => store.time) };
}

test.each<[CredentialsSettings, string, string[], Record<string, string>]>([
  [bearer, "a b c", ["a b c"], { authorization: "Bearer a b c" }],
  [
    { kind: "basic", secretParameter: "/crm" },
    "user:pass",
    ["user:pass", "dXNlcjpwYXNz"],
    { authorization: "Basic dXNlcjpwYXNz" },
  ],
  [
    { kind: "api-key", header: "X-Key", secretParameter: "/crm" },
    "key-one",
    ["key-one"],
    { "x-key": "key-one" },
  ],
])("%j: the header goes out, and neither secret nor its value there is kept of an answer", async (...row) => {
  const [settings, value, secrets, headers] = row;
  const { store, credentials } = bench(settings);
  store.value = `\n${value} `;
  const held = await credentials.current();
  expect(held.headers).toEqual(headers);
  for (const secret of secrets)
    expect(held.redaction.scrub(`said ${secret} twice`)).toBe("said [secret] twice");
});

test.each<[string, CredentialsSettings, string]>([
  ["a name", { kind: "api-key", header: "no name", secretParameter: "/crm" }, "planted"],
  ["a value", bearer, "plan\nted"],
])("%s that cannot stand in a header is told without the value", async (_, settings, value) => {
  const { store, credentials } = bench(settings);
  store.value = value;
  await expect(credentials.current()).rejects.toMatchObject({
    name: "TransientError",
    message: "The destination's credentials cannot stand in an HTTP header.",
  });
});

test.each([
  [true, undefined],
  [false, undefined],
])("a parameter without a value is no secret yet (parameter there: %s)", async (there, value) => {
  const { store, credentials } = bench();
  Object.assign(store, { answer: there, value });
  await expect(credentials.current()).rejects.toThrow(
    "The parameter with the destination's credentials still holds its placeholder.",
  );
});

test("a store out of reach is told with its cause", async () => {
  const { store, credentials } = bench();
  store.value = new Error("no");
  await expect(credentials.current()).rejects.toMatchObject({
    message: "The destination's credentials could not be read from the parameter store.",
    cause: store.value,
  });
});

test("who is refused with credentials that were replaced meanwhile gets the newer ones, and nothing is read", async () => {
  const { store, credentials } = bench();
  const old = await credentials.current();
  store.value = "two";
  store.time += 5 * MINUTE;
  const newer = await credentials.current();
  expect([store.reads, await credentials.refused(old), store.reads]).toEqual([2, newer, 2]);
});

test("one refusal an interval asks the store, and the interval ends to the millisecond", async () => {
  const { store, credentials } = bench();
  const held = await credentials.current();
  store.time = MINUTE;
  expect([await credentials.refused(held), await credentials.refused(held), store.reads]).toEqual([
    undefined,
    undefined,
    2,
  ]);
  store.time += 5 * MINUTE - 1;
  expect([await credentials.refused(held), store.reads]).toEqual([undefined, 2]);
  store.time += 1;
  store.value = "two";
  expect(await credentials.refused(held)).toMatchObject({ headers: { authorization: "Bearer two" } });
  expect(store.reads).toBe(3);
});
