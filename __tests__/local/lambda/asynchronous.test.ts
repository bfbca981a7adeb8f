import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AccessKeys } from "../../../local/cloud/access-keys.ts";
import { AsynchronousInvocations } from "../../../local/lambda/asynchronous.ts";
import type { InvocationResult } from "../../../local/lambda/invocation-result.ts";
import { LocalFunction } from "../../../local/lambda/local-function.ts";

let task: string;
let target: LocalFunction;
let asynchronous: AsynchronousInvocations;
let answers: InvocationResult[];
let onAnswer: () => void;

beforeEach(async () => {
  task = await mkdtemp(join(tmpdir(), "asynchronous-"));
  answers = [];
  onAnswer = () => {};
});
afterEach(async () => {
  await asynchronous.stop();
  await target.stop();
  await rm(task, { recursive: true, force: true });
});

async function start(
  code: string,
  {
    retries = 2,
    ageSeconds = 60,
    pauses = [0],
  }: { retries?: number; ageSeconds?: number; pauses?: number[] },
): Promise<void> {
  await writeFile(join(task, "index.mjs"), code);
  target = new LocalFunction(
    {
      address: "aws_lambda_function.under_test",
      name: "under-test",
      arn: "arn",
      roleArn: "role",
      logGroup: "/aws/lambda/under-test",
      handler: "index.handler",
      runtime: "nodejs22.x",
      zip: "",
      timeoutSeconds: 10,
      memoryMegabytes: 128,
      variables: {},
      asynchronous: { maximumRetryAttempts: retries, maximumEventAgeSeconds: ageSeconds },
      countedLines: [],
      aliases: [],
    },
    {
      task,
      cloud: { url: "http://127.0.0.1:1", region: "eu-west-1", accessKeys: new AccessKeys() },
      concurrency: { usual: 1, most: 1 },
      onLine: () => {},
    },
  );
  asynchronous = new AsynchronousInvocations({
    retryMilliseconds: pauses,
    onAnswer: (_, answer) => {
      answers.push(answer);
      onAnswer();
    },
  });
}

function answered(count: number): Promise<void> {
  return new Promise((resolve) => {
    onAnswer = () => answers.length >= count && resolve();
    onAnswer();
  });
}

/** Fails, and says which invocation it was; but not for a marker. */
const FAILS = `export const handler = async (event, { awsRequestId }) => {
  if (event.marker) return "marker";
  throw new Error(awsRequestId);
};`;

/** Whatever was to come next has come: one invocation at a time, in the order in which they were asked for. */
async function nothingMore(): Promise<void> {
  for (let i = 0; i < 2; i++) {
    const before = answers.length;
    asynchronous.accept(target, { marker: true });
    await answered(before + 1);
  }
  await asynchronous.stop();
  answers = answers.filter((answer) => !answer.ok || answer.payload !== '"marker"');
}
const said = () => answers.map((answer) => (answer.ok ? answer.payload : answer.error.errorMessage));

test("a success is the end of it", async () => {
  await start("export const handler = async (event) => event.x;", {});
  asynchronous.accept(target, { x: 7 });
  await answered(1);
  await asynchronous.stop();
  expect(said()).toEqual(["7"]);
});

test.each([0, 1, 2])("a failure is retried %i times, as one and the same request", async (retries) => {
  await start(FAILS, { retries });
  asynchronous.accept(target, {});
  await answered(retries + 1);
  await nothingMore();
  expect(answers).toHaveLength(retries + 1);
  expect(new Set(said()).size).toBe(1);
});

test("an event that would be too old by then is not retried", async () => {
  await start(FAILS, { ageSeconds: 0, pauses: [1] });
  asynchronous.accept(target, {});
  await answered(1);
  await nothingMore();
  expect(answers).toHaveLength(1);
});

test("stop waits for what is running, and gives up what waits for a retry", async () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const before = timers();
  await start(FAILS, { pauses: [50_000] });
  asynchronous.accept(target, {});
  await answered(1);
  await asynchronous.stop();
  expect(answers).toHaveLength(1);
  expect(timers()).toBeLessThanOrEqual(before);
  asynchronous.accept(target, {});
  await asynchronous.stop();
  expect(answers).toHaveLength(1);
});
