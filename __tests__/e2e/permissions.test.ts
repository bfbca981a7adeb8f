import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DeleteItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient, UpdateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { jest } from "@jest/globals";
import { toAttributes } from "../../contract/event/dead-letter.ts";
import { toRecord } from "../../contract/message-record.ts";
import { accessLogMetrics, METRIC_NAMESPACE, metrics } from "../../contract/metrics.ts";
import { parkedKey, writeParked } from "../../contract/parked.ts";
import { sendMessages } from "../../contract/queue-batch.ts";
import { stateItems } from "../../contract/state-items.ts";
import { BreakerStore } from "../../functions/breaker/store.ts";
import { MOST_LEFT_ON_QUEUE } from "../../functions/recovery/dead-letters.ts";
import type { EnvironmentInput } from "../../infra/settings.ts";
import { countedMetrics } from "../../local/alarms/counted-lines.ts";
import { type EmittedMetric, emittedMetrics } from "../../local/alarms/emf.ts";
import type { RunEvent } from "../../local/run-events.ts";
import type { MetricName } from "../../local/stack/model.ts";
import { floodInput } from "../support/flood.ts";
import { localBench, type TestRunOptions } from "../support/local-bench.ts";
import { happened, quickInput, webhookEvent } from "../support/local-run.ts";
import { putPartnerEvents } from "../support/partner-events.ts";
import { withoutItsArn } from "../support/permission-use.ts";
import { json } from "../support/synthesise.ts";
import { all, drained, objectKeys, recoveredWith, times } from "../support/watch.ts";

jest.setTimeout(240_000);

const PARTNER = "aws.partner/genesys.com/cloud/2e4f/events";

/** Every way in, and everything that has a secret or a store of its own. */
const everything: EnvironmentInput = {
  ...floodInput,
  sources: {
    webhook: { authentication: { kind: "signature" } },
    "open-messaging": {
      integrations: {
        first: { kind: "signature" },
        second: { kind: "signature" },
        third: { kind: "signature" },
      },
    },
    "data-action": { authentication: { kind: "shared-secret" } },
    eventbridge: { partnerEventSource: PARTNER },
  },
  destination: {
    kind: "http",
    url: "https://destination.example.com/events",
    timeoutSeconds: 1,
    credentials: { kind: "bearer" },
    signing: { kind: "standard-webhooks" },
  },
  // One delivery at a time: what the third of a batch meets is what the first two have done.
  processor: { timeoutSeconds: 15, batchSize: 3, batchConcurrency: 1, maximumConcurrency: 2 },
  queue: { visibilityTimeoutSeconds: 90, maxReceiveCount: 2 },
  breaker: { failingEvents: 2, probeBaseSeconds: 1, probeCapSeconds: 2, settleSeconds: 1 },
  // So slow that a run ends before it has redriven them all, and calls the next one.
  recovery: { timeoutSeconds: 21, redrivesPerSecond: 1 },
};

const bench = localBench();
const { workshop, destination, run } = bench;

async function start(options: TestRunOptions): Promise<void> {
  destination.reset();
  await bench.start({ ...options, scheduleEverySeconds: 1 });
}

const postOnce = async (body: Buffer, source?: string, integration?: string) => {
  const { url, headers } = run.signedRequest(body, source, integration);
  return (await fetch(url, { method: "POST", headers, body: new Uint8Array(body) })).status;
};

/** Again for as long as the answer is a 5xx, as Genesys would: a busy machine may be late. */
async function withRetries(send: () => Promise<number>): Promise<number> {
  for (;;) {
    const status = await send();
    if (status < 500) return status;
  }
}

const post: typeof postOnce = (...given) => withRetries(() => postOnce(...given));

const denied = () => run.runEvents.soFar.filter(({ kind }) => kind === "denied");

const queueUrl = () => run.stack.queues.find(({ name }) => name.endsWith("test-queue"))?.url;

/** As an operator would, whose calls are not evaluated. */
async function consume(Enabled: boolean): Promise<void> {
  const lambda = new LambdaClient(run.cloud.operatorConfig());
  const [mapping] = run.mappings;
  await lambda.send(new UpdateEventSourceMappingCommand({ UUID: mapping?.model.uuid, Enabled }));
  lambda.destroy();
  if (!Enabled) await mapping?.disable(); // until its last poll has ended
}

/** As an operator would. */
async function putSecret(integration: string, Value: string): Promise<void> {
  const ssm = new SSMClient(run.cloud.operatorConfig());
  const Name = `/genesys-events/test/open-messaging/${integration}`;
  await ssm.send(new PutParameterCommand({ Name, Value, Type: "SecureString", Overwrite: true }));
  ssm.destroy();
}

/** What the dashboard's graphs look at. */
async function dashboardMetrics(stackFile: string): Promise<MetricName[]> {
  const stack = JSON.parse(await readFile(stackFile, "utf8")) as {
    resource: { aws_cloudwatch_dashboard: { dashboard: { dashboard_body: string } } };
  };
  const body = json(stack.resource.aws_cloudwatch_dashboard.dashboard.dashboard_body) as {
    widgets: { properties: { metrics?: (string | object)[][] } }[];
  };
  return body.widgets.flatMap(({ properties: { metrics = [] } }) =>
    metrics.map((line) => {
      const [namespace = "", metric = "", ...rest] = line.filter((part) => typeof part === "string");
      const dimensions = Object.fromEntries(
        rest.flatMap((name, i) => (i % 2 === 0 ? [[name, rest[i + 1] ?? ""]] : [])),
      );
      return { namespace, metric, dimensions };
    }),
  );
}

async function sendMissingClaimCheck(key: string): Promise<void> {
  const envelope = { version: 1, id: "gone", source: "webhook", received_at: new Date().toISOString() };
  const payload_ref = { bucket: run.stack.buckets[0]?.name, key, bytes: 1 };
  const MessageBody = JSON.stringify({ ...envelope, body_sha256: "0".repeat(64), payload_ref });
  await run.cloud.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl(), MessageBody }));
}

describe("a run in which everything happens", () => {
  /** What each part of the scenario is there for stands in the policies of infra/constructs. */
  async function everythingHappens(): Promise<void> {
    // Each way in, with its secret; and one event twice.
    const ordinary = webhookEvent("ordinary");
    expect(await post(ordinary)).toBe(200);
    // Under the signature of another one.
    const forged = { ...run.signedRequest(ordinary), body: "{}" };
    const status = async () =>
      (await fetch(forged.url, { method: "POST", headers: forged.headers, body: forged.body })).status;
    expect(await withRetries(status)).toBe(401);
    await run.runEvents.until(happened("delivered"));
    expect(await post(ordinary)).toBe(200);
    const message = (id: string) =>
      Buffer.from(JSON.stringify({ id, channel: { id, time: "t" }, type: "Text" }));
    expect(await post(message("a"), "open-messaging", "first")).toBe(200);
    expect(await post(message("b"), "open-messaging", "second")).toBe(200);
    expect(await post(Buffer.from('{"topicName":"t","eventBody":{}}'), "data-action")).toBe(200);
    await putPartnerEvents(run, [{ Source: PARTNER, DetailType: "t", Detail: "{}" }]);
    await times(run, "duplicate", 1);
    // One whose secret nobody has set yet.
    await putSecret("third", '{"current":"REPLACE-ME"}');
    expect(await postOnce(message("c"), "open-messaging", "third")).toBe(503);
    const unsigned = { method: "POST", body: new Uint8Array(ordinary) };
    const { url } = run.signedRequest(ordinary);
    expect(await withRetries(async () => (await fetch(url, unsigned)).status)).toBe(401);

    // Too big for the queue; not an event at all; refused for good; refused once.
    expect(await post(webhookEvent("big", { text: "x".repeat(1_200_000) }))).toBe(200);
    expect(await post(Buffer.from("not JSON"))).toBe(200);
    await times(run, "delivered", 6);
    const script = [422, 503];
    destination.answer = ({ method }) => ({
      status: (method === "POST" ? script.shift() : undefined) ?? 200,
    });
    expect(await post(webhookEvent("refused for good"))).toBe(200);
    await run.runEvents.until(happened("deadLettered"));
    expect(await post(webhookEvent("refused once"))).toBe(200);
    await times(run, "delivered", 7);

    // A claim check whose object has expired.
    const [key = ""] = await objectKeys(run, "claim-checks/");
    await sendMissingClaimCheck(`${key}-gone`);
    await times(run, "deadLettered", 2);

    // The queue is down for a while; what it had handed out before would stay hidden for long.
    await drained(run);
    await run.cloud.stopService("sqs");
    expect(await post(webhookEvent("spilled"))).toBe(200);
    expect(await post(Buffer.from("not JSON either"))).toBe(200);
    await times(run, "spilled", 2);
    await run.cloud.startService("sqs");
    await times(run, "delivered", 8);

    // An outage on the last receive of three: the breaker opens, and all are sent to the queue anew.
    await consume(false);
    for (const name of ["a", "b", "c"]) expect(await post(webhookEvent(`outage ${name}`))).toBe(200);
    await receiveOnce(3);
    destination.answer = () => ({ status: 503 });
    await consume(true);
    await run.runEvents.until(happened("requeued"));
    await run.runEvents.until(happened("probeFailed"));
    destination.answer = () => ({ status: 200 });
    await times(run, "delivered", 11);
    await drained(run);
    await run.runEvents.until(recoveredWith("closed"));
    await parkAndBringBack(key);
  }

  /** What takes days is put there as it would be found after them. */
  async function parkAndBringBack(claimCheck: string): Promise<void> {
    const { sqs, s3 } = run.cloud;
    const bucket = run.stack.buckets[0]?.name ?? "";
    // An event that was parked forty days after it came, and whose bytes lie in the bucket.
    const received_at = new Date(Date.now() - 40 * 86_400_000).toISOString();
    const head = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: claimCheck }));
    const payload_ref = { bucket, key: claimCheck, bytes: head.ContentLength };
    const body_sha256 = head.Metadata?.["body-sha256"];
    const Body = JSON.stringify({
      version: 1,
      id: "old",
      source: "webhook",
      received_at,
      payload: null,
      body_sha256,
      payload_ref,
    });
    const parked = parkedKey("events", new Date(received_at), 1);
    await s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: parked,
        Body: writeParked([toRecord({ MessageId: "old", Body })]),
      }),
    );
    // A queue of which nobody knows when it was empty last: recovery looks how old its messages are.
    const dynamodb = new DynamoDBClient(run.cloud.operatorConfig());
    const table = run.stack.tables[0]?.name ?? "";
    const breaker = new BreakerStore(dynamodb, table, { baseSeconds: 1, capSeconds: 1 });
    await breaker.tell({ kind: "operator-opened", reason: "so that an event waits" });
    while (run.mappings[0]?.state !== "Disabled") await nextRecovery();
    expect(await post(webhookEvent("waits"))).toBe(200);
    const memory = { id: { S: stateItems.recoveryMemory } };
    await untilUsed(/TakeMessages: sqs:DeleteMessage on \S+test-queue$/, () =>
      dynamodb.send(new DeleteItemCommand({ TableName: table, Key: memory })),
    );
    // A state table that has forgotten the breaker: whose the mapping is stands in the bucket.
    const forgotten = { id: { S: stateItems.breaker } };
    await dynamodb.send(new DeleteItemCommand({ TableName: table, Key: forgotten }));
    dynamodb.destroy();
    await untilUsed(/NoteMapping: s3:GetObject on /);
    await drained(run);
    // More dead letters than stay on the queue, and more exhausted ones than a run may redrive.
    const letters = (count: number, reason: "permanent" | "exhausted") =>
      Array.from({ length: count }, (_, number) => ({
        body: JSON.stringify({
          received_at,
          webhook_id: null,
          webhook_name: null,
          payload: { reason, number },
        }),
        attributes: toAttributes({ class: reason, message: "The destination answered 503.", redrives: 0 }),
      }));
    const url = run.stack.queues.find(({ name }) => name.endsWith("dead-letter-queue"))?.url ?? "";
    await sendMessages(sqs, url, [
      ...letters(14, "exhausted"),
      ...letters(MOST_LEFT_ON_QUEUE + 20, "permanent"),
    ]);
    await untilUsed(/Park: s3:PutObject on /);
    await untilUsed(/recovery_follow_policy \S+: lambda:InvokeFunction on /);
  }

  /** Until a call has used what a statement allows, which is asked after each run of recovery. */
  async function untilUsed(
    allowance: RegExp,
    before: () => Promise<unknown> = async () => {},
  ): Promise<void> {
    while (run.permissions.unused(run.stack).some((each) => allowance.test(each))) {
      await before();
      await nextRecovery();
    }
  }

  const nextRecovery = () => times(run, "recovered", all(run, "recovered").length + 1);

  async function receiveOnce(count: number): Promise<void> {
    for (let left = count; left > 0; ) {
      const receive = {
        QueueUrl: queueUrl(),
        MaxNumberOfMessages: left,
        WaitTimeSeconds: 5,
        VisibilityTimeout: 3,
      };
      const { Messages = [] } = await run.cloud.sqs.send(new ReceiveMessageCommand(receive));
      left -= Messages.length;
    }
  }

  let stackFile: string;
  let logs: string;

  beforeAll(async () => {
    stackFile = workshop.synthesise("everything", everything);
    await start({ stackFile });
    logs = join(bench.data, "logs");
    await everythingHappens();
  });

  test("no call is denied, every permission is used, and each is needed", () => {
    expect(denied()).toEqual([]);
    // EventBridge's way to the dead-letter queue is walked below, where the queue's policy refuses it.
    // Recovery shows again at once what no processor has answered for, which its own test has: here all of them answer.
    // It says why deliveries have stopped when they have for three minutes, which its own test has; no key is asked here.
    const unused = run.permissions
      .unused(run.stack)
      .filter((allowance) => !/recovery_policy (SayWhyStopped|EncryptNotices):/.test(allowance));
    const showsAgain = /recovery_policy ShowMessages: sqs:ChangeMessageVisibility on \S+test-queue$/;
    expect(unused.filter((allowance) => !showsAgain.test(allowance))).toEqual([
      expect.stringMatching(/^aws_sqs_queue_policy\.queues_dead_letter_policy \S+: sqs:SendMessage on /),
    ]);
    // With any one ARN broken, the call that used it would have been denied.
    const { used } = run.permissions;
    expect(used.length).toBeGreaterThan(30);
    const needless = used.filter((call) => withoutItsArn(run.stack, call).allowed);
    expect(needless.map(({ caller, action, resource }) => ({ caller, action, resource }))).toEqual([]);
    expect(all(run, "requeued")).not.toEqual([]);
  });

  /** What the functions have really written, in CloudWatch's own terms. */
  async function emitted(): Promise<Set<string>> {
    const all: EmittedMetric[] = [];
    for (const { name, countedLines } of run.stack.functions) {
      const lines = (await readFile(join(logs, `${name}.jsonl`), "utf8")).split("\n");
      for (const line of lines.filter((each) => each.startsWith("{")))
        all.push(...emittedMetrics(line), ...countedMetrics(JSON.parse(line), countedLines));
    }
    return new Set(all.map(({ unit, ...metric }) => `${named(metric)} ${unit}`));
  }

  function named({ namespace, metric, dimensions }: MetricName): string {
    return `${namespace} ${metric} ${JSON.stringify(Object.entries(dimensions).sort())}`;
  }

  test("every metric of ours that an alarm or the dashboard looks at was emitted, under those very dimensions", async () => {
    const ofAlarms = run.stack.alarms.flatMap(({ queries }) => Object.values(queries));
    // Told where a bucket or the state table is away, which have their own tests; and counted in the API's access log.
    const away = [metrics.recovery.oldestOnQueue, metrics.processor.unprotected];
    const others: string[] = [...away, ...Object.values(accessLogMetrics)];
    const looked = [...ofAlarms, ...(await dashboardMetrics(stackFile))]
      .filter(({ namespace, metric }) => namespace === METRIC_NAMESPACE && !others.includes(metric))
      .map(named);
    const found = [...(await emitted())];
    const missing = looked.filter((name) => !found.some((each) => each.startsWith(`${name} `)));
    expect(new Set(looked).size).toBeGreaterThan(15);
    expect(missing).toEqual([]);
    // Their thresholds are in milliseconds.
    const ages = found.filter((each) => each.includes("OldestUndeliveredAge"));
    expect(ages).toHaveLength(2);
    for (const age of ages) expect(age).toMatch(/ Milliseconds$/);
  });
});

describe("a policy with an error in it", () => {
  type Resources = Record<string, Record<string, Record<string, Record<string, string>>>>;

  /** A stack in which one attribute says something else than it should. */
  async function startWith(
    name: string,
    [type, id, attribute]: readonly [string, string, string],
    mistakes: Record<string, string>,
    input = quickInput,
  ): Promise<void> {
    const stackFile = workshop.synthesise(name, input);
    const stack = JSON.parse(await readFile(stackFile, "utf8")) as Resources;
    const resource = stack["resource"]?.[type]?.[id];
    let text = resource?.[attribute];
    if (resource === undefined || text === undefined)
      throw new Error(`There is no ${type}.${id}.${attribute}`);
    for (const [right, wrong] of Object.entries(mistakes)) {
      expect(text).toContain(right);
      text = text.replaceAll(right, wrong);
    }
    resource[attribute] = text;
    await writeFile(stackFile, JSON.stringify(stack));
    await start({ stackFile });
  }

  const policyOf = (name: string) => ["aws_iam_role_policy", `${name}_policy`, "policy"] as const;
  const isRefused = (action: string) => (runEvent: RunEvent) =>
    runEvent.kind === "denied" && runEvent.action === action;
  const queue = { "aws_sqs_queue.queues_main.arn": '"arn:aws:sqs:eu-west-1:000000000000:another"' };

  test("keeps the receiver from the queue: the event is spilled, and the run says what is missing", async () => {
    await startWith("receiver", policyOf("receiver"), queue);
    expect(await post(webhookEvent("spilled"))).toBe(200);
    expect(denied()).toContainEqual({
      kind: "denied",
      caller: "genesys-events-test-receiver",
      action: "sqs:SendMessage",
      resource: "arn:aws:sqs:eu-west-1:000000000000:genesys-events-test-queue",
    });
    await run.runEvents.until(happened("delivered")); // recovery has brought it back
  });

  test("keeps the receiver from queue and bucket: 503, and nothing is acknowledged", async () => {
    await startWith("both", policyOf("receiver"), { ...queue, "/spill/*": "/another/*" });
    expect(await postOnce(webhookEvent("not stored"))).toBe(503);
    await run.runEvents.until(happened("notStored"));
  });

  test("keeps the processor from hiding a message: it comes again by the queue's own visibility", async () => {
    await startWith("visibility", policyOf("processor"), { "sqs:ChangeMessageVisibility": "sqs:Nothing" });
    const answers = [503];
    destination.answer = () => ({ status: answers.shift() ?? 200 });
    expect(await post(webhookEvent("hidden too long"))).toBe(200);
    await run.runEvents.until(isRefused("sqs:ChangeMessageVisibility"));
    const { Attributes } = await attributes();
    expect(Attributes?.["ApproximateNumberOfMessagesNotVisible"]).toBe("1");
  });

  test("keeps the poller from the queue: nothing is consumed, and nothing lost", async () => {
    const mistakes = { "sqs:ReceiveMessage": "sqs:Nothing" };
    await startWith("poller", policyOf("processor"), mistakes);
    expect(await post(webhookEvent("waits"))).toBe(200);
    await run.runEvents.until(isRefused("sqs:ReceiveMessage"));
    const { Attributes } = await attributes();
    expect(Attributes?.["ApproximateNumberOfMessages"]).toBe("1");
  });

  test("keeps the processor from telling what is missing from what is forbidden: it tries again", async () => {
    await startWith("missing", policyOf("processor"), { "s3:ListBucket": "s3:Nothing" });
    await sendMissingClaimCheck("claim-checks/gone");
    await run.runEvents.until(happened("retryLater"));
    expect(denied()).toContainEqual(expect.objectContaining({ action: "s3:ListBucket" }));
    expect(all(run, "deadLettered")).toEqual([]);
  });

  test("keeps the API from the receiver: 500, as API Gateway answers", async () => {
    const permission = ["aws_lambda_permission", "api_permission_webhook", "source_arn"] as const;
    await startWith("api", permission, { "/POST/webhook": "/POST/another" });
    expect(await postOnce(webhookEvent("not handed on"))).toBe(500);
    expect(denied()).toMatchObject([{ caller: "apigateway.amazonaws.com", action: "lambda:InvokeFunction" }]);
  });

  test("keeps Genesys' bus from the queue: the event becomes a dead letter, which recovery brings back", async () => {
    const bus = { ...quickInput, sources: { eventbridge: { partnerEventSource: PARTNER } } };
    const policy = ["aws_sqs_queue_policy", "queues_main_policy", "policy"] as const;
    await startWith("bus", policy, { "events.amazonaws.com": "sns.amazonaws.com" }, bus);
    await putPartnerEvents(run, [{ Source: PARTNER, DetailType: "t", Detail: "{}" }]);
    await run.runEvents.until(isRefused("sqs:SendMessage"));
    await run.runEvents.until(happened("delivered"));
    expect(run.permissions.used).toContainEqual(
      expect.objectContaining({ caller: "events.amazonaws.com", action: "sqs:SendMessage" }),
    );
  });

  test("keeps the schedule from recovery", async () => {
    const permission = ["aws_lambda_permission", "recovery_permission", "principal"] as const;
    await startWith("schedule", permission, { "events.amazonaws.com": "sns.amazonaws.com" });
    await run.runEvents.until(isRefused("lambda:InvokeFunction"));
    expect(all(run, "recovered")).toEqual([]);
  });

  test("keeps a function from its log: nothing of it is written", async () => {
    await startWith("log", policyOf("receiver"), { "logs:PutLogEvents": "logs:Nothing" });
    expect(await post(webhookEvent("unheard"))).toBe(200);
    await run.runEvents.until(happened("delivered"));
    expect(all(run, "accepted")).toEqual([]);
    await run.runEvents.until(isRefused("logs:PutLogEvents"));
  });
});

function attributes() {
  return run.cloud.sqs.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl(), AttributeNames: ["All"] }));
}
