import type { Call } from "../../../local/iam/evaluate-policy.ts";
import type { NotedCall } from "./noted-call.ts";

/** Method and path without its version, and what that does. `*` stands for one segment. */
const OPERATIONS: Readonly<Record<string, string>> = {
  "POST functions": "CreateFunction",
  "GET functions/*": "GetFunction",
  "DELETE functions/*": "DeleteFunction",
  "PUT functions/*/code": "UpdateFunctionCode",
  "PUT functions/*/configuration": "UpdateFunctionConfiguration",
  "GET functions/*/configuration": "GetFunctionConfiguration",
  "GET functions/*/versions": "ListVersionsByFunction",
  "GET functions/*/code-signing-config": "GetFunctionCodeSigningConfig",
  "PUT functions/*/concurrency": "PutFunctionConcurrency",
  "DELETE functions/*/concurrency": "DeleteFunctionConcurrency",
  "GET functions/*/policy": "GetPolicy",
  "POST functions/*/policy": "AddPermission",
  "DELETE functions/*/policy/*": "RemovePermission",
  "POST functions/*/aliases": "CreateAlias",
  "GET functions/*/aliases/*": "GetAlias",
  "PUT functions/*/aliases/*": "UpdateAlias",
  "DELETE functions/*/aliases/*": "DeleteAlias",
  "GET functions/*/event-invoke-config": "GetFunctionEventInvokeConfig",
  "PUT functions/*/event-invoke-config": "PutFunctionEventInvokeConfig",
  "POST functions/*/event-invoke-config": "UpdateFunctionEventInvokeConfig",
  "DELETE functions/*/event-invoke-config": "DeleteFunctionEventInvokeConfig",
  "GET functions/*/recursion-config": "GetFunctionRecursionConfig",
  "PUT functions/*/recursion-config": "PutFunctionRecursionConfig",
  "POST event-source-mappings": "CreateEventSourceMapping",
  "GET event-source-mappings/*": "GetEventSourceMapping",
  "PUT event-source-mappings/*": "UpdateEventSourceMapping",
  "DELETE event-source-mappings/*": "DeleteEventSourceMapping",
  "GET tags/*": "ListTags",
  "POST tags/*": "TagResource",
  "DELETE tags/*": "UntagResource",
};

/** @throws {Error} at a call that is not understood */
export function askedOfLambda({ method, url, region, parameters }: NotedCall, account: string): Call[] {
  const [, , kind = "", id = "", ...rest] = new URL(url, "http://lambda").pathname.split("/");
  const path = [kind, ...(id === "" ? [] : ["*"]), ...rest.map((part, i) => (i === 0 ? part : "*"))];
  const operation = OPERATIONS[`${method} ${path.join("/")}`];
  if (operation === undefined) throw new Error(`The rehearsal does not know ${method} ${url} of Lambda.`);
  const name = decodeURIComponent(id);
  const arn = (resource: string) => `arn:aws:lambda:${region}:${account}:${resource}`;
  const action = `lambda:${operation}`;
  const { FunctionName: functionName = "", Role: role } = parameters;
  switch (operation) {
    case "CreateFunction":
      return [{ action, resource: arn(`function:${functionName}`) }, ...passed(role)];
    case "CreateEventSourceMapping":
      return [{ action, resource: "*", context: { "lambda:FunctionArn": functionName } }];
    default: {
      if (kind === "tags") return [{ action, resource: name }];
      const type = kind === "functions" ? "function" : "event-source-mapping";
      return [{ action, resource: arn(`${type}:${name}`) }, ...passed(role)];
    }
  }
}

/** Who gives a function a role has to be allowed to hand that role to Lambda. */
function passed(role: string | undefined): Call[] {
  if (role === undefined) return [];
  return [
    { action: "iam:PassRole", resource: role, context: { "iam:PassedToService": "lambda.amazonaws.com" } },
  ];
}
