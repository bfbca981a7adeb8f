import type { Call } from "../../../local/iam/evaluate-policy.ts";
import { askedOfApiGateway } from "./api-gateway.ts";
import { askedOfLambda } from "./lambda.ts";
import { type NotedCall, operationOf } from "./noted-call.ts";
import { askedOfS3 } from "./s3.ts";

/** moto's own. */
const ACCOUNT = "123456789012";

/** What is known of roles by the calls that made them: later calls name them without path and boundary. */
export interface KnownRoles {
  readonly arns: Map<string, string>;
  readonly boundaries: Map<string, string>;
}

/**
 * What IAM would be asked for a call, all of which has to be allowed. Nothing for a call that needs no permission.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/
 *
 * @throws {Error} at a call that is not understood: it would be taken for allowed
 */
export function questionsOf(call: NotedCall, roles: KnownRoles): readonly Call[] {
  switch (call.service) {
    case "sts":
      return []; // GetCallerIdentity is everybody's
    case "s3":
      return [askedOfS3(call)];
    case "lambda":
      return askedOfLambda(call, ACCOUNT);
    case "apigateway":
      return [askedOfApiGateway(call)];
    case "iam":
      return [askedOfIam(call, roles)];
    case "ssm":
      return askedOfSsm(call);
    default: {
      const name = named[call.service];
      if (name === undefined) throw new Error(`The rehearsal does not know calls of ${call.service}.`);
      const service = call.service === "monitoring" ? "cloudwatch" : call.service;
      const arn = (resource: string) => `arn:aws:${service}:${call.region}:${ACCOUNT}:${resource}`;
      return [
        {
          action: `${service}:${operationOf(call)}`,
          resource: name(call.parameters, arn, operationOf(call)),
        },
      ];
    }
  }
}

type Parameters = NotedCall["parameters"];
type Arn = (resource: string) => string;

/** Of services whose calls name one resource in their body: its ARN. */
const named: Readonly<Record<string, (given: Parameters, arn: Arn, operation: string) => string>> = {
  sqs: ({ QueueName: name, QueueUrl: url }, arn) => arn(name ?? url?.split("/").at(-1) ?? ""),
  dynamodb: ({ TableName: name, ResourceArn: given }, arn) => given ?? arn(`table/${name}`),
  // A search is asked for everything: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/permissions-reference-cwl.html
  logs: ({ logGroupName: name, resourceArn: given }, arn) =>
    given ?? arn(name === undefined ? "log-group::log-stream:" : `log-group:${name}`),
  events: (
    { Name: name, Rule: rule = name, EventBusName: bus = "default", ResourceARN: given },
    arn,
    operation,
  ) => {
    if (given !== undefined) return given;
    if (operation.endsWith("EventBus")) return arn(`event-bus/${name}`);
    return arn(`rule/${bus === "default" ? "" : `${bus}/`}${rule}`);
  },
  monitoring: (given, arn, operation) => {
    const dashboard = given["DashboardName"] ?? given["DashboardNames.member.1"];
    if (dashboard !== undefined) return `arn:aws:cloudwatch::${ACCOUNT}:dashboard/${dashboard}`;
    if (operation === "DescribeAlarms") return arn("alarm:*");
    return given["ResourceARN"] ?? arn(`alarm:${given["AlarmName"] ?? given["AlarmNames.member.1"]}`);
  },
  sns: ({ TopicArn: topic, ResourceArn: given, Name: name }, arn) =>
    topic ?? given ?? (name === undefined ? "*" : arn(name)),
  kms: ({ KeyId: key }, arn) => {
    if (key === undefined) return "*";
    return key.startsWith("arn:") ? key : arn(`key/${key}`);
  },
};

function askedOfIam(call: NotedCall, { arns, boundaries }: KnownRoles): Call {
  const { RoleName: name = "", Path: path = "/", PermissionsBoundary: boundary = "" } = call.parameters;
  const operation = operationOf(call);
  if (operation === "CreateRole") {
    arns.set(name, `arn:aws:iam::${ACCOUNT}:role${path}${name}`);
    boundaries.set(name, boundary);
  }
  if (operation === "PutRolePermissionsBoundary") boundaries.set(name, boundary);
  return {
    action: `iam:${operation}`,
    resource: arns.get(name) ?? `arn:aws:iam::${ACCOUNT}:role/${name}`,
    context: { "iam:PermissionsBoundary": boundaries.get(name) ?? boundary },
  };
}

function askedOfSsm(call: NotedCall): Call[] {
  const { Name: name, ResourceId: id = name, KeyId: key } = call.parameters;
  const resource = id && `arn:aws:ssm:${call.region}:${ACCOUNT}:parameter/${id.replace(/^\//, "")}`;
  return [
    { action: `ssm:${operationOf(call)}`, resource: resource ?? "*" },
    // SSM encrypts in the caller's name.
    ...(key?.startsWith("arn:") ? [{ action: "kms:Encrypt", resource: key }] : []),
  ];
}
