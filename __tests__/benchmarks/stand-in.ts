import { createHash } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";

/**
 * SQS, S3, DynamoDB and Lambda as far as recovery uses them, in memory, in a process of its own: every answer takes
 * as long as AWS takes, and costs the process that is measured nothing. It answers `/fill` with what it was given,
 * and `/state` with what it holds.
 */
const MILLISECONDS = Number(process.env["STAND_IN_MILLISECONDS"] ?? 12);

type Message = { readonly id: string; readonly body: string; readonly attributes: object };
const queues = new Map<string, Message[]>();
const hidden = new Map<string, Message>();
const objects = new Map<string, string>();
let numbers = 0;

const queue = (url: string): Message[] => {
  const name = url.split("/").at(-1) ?? "";
  const found = queues.get(name) ?? [];
  queues.set(name, found);
  return found;
};
const md5 = (text: string) => createHash("md5").update(text).digest("hex");

interface Entry {
  readonly Id: string;
  readonly ReceiptHandle: string;
  readonly MessageBody: string;
  readonly MessageAttributes?: object;
}
interface Input {
  readonly QueueUrl: string;
  readonly Entries: readonly Entry[];
}
const sqs: Readonly<Record<string, (input: Input) => object>> = {
  GetQueueAttributes: ({ QueueUrl }) => ({
    Attributes: { ApproximateNumberOfMessages: String(queue(QueueUrl).length) },
  }),
  ReceiveMessage: ({ QueueUrl }) => {
    const taken = queue(QueueUrl).splice(0, 10);
    const Messages = taken.map((message) => {
      const handle = `h${++numbers}`;
      hidden.set(handle, message);
      return {
        MessageId: message.id,
        ReceiptHandle: handle,
        Body: message.body,
        MD5OfBody: md5(message.body),
        MessageAttributes: message.attributes,
        Attributes: { SentTimestamp: String(Date.now()), ApproximateReceiveCount: "1" },
      };
    });
    return Messages.length === 0 ? {} : { Messages };
  },
  SendMessageBatch: ({ QueueUrl, Entries }) => ({
    Successful: Entries.map(({ Id, MessageBody, MessageAttributes = {} }) => {
      const id = `m${++numbers}`;
      queue(QueueUrl).push({ id, body: MessageBody, attributes: MessageAttributes });
      return { Id, MessageId: id, MD5OfMessageBody: md5(MessageBody) };
    }),
    Failed: [],
  }),
  DeleteMessageBatch: ({ Entries }) => {
    for (const { ReceiptHandle } of Entries) hidden.delete(ReceiptHandle);
    return { Successful: Entries.map(({ Id }) => ({ Id })), Failed: [] };
  },
  ChangeMessageVisibilityBatch: ({ QueueUrl, Entries }) => {
    for (const { ReceiptHandle } of Entries) {
      const message = hidden.get(ReceiptHandle);
      if (message !== undefined) queue(QueueUrl).push(message);
    }
    return { Successful: Entries.map(({ Id }) => ({ Id })), Failed: [] };
  },
};

function s3(request: IncomingMessage, body: string): string {
  const url = new URL(request.url ?? "/", "http://localhost");
  const key = decodeURIComponent(url.pathname.split("/").slice(2).join("/"));
  if (request.method === "GET" && url.searchParams.get("list-type") === "2") {
    const prefix = url.searchParams.get("prefix") ?? "";
    const after = url.searchParams.get("continuation-token") ?? "";
    const keys = [...objects.keys()].filter((each) => each.startsWith(prefix) && each > after).sort();
    const page = keys.slice(0, 1_000);
    const more = keys.length > page.length;
    return `<ListBucketResult><IsTruncated>${more}</IsTruncated>${
      more ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : ""
    }${page.map((each) => `<Contents><Key>${each}</Key></Contents>`).join("")}</ListBucketResult>`;
  }
  if (request.method === "POST") {
    for (const [, each = ""] of body.matchAll(/<Key>([^<]*)<\/Key>/g)) objects.delete(each);
    return "<DeleteResult></DeleteResult>";
  }
  if (request.method === "PUT") objects.set(key, body);
  if (request.method === "DELETE") objects.delete(key);
  return request.method === "GET" ? (objects.get(key) ?? "") : "";
}

function answer(request: IncomingMessage, body: string): string {
  const target = String(request.headers["x-amz-target"] ?? "");
  if (request.url === "/fill") {
    const given = JSON.parse(body) as { queues: Record<string, Message[]>; objects: Record<string, string> };
    for (const [name, messages] of Object.entries(given.queues)) queues.set(name, messages);
    for (const [name, text] of Object.entries(given.objects)) objects.set(name, text);
    return "{}";
  }
  if (request.url === "/state") {
    const counts = [...queues].map(([name, { length }]) => [name, length]);
    return JSON.stringify({ ...Object.fromEntries(counts), objects: objects.size });
  }
  if (target.startsWith("AmazonSQS.")) {
    const operate = sqs[target.slice("AmazonSQS.".length)];
    if (operate === undefined) throw new Error(target);
    return JSON.stringify(operate(JSON.parse(body) as Input));
  }
  if (target.startsWith("DynamoDB_")) return "{}";
  return request.url?.startsWith("/2015-03-31/") ? "{}" : s3(request, body);
}

const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    const text = answer(request, Buffer.concat(parts).toString());
    const isOurs = request.url === "/fill" || request.url === "/state";
    const isXml = text.startsWith("<");
    response.setHeader("content-type", isXml ? "application/xml" : "application/x-amz-json-1.0");
    setTimeout(() => response.end(text), isOurs ? 0 : MILLISECONDS);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.(typeof address === "object" && address !== null ? address.port : 0);
});
process.on("disconnect", () => process.exit());
