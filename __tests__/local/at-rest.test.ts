import { setImmediate as turn } from "node:timers/promises";
import { type DeleteMessageBatchCommand, SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { SQSEvent } from "aws-lambda";
import type { FauxqsServer } from "fauxqs";
import { startQueuesAndBuckets } from "../../local/cloud/fauxqs.ts";
import { Gateway } from "../../local/gateway/gateway.ts";
import { AsynchronousInvocations } from "../../local/lambda/asynchronous.ts";
import type { InvocationResult } from "../../local/lambda/invocation-result.ts";
import type { LocalFunction } from "../../local/lambda/local-function.ts";
import { EventSourceMapping } from "../../local/poller/event-source-mapping.ts";

let server: FauxqsServer;
let sqs: SQSClient;
let queueUrl: string;
/** Messages in each call that deletes some. */
let deletions: number[];
let errors: unknown[];
let mapping: EventSourceMapping | undefined;

beforeEach(async () => {
  server = await startQueuesAndBuckets({ region: "eu-west-1" });
  sqs = new SQSClient({
    endpoint: server.address,
    region: "eu-west-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  queueUrl = server.createQueue("events", { attributes: { VisibilityTimeout: "600" } }).queueUrl;
  deletions = [];
  errors = [];
  sqs.middlewareStack.add(
    (next) => (args) => {
      const { Entries: entries } = args.input as DeleteMessageBatchCommand["input"];
      if (entries?.some((entry) => "ReceiptHandle" in entry) || entries?.length === 0)
        deletions.push(entries.length);
      return next(args);
    },
    { step: "initialize" },
  );
});
afterEach(async () => {
  await mapping?.disable();
  mapping = undefined;
  sqs.destroy();
  await server.stop();
});

const left = () => {
  const { ready = [], inflight = [] } = server.inspectQueue("events")?.messages ?? {};
  return ready.length + inflight.length;
};

async function send(count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += 10) {
    const Entries = Array.from({ length: Math.min(10, count - sent) }, (_, index) => ({
      Id: String(index),
      MessageBody: String(sent + index),
    }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  }
}

/** A mapping, and a promise of the first batch that it is done with. */
function start(batchSize: number, invoke: (event: SQSEvent) => Promise<InvocationResult>) {
  let settle: (batch: { size: number; failed: number }) => void = () => {};
  let fail: (error: unknown) => void = () => {};
  const settled = new Promise<{ size: number; failed: number }>((resolve, reject) => {
    [settle, fail] = [resolve, reject];
  });
  settled.catch(() => undefined); // where nobody asks for it, `errors` tell
  const started = new EventSourceMapping(
    {
      address: "aws_lambda_event_source_mapping.under_test",
      uuid: "mapping",
      arn: "arn",
      keepsEnabled: true,
      queueArn: "arn:aws:sqs:eu-west-1:000000000000:events",
      functionArn: "arn",
      enabled: true,
      batchSize,
      batchWindowSeconds: batchSize > 10 ? 20 : 0,
      maximumConcurrency: 2,
      reportsBatchItemFailures: true,
    },
    {
      sqs,
      queueUrl,
      invoke: (event) => invoke(event as SQSEvent),
      onBatch: settle,
      onError(error) {
        errors.push(error);
        fail(error);
      },
    },
  );
  mapping = started;
  started.enable();
  return { mapping: started, settled };
}

const failures = (ids: readonly string[]): InvocationResult => ({
  ok: true,
  payload: JSON.stringify({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) }),
});
const idsOf = ({ Records }: SQSEvent) => Records.map(({ messageId }) => messageId);

test.each<[string, (event: SQSEvent) => InvocationResult]>([
  ["each named", (event) => failures(idsOf(event))],
  ["the function having failed", () => ({ ok: false, error: { errorType: "Error", errorMessage: "x" } })],
  [
    "one that is not of the batch among the named",
    (event) => failures([...idsOf(event).slice(0, 1), "elsewhere"]),
  ],
])("a batch in which all failed, %s: nothing is deleted, nor is SQS asked to", async (_, answer) => {
  await send(3);
  const { mapping, settled } = start(10, async (event) => answer(event));
  expect(await settled).toEqual({ size: 3, failed: 3 });
  await mapping.stop();
  expect({ left: left(), deletions, errors }).toEqual({ left: 3, deletions: [], errors: [] });
});

test.each<[number, number, number[]]>([
  [10, 0, [10]],
  [11, 0, [10, 1]],
  [25, 0, [10, 10, 5]],
  [25, 5, [10, 10]],
  [25, 24, [1]],
  [25, 25, []],
])(
  "a batch of %i of which %i come again: the others are deleted, ten in a call at most",
  async (size, again, calls) => {
    await send(size);
    const { mapping, settled } = start(size, async (event) => failures(idsOf(event).slice(0, again)));
    expect(await settled).toEqual({ size, failed: again });
    await mapping.stop();
    expect({ left: left(), deletions, errors }).toEqual({ left: again, deletions: calls, errors: [] });
  },
);

/** Something that is under way until it is let go. */
function held<T>(value: T) {
  let go = () => {};
  let begin = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const end = new Promise<T>((resolve) => {
    go = () => resolve(value);
  });
  const work = () => {
    begin();
    return end;
  };
  return { work, begun, go };
}

/** Whether a promise has settled after some turns of the event loop. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  void promise.finally(() => {
    settled = true;
  });
  for (let turns = 0; turns < 20; turns++) await turn();
  return settled;
}

const done: InvocationResult = { ok: true, payload: "null" };

describe("stop() waits", () => {
  test("for a mapping's invocations, and until what they have done is deleted", async () => {
    await send(2);
    const { work, begun, go } = held(done);
    const { mapping } = start(10, work);
    await begun;
    const stopped = mapping.stop();
    await mapping.disable(); // no poll is under way any more: what is waited for now is the invocation
    expect(await isSettled(stopped)).toBe(false);
    expect(left()).toBe(2);
    go();
    await stopped;
    expect({ left: left(), errors }).toEqual({ left: 0, errors: [] });
  });

  test("for invocations that nobody else waits for", async () => {
    const { work, begun, go } = held(done);
    const answers: InvocationResult[] = [];
    const asynchronous = new AsynchronousInvocations({ onAnswer: (_, answer) => answers.push(answer) });
    const target = {
      invoke: work,
      model: { asynchronous: { maximumRetryAttempts: 0, maximumEventAgeSeconds: 60 } },
    };
    asynchronous.accept(target as unknown as LocalFunction, {});
    await begun;
    const stopped = asynchronous.stop();
    expect(await isSettled(stopped)).toBe(false);
    go();
    await stopped;
    expect(answers).toEqual([done]);
  });

  test("for the gateway's requests, which get their answer", async () => {
    const { work, begun, go } = held<InvocationResult>({
      ok: true,
      payload: '{"statusCode":202,"body":"x"}',
    });
    const gateway = await Gateway.listen(0);
    const route = { routeKey: "POST /webhook", functionArn: "arn", timeoutMilliseconds: 60_000 };
    gateway.open({ routes: [route], account: "000000000000" }, work);
    const response = fetch(`${gateway.url}/webhook`, { method: "POST", body: "x" });
    await begun;
    const stopped = gateway.stop();
    expect(await isSettled(stopped)).toBe(false);
    go();
    expect((await response).status).toBe(202);
    await stopped;
  }, 20_000);
});
