import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { toTerraformOutputs } from "../../../contract/outputs.ts";
import { type AwsAnswers, startAwsAnswers } from "../../support/aws-answers.ts";
import { COMMAND, commandEnvironment } from "../../support/command.ts";
import { deployedOutputs } from "../../support/deployed.ts";
import { runInProcess } from "../../support/in-process.ts";
import { MoveTasks } from "../../support/move-tasks.ts";

let aws: AwsAnswers;
let tasks: MoveTasks;
let folder: string;
let args: string[];
let env: Record<string, string>;

beforeEach(async () => {
  tasks = new MoveTasks(25);
  aws = await startAwsAnswers((action, input) => tasks.answer(action, input));
  folder = await mkdtemp(join(tmpdir(), "move-task-"));
  const outputs = join(folder, "outputs.json");
  await writeFile(outputs, JSON.stringify({ production: toTerraformOutputs(deployedOutputs(aws.endpoint)) }));
  args = ["dlq", "redrive", "--outputs", outputs];
  env = { AWS_ENDPOINT_URL: aws.endpoint, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
});
afterEach(async () => {
  await aws.stop();
  await rm(folder, { recursive: true, force: true });
});

const started = () => aws.calls.filter(({ action }) => action === "StartMessageMoveTask");

test("without a filter SQS moves a deployed queue, to a destination that is named, and is followed to the end", async () => {
  const { code, stdout, stderr } = await runInProcess([...args, "--rate", "50", "--json"], { env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(JSON.parse(stdout)).toEqual({ redriven: 25, bySqs: true, status: "COMPLETED" });
  expect(started().map(({ input }) => input)).toEqual([
    {
      SourceArn: MoveTasks.source,
      DestinationArn: MoveTasks.destination,
      MaxNumberOfMessagesPerSecond: 50,
    },
  ]);
  expect(aws.calls.some(({ action }) => action === "ReceiveMessage")).toBe(false);
});

test("Ctrl-C cancels it, and what has been moved is told", async () => {
  tasks.perLook = 1;
  const child = spawn(process.execPath, [...COMMAND, ...args, "--json"], { env: commandEnvironment(env) });
  const said = text(child.stdout);
  while (tasks.moved === 0) await new Promise((resolve) => setImmediate(resolve));
  child.kill("SIGINT");
  expect(await once(child, "close")).toEqual([130, null]);
  expect(tasks.status).toBe("CANCELLED");
  expect(JSON.parse(await said)).toEqual({ redriven: tasks.moved, bySqs: true, status: "CANCELLED" });
  expect(tasks.moved).toBeLessThan(25);
});

test("one that is under way is left alone", async () => {
  tasks.status = "RUNNING";
  tasks.perLook = 3;
  const { code, stderr } = await runInProcess(args, { env });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error: SQS is moving this queue already: 3 have been moved\.\nWait for it; /);
  expect(started()).toEqual([]);
});

test("one that fails says why", async () => {
  tasks.failure = "AWS.SimpleQueueService.NonExistentQueue";
  const { code, stderr } = await runInProcess(args, { env });
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^error: SQS gave up moving after 10 messages: AWS\.SimpleQueueService\.NonExistentQueue\n/,
  );
});

test.each([
  [["--class", "exhausted"], "a filter"],
  [["--rate", "0.5"], "a rate that SQS does not know"],
  [["--rate", "501"], "a rate above SQS's own"],
])("%j: %s goes one by one", async (more) => {
  await runInProcess([...args, ...more], { env });
  expect(started()).toEqual([]);
  expect(aws.calls.some(({ action }) => action === "ReceiveMessage")).toBe(true);
});
