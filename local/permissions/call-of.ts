import type { IncomingHttpHeaders } from "node:http";
import { readInsertions } from "../../contract/insert-statements.ts";
import type { Call } from "../iam/evaluate-policy.ts";
import type { LocalStack } from "../stack/model.ts";

/** A call to a service, as it came over the wire. */
export interface ServiceCall {
  /** As signatures spell it: `sqs`. */
  readonly service: string;
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Empty for the services whose calls say everything in their URL. */
  readonly body: Buffer;
}

/** Where names become ARNs. */
export interface ArnContext {
  readonly region: string;
  readonly account: string;
  readonly stack: Pick<LocalStack, "queues" | "mappings">;
}

const SERVICES_WITH_JSON: ReadonlySet<string> = new Set(["sqs", "dynamodb", "ssm"]);

/** Whether a call names what it acts on in its body: JSON, SNS's form, or the XML of S3's deletion of many objects. */
export function namesInBody(service: string, method: string): boolean {
  return SERVICES_WITH_JSON.has(service) || service === "sns" || (service === "s3" && method === "POST");
}

/**
 * What IAM is asked for a call, all of which has to be allowed; nothing for a call that the local run does not know,
 * which is then denied.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export function callsOf(call: ServiceCall, context: ArnContext): readonly Call[] {
  const deleted = call.service === "s3" ? deletedObjects(call) : [];
  if (deleted.length > 0) return deleted;
  if (call.service === "dynamodb" && operationOf(call.headers) === "BatchExecuteStatement")
    return insertions(call, context);
  const single = callOf(call, context);
  return single === undefined ? [] : [single];
}

function callOf(call: ServiceCall, context: ArnContext): Call | undefined {
  switch (call.service) {
    case "sqs":
      return sqs(call, context);
    case "dynamodb":
      return dynamodb(call, context);
    case "ssm":
      return ssm(call, context);
    case "s3":
      return s3(call);
    case "lambda":
      return lambda(call, context);
    case "sns":
      return sns(call);
    default:
      return undefined;
  }
}

function sqs({ headers, body }: ServiceCall, { region, account, stack }: ArnContext): Call | undefined {
  const { QueueUrl: url } = parse(body);
  if (typeof url !== "string") return undefined;
  const name = url.split("/").at(-1) ?? "";
  const queue = stack.queues.find((candidate) => candidate.name === name);
  // A batch needs the permission of its single call, and has no name of its own.
  const action = operationOf(headers).replace(/Batch$/, "");
  return { action: `sqs:${action}`, resource: queue?.arn ?? `arn:aws:sqs:${region}:${account}:${name}` };
}

function dynamodb({ headers, body }: ServiceCall, { region, account }: ArnContext): Call | undefined {
  const { TableName, RequestItems } = parse(body);
  const [name = TableName, ...others] = Object.keys(RequestItems ?? {}); // a batch names its table there
  if (typeof name !== "string" || others.length > 0) return undefined;
  const resource = name.startsWith("arn:") ? name : `arn:aws:dynamodb:${region}:${account}:table/${name}`;
  return { action: `dynamodb:${operationOf(headers)}`, resource };
}

/** PartiQL is asked for by statement: what it does, and the table that it names. */
function insertions({ body }: ServiceCall, { region, account }: ArnContext): Call[] {
  try {
    const tables = new Set(readInsertions(parse(body)["Statements"] as never).map(({ table }) => table));
    return [...tables].map((table) => ({
      action: "dynamodb:PartiQLInsert",
      resource: `arn:aws:dynamodb:${region}:${account}:table/${table}`,
    }));
  } catch {
    return [];
  }
}

function ssm({ headers, body }: ServiceCall, { region, account }: ArnContext): Call | undefined {
  const { Name: name } = parse(body);
  if (typeof name !== "string") return undefined;
  const path = name.startsWith("/") ? name : `/${name}`;
  return {
    action: `ssm:${operationOf(headers)}`,
    resource: `arn:aws:ssm:${region}:${account}:parameter${path}`,
  };
}

/** Its protocol is a form, in the older way. */
function sns({ body }: ServiceCall): Call | undefined {
  const form = new URLSearchParams(body.toString());
  const [action, resource] = [form.get("Action"), form.get("TopicArn")];
  return action === null || resource === null ? undefined : { action: `sns:${action}`, resource };
}

/** By method; HEAD is a GET without a body, and needs the same permission. */
const OBJECT_ACTIONS: Readonly<Record<string, string>> = {
  GET: "s3:GetObject",
  HEAD: "s3:GetObject",
  PUT: "s3:PutObject",
  DELETE: "s3:DeleteObject",
};

/** Path-style, as the SDK speaks to an address that is no name. */
function s3({ method, url }: ServiceCall): Call | undefined {
  const { pathname, searchParams } = new URL(url, "http://s3");
  const [, bucket = "", key = ""] = /^\/([^/]+)\/?(.*)$/s.exec(decodeURIComponent(pathname)) ?? [];
  if (key !== "") {
    const action = OBJECT_ACTIONS[method];
    const plain = [...searchParams.keys()].every((name) => name === "x-id"); // the SDK's own note
    return action !== undefined && plain ? { action, resource: `arn:aws:s3:::${bucket}/${key}` } : undefined;
  }
  if (method !== "GET" || searchParams.get("list-type") !== "2") return undefined;
  const prefix = searchParams.get("prefix");
  return {
    action: "s3:ListBucket",
    resource: `arn:aws:s3:::${bucket}`,
    ...(prefix === null ? {} : { context: { "s3:prefix": prefix } }),
  };
}

/** `DeleteObjects`: S3 asks for each object, and refuses those alone that may not go; here the whole call is refused. */
function deletedObjects({ method, url, body }: ServiceCall): Call[] {
  const { pathname, searchParams } = new URL(url, "http://s3");
  if (method !== "POST" || !searchParams.has("delete")) return [];
  const bucket = decodeURIComponent(pathname).replaceAll("/", "");
  const keys = [...body.toString().matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = ""]) => key);
  return keys.map((key) => ({ action: "s3:DeleteObject", resource: `arn:aws:s3:::${bucket}/${key}` }));
}

/** Whether a missing object may be called missing: S3 says "forbidden" to those who may not list. */
export function mayTellMissing(objectArn: string): Call {
  return { action: "s3:ListBucket", resource: objectArn.split("/")[0] ?? objectArn };
}

const LAMBDA_PATH = /^\/2015-03-31\/(functions|event-source-mappings)\/([^/]+)(?:\/(invocations))?\/?$/;

function lambda({ method, url }: ServiceCall, { region, account, stack }: ArnContext): Call | undefined {
  const { pathname, searchParams } = new URL(url, "http://lambda");
  const [, kind, id = "", invocations] = LAMBDA_PATH.exec(pathname) ?? [];
  const qualifier = searchParams.get("Qualifier");
  const name = decodeURIComponent(id) + (qualifier === null ? "" : `:${qualifier}`);
  const arn = (type: string) => `arn:aws:lambda:${region}:${account}:${type}:${name}`;
  if (kind === "functions" && invocations !== undefined && method === "POST") {
    // What names an alias is another resource than the function: its own ARN's policy does not allow it.
    return { action: "lambda:InvokeFunction", resource: name.startsWith("arn:") ? name : arn("function") };
  }
  const action = { GET: "GetEventSourceMapping", PUT: "UpdateEventSourceMapping" }[method];
  if (kind !== "event-source-mappings" || action === undefined) return undefined;
  const found = stack.mappings.find(({ uuid }) => uuid === name);
  return { action: `lambda:${action}`, resource: found?.arn ?? arn("event-source-mapping") };
}

/** `AmazonSQS.SendMessage` → `SendMessage` */
function operationOf(headers: IncomingHttpHeaders): string {
  return String(headers["x-amz-target"]).split(".").at(-1) ?? "";
}

function parse(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(body.toString()) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}
