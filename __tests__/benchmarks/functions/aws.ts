import { createHash } from "node:crypto";
import { createServer } from "node:https";
import { selfSignedCertificate } from "../../support/self-signed.ts";
import { Tally } from "./tally.ts";

/**
 * SQS, the parameter store, DynamoDB and a destination, as far as one event needs them, over TLS and in a process of
 * their own: what they cost is nobody's. A table takes everything and knows nothing.
 *
 * The parent gets `{port, cert}`, and for each message that it sends what was called since the one before. Its message
 * is a list: the bodies that wait on the queue from then on.
 */
const { AWS_MILLISECONDS = "0", DESTINATION_MILLISECONDS = "0" } = process.env;

/** `100`, or `exponential 100`. */
function milliseconds(text: string): number {
  const mean = Number(text.replace("exponential ", ""));
  return text.startsWith("exponential") ? -mean * Math.log(1 - Math.random()) : mean;
}

const md5 = (text: string) => createHash("md5").update(text).digest("hex");

type Input = Readonly<Record<string, never>> & {
  readonly Statements?: readonly object[];
  readonly MessageBody?: string;
  readonly Entries?: readonly { readonly Id: string; readonly MessageBody: string }[];
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>>;
};

let backlog: string[] = [];
let received = 0;

const operations: Readonly<Record<string, (input: Input) => object>> = {
  "AmazonSQS.SendMessage": ({ MessageBody = "" }) => ({
    MessageId: "m-1",
    MD5OfMessageBody: md5(MessageBody),
  }),
  "AmazonSQS.SendMessageBatch": ({ Entries = [] }) => ({
    Successful: Entries.map(({ Id, MessageBody }) => ({
      Id,
      MessageId: Id,
      MD5OfMessageBody: md5(MessageBody),
    })),
    Failed: [],
  }),
  "AmazonSQS.ReceiveMessage": () => ({
    Messages: backlog.splice(0, 10).map((Body) => ({
      MessageId: `waited-${++received}`,
      ReceiptHandle: `waited-${received}`,
      Body,
      MD5OfBody: md5(Body),
      Attributes: {
        ApproximateReceiveCount: "1",
        SentTimestamp: String(Date.now()),
        ApproximateFirstReceiveTimestamp: String(Date.now()),
      },
    })),
  }),
  "AmazonSQS.DeleteMessageBatch": ({ Entries = [] }) => ({
    Successful: Entries.map(({ Id }) => ({ Id })),
    Failed: [],
  }),
  "AmazonSSM.GetParameter": () => ({
    Parameter: { Name: "/secret", Value: JSON.stringify({ current: process.env["SECRET"] }) },
  }),
  "AmazonSQS.DeleteMessage": () => ({}),
  "DynamoDB_20120810.GetItem": () => ({}),
  "DynamoDB_20120810.PutItem": () => ({}),
  "DynamoDB_20120810.UpdateItem": ({ ExpressionAttributeValues: values = {} }) => ({
    Attributes: {
      event_id: values[":event"],
      delivered: { BOOL: false },
      held_until: values[":lock"],
      attempts: { N: "1" },
      first_attempt_at: values[":first"],
      writer: values[":writer"],
      revision: { N: "1" },
    },
  }),
  "DynamoDB_20120810.BatchExecuteStatement": ({ Statements = [] }) => ({
    Responses: Statements.map(() => ({})),
  }),
  "DynamoDB_20120810.BatchGetItem": () => ({ Responses: {}, UnprocessedKeys: {} }),
  "DynamoDB_20120810.BatchWriteItem": () => ({ UnprocessedItems: {} }),
};

const tally = new Tally();
process.on("message", (waiting: string[]) => {
  backlog = waiting;
  process.send?.(tally.take());
});

const certificate = selfSignedCertificate();
const server = createServer(certificate, (request, response) => {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    const target = String(request.headers["x-amz-target"] ?? "");
    const operation = operations[target];
    if (target !== "" && operation === undefined) throw new Error(`The stand-in does not know ${target}.`);
    const body = Buffer.concat(parts);
    if (target === "") tally.delivery();
    else tally.call(target, body);
    const text = operation ? JSON.stringify(operation(JSON.parse(body.toString()) as Input)) : "{}";
    response.setHeader("content-type", "application/x-amz-json-1.0");
    const wait = milliseconds(operation === undefined ? DESTINATION_MILLISECONDS : AWS_MILLISECONDS);
    if (wait === 0) response.end(text);
    else setTimeout(() => response.end(text), wait);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.({
    port: typeof address === "object" && address !== null ? address.port : 0,
    cert: certificate.cert,
  });
});
process.on("disconnect", () => process.exit());
