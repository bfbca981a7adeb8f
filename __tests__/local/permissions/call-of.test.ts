import { callsOf, type ServiceCall } from "../../../local/permissions/call-of.ts";
import type { MappingModel, QueueModel } from "../../../local/stack/model.ts";

const arn = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:000000000000:${rest}`;

const place = {
  region: "eu-west-1",
  account: "000000000000",
  stack: {
    queues: [{ name: "events", arn: arn("sqs", "events") } as QueueModel],
    mappings: [{ uuid: "m", arn: arn("lambda", "event-source-mapping:m") } as MappingModel],
  },
};

function called(given: Partial<ServiceCall> & { target?: string; input?: unknown }) {
  const { target, input, ...rest } = given;
  const headers = target === undefined ? {} : { "x-amz-target": target };
  const body = Buffer.from(typeof input === "string" ? input : JSON.stringify(input ?? {}));
  const calls = callsOf({ service: "", method: "POST", url: "/", headers, body, ...rest }, place);
  expect(calls.length).toBeLessThan(2);
  return calls[0];
}

const sqs = (target: string, input: unknown) => called({ service: "sqs", target, input });
const lambda = (method: string, path: string) =>
  called({ service: "lambda", method, url: `/2015-03-31/${path}` });
const s3 = (method: string, url: string) => called({ service: "s3", method, url });

function insertInto(table: string) {
  return { Statement: `INSERT INTO "${table}" VALUE {'id': ?}`, Parameters: [{ S: "a" }] };
}

test.each([
  [
    "a message",
    sqs("AmazonSQS.SendMessage", { QueueUrl: "http://h/0/events" }),
    "sqs:SendMessage",
    arn("sqs", "events"),
  ],
  [
    "a batch",
    sqs("AmazonSQS.DeleteMessageBatch", { QueueUrl: "x/events" }),
    "sqs:DeleteMessage",
    arn("sqs", "events"),
  ],
  [
    "a foreign queue",
    sqs("AmazonSQS.SendMessage", { QueueUrl: "x/other" }),
    "sqs:SendMessage",
    arn("sqs", "other"),
  ],
  [
    "an item",
    called({ service: "dynamodb", target: "DynamoDB_20120810.PutItem", input: { TableName: "state" } }),
    "dynamodb:PutItem",
    arn("dynamodb", "table/state"),
  ],
  [
    "items of a batch",
    called({
      service: "dynamodb",
      target: "DynamoDB_20120810.BatchGetItem",
      input: { RequestItems: { state: { Keys: [] } } },
    }),
    "dynamodb:BatchGetItem",
    arn("dynamodb", "table/state"),
  ],
  [
    "items that PartiQL inserts",
    called({
      service: "dynamodb",
      target: "DynamoDB_20120810.BatchExecuteStatement",
      input: { Statements: [insertInto("state"), insertInto("state")] },
    }),
    "dynamodb:PartiQLInsert",
    arn("dynamodb", "table/state"),
  ],
  [
    "a parameter",
    called({ service: "ssm", target: "AmazonSSM.GetParameter", input: { Name: "/a/b" } }),
    "ssm:GetParameter",
    arn("ssm", "parameter/a/b"),
  ],
  ["an object", s3("GET", "/bucket/a%20b/c?x-id=GetObject"), "s3:GetObject", "arn:aws:s3:::bucket/a b/c"],
  ["its head", s3("HEAD", "/bucket/a"), "s3:GetObject", "arn:aws:s3:::bucket/a"],
  ["a new object", s3("PUT", "/bucket/a?x-id=PutObject"), "s3:PutObject", "arn:aws:s3:::bucket/a"],
  [
    "no object any more",
    s3("DELETE", "/bucket/a?x-id=DeleteObject"),
    "s3:DeleteObject",
    "arn:aws:s3:::bucket/a",
  ],
  [
    "an invocation",
    lambda("POST", "functions/recovery/invocations"),
    "lambda:InvokeFunction",
    arn("lambda", "function:recovery"),
  ],
  [
    "an invocation by an ARN",
    lambda("POST", `functions/${encodeURIComponent(arn("lambda", "function:recovery"))}/invocations`),
    "lambda:InvokeFunction",
    arn("lambda", "function:recovery"),
  ],
  [
    "an invocation of an alias, which is another resource",
    lambda("POST", "functions/recovery/invocations?Qualifier=operator"),
    "lambda:InvokeFunction",
    arn("lambda", "function:recovery:operator"),
  ],
  [
    "an alias in the name",
    lambda("POST", "functions/recovery%3Aoperator/invocations"),
    "lambda:InvokeFunction",
    arn("lambda", "function:recovery:operator"),
  ],
  [
    "a mapping",
    lambda("PUT", "event-source-mappings/m"),
    "lambda:UpdateEventSourceMapping",
    arn("lambda", "event-source-mapping:m"),
  ],
  [
    "a look at one",
    lambda("GET", "event-source-mappings/n"),
    "lambda:GetEventSourceMapping",
    arn("lambda", "event-source-mapping:n"),
  ],
])("%s", (_, call, action, resource) => {
  expect(call).toEqual({ action, resource });
});

test("a listing carries its prefix, for conditions to see", () => {
  expect(s3("GET", "/bucket?list-type=2&prefix=spill%2F")).toEqual({
    action: "s3:ListBucket",
    resource: "arn:aws:s3:::bucket",
    context: { "s3:prefix": "spill/" },
  });
  expect(s3("GET", "/bucket/?list-type=2")).toEqual({
    action: "s3:ListBucket",
    resource: "arn:aws:s3:::bucket",
  });
});

test.each([
  ["another service", called({ service: "sns", target: "SNS.Publish" })],
  ["a call without a queue", sqs("AmazonSQS.ListQueues", {})],
  ["a call that is not JSON", called({ service: "ssm", target: "AmazonSSM.GetParameter", input: "{" })],
  ["another part of a bucket", s3("GET", "/bucket?policy")],
  ["another part of an object", s3("PUT", "/bucket/a?acl")],
  ["another part of Lambda", lambda("DELETE", "functions/recovery")],
])("%s is not known", (_, call) => {
  expect(call).toBeUndefined();
});

test("a deletion of many objects is one of each", () => {
  const body = Buffer.from(
    "<Delete><Object><Key>spill/a</Key></Object><Object><Key>parked/b</Key></Object></Delete>",
  );
  const call = { service: "s3", method: "POST", url: "/bucket?delete=", headers: {}, body };
  expect(callsOf(call, place)).toEqual([
    { action: "s3:DeleteObject", resource: "arn:aws:s3:::bucket/spill/a" },
    { action: "s3:DeleteObject", resource: "arn:aws:s3:::bucket/parked/b" },
  ]);
  expect(callsOf({ ...call, url: "/bucket" }, place)).toEqual([]);
});
