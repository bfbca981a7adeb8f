import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { PLACEHOLDER_PARAMETER_VALUE, PLACEHOLDER_SECRET } from "../../../contract/secret.ts";
import type { EnvironmentInput } from "../../../infra/settings.ts";
import { type CommandContext, runCommand } from "../../support/command.ts";
import { CLIENT, GenesysStandIn } from "../../support/genesys/stand-in.ts";
import { forAllTests } from "../../support/hooks.ts";
import { runInProcess } from "../../support/in-process.ts";
import { localRun } from "../../support/local-bench.ts";
import { quickInput } from "../../support/local-run.ts";

const input: EnvironmentInput = {
  ...quickInput,
  sources: {
    webhook: { authentication: { kind: "signature" } },
    "open-messaging": { integrations: { main: { kind: "signature" }, other: { kind: "signature" } } },
  },
};

const genesys = forAllTests(() => GenesysStandIn.start());
const bench = localRun({ input });
const { workshop, run } = bench;

beforeAll(() => {
  process.env["XDG_CACHE_HOME"] = join(workshop.folder, "cache");
});
afterEach(() => genesys.reset());

const credentials = {
  GENESYSCLOUD_OAUTHCLIENT_ID: CLIENT.id,
  GENESYSCLOUD_OAUTHCLIENT_SECRET: CLIENT.secret,
};

const there = () => ["--data", bench.data, "--genesys-url", genesys.url];

/** `genesys-dlq genesys …` against the local run and the stand-in, in this process. */
async function genesysDlq(args: readonly string[], env: Partial<typeof credentials> = credentials) {
  for (const name of Object.keys(credentials)) delete process.env[name];
  Object.assign(process.env, env);
  return runInProcess(["genesys", ...args, ...there()]);
}

/** The same as a process of its own. */
function asProcess(args: readonly string[], place: CommandContext = { env: credentials }) {
  const cache = { XDG_CACHE_HOME: join(workshop.folder, "cache-of-processes") };
  return runCommand(["genesys", ...args, ...there()], { ...place, env: { ...cache, ...place.env } });
}

async function json(...args: string[]) {
  const { code, stdout, stderr } = await genesysDlq([...args, "--json"]);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

/** The secret that the local run made for a source. */
async function secretOf(source: string): Promise<string> {
  const file = JSON.parse(await readFile(join(bench.data, "parameters.json"), "utf8")) as Record<
    string,
    { value: string }
  >;
  const value = Object.entries(file).find(([name]) => name.endsWith(source))?.[1].value ?? "{}";
  return (JSON.parse(value) as { current: string }).current;
}

async function put(Name: string, Value: string): Promise<void> {
  const ssm = new SSMClient(run.cloud.operatorConfig());
  await ssm.send(new PutParameterCommand({ Name, Value, Type: "SecureString", Overwrite: true }));
  ssm.destroy();
}

describe("token", () => {
  test("says where it is valid and how long, and not what it is", async () => {
    const { code, stdout, stderr } = await asProcess(["token"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^organisation {2}Example Contact Centre \(/);
    expect(stdout).toMatch(/\ntoken {9}valid until \d{4}-.*, new\n$/);
    expect(await json("token")).toMatchObject({ cached: false });
    expect(await json("token")).toMatchObject({
      cached: true,
      client: { id: CLIENT.id, name: "genesys-dlq" },
    });
    expect(await json("token", "--renew")).toMatchObject({ cached: false });
    expect(await json("token", "--forget")).toEqual({ forgotten: true });
    expect(await json("token")).toMatchObject({ cached: false });
    for (const token of genesys.oauth.accessTokens) expect(stdout).not.toContain(token);
  });

  test("the secret from stdin, and the tutorial's flow", async () => {
    const place = { env: {}, input: `${CLIENT.secret}\n` };
    const args = [
      "token",
      "--client-id",
      CLIENT.id,
      "--client-secret-stdin",
      "--renew",
      "--oauth",
      "tutorial",
    ];
    expect(await asProcess(args, place)).toMatchObject({ code: 0, stderr: "" });
    expect(genesys.oauth.granted.at(-1)).toEqual({ clientId: CLIENT.id, flow: "form" });
  });

  test("the secret from the parameter store", async () => {
    await put("/genesys/client", CLIENT.secret);
    await put("/genesys/client-json", JSON.stringify({ current: CLIENT.secret }));
    const none = [JSON.stringify({ current: PLACEHOLDER_SECRET }), PLACEHOLDER_SECRET, '{"planted":"x"}'];
    for (const [index, value] of none.entries()) await put(`/genesys/none-${index}`, value);
    const args = [
      "token",
      "--client-id",
      CLIENT.id,
      "--client-secret-parameter",
      "/genesys/client",
      "--renew",
    ];
    const from = (name: string) => genesysDlq([...args.slice(0, -2), name, "--renew"], {});
    expect(await genesysDlq(args, {})).toMatchObject({ code: 0, stderr: "" });
    expect(await from("/genesys/client-json")).toMatchObject({ code: 0, stderr: "" });
    for (const index of none.keys()) {
      const { code, stderr } = await from(`/genesys/none-${index}`);
      expect({ code, stderr }).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("holds no secret."),
      });
      expect(stderr).not.toContain("planted");
    }
    const missing = await from("/nowhere");
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining("no SSM parameter /nowhere") });
  });

  test("from a file that only its owner reads, and from no other", async () => {
    const file = join(workshop.folder, "credentials.json");
    await writeFile(file, JSON.stringify({ clientId: CLIENT.id, clientSecret: CLIENT.secret }), {
      mode: 0o600,
    });
    const args = ["token", "--credentials", file, "--renew"];
    expect(await genesysDlq(args, {})).toMatchObject({ code: 0, stderr: "" });
    await chmod(file, 0o640);
    expect(await genesysDlq(args, {})).toMatchObject({
      code: 2,
      stdout: "",
      stderr: `error: The file ${file} can be read by others.\nMake it yours alone: chmod 600 ${file}\n`,
    });
  });

  test("without a client, or without its secret, it says how to give them", async () => {
    const nobody = await genesysDlq(["token", "--renew"], {});
    expect(nobody).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^error: No OAuth client is given\.\n/),
    });
    const { GENESYSCLOUD_OAUTHCLIENT_SECRET: _, ...id } = credentials;
    const mute = await genesysDlq(["token", "--renew"], id);
    expect(mute).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^error: The OAuth client's secret is not/),
    });
  });

  test("no secret goes to an address in the clear", async () => {
    Object.assign(process.env, credentials);
    const { code, stderr } = await runInProcess(["genesys", "token", "--genesys-url", "http://example.com"]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("has to be https") });
  });

  test("an unknown region names those that there are", async () => {
    const { code, stderr } = await runInProcess(["genesys", "token", "--genesys-region", "Irland"], {
      env: credentials,
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^error: "Irland" is no .*Did you mean Ireland\?\n(.*\n)* {2}eu-west-1 +mypurecloud\.ie/,
    );
  });
});

describe("open-messaging", () => {
  const create = ["open-messaging", "create", "--integration", "main"];

  test("URL and secret are the environment's; created, listed, changed, deleted", async () => {
    expect(await json(...create, "--dry-run")).toEqual({
      action: "created",
      dryRun: true,
      name: "genesys-events-test-main",
      differences: [],
    });
    expect(genesys.openMessaging.kept.all).toEqual([]);

    const { id } = await json(...create);
    expect(genesys.openMessaging.kept.all).toMatchObject([
      {
        id,
        name: "genesys-events-test-main",
        outboundNotificationWebhookUrl: `${run.url}/open-messaging/main`,
        outboundNotificationWebhookSignatureSecretToken: await secretOf("open-messaging/main"),
      },
    ]);
    const again = await genesysDlq(create);
    expect(again.stdout).toMatch(
      /^The Open Messaging integration "genesys-events-test-main" is as wanted\.\n/,
    );
    expect(again.stderr).toMatch(/was not compared: `update` sends it again/);
    expect((await genesysDlq(["open-messaging", "list"])).stdout).toMatch(
      new RegExp(
        `^NAME +ID +URL +STATUS\ngenesys-events-test-main +${id} +http://\\S+/open-messaging/main +Active\n$`,
      ),
    );

    const changed = await genesysDlq([...create, "--header", "x-key=planted-key"]);
    expect(changed.stdout).toContain('webhookHeaders: [] → ["x-key"]');
    expect(changed.stdout).not.toContain("planted-key");
    expect(genesys.openMessaging.kept.all).toMatchObject([
      { id, webhookHeaders: { "x-key": "planted-key" } },
    ]);

    expect(await json("open-messaging", "delete", "--id", id, "--dry-run", "--yes")).toMatchObject({
      dryRun: true,
    });
    expect(genesys.openMessaging.kept.all).toHaveLength(1);
    expect(await json("open-messaging", "delete", "--id", id, "--yes")).toMatchObject({
      action: "deleted",
      id,
    });
    expect(genesys.openMessaging.kept.all).toEqual([]);
  });

  test.each([
    [
      "a placeholder",
      PLACEHOLDER_PARAMETER_VALUE,
      /has not been set: .*\n.*secret set open-messaging --integration main\n$/,
    ],
    [
      "plain text",
      "planted-as-plain-text",
      /does not hold \{"current": "…"\}: .*\n.*secret set open-messaging --integration main --replace\n$/,
    ],
  ])(
    "%s in a source's own parameter: it says how to set the secret, and not what is there",
    async (_what, value, said) => {
      const parameter = "/genesys-events/test/open-messaging/main";
      const before = run.cloud.parameters.value(parameter) ?? "";
      await put(parameter, value);
      const { code, stderr } = await genesysDlq(create);
      await put(parameter, before);
      expect(code).toBe(1);
      expect(stderr).toMatch(said);
      expect(stderr).not.toContain("planted");
      expect(genesys.openMessaging.kept.all).toEqual([]);
    },
  );

  test("update sends the secret again, which create cannot compare", async () => {
    const { id } = await json(...create);
    const kept = genesys.openMessaging.kept.get(id);
    const old = { ...kept, outboundNotificationWebhookSignatureSecretToken: "another-secret-xyz" };
    genesys.openMessaging.kept.replace(id, old);
    const update = ["open-messaging", "update", "--integration", "main", "--name", kept.name];
    expect((await genesysDlq(update)).stdout).toMatch(
      /^Changed .*\n {2}nothing differs; its secret is sent again\n/,
    );
    expect(genesys.openMessaging.kept.get(id).outboundNotificationWebhookSignatureSecretToken).toBe(
      await secretOf("open-messaging/main"),
    );
  });

  test("two commands at once make one", async () => {
    const results = await Promise.all([asProcess(create), asProcess(create)]);
    expect(results.map(({ code }) => code)).toEqual([0, 0]);
    expect(genesys.openMessaging.kept.all).toHaveLength(1);
  });

  test.each<[string[], number, RegExp]>([
    [["create"], 2, /^error: test has several .*\nGive --integration: main, other\.\n$/],
    [["create", "--integration", "x"], 2, /no signed Open Messaging integration "x"/],
    [
      ["update", "--integration", "main", "--name", "x"],
      1,
      /^error: There is no Open Messaging integration "x"\.\n/,
    ],
    [["delete", "--name", "x", "--yes"], 1, /^error: There is no Open Messaging integration "x"\.\n/],
    [["delete"], 2, /Give its --name, or its --id/],
    [["create", "--integration", "main", "--header", "x"], 2, /It has to be NAME=VALUE/],
    [["creat"], 2, /Did you mean create\?/],
  ])("%j is answered with what to do", async (args, code, said) => {
    const result = await genesysDlq(["open-messaging", ...args]);
    expect(result).toMatchObject({ code, stdout: "" });
    expect(result.stderr).toMatch(said);
  });

  test("nothing is deleted without a yes", async () => {
    const { id } = await json(...create);
    const { code, stderr } = await asProcess(["open-messaging", "delete", "--id", id]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("give --yes") });
    expect(genesys.openMessaging.kept.all).toHaveLength(1);
  });
});

describe("webhooks", () => {
  test("the tutorial's contract, with the environment's URL and secret", async () => {
    await json("webhooks", "create");
    const wanted = {
      name: "genesys-events-test",
      enabled: true,
      eventTypes: ["conversation:analytics:summary"],
      filters: [],
      endpointUrl: `${run.url}/webhook`,
      httpMethod: "POST",
      requestType: "JSON",
      retryCount: 3,
      retryInterval: 60,
      timeout: 30,
      secret: await secretOf("webhook"),
    };
    expect(genesys.webhooks.kept.all).toMatchObject([wanted]);
    const event = ["--event-type", "a", "--event-type", "b", "--no-enabled"];
    expect(await json("webhooks", "update", "--name", wanted.name, ...event)).toMatchObject({
      action: "changed",
      differences: [
        { field: "enabled", from: true, to: false },
        { field: "eventTypes", to: ["a", "b"] },
      ],
    });
    // What an update does not name stays as it is.
    expect(await json("webhooks", "update", "--name", wanted.name, "--description", "new")).toMatchObject({
      differences: [{ field: "description" }],
      enabled: false,
      eventTypes: ["a", "b"],
    });
    expect(await json("webhooks", "list")).toMatchObject([{ name: wanted.name }]);
    expect(JSON.stringify(await json("webhooks", "list"))).not.toContain(wanted.secret);
    await json("webhooks", "delete", "--name", wanted.name, "--yes");
    expect(genesys.webhooks.kept.all).toEqual([]);
  });

  test("the real platform has none, and the command says what it has", async () => {
    genesys.webhooks.exist = false;
    const { code, stdout, stderr } = await asProcess(["webhooks", "create"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(
      /^error: .*has no \/api\/v2\/webhooks \(404\).*\nUse what the platform has: `genesys open-messaging create`.*\nCorrelation id: [0-9a-f-]{36}\n$/,
    );
  });
});

test("eventbridge: account, region and suffix are the environment's, and the source's name is told", async () => {
  const topic = "v2.detail.events.conversation.{id}.user.end";
  const { id } = await json("eventbridge", "create", "--topic", topic);
  expect(genesys.integrations.kept.all).toMatchObject([
    {
      intendedState: "ENABLED",
      config: {
        properties: {
          awsAccountId: "000000000000",
          awsAccountRegion: "eu-west-1",
          eventSourceSuffix: "genesys-events-test",
          eventFilter: [topic],
        },
      },
    },
  ]);
  const source = `aws.partner/genesys.com/cloud/${genesys.organization.id}/genesys-events-test`;
  expect(await json("eventbridge", "list")).toMatchObject([{ id, partnerEventSource: source }]);
  const changed = await json("eventbridge", "update", "--id", id, "--topic", "a", "--suffix", "b");
  expect(changed).toMatchObject({
    action: "changed",
    awsAccountRegion: "eu-west-1",
    differences: [{ field: "eventSourceSuffix" }, { field: "eventFilter" }],
  });
  expect(await genesysDlq(["eventbridge", "create"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("No topic is given"),
  });
});

test("trigger: the workflow and what has to match", async () => {
  const topic = "v2.detail.events.conversation.{id}.user.end";
  const args = ["trigger", "create", "--topic", topic, "--workflow", "flow-1", "--match", "mediaType=VOICE"];
  await json(...args);
  expect(genesys.triggers.kept.all).toMatchObject([
    {
      name: "genesys-events-test",
      topicName: topic,
      enabled: true,
      target: { type: "Workflow", id: "flow-1", workflowTargetSettings: { dataFormat: "Json" } },
      matchCriteria: [{ jsonPath: "mediaType", operator: "Equal", value: "VOICE" }],
    },
  ]);
  expect(await json(...args)).toMatchObject({ action: "unchanged" });
  const criteria = '[{"jsonPath":"queueId","operator":"In","values":["a"]}]';
  expect(await json(...args, "--criteria", criteria)).toMatchObject({
    differences: [{ field: "matchCriteria" }],
  });
  expect(await genesysDlq(["trigger", "create", "--name", "x"])).toMatchObject({ code: 2 });
  expect(await genesysDlq([...args, "--criteria", "[1]"])).toMatchObject({ code: 2 });
  expect(await json("trigger", "delete", "--name", "genesys-events-test", "--yes")).toMatchObject({
    action: "deleted",
  });
});

test("what Genesys could never reach is not given to it", async () => {
  for (const args of [
    ["webhooks", "create"],
    ["open-messaging", "create", "--integration", "main"],
    ["webhooks", "create", "--url", "https://example.com:8443/x"],
  ]) {
    Object.assign(process.env, credentials);
    const result = await runInProcess([
      "genesys",
      ...args,
      "--data",
      bench.data,
      "--genesys-region",
      "Ireland",
    ]);
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toMatch(/^error: Genesys posts to https on port 443 only, and not to http/);
  }
});

test("a name that somebody gave in Genesys cannot steer a terminal", async () => {
  const name = "\u001b]0;owned\u0007\u001b[2Jred";
  const { id } = genesys.openMessaging.kept.add({ name } as never);
  for (const args of [
    ["list"],
    ["update", "--id", id, "--integration", "main"],
    ["delete", "--id", id, "--yes"],
  ]) {
    const { code, stdout } = await genesysDlq(["open-messaging", ...args]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("[2Jred") });
    expect(stdout).not.toMatch(/[^\P{Cc}\n]/u);
  }
});

test("what has no secret is not changed where nothing differs", async () => {
  await json("trigger", "create", "--topic", "t", "--workflow", "w");
  const update = await json("trigger", "update", "--name", "genesys-events-test");
  expect(update).toMatchObject({ action: "unchanged", version: 1 });
});

test("a deletion whose answer was lost is done, and is no error", async () => {
  const { id } = await json("webhooks", "create");
  genesys.faults.plan(/^DELETE /, "answer-reset");
  expect(await json("webhooks", "delete", "--id", id, "--yes")).toMatchObject({ action: "deleted" });
  expect(genesys.requests.filter(({ method }) => method === "DELETE")).toHaveLength(2);
});

test("a token's roles are told where Genesys tells them, and nothing depends on them", async () => {
  expect(await json("token")).toMatchObject({ roles: ["Master Admin", "employee"] });
  genesys.faults.plan(/authorization/, { status: 403, body: "{}" });
  expect(await json("token")).not.toHaveProperty("roles");
});

test("Ctrl-C ends it at once, with nothing but a word", async () => {
  genesys.faults.plan(/integrations\/open/, "hang", 9);
  const asked = asProcess(["open-messaging", "list"], {
    env: credentials,
    interrupt: genesys.requested(/open/),
  });
  expect(await asked).toMatchObject({ code: 130, stdout: "", stderr: "Interrupted.\n" });
});
