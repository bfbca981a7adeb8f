import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { type FunctionName, functionNames } from "../../../contract/environment.ts";
import { bundle, bundleOptions } from "../../../infra/bundle.ts";

/** Files of a bundle by name; `index.mjs` is loaded. */
export type Files = ReadonlyMap<string, Uint8Array | string>;

/** The SDK's smallest bundle: a client and one command. */
const smallest = `
import { SQSClient, SendMessageCommand } from "@aws-sdk/client-sqs";
const sqs = new SQSClient({});
export const send = (input) => sqs.send(new SendMessageCommand(input));
`;

/** What a careful person writes without any of this project's code: signature, envelope, queue, a line, a metric. */
const bareReceiver = `
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { SQSClient, SendMessageCommand } from "@aws-sdk/client-sqs";
import { SSMClient, GetParameterCommand } from "@aws-sdk/client-ssm";
const sqs = new SQSClient({});
const ssm = new SSMClient({});
const secret = ssm
  .send(new GetParameterCommand({ Name: "/secret", WithDecryption: true }))
  .then(({ Parameter }) => JSON.parse(Parameter.Value).current);
export const handler = async (event) => {
  const body = Buffer.from(event.body, event.isBase64Encoded ? "base64" : "utf8");
  const given = Buffer.from(event.headers["x-hub-signature-256"].slice(7), "base64");
  const right = createHmac("sha256", await secret).update(body).digest();
  if (given.length !== right.length || !timingSafeEqual(given, right)) return { statusCode: 401 };
  const json = JSON.parse(body);
  const sha256 = createHash("sha256").update(body).digest("hex");
  const received_at = new Date().toISOString();
  await sqs.send(new SendMessageCommand({
    QueueUrl: process.env.QUEUE_URL,
    MessageBody: JSON.stringify({
      version: 1, id: sha256, source: "webhook", received_at, body_sha256: sha256, event_type: json.eventType,
      conversation_id: json.conversationId, webhook_id: json.webhookId, webhook_name: json.webhookName, payload: json,
    }),
  }));
  console.log(JSON.stringify({ level: "INFO", message: "accepted", event_id: sha256, timestamp: received_at }));
  console.log(JSON.stringify({ _aws: { Timestamp: Date.now(), CloudWatchMetrics: [{ Namespace: "Bare",
    Dimensions: [["service"]], Metrics: [{ Name: "Accepted", Unit: "Count" }] }] }, service: "receiver", Accepted: 1 }));
  return { statusCode: 200, body: '{"status":"accepted"}' };
};
`;

/** The same for the processor: breaker, lock, delivery, note, a line for each event, a metric for each batch. */
const bareProcessor = `
import { createHash } from "node:crypto";
import { DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
const { request, Agent } = process.getBuiltinModule("node:https");
const dynamo = new DynamoDBClient({});
const agent = new Agent({ keepAlive: true });
const TableName = process.env.STATE_TABLE;
const url = JSON.parse(process.env.DESTINATION).url;
const post = (body, headers) => new Promise((resolve, reject) => {
  const outgoing = request(url, { method: "POST", agent, headers }, (answer) => {
    answer.resume().on("end", () => resolve(answer.statusCode));
  });
  outgoing.on("error", reject).end(body);
});
const breaker = dynamo.send(new GetItemCommand({ TableName, Key: { id: { S: "breaker" } }, ConsistentRead: true }));
const deliver = async ({ messageId, body }) => {
  const envelope = JSON.parse(body);
  const bytes = Buffer.from(JSON.stringify(envelope.payload));
  createHash("sha256").update(bytes).digest("hex");
  const now = Date.now();
  await dynamo.send(new UpdateItemCommand({ TableName, Key: { id: { S: envelope.id } },
    UpdateExpression: "SET event_id = :event, held_until = :lock, first_attempt_at = :first, writer = :writer",
    ConditionExpression: "attribute_not_exists(id)",
    ExpressionAttributeValues: { ":event": { S: envelope.id }, ":lock": { N: String(now) },
      ":first": { S: new Date(now).toISOString() }, ":writer": { S: "w" } } }));
  const status = await post(bytes, { "content-type": "application/json", "content-length": bytes.length,
    "idempotency-key": envelope.id });
  await dynamo.send(new PutItemCommand({ TableName, Item: { id: { S: envelope.id }, delivered: { BOOL: true },
    expiration: { N: String(Math.ceil(now / 1000) + 86400) } } }));
  console.log(JSON.stringify({ level: "INFO", message: "delivered", event_id: envelope.id, status }));
  return status === 200 ? [] : [{ itemIdentifier: messageId }];
};
export const handler = async ({ Records }) => {
  await breaker;
  const batchItemFailures = (await Promise.all(Records.map(deliver))).flat();
  console.log(JSON.stringify({ _aws: { Timestamp: Date.now(), CloudWatchMetrics: [{ Namespace: "Bare",
    Dimensions: [["service"]], Metrics: [{ Name: "Delivered", Unit: "Count" }] }] }, service: "processor",
    Delivered: Records.length }));
  return { batchItemFailures };
};
`;

/** The least that delivers what API Gateway has put on the queue: no signature, no duplicates told, no back-off. */
const plainProcessor = `
const { request, Agent } = process.getBuiltinModule("node:https");
const agent = new Agent({ keepAlive: true });
const url = JSON.parse(process.env.DESTINATION).url;
const post = (body) => new Promise((resolve, reject) => {
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  const outgoing = request(url, { method: "POST", agent, headers }, (answer) => {
    answer.resume().on("end", () => resolve(answer.statusCode));
  });
  outgoing.on("error", reject).end(body);
});
const deliver = async ({ messageId, body }) => {
  const status = await post(body).catch(() => 0);
  console.log(JSON.stringify({ level: "INFO", message: "delivered", message_id: messageId, status }));
  return status >= 200 && status < 300 ? [] : [{ itemIdentifier: messageId }];
};
export const handler = async ({ Records }) => ({
  batchItemFailures: (await Promise.all(Records.map(deliver))).flat(),
});
`;

/** A function whose first invocation reads everything itself. */
const nothingAhead = (name: "receiver" | "processor") => `
import { ${name} } from "./functions/${name}/handler.ts";
import { ${name}Settings } from "./functions/${name}/settings.ts";
export const handler = ${name}(${name}Settings());
`;

interface Peer {
  readonly code: string;
  /** In one file, or in chunks of which some are loaded later. */
  readonly splitting: boolean;
}

const peers = {
  smallest: { code: smallest, splitting: false },
  smallestInChunks: { code: smallest, splitting: true },
  bareReceiver: { code: bareReceiver, splitting: false },
  bareProcessor: { code: bareProcessor, splitting: false },
  plainProcessor: { code: plainProcessor, splitting: false },
  receiverWithNothingAhead: { code: nothingAhead("receiver"), splitting: true },
  processorWithNothingAhead: { code: nothingAhead("processor"), splitting: true },
} as const satisfies Record<string, Peer>;

/** A peer, built as the functions are but for its chunks. */
export async function peer(root: string, name: keyof typeof peers): Promise<Files> {
  const { entryPoints: _, ...options } = bundleOptions(root, functionNames);
  const { code, splitting } = peers[name];
  const { outputFiles } = await build({
    ...options,
    splitting,
    stdin: { contents: code, resolveDir: root, loader: "ts" },
  } satisfies BuildOptions);
  return new Map(
    outputFiles.map(({ path, contents }) => [basename(path).replace(/^stdin\b/, "index"), contents]),
  );
}

/** A function as it is deployed: alone it would be in fewer files, which load sooner. */
export async function own(root: string, name: FunctionName): Promise<Files> {
  return (await bundle(root, functionNames))[name];
}

/** The tutorial's function, in Python. */
export async function tutorials(name: "receiver" | "processor"): Promise<Files> {
  return new Map([["index.py", await readFile(join(import.meta.dirname, `python/tutorial_${name}.py`))]]);
}
