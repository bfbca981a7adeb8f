import { type Message, SendMessageCommand } from "@aws-sdk/client-sqs";
import type { SQSEvent, SQSRecord } from "aws-lambda";
import type { DestinationSettings } from "../../contract/variables/destination.ts";
import { seen } from "../../functions/breaker/observation.ts";
import { BreakerStore, emptyItem } from "../../functions/breaker/store.ts";
import { type ProcessorHandler, processor } from "../../functions/processor/handler.ts";
import { type ProcessorSettings, processorSettings } from "../../functions/processor/settings.ts";
import { breaker, httpDestination, processorVariables } from "./bench-variables.ts";
import { startDestination, type TestDestination } from "./destination.ts";
import { type StateTable, startStateTable } from "./dynamodb.ts";
import { type Cloud, receiveMessages, startCloud } from "./fauxqs.ts";
import { forAllTests } from "./hooks.ts";
import { leisurely } from "./leisurely.ts";
import { type ParameterStore, startParameterStore } from "./parameter-store.ts";

/** Where the services are, where a test wants them elsewhere. */
type Endpoints = Partial<Record<"queue" | "secrets" | "bucket" | "state" | "recovery", string>>;

type HttpSettings = Extract<DestinationSettings, { kind: "http" }>;

/** The processor with real wires around it. */
export interface ProcessorBench {
  readonly cloud: Cloud;
  readonly parameters: ParameterStore;
  readonly destination: TestDestination;
  readonly state: StateTable;
  readonly settings: ProcessorSettings;
  /** The destination's settings, for a change of one of them. */
  readonly http: HttpSettings;
  /** A processor as a new execution environment has it. */
  start(settings?: Partial<ProcessorSettings>, endpoints?: Endpoints): ProcessorHandler;
  /** Others have lately been delivered: what fails then fails for itself. */
  othersSucceed(): Promise<void>;
  send(body: string, attributes?: Readonly<Record<string, string>>): Promise<void>;
  /** Everything that is visible on the queue, as the poller would hand it to Lambda. */
  receive(): Promise<SQSEvent>;
  /** Seconds until each received message is visible again, by message id. */
  hiddenSeconds(): Map<string, number>;
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/** One for the tests of a file, as good as new after each test. */
export function processorBench(): ProcessorBench {
  const bench = forAllTests(startProcessorBench);
  afterEach(() => bench.reset());
  return bench;
}

export async function startProcessorBench(): Promise<ProcessorBench> {
  const cloud = await startCloud({ VisibilityTimeout: "180" });
  const parameters = await startParameterStore();
  const destination = await startDestination();
  const state = await startStateTable();
  const http: HttpSettings = httpDestination(destination.url);
  const settings = processorSettings(
    processorVariables({ ...cloud, stateTable: state.table }, http, {
      IDEMPOTENCY_SECONDS: "0", // one id is delivered again and again by most tests
      BREAKER: breaker(1_000), // most tests fail many events on purpose
    }),
  );
  return {
    cloud,
    parameters,
    destination,
    state,
    settings,
    http,
    start: (changes = {}, endpoints = {}) =>
      processor(
        { ...settings, ...changes },
        {
          queue: { endpoint: endpoints.queue ?? cloud.endpoint, ...leisurely },
          bucket: { endpoint: endpoints.bucket ?? cloud.endpoint, ...leisurely },
          recovery: { endpoint: endpoints.recovery ?? "http://127.0.0.1:9", ...leisurely }, // discard: nobody listens
          state: { endpoint: endpoints.state ?? state.endpoint, ...leisurely },
          secrets: { endpoint: endpoints.secrets ?? parameters.endpoint, ...leisurely },
        },
      ),
    async othersSucceed() {
      const store = new BreakerStore(state.client, state.table, { baseSeconds: 60, capSeconds: 900 });
      const observation = { kind: "succeeded", eventType: "another type", attempt: 1 } as const;
      const fresh = Array.from({ length: 50 }, (_, id) => seen({ ...observation, id: `${id}` }, Date.now()));
      await store.add(emptyItem, { earlier: [], fresh }, 1_000, Date.now());
    },
    async send(body, attributes = {}) {
      const MessageAttributes = Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [name, { DataType: "String", StringValue: value }]),
      );
      await cloud.sqs.send(
        new SendMessageCommand({ QueueUrl: cloud.queueUrl, MessageBody: body, MessageAttributes }),
      );
    },
    receive: async () => ({ Records: (await receiveMessages(cloud)).map((message) => toRecord(message)) }),
    hiddenSeconds() {
      const { inflight = [] } = cloud.server.inspectQueue("events")?.messages ?? {};
      return new Map(
        inflight.map(({ message, visibilityDeadline }) => [
          message.messageId,
          Math.round((visibilityDeadline - Date.now()) / 1000),
        ]),
      );
    },
    async reset() {
      await state.empty();
      cloud.reset();
      destination.reset();
      parameters.down = false;
    },
    async stop() {
      await destination.stop();
      await state.stop();
      await parameters.stop();
      await cloud.stop();
    },
  };
}

/** A received message in the shape in which the poller hands it to Lambda. */
export function toRecord(message: Message, attributes: Partial<SQSRecord["attributes"]> = {}): SQSRecord {
  const { MessageId = "", ReceiptHandle = "", Body = "", MD5OfBody = "", Attributes = {} } = message;
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    md5OfBody: MD5OfBody,
    attributes: {
      ApproximateReceiveCount: Attributes.ApproximateReceiveCount ?? "1",
      SentTimestamp: Attributes.SentTimestamp ?? "",
      SenderId: Attributes.SenderId ?? "",
      ApproximateFirstReceiveTimestamp: Attributes.ApproximateFirstReceiveTimestamp ?? "",
      ...attributes,
    },
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, { StringValue, BinaryValue }]) => [
        name,
        BinaryValue === undefined
          ? { dataType: "String", stringValue: StringValue ?? "" }
          : { dataType: "Binary", binaryValue: Buffer.from(BinaryValue).toString("base64") },
      ]),
    ),
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:eu-west-1:000000000000:events",
    awsRegion: "eu-west-1",
  };
}

/** The same records, received for the `count`th time. */
export function receivedAgain(event: SQSEvent, count: number): SQSEvent {
  return {
    Records: event.Records.map((record) => ({
      ...record,
      attributes: { ...record.attributes, ApproximateReceiveCount: String(count) },
    })),
  };
}

/** Lambda's context, with so much time left. */
export const timeLeft = (milliseconds = 30_000) => {
  const end = performance.now() + milliseconds;
  return { getRemainingTimeInMillis: () => Math.max(0, end - performance.now()) };
};
