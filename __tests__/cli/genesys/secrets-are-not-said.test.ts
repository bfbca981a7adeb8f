import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { jest } from "@jest/globals";
import type { EnvironmentInput } from "../../../infra/settings.ts";
import type { Fault } from "../../support/genesys/faults.ts";
import { CLIENT, GenesysStandIn } from "../../support/genesys/stand-in.ts";
import { forAllTests } from "../../support/hooks.ts";
import { runInProcess } from "../../support/in-process.ts";
import { localRun } from "../../support/local-bench.ts";
import { quickInput } from "../../support/local-run.ts";

jest.setTimeout(120_000);

const HEADER = "planted-header-value-Qw7";
const input: EnvironmentInput = {
  ...quickInput,
  sources: {
    webhook: { authentication: { kind: "signature" } },
    "open-messaging": { integrations: { main: { kind: "signature" } } },
  },
};

const genesys = forAllTests(() => GenesysStandIn.start({ requestsPerMinute: 1e9 }));
const bench = localRun({ input });
/** Signature secrets, as the local run made them. */
let signatureSecrets: string[];

beforeAll(async () => {
  const file = await readFile(join(bench.data, "parameters.json"), "utf8");
  const parameters = JSON.parse(file) as Record<string, { readonly value: string }>;
  signatureSecrets = Object.values(parameters).map(
    ({ value }) => (JSON.parse(value) as { current: string }).current,
  );
  Object.assign(process.env, {
    GENESYSCLOUD_OAUTHCLIENT_ID: CLIENT.id,
    GENESYSCLOUD_OAUTHCLIENT_SECRET: CLIENT.secret,
    XDG_CACHE_HOME: join(bench.workshop.folder, "cache"),
  });
});
afterEach(() => {
  genesys.reset();
  process.env["GENESYSCLOUD_OAUTHCLIENT_SECRET"] = CLIENT.secret;
});

const topic = ["--topic", "t"];
const trigger = [...topic, "--workflow", "w"];
const header = ["--header", `x-key=${HEADER}`];
/** Every command under `genesys` that speaks with Genesys; what changes something comes after what creates it. */
const commands: readonly (readonly string[])[] = [
  ["token"],
  ["token", "--renew"],
  ["token", "--renew", "--oauth", "tutorial"],
  ["webhooks", "create"],
  ["webhooks", "list"],
  ["webhooks", "update", "--name", "genesys-events-test", "--no-enabled"],
  ["webhooks", "delete", "--name", "genesys-events-test", "--yes"],
  ["open-messaging", "create", ...header],
  ["open-messaging", "create", "--dry-run"],
  ["open-messaging", "list"],
  ["open-messaging", "update", "--name", "genesys-events-test-main", ...header],
  ["open-messaging", "update", "--name", "genesys-events-test-main", "--header", "x-key=another"],
  ["open-messaging", "delete", "--name", "genesys-events-test-main", "--yes"],
  ["eventbridge", "create", ...topic],
  ["eventbridge", "list"],
  ["eventbridge", "update", "--name", "genesys-events-test", "--suffix", "b"],
  ["eventbridge", "delete", "--name", "genesys-events-test", "--yes"],
  ["trigger", "create", ...trigger],
  ["trigger", "list"],
  ["trigger", "update", "--name", "genesys-events-test", "--no-enabled"],
  ["trigger", "delete", "--name", "genesys-events-test", "--yes"],
];

/** A platform that repeats everything that it was told, in whatever it answers, and what else it knows. */
function echo(told: string): string {
  const all = `${CLIENT.secret} ${told}`;
  return JSON.stringify({
    // The command shortens it in the middle of a secret.
    message: `${"x".repeat(288)} ${all}`,
    messageParams: { permissions: `messaging:integration:add ${all}` },
    error: `${"x".repeat(288)} ${all}`,
    description: all,
    entities: [{ id: all, name: all, outboundNotificationWebhookUrl: `https://a.example/?${all}` }],
    id: all,
    name: all,
    organization: { name: all },
  });
}

const ANY = /\/api\/v2\//;
const WRITES = /^(POST|PUT|PATCH|DELETE) \/api\/v2\//;
const OAUTH = /oauth/;
const soon = { "retry-after": "600" }; // longer than the command goes on trying: it gives up at once

const modes: readonly (readonly [string, RegExp, Extract<Fault, { readonly status: number }>])[] = [
  ...[200, 400, 401, 403, 404, 409, 418].map((status) => [`a ${status}`, ANY, { status }] as const),
  ...[400, 401, 403, 404, 409].map(
    (status) => [`a ${status} to what changes something`, WRITES, { status }] as const,
  ),
  ["a 429", ANY, { status: 429, headers: soon }],
  ["a 429 to what changes something", WRITES, { status: 429, headers: soon }],
  ["a 503", ANY, { status: 503, headers: soon }],
  ["a 503 to what changes something", WRITES, { status: 503, headers: soon }],
  ...[200, 400, 401, 403, 500].map(
    (status) => [`a ${status} in place of a token`, OAUTH, { status, headers: soon }] as const,
  ),
];

/** Runs the command for a person and for a script. @throws where it says a secret, in any spelling, or part of one */
async function saysNoSecret(args: readonly string[]): Promise<void> {
  for (const more of [[], ["--json"]]) {
    const result = await runInProcess([
      "genesys",
      ...args,
      ...more,
      "--data",
      bench.data,
      "--genesys-url",
      genesys.url,
    ]);
    const said = `${result.stdout}${result.stderr}${result.stack}`;
    const basic = Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString("base64");
    const secrets = [
      CLIENT.secret,
      basic,
      HEADER,
      ...signatureSecrets,
      ...genesys.oauth.accessTokens.slice(-4),
    ];
    const forms = secrets.flatMap((secret) => [
      secret.slice(0, 10),
      Buffer.from(secret).toString("base64"),
      encodeURIComponent(secret),
    ]);
    const leaked = [basic, ...forms].find((form) => said.includes(form));
    if (leaked !== undefined) throw new Error(`${args.join(" ")} said ${leaked}:\n${said}`);
    expect(said).not.toMatch(/nobody foresaw|TypeError/);
  }
}

test("where all goes well", async () => {
  genesys.openMessaging.showsSecret = true;
  for (const args of commands) await saysNoSecret(args);
});

test.each(modes)("%s that repeats everything", async (_, request, fault) => {
  await saysNoSecret(["token", "--renew"]);
  for (const args of commands.filter((each) => request !== OAUTH || each.includes("--renew"))) {
    if (request === WRITES) await prepare(args);
    genesys.faults.plan(request, { ...fault, body: echo }, Number.POSITIVE_INFINITY);
    await saysNoSecret(args);
    genesys.faults.clear();
  }
});

/** What a change or a deletion needs. */
async function prepare([group = "", verb]: readonly string[]): Promise<void> {
  if (verb !== "update" && verb !== "delete") return;
  const create = commands.find(([each, second]) => each === group && second === "create") ?? [];
  await saysNoSecret(create);
}

test("a wrong secret", async () => {
  process.env["GENESYSCLOUD_OAUTHCLIENT_SECRET"] = "planted-wrong-secret";
  const { stderr } = await runInProcess(["genesys", "token", "--renew", "--genesys-url", genesys.url]);
  expect(stderr).toMatch(/^error: Genesys Cloud refuses the client id or the client secret/);
  expect(stderr).not.toContain("planted-wrong-secret");
});
