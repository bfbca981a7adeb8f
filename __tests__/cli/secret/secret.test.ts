import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jest } from "@jest/globals";
import type { SecretValue } from "../../../contract/secret.ts";
import type { CommandContext } from "../../support/command.ts";
import { runInProcess } from "../../support/in-process.ts";
import { localRun } from "../../support/local-bench.ts";
import { quickInput } from "../../support/local-run.ts";
import { runOnTerminal } from "../../support/terminal.ts";

jest.setTimeout(180_000);

const PARAMETER = "/genesys-events/test/webhook";
/** `secretRefreshSeconds` of the run. */
const REFRESH_SECONDS = quickInput.secretRefreshSeconds ?? 300;
const PLACEHOLDER = '{"current":"REPLACE-ME"}';

const bench = localRun({
  input: {
    ...quickInput,
    sources: {
      webhook: { authentication: { kind: "signature" } },
      "data-action": { authentication: { kind: "none" } },
    },
    destination: {
      kind: "http",
      url: "https://destination.example.com/events",
      timeoutSeconds: 5,
      signing: { kind: "standard-webhooks" },
    },
  },
});
const { run } = bench;

const secret = (args: readonly string[], place: CommandContext = {}) =>
  runInProcess(["secret", ...args, "--data", bench.data], place);
const stored = () => JSON.parse(run.cloud.parameters.value(PARAMETER) ?? "") as SecretValue;

async function put(Value: string): Promise<void> {
  const { PutParameterCommand, SSMClient } = await import("@aws-sdk/client-ssm");
  const ssm = new SSMClient(run.cloud.operatorConfig());
  await ssm.send(new PutParameterCommand({ Name: PARAMETER, Value, Overwrite: true }));
  ssm.destroy();
}

test("a first secret takes the placeholder's place: generated, long, said only where that is asked for", async () => {
  await put(PLACEHOLDER);
  const quiet = await secret(["set"]);
  expect(quiet).toEqual({ code: 0, stdout: `The secret of webhook is set, in ${PARAMETER}.\n`, stderr: "" });
  const first = stored();
  expect(first).toEqual({ current: expect.stringMatching(/^[\w-]{43}$/) });
  await put(PLACEHOLDER);
  const { stdout } = await secret(["set", "webhook", "--print"]);
  expect(stdout).toBe(`${stored().current}\n`);
  expect(stored()).not.toEqual(first);
});

test("a secret that is there is left alone, but for --replace", async () => {
  const before = stored();
  const refused = await secret(["set"]);
  expect(refused).toMatchObject({ code: 1, stdout: "" });
  expect(refused.stderr).toMatch(
    /^error: webhook has a secret already.*\nnpm run genesys-dlq -- secret rotate /,
  );
  expect(stored()).toEqual(before);
  const at = Date.now();
  const { code, stdout, stderr } = await secret(["set", "--replace", "--json"]);
  expect(code).toBe(0);
  expect(stored()).not.toEqual(before);
  // It says from when it holds: receivers keep what they have read for so long.
  const { holds_from: holdsFrom } = JSON.parse(stdout) as { holds_from: string };
  expect(Date.parse(holdsFrom)).toBeGreaterThanOrEqual(at + REFRESH_SECONDS * 1_000);
  expect(stderr).toContain(
    `The secret that webhook had is refused everywhere from ${holdsFrom} at the latest, ${REFRESH_SECONDS} s from now`,
  );
});

describe("--refresh-seconds below what receivers take to read a secret", () => {
  const args = [
    "rotate",
    "webhook",
    "--manual",
    "--switched",
    "--grace-seconds",
    "0.001",
    "--refresh-seconds",
  ];

  test("is refused for an environment that is deployed, before anything is changed", async () => {
    await put('{"current":"the-old-secret-of-webhook"}');
    const file = join(await mkdtemp(join(tmpdir(), "outputs-")), "outputs.json");
    await writeFile(file, JSON.stringify({ test: run.stack.outputs }));
    const { accessKeyId } = run.cloud.operatorConfig().credentials;
    const env = {
      AWS_ENDPOINT_URL: run.cloud.url,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: "local",
    };
    const { code, stderr } = await runInProcess(["secret", ...args, "1", "--outputs", file], { env });
    expect(code).toBe(2);
    expect(stderr).toMatch(
      new RegExp(
        `^error: --refresh-seconds 1 is too short: .* up to ${REFRESH_SECONDS} s\\.\nLeave the option out, or give ${REFRESH_SECONDS} or more\\.\n`,
      ),
    );
    expect(stored()).toEqual({ current: "the-old-secret-of-webhook" });
  });

  test("is a note in a local run", async () => {
    const { code, stderr } = await secret([...args, "0.001"]);
    expect(code).toBe(0);
    expect(stderr).toContain("This local run may refuse events until then.");
  });
});

describe("what signs deliveries", () => {
  const SIGNING = "/genesys-events/test/destination-signing";
  const held = () => JSON.parse(run.cloud.parameters.value(SIGNING) ?? "") as SecretValue;

  test("is set and replaced as a source's secret is, in the form that Standard Webhooks gives it", async () => {
    expect((await secret(["set", "destination-signing"])).stderr).toMatch(/the destination may know it/);
    const { code, stdout, stderr } = await secret(["set", "destination-signing", "--replace", "--print"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^whsec_[A-Za-z0-9+/]{43}=\n$/);
    expect(stderr).toMatch(/^Deliveries are signed with it from \S+ at the latest, 300 s from now\.\n$/);
    expect(held()).toEqual({ current: stdout.trim() });
  });

  test("is rotated by hand: both sign until the destination has been told", async () => {
    const { current: old } = held();
    const soon = ["--refresh-seconds", "0.001", "--grace-seconds", "0.001"];
    const first = await secret(["rotate", "destination-signing", ...soon]);
    expect(first.code).toBe(3);
    expect(first.stdout).toMatch(
      /^Both secrets of destination-signing sign, and the destination has the old one/,
    );
    expect(held()).toMatchObject({ previous: old, rotation: { step: "announced" } });
    const second = await secret(["rotate", "destination-signing", "--switched", ...soon]);
    expect(second).toMatchObject({
      code: 0,
      stdout: "The secret of destination-signing has been replaced; the old one does not sign any more.\n",
    });
    expect(second.stderr).toContain("The destination knows the new secret.");
    expect(held().previous).toBeUndefined();
  });
});

test("one on stdin is taken as it is, never said, and refused where Genesys would take none so short", async () => {
  const given = "a secret of my own ✓";
  const place = { input: `${given}\n` };
  const { code, stdout, stderr } = await secret(["set", "--replace", "--stdin", "--print"], place);
  expect(code).toBe(0);
  expect(stdout + stderr).not.toContain(given);
  expect(stored()).toEqual({ current: given });
  const short = await secret(["set", "--replace", "--stdin"], { input: "too short" });
  expect(short).toMatchObject({ code: 2, stdout: "" });
  expect(short.stderr).toMatch(/shorter than 16 characters/);
  expect(stored()).toEqual({ current: given });
});

test.each([
  [["rotate", "webhook"], "no client", 2, /^error: No OAuth client is given\./],
  [["rotate", "--switched"], "", 2, /--switched goes with --manual/],
  [
    ["rotate", "data-action"],
    "",
    2,
    /^error: data-action of the local run of test takes events without a secret\./,
  ],
  [
    ["set", "destination-signing", "--integration", "x"],
    "",
    2,
    /^error: A destination has no integrations\./,
  ],
  [["set", "open-messaging"], "", 2, /takes in no open-messaging\.\nIt takes in: webhook, data-action\./],
])("%j: what cannot be done is told before anything is touched", async (args, _why, code, said) => {
  const before = run.cloud.parameters.value(PARAMETER);
  const result = await secret(args);
  expect(result).toMatchObject({ code, stdout: "" });
  expect(result.stderr).toMatch(said);
  expect(run.cloud.parameters.value(PARAMETER)).toBe(before);
});

test.each([
  [
    PLACEHOLDER,
    /^error: The secret of webhook has not been set: .*\n.*npm run genesys-dlq -- secret set webhook\n$/,
  ],
  [
    "planted-not-json",
    /^error: The parameter \S+ does not hold \{"current": "…"\}: .*\n.*secret set webhook --replace\n$/,
  ],
])("a parameter that holds %s is no secret to rotate, and is not said", async (value, said) => {
  await put(value);
  const { code, stderr } = await secret(["rotate", "--manual"]);
  expect(code).toBe(1);
  expect(stderr).toMatch(said);
  expect(stderr).not.toContain(value);
});

test("at a terminal, it asks whether Genesys has been changed by hand, and shows the waits", async () => {
  await put('{"current":"the-old-secret-of-webhook"}');
  const args = [
    "secret",
    "rotate",
    "--manual",
    "--refresh-seconds",
    "4",
    "--grace-seconds",
    "1",
    "--data",
    bench.data,
  ];
  const terminal = runOnTerminal(args);
  await terminal.until(/of 4 seconds until every receiver takes both secrets/);
  await terminal.until(/Does Genesys sign webhook with it now\? \[y\/N\] /);
  expect(stored()).toMatchObject({ previous: "the-old-secret-of-webhook", rotation: { step: "announced" } });
  terminal.type("y\r");
  expect(await terminal.exitCode).toBe(0);
  expect(terminal.shown()).toMatch(/The secret of webhook has been replaced/);
  expect(stored().previous).toBeUndefined();
});
