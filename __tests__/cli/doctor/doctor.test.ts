import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import {
  GetEventSourceMappingCommand,
  InvokeCommand,
  LambdaClient,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { PurgeQueueCommand, SendMessageCommand, SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { CheckResult } from "../../../cli/doctor/check-result.ts";
import type { BreakerState } from "../../../contract/breaker.ts";
import { PLACEHOLDER_PARAMETER_VALUE } from "../../../contract/secret.ts";
import { stateItems } from "../../../contract/state-items.ts";
import type { EnvironmentInput } from "../../../infra/settings.ts";
import { runCommand } from "../../support/command.ts";
import { CLIENT, GenesysStandIn } from "../../support/genesys/stand-in.ts";
import { forAllTests } from "../../support/hooks.ts";
import { runInProcess } from "../../support/in-process.ts";
import { localRun } from "../../support/local-bench.ts";
import { quickInput } from "../../support/local-run.ts";
import { runOnTerminal } from "../../support/terminal.ts";

const input: EnvironmentInput = {
  ...quickInput,
  sources: {
    webhook: { authentication: { kind: "signature" } },
    "open-messaging": { integrations: { main: { kind: "signature" } } },
    "data-action": { authentication: { kind: "shared-secret" } },
  },
  destination: {
    ...quickInput.destination,
    credentials: { kind: "bearer" },
  } as EnvironmentInput["destination"],
};

const bench = localRun({
  input,
  delivers: false,
  scheduleEverySeconds: 86_400, // recovery would mend what is broken here
});
const { workshop, run } = bench;
const config = () => run.cloud.operatorConfig();
const lambda = forAllTests(
  () => new LambdaClient(config()),
  (client) => client.destroy(),
);
const ssm = forAllTests(
  () => new SSMClient(config()),
  (client) => client.destroy(),
);
beforeAll(() => setParameter("destination", "the destination's own"));

/** `genesys-dlq doctor`, and what it found. */
async function doctor(
  ...args: string[]
): Promise<{ code: number | null; findings: CheckResult[]; stdout: string }> {
  const { code, stdout } = await runInProcess(["doctor", "--data", bench.data, "--json", ...args]);
  return { code, stdout, findings: (JSON.parse(stdout) as { findings: CheckResult[] }).findings };
}

const wrong = (findings: CheckResult[]) =>
  findings.filter(({ state }) => state === "warning" || state === "failure");

const outputs = () => run.stack.outputs as Readonly<Record<string, string>>;
const queueUrl = (name: "queue_url" | "dead_letter_queue_url") => outputs()[name];
const parameters = () => run.stack.outputs["secret_parameters"] as Readonly<Record<string, string>>;

async function setParameter(key: string, value: string): Promise<void> {
  const Name = parameters()[key];
  await ssm.send(new PutParameterCommand({ Name, Value: value, Type: "SecureString", Overwrite: true }));
}

async function setAttributes(url: string | undefined, attributes: Record<string, string>): Promise<void> {
  await run.cloud.sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: attributes }));
}

/** Returns once that has come to its end, too. */
async function switchMapping(enabled: boolean): Promise<void> {
  const UUID = outputs()["event_source_mapping"];
  await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: enabled }));
  let state: string | undefined;
  do state = (await lambda.send(new GetEventSourceMappingCommand({ UUID }))).State;
  while (state === "Disabling");
}

async function setBreaker(state: Partial<BreakerState>): Promise<void> {
  const whole = {
    status: "closed",
    by: "recovery",
    since: "2026-11-24T08:00:00.000Z",
    reason: "",
    held: false,
    failedProbes: 0,
    ...state,
  };
  await run.cloud.dynamodb.send(
    new PutItemCommand({
      TableName: outputs()["state_table"],
      Item: {
        id: { S: stateItems.breaker },
        state: { S: JSON.stringify(whole) },
        revision: { N: "1" },
      },
    }),
  );
}

const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
const source = (more: object) => JSON.stringify({ current: "a secret that is long enough", ...more });

test("what is well is said to be, and nothing of it was changed", async () => {
  const before = run.runEvents.soFar.length;
  const { code, findings } = await doctor();
  expect(wrong(findings)).toEqual([]);
  expect(code).toBe(0);
  expect(findings.map(({ check, state }) => [check, state])).toEqual([
    ["outputs", "ok"],
    ["credentials", "ok"],
    ["Genesys access", "unchecked"],
    ["endpoint", "ok"],
    ["secret of data-action", "ok"],
    ["secret of destination", "ok"],
    ["secret of open-messaging/main", "ok"],
    ["secret of webhook", "ok"],
    ["receiver function", "ok"],
    ["processor function", "ok"],
    ["recovery function", "ok"],
    ["queue", "ok"],
    ["deliveries", "ok"],
    ["dead letters", "ok"],
    ["recovery", "ok"],
    ["overflow bucket", "ok"],
    ["alarms", "ok"],
    ["alarm topic", "ok"],
  ]);
  expect(run.runEvents.soFar.slice(before).filter(({ kind }) => kind === "event")).toEqual([]);
});

test("that recovery has run is read from the state table", async () => {
  await lambda.send(new InvokeCommand({ FunctionName: outputs()["recovery_function"] }));
  const { findings } = await doctor();
  expect(findings.find(({ check }) => check === "recovery")?.found).toMatch(/^ran \d+ s ago$/);
});

const deadLetter = { class: { DataType: "String", StringValue: "permanent" } };

/** Each really made, looked at, and taken back. */
const faults: readonly {
  readonly name: string;
  readonly make: () => Promise<unknown>;
  readonly undo: () => Promise<unknown>;
  readonly check: string;
  readonly state: "warning" | "failure";
  readonly found: RegExp;
  readonly remedy: RegExp;
}[] = [
  {
    name: "a secret that was never set",
    make: () => setParameter("webhook", PLACEHOLDER_PARAMETER_VALUE),
    undo: () => setParameter("webhook", source({})),
    check: "secret of webhook",
    state: "failure",
    found: /has not been set/,
    remedy: /npm run genesys-dlq -- secret set webhook --data \S+$/,
  },
  {
    name: "a secret of no shape",
    make: () => setParameter("webhook", "plain-text-secret"),
    undo: () => setParameter("webhook", source({})),
    check: "secret of webhook",
    state: "failure",
    found: /does not hold/,
    remedy: /secret set webhook --replace/,
  },
  {
    name: "two secrets that somebody has written by hand",
    make: () => setParameter("open-messaging/main", source({ previous: "an old one that is long enough" })),
    undo: () => setParameter("open-messaging/main", source({})),
    check: "secret of open-messaging/main",
    state: "warning",
    found: /Two secrets are taken/,
    remedy: /secret rotate open-messaging --integration main --data \S+$/,
  },
  {
    name: "a rotation that was left half-way",
    make: () =>
      setParameter(
        "webhook",
        source({
          previous: "an old one that is long enough",
          rotation: { step: "switched", at: hoursAgo(5) },
        }),
      ),
    undo: () => setParameter("webhook", source({})),
    check: "secret of webhook",
    state: "warning",
    found: /half-way for 5 h/,
    remedy: /secret rotate webhook --data \S+$/,
  },
  {
    name: "the destination's secret that was never set",
    make: () => setParameter("destination", PLACEHOLDER_PARAMETER_VALUE),
    undo: () => setParameter("destination", "the destination's own"),
    check: "secret of destination",
    state: "failure",
    found: /credentials have not been set/,
    remedy: /--fresh/,
  },
  {
    name: "a mapping that somebody has disabled",
    make: () => switchMapping(false),
    undo: () => switchMapping(true),
    check: "deliveries",
    state: "failure",
    found: /is Disabled, and not by the breaker/,
    remedy: /Enable it/,
  },
  {
    name: "a breaker that a person opened",
    make: () => setBreaker({ status: "open", by: "operator", reason: "maintenance" }),
    undo: () => setBreaker({}),
    check: "deliveries",
    state: "warning",
    found: /A person opened the breaker at 2026-11-24T08:00:00.000Z: maintenance/,
    remedy: /breaker close --data \S+$/,
  },
  {
    name: "a breaker that an outage opened",
    make: () =>
      setBreaker({
        status: "open",
        by: "processor",
        reason: "HTTP 503",
        nextProbeAt: "2026-11-24T08:09:00.000Z",
        lastProbe: { at: "2026-11-24T08:05:00.000Z", reason: "HTTP 501." },
      }),
    undo: () => setBreaker({}),
    check: "deliveries",
    state: "failure",
    found: /open since .*: HTTP 503\. .*The last probe failed at .*: HTTP 501\. The next probe is due\./,
    remedy: /Bring the destination back/,
  },
  {
    name: "an event that has long waited for an open breaker",
    make: () =>
      setBreaker({ status: "open", by: "processor", reason: "HTTP 503.", oldestUndelivered: hoursAgo(3) }),
    undo: () => setBreaker({}),
    check: "deliveries",
    state: "failure",
    found:
      /HTTP 503\. Events wait in the queue, the oldest for 3 h\. The next probe is due\.|the oldest for 3 h/,
    remedy: /Bring the destination back/,
  },
  {
    name: "a type that fails among others that succeed",
    make: async () => {
      await setBreaker({});
      const bucket = Math.floor(Date.now() / 900_000);
      const { dynamodb } = run.cloud;
      await dynamodb.send(
        new UpdateItemCommand({
          TableName: outputs()["state_table"],
          Key: { id: { S: stateItems.breaker } },
          UpdateExpression: "SET #bad = :bad, #good = :good",
          ExpressionAttributeNames: { "#bad": `${bucket}|f|bad.type`, "#good": `${bucket}|s|good.type` },
          ExpressionAttributeValues: { ":bad": { N: "120" }, ":good": { N: "300" } },
        }),
      );
    },
    undo: () => setBreaker({}),
    check: "deliveries",
    state: "warning",
    found: /bad\.type: 0 % of 120 attempts succeeded; good\.type: 100 % of 300 attempts succeeded/,
    remedy: /dlq stats --data \S+$/,
  },
  {
    name: "a breaker that is half-open",
    make: () => setBreaker({ status: "half-open" }),
    undo: () => setBreaker({}),
    check: "deliveries",
    state: "warning",
    found: /half-open/,
    remedy: /look again/,
  },
  {
    name: "a queue without a redrive policy",
    make: () => setAttributes(queueUrl("queue_url"), { RedrivePolicy: "" }),
    undo: () => setAttributes(queueUrl("queue_url"), asDeployed("RedrivePolicy")),
    check: "queue",
    state: "failure",
    found: /no redrive policy/,
    remedy: /Start the local run again/,
  },
  {
    name: "a queue that gives up sooner than the processor believes",
    make: () =>
      setAttributes(queueUrl("queue_url"), { RedrivePolicy: redrivePolicy({ maxReceiveCount: 2 }) }),
    undo: () => setAttributes(queueUrl("queue_url"), asDeployed("RedrivePolicy")),
    check: "queue",
    state: "failure",
    found: /moves events after 2 receives, and the processor believes after \d+/,
    remedy: /Start the local run again/,
  },
  {
    name: "a queue that is not encrypted",
    make: () => setAttributes(queueUrl("queue_url"), { SqsManagedSseEnabled: "false" }),
    undo: () => setAttributes(queueUrl("queue_url"), { SqsManagedSseEnabled: "true" }),
    check: "queue",
    state: "failure",
    found: /not encrypted/,
    remedy: /Start the local run again/,
  },
  {
    name: "a dead-letter queue that keeps no longer than the main queue",
    make: () => setAttributes(queueUrl("dead_letter_queue_url"), { MessageRetentionPeriod: "3600" }),
    undo: () =>
      setAttributes(
        queueUrl("dead_letter_queue_url"),
        asDeployed("MessageRetentionPeriod", "dead_letter_queue_url"),
      ),
    check: "dead letters",
    state: "failure",
    found: /kept for 60 min, no longer than/,
    remedy: /Start the local run again/,
  },
  {
    name: "a dead letter",
    make: () => putDeadLetter(),
    undo: () => clearDeadLetters(),
    check: "dead letters",
    state: "warning",
    found: /^1 message waiting, 0 in flight/,
    remedy: /dlq stats --data \S+$/,
  },
  {
    name: "an event that no queue took",
    make: () => run.cloud.s3.send(new PutObjectCommand({ ...spilled(), Body: "{}" })),
    undo: () => run.cloud.s3.send(new DeleteObjectCommand(spilled())),
    check: "overflow bucket",
    state: "warning",
    found: /^1 spilled event, the oldest for \d+ s\.$/,
    remedy: /look again in a minute/,
  },
];

/** What a laptop has not: an account, its console, its command, Terraform, a deployment. */
const ELSEWHERE =
  /\baws |AWS|CloudWatch|[Cc]onsole|[Tt]erraform|npm run plan|[Dd]eploy|--environment|--region\b/;

test.each(faults)("$name is found, with what to do", async ({ make, undo, check, state, found, remedy }) => {
  await make();
  try {
    const { code, findings } = await doctor();
    const finding = findings.find((each) => each.check === check && each.state === state);
    expect(finding).toBeDefined();
    expect(finding?.found).toMatch(found);
    expect(finding?.remedy).toMatch(remedy);
    for (const each of findings) expect(each.remedy ?? "").not.toMatch(ELSEWHERE);
    const failed = findings.some((each) => each.state === "failure");
    expect(code).toBe(failed ? 1 : 3);
  } finally {
    await undo();
  }
});

test("samples of npm start that are meant to end as dead letters are nothing to worry about, with another one they are", async () => {
  const type = `${Math.floor(Date.now() / 900_000)}|r|sample.unprocessable`;
  await setBreaker({});
  await run.cloud.dynamodb.send(
    new UpdateItemCommand({
      TableName: outputs()["state_table"],
      Key: { id: { S: stateItems.breaker } },
      UpdateExpression: "SET #type = :one",
      ExpressionAttributeNames: { "#type": type },
      ExpressionAttributeValues: { ":one": { N: "1" } },
    }),
  );
  const sample = JSON.stringify({ webhook_name: "Sample that ends as a dead letter", payload: {} });
  try {
    await putDeadLetter(sample);
    const calm = await doctor();
    expect(wrong(calm.findings)).toEqual([]);
    expect(calm.findings.find(({ check }) => check === "dead letters")).toMatchObject({
      state: "ok",
      found: "1 sample of npm start, meant to end here",
    });
    await putDeadLetter();
    expect(wrong((await doctor()).findings).map(({ check }) => check)).toEqual(["dead letters"]);
  } finally {
    await clearDeadLetters();
    await setBreaker({});
  }
});

test("a service that is down hides nothing of the others", async () => {
  await run.cloud.stopService("sqs");
  try {
    const { code, findings } = await doctor();
    expect(code).toBe(1);
    expect(wrong(findings).map(({ check, state }) => [check, state])).toEqual([
      ["queue", "failure"],
      ["dead letters", "failure"],
    ]);
    for (const each of findings) expect(each.remedy ?? "").not.toMatch(ELSEWHERE);
  } finally {
    await run.cloud.startService("sqs");
  }
});

test("where there is no environment, that is the finding, with what to do", async () => {
  const { code, stdout } = await runInProcess([
    "doctor",
    "--data",
    join(workshop.folder, "nowhere"),
    "--json",
  ]);
  const { findings } = JSON.parse(stdout) as { findings: CheckResult[] };
  expect(findings).toEqual([
    {
      check: "outputs",
      state: "failure",
      found: expect.stringContaining("There is no local run in"),
      remedy: "Start one with npm start.",
    },
  ]);
  expect(code).toBe(1);
});

test("a person reads a table, in colour on a terminal, with the remedy under what was found", async () => {
  await setBreaker({ status: "half-open" });
  const asProcess = await runCommand(["doctor", "--data", bench.data]);
  const terminal = runOnTerminal(["doctor", "--data", bench.data]);
  const exitCode = await terminal.exitCode;
  await setBreaker({});
  expect(asProcess).toMatchObject({ code: 3, stderr: "" });
  expect(asProcess.stdout).toMatch(/^CHECK +STATE +FOUND\n/);
  expect(asProcess.stdout).toMatch(
    /\ndeliveries +warning +The breaker is half-open .*\n +→ Wait a minute, and look again\.\n/,
  );
  expect(asProcess.stdout).toMatch(/\nthe local run of test: 1 warning; 1 not checked\.\n$/);
  expect(asProcess.stdout).not.toContain("\u001b");
  expect(exitCode).toBe(3);
  expect(terminal.shown()).toContain("\u001b[33mwarning\u001b[39m");
  // Broken to the terminal's 120 columns, between words.
  const widest = Math.max(
    ...terminal
      .shown()
      .split(/\r?\n/)
      .map((line) => stripColours(line).length),
  );
  expect(widest).toBeLessThanOrEqual(120);
});

describe("Genesys Cloud", () => {
  const genesys = forAllTests(() => GenesysStandIn.start());
  beforeAll(() => {
    process.env["XDG_CACHE_HOME"] = join(workshop.folder, "cache");
  });
  afterEach(() => genesys.reset());

  async function ask(secret: string = CLIENT.secret) {
    process.env["GENESYSCLOUD_OAUTHCLIENT_SECRET"] = secret;
    const { code, stdout, findings } = await doctor("--client-id", CLIENT.id, "--genesys-url", genesys.url);
    expect(stdout).not.toContain(secret);
    return { code, of: Object.fromEntries(findings.map((finding) => [finding.check, finding])) };
  }
  const create = (...args: string[]) =>
    runInProcess([
      "genesys",
      ...args,
      "--data",
      bench.data,
      "--client-id",
      CLIENT.id,
      "--genesys-url",
      genesys.url,
    ]);

  test("sources that nothing in Genesys sends to are found, and those that something does", async () => {
    const before = await ask();
    expect(before.of["Genesys access"]).toMatchObject({
      state: "ok",
      found: "organisation Example Contact Centre, as genesys-dlq",
    });
    expect(before.of["Genesys: webhook"]).toMatchObject({
      state: "failure",
      found: `No webhook sends to ${run.url}/webhook.`,
      remedy: `Connect it: npm run genesys-dlq -- genesys webhooks create --data ${bench.data}`,
    });
    expect(before.of["Genesys: open-messaging/main"]).toMatchObject({
      state: "failure",
      remedy: `Connect it: npm run genesys-dlq -- genesys open-messaging create --integration main --data ${bench.data}`,
    });
    expect(before.of["Genesys: data-action"]?.state).toBe("unchecked");
    expect(before.code).toBe(1);

    // The very commands that it gave.
    expect((await create("webhooks", "create")).code).toBe(0);
    expect((await create("open-messaging", "create", "--integration", "main")).code).toBe(0);
    const after = await ask();
    expect(after.of["Genesys: webhook"]?.state).toBe("ok");
    expect(after.of["Genesys: open-messaging/main"]?.state).toBe("ok");
    expect(after.code).toBe(0);
  });

  test("a webhook that is switched off, and one too many", async () => {
    await create("webhooks", "create", "--name", "one", "--no-enabled");
    expect((await ask()).of["Genesys: webhook"]).toMatchObject({
      state: "failure",
      found: 'The webhook "one" is switched off.',
    });
    await create("webhooks", "create", "--name", "two");
    expect((await ask()).of["Genesys: webhook"]).toMatchObject({
      state: "warning",
      found: `Several send to ${run.url}/webhook: "one" and "two". Each event comes as often.`,
    });
  });

  test("a wrong secret is said once, and not which", async () => {
    process.env["XDG_CACHE_HOME"] = join(workshop.folder, "cache-without-a-token");
    const { of, code } = await ask("wrong-client-secret-Qq7");
    expect(of["Genesys access"]).toMatchObject({ state: "failure" });
    expect(Object.keys(of).filter((check) => check.startsWith("Genesys"))).toEqual(["Genesys access"]);
    expect(code).toBe(1);
  });
});

async function putDeadLetter(body: string = randomUUID()): Promise<void> {
  await run.cloud.sqs.send(
    new SendMessageCommand({
      QueueUrl: queueUrl("dead_letter_queue_url"),
      MessageBody: body,
      MessageAttributes: deadLetter,
    }),
  );
}

async function clearDeadLetters(): Promise<void> {
  await run.cloud.sqs.send(new PurgeQueueCommand({ QueueUrl: queueUrl("dead_letter_queue_url") }));
}

function asDeployed(attribute: string, url: "queue_url" | "dead_letter_queue_url" = "queue_url") {
  const value = run.stack.queues.find((queue) => queue.url === queueUrl(url))?.attributes[attribute] ?? "";
  return { [attribute]: value };
}

function redrivePolicy(more: object): string {
  return JSON.stringify({ ...JSON.parse(asDeployed("RedrivePolicy")["RedrivePolicy"] ?? "{}"), ...more });
}

const spilled = () => ({
  Bucket: outputs()["overflow_bucket"],
  Key: "spill/events/2026/11/24/unreadable.json",
});

function stripColours(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a colour begins with
  return line.replace(/\u001b\[[\d;]*[a-zA-Z]/g, "");
}
