import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Environment } from "../../cli/environment/environment.ts";
import { liveSettings } from "../../cli/forecast/live-settings.ts";
import { variableOf } from "../../contract/environment.ts";
import type { Forecast } from "../../contract/forecast/forecast.ts";
import { startAwsAnswers } from "../support/aws-answers.ts";
import { deployedOutputs } from "../support/deployed.ts";
import { runInProcess } from "../support/in-process.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "forecast-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function json(...args: string[]): Promise<Forecast & { readonly environment: string }> {
  const { stdout, code } = await runInProcess(["forecast", ...args, "--json"]);
  expect(code).toBe(0);
  return JSON.parse(stdout);
}

const QUESTION = ["--rate", "50", "--outage", "72h", "--latency", "200ms"];

test("an environment's configured settings, and others in their place", async () => {
  const told = await json("production", ...QUESTION);
  expect(told).toMatchObject({
    environment: "production, as it is configured",
    question: { ratePerSecond: 50, outageSeconds: 72 * 3_600, destination: { latencySeconds: 0.2 } },
  });
  expect(told.question.settings["processor.maximumConcurrency"]).toBe(50);
  const other = await json("production", ...QUESTION, "--set", "processor.maximumConcurrency=100");
  expect(other.outlook.recoverySeconds).toBe(told.advice?.recoverySeconds.after);
});

test("no environment: the defaults", async () => {
  const { environment, question } = await json("--rate", "1");
  expect([environment, question.settings["processor.maximumConcurrency"]]).toEqual([
    "the default settings",
    10,
  ]);
});

test("a person reads it on 80 columns, to the advice", async () => {
  const columns = process.stdout.columns;
  process.stdout.columns = 80;
  const { stdout } = await runInProcess(["forecast", "production", ...QUESTION]).finally(() => {
    process.stdout.columns = columns;
  });
  for (const line of stdout.split("\n").slice(0, -2)) expect(line.length).toBeLessThanOrEqual(80);
  expect(stdout).toMatch(/backlog +13 million events, 4\.34 million of them/);
  expect(stdout).toMatch(/dead letters +0: an outage is no event's fault/);
  expect(stdout).toMatch(/What would help most: processor\.maximumConcurrency 100 in place of 50/);
});

test("the picture is written, and never over a file that is there", async () => {
  const file = join(folder, "forecast.svg");
  await json(...QUESTION, "--svg", file);
  expect(await readFile(file, "utf8")).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
  await writeFile(file, "mine");
  const { code, stderr } = await runInProcess(["forecast", ...QUESTION, "--svg", file]);
  expect([code, stderr]).toEqual([2, expect.stringContaining("is there already")]);
  expect(await readFile(file, "utf8")).toBe("mine");
});

test.each([
  ["--set", "queue.retention=3", "The settings are: throttling.ratePerSecond"],
  ["--set", "processor.maximumConcurrency=1", "takes 2 to 1000 invocations"],
  ["--outage", "72", "Give a span of time such as"],
  ["--environment", "dev", "Both production and an environment that runs are given."],
])("%s %s is told: %s", async (option, value, message) => {
  const { code, stderr } = await runInProcess(["forecast", "production", ...QUESTION, option, value]);
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
});

test("an environment that runs is asked for its own settings", async () => {
  const variables = (name: "processor" | "recovery") =>
    name === "processor"
      ? {
          [variableOf(name, "batchConcurrency")]: "4",
          [variableOf(name, "idempotencySeconds")]: "0",
          [variableOf(name, "pauseMilliseconds")]: "400",
          [variableOf(name, "destination")]: JSON.stringify({ kind: "http", timeoutMilliseconds: 5_000 }),
          [variableOf(name, "breaker")]: JSON.stringify({
            failingEvents: 7,
            probeBaseSeconds: 10,
            probeCapSeconds: 90,
          }),
          [variableOf(name, "backOff")]: JSON.stringify({ capSeconds: 300 }),
        }
      : { [variableOf(name, "oldestEventSeconds")]: "600" };
  const answers = await startAwsAnswers((action) => {
    if (action === "GetQueueAttributes") return { body: { Attributes: { MessageRetentionPeriod: "7200" } } };
    if (action.includes("event-source-mappings"))
      return {
        body: { BatchSize: 8, MaximumBatchingWindowInSeconds: 1, ScalingConfig: { MaximumConcurrency: 20 } },
      };
    const name = action.includes("recovery") ? "recovery" : "processor";
    return { body: { Timeout: 60, MemorySize: 256, Environment: { Variables: variables(name) } } };
  });
  const account = { region: "eu-west-1", endpoint: answers.endpoint };
  try {
    expect(
      await liveSettings(new Environment("deployed", deployedOutputs(answers.endpoint), account)),
    ).toMatchObject({
      "queue.retentionSeconds": 7_200,
      "processor.timeoutSeconds": 60,
      "processor.memoryMegabytes": 256,
      "processor.batchSize": 8,
      "processor.batchWindowSeconds": 1,
      "processor.maximumConcurrency": 20,
      "processor.batchConcurrency": 4,
      "processor.deliveriesPerSecond": 50,
      "destination.timeoutSeconds": 5,
      "idempotency.windowSeconds": 0,
      "breaker.failingEvents": 7,
      "breaker.probeCapSeconds": 90,
      "backOff.capSeconds": 300,
      "alarms.oldestEventSeconds": 600,
    });
  } finally {
    await answers.stop();
  }
});
