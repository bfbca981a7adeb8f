import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  GetEventSourceMappingCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import { CreateQueueCommand } from "@aws-sdk/client-sqs";
import { LocalCloud } from "../../../local/cloud/cloud.ts";
import type { InvocationResult } from "../../../local/lambda/invocation-result.ts";
import { LambdaApi } from "../../../local/lambda-api/lambda-api.ts";
import type { EventSourceMapping } from "../../../local/poller/event-source-mapping.ts";
import { startMappings } from "../../../local/poller/start-mappings.ts";
import type { FunctionModel } from "../../../local/stack/model.ts";
import { History } from "../../support/history.ts";

let folder: string;
let cloud: LocalCloud;
let lambda: LambdaClient;
let mapping: EventSourceMapping;
let runEvents: History;
let invoke: (functionArn: string, event: unknown) => InvocationResult;
let accepted: [string, unknown][];

const ARN = "arn:aws:lambda:eu-west-1:000000000000:function:processor";
const QUEUE_ARN = "arn:aws:sqs:eu-west-1:000000000000:events";

const model: FunctionModel = {
  address: "aws_lambda_function.f",
  name: "processor",
  arn: ARN,
  roleArn: "arn:aws:iam::000000000000:role/processor",
  logGroup: "/aws/lambda/processor",
  handler: "index.handler",
  runtime: "nodejs22.x",
  zip: "f.zip",
  timeoutSeconds: 10,
  memoryMegabytes: 256,
  variables: { QUEUE_URL: "https://queue" },
  asynchronous: { maximumRetryAttempts: 2, maximumEventAgeSeconds: 60 },
  countedLines: [],
  aliases: ["blue"],
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lambda-api-"));
  cloud = await LocalCloud.start("eu-west-1", folder);
  await cloud.sqs.send(new CreateQueueCommand({ QueueName: "events" }));
  lambda = new LambdaClient({ ...cloud.operatorConfig(), maxAttempts: 1 });
  runEvents = new History();
  accepted = [];
  invoke = () => ({ ok: true, payload: "null" });
  const { mappings, switchMapping } = await startMappings(
    {
      queues: [
        {
          address: "q",
          name: "events",
          url: `${cloud.url}/000000000000/events`,
          arn: QUEUE_ARN,
          attributes: {},
        },
      ],
      functions: [],
      mappings: [
        {
          address: "aws_lambda_event_source_mapping.m",
          uuid: "m",
          arn: "arn:m",
          queueArn: QUEUE_ARN,
          functionArn: ARN,
          enabled: true,
          keepsEnabled: true,
          batchSize: 7,
          batchWindowSeconds: 0,
          maximumConcurrency: 3,
          reportsBatchItemFailures: true,
        },
      ],
    },
    { cloud, folder, runEvents, invoke: async () => ({ ok: true, payload: "null" }) },
  );
  mapping = mappings[0] as EventSourceMapping;
  const api = new LambdaApi({
    functions: [model],
    mappings,
    switchMapping,
    functionArn: (name) =>
      ({ processor: ARN, [ARN]: ARN, "processor:blue": `${ARN}:blue`, [`${ARN}:blue`]: `${ARN}:blue` })[name],
    invoke: async (arn, event) => invoke(arn, event),
    accept: (...event) => accepted.push(event),
  });
  cloud.serve("lambda", api.listener);
});
afterEach(async () => {
  await mapping.stop();
  lambda.destroy();
  await cloud.stop();
  await rm(folder, { recursive: true, force: true });
});

const update = (Enabled: boolean, more = {}) =>
  lambda.send(new UpdateEventSourceMappingCommand({ UUID: "m", Enabled, ...more }));
const state = async () => (await lambda.send(new GetEventSourceMappingCommand({ UUID: "m" }))).State;

describe("event source mappings", () => {
  const described = {
    UUID: "m",
    EventSourceArn: QUEUE_ARN,
    FunctionArn: ARN,
    State: "Enabled",
    BatchSize: 7,
    ScalingConfig: { MaximumConcurrency: 3 },
  };

  test("are described, one by one and together", async () => {
    expect(await lambda.send(new GetEventSourceMappingCommand({ UUID: "m" }))).toMatchObject(described);
    const list = async (input = {}) =>
      (await lambda.send(new ListEventSourceMappingsCommand(input))).EventSourceMappings;
    expect(await list()).toMatchObject([described]);
    expect(await list({ FunctionName: "processor", EventSourceArn: QUEUE_ARN })).toMatchObject([described]);
    expect(await list({ FunctionName: "another" })).toEqual([]);
    expect(await list({ EventSourceArn: "arn:another" })).toEqual([]);
  });

  test("are disabled and enabled; a change on its way refuses the next", async () => {
    expect(await update(false)).toMatchObject({ State: "Disabling" });
    await expect(update(true)).rejects.toMatchObject({ name: "ResourceInUseException" });
    await mapping.disable(); // its last poll has ended then
    expect(await state()).toBe("Disabled");
    expect(await update(true)).toMatchObject({ State: "Enabled" });
    expect(await state()).toBe("Enabled");
    await update(true);
    expect(runEvents.soFar).toEqual([
      { kind: "mapping", mapping: mapping.model.address, enabled: false },
      { kind: "mapping", mapping: mapping.model.address, enabled: true },
    ]);
  });

  test("change in nothing else", async () => {
    await expect(update(false, { BatchSize: 1 })).rejects.toMatchObject({
      name: "InvalidParameterValueException",
      message: "The local run does not change BatchSize.",
    });
    expect(await state()).toBe("Enabled");
  });

  test("one that is not there", async () => {
    const call = lambda.send(new GetEventSourceMappingCommand({ UUID: "none" }));
    await expect(call).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});

test("a function's configuration is told by its name or ARN", async () => {
  const configuration = (FunctionName: string) =>
    lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  expect(await configuration(ARN)).toMatchObject({
    FunctionName: "processor",
    Timeout: 10,
    Environment: { Variables: { QUEUE_URL: "https://queue" } },
    State: "Active",
  });
  await expect(configuration("nobody")).rejects.toThrow("Function not found: nobody");
  const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName: "processor" }));
  expect(Configuration).toMatchObject({ FunctionName: "processor", Timeout: 10 });
});

describe("invocations", () => {
  const call = async (input: Partial<InvokeCommand["input"]>) => {
    const { Payload: payload, ...rest } = await lambda.send(
      new InvokeCommand({ FunctionName: "processor", Payload: Buffer.from('{"text":"👋"}'), ...input }),
    );
    return { ...rest, text: Buffer.from(payload ?? []).toString() };
  };

  test("that are waited for", async () => {
    invoke = (arn, event) => ({ ok: true, payload: JSON.stringify({ arn, event }) });
    const answer = await call({ FunctionName: ARN });
    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: "$LATEST" });
    expect(JSON.parse(answer.text)).toEqual({ arn: ARN, event: { text: "👋" } });
  });

  test("by an alias, which the function is told", async () => {
    invoke = (arn) => ({ ok: true, payload: JSON.stringify(arn) });
    expect(JSON.parse((await call({ Qualifier: "blue" })).text)).toBe(`${ARN}:blue`);
    expect(JSON.parse((await call({ FunctionName: `${ARN}:blue` })).text)).toBe(`${ARN}:blue`);
    await expect(call({ Qualifier: "green" })).rejects.toThrow("Function not found: processor:green");
  });

  test("that fail", async () => {
    invoke = () => ({ ok: false, error: { errorType: "TypeError", errorMessage: "no" } });
    const answer = await call({});
    expect(answer).toMatchObject({ StatusCode: 200, FunctionError: "Unhandled" });
    expect(JSON.parse(answer.text)).toEqual({ errorType: "TypeError", errorMessage: "no" });
  });

  test("that nobody waits for", async () => {
    expect(await call({ InvocationType: "Event" })).toMatchObject({ StatusCode: 202, text: "" });
    expect(accepted).toEqual([[ARN, { text: "👋" }]]);
  });

  test.each<[string, Partial<InvokeCommand["input"]>]>([
    ["ResourceNotFoundException", { FunctionName: "none" }],
    ["InvalidRequestContentException", { Payload: Buffer.from("{") }],
    ["InvalidParameterValueException", { InvocationType: "DryRun" }],
  ])("%s", async (name, input) => {
    await expect(call(input)).rejects.toMatchObject({ name });
  });
});
