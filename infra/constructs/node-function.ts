import type { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function/index.js";
import { AssetType, TerraformAsset } from "cdktf";
import { Construct } from "constructs";
import { defined } from "../../contract/defined.ts";
import type { Artifact } from "../artifact.ts";
import { partitionOf } from "../partition.ts";
import { policyDocument, type Statement } from "../policy.ts";
import type { EnvironmentSettings } from "../settings.ts";
import { createKeyPolicies, type KeyPolicies } from "./key-policies.ts";
import { createLogGroup } from "./log-group.ts";

/**
 * In the JSON format Lambda takes a line of JSON as it is, and does not tell of each invocation that went well, which
 * would cost as much as an event's own lines. It still tells of one that ran out of time, crashed or failed, and of an
 * initialisation that did. The functions choose themselves what they log, so that Lambda lets all of it through: a line
 * of metrics has no level.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
 */
const LOGGING = { logFormat: "JSON", systemLogLevel: "WARN", applicationLogLevel: "TRACE" };

/** A function's role, and what it may do. */
export interface RoleAccess {
  readonly role: IamRole;
  /** All of its own policies; what others give it is not among them. */
  readonly policies: readonly IamRolePolicy[];
  /** Those among them that are about keys. */
  readonly keys: KeyPolicies;
}

export interface NodeFunctionConfig {
  readonly name: string;
  readonly description: string;
  readonly artifact: Artifact;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  /** Invocations at once that no other function can take, nor this one exceed. @default the account's pool */
  readonly reservedConcurrency?: number | undefined;
  readonly variables: Readonly<Record<string, string>>;
  /** What its role may do, besides writing to its own log group. */
  readonly permissions: readonly Statement[];
}

/**
 * A Lambda function with its own role and its own log group: the one that Lambda takes by its name.
 */
export class NodeFunction extends Construct {
  readonly function: LambdaFunction;
  readonly access: RoleAccess;
  readonly logs: CloudwatchLogGroup;

  constructor(scope: Construct, id: string, config: NodeFunctionConfig, settings: EnvironmentSettings) {
    super(scope, id);
    this.logs = createLogGroup(this, "logs", `/aws/lambda/${config.name}`, settings);
    const role = this.#createRole(config, settings);
    const keys = createKeyPolicies(this, role, settings);
    const policy = this.#createPolicy(config, settings, role, this.logs);
    this.access = { role, policies: [policy, ...keys.current, ...keys.former], keys };
    this.function = this.#createFunction(config, settings);
  }

  #createRole(
    { name }: NodeFunctionConfig,
    { rolePath, permissionsBoundaryArn }: EnvironmentSettings,
  ): IamRole {
    return new IamRole(this, "role", {
      name,
      ...(rolePath === "/" ? {} : { path: rolePath }),
      ...defined({ permissionsBoundary: permissionsBoundaryArn }),
      assumeRolePolicy: policyDocument([
        { Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
      ]),
    });
  }

  #createPolicy(
    config: NodeFunctionConfig,
    settings: EnvironmentSettings,
    role: IamRole,
    logs: CloudwatchLogGroup,
  ): IamRolePolicy {
    const writeLogs: Statement = {
      Sid: "WriteLogs",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: `${logs.arn}:*`,
    };
    return new IamRolePolicy(this, "policy", {
      name: "own-actions",
      role: role.name,
      policy: policyDocument([
        ...config.permissions,
        writeLogs,
        ...writeTraces(settings),
        ...joinVpc(config, settings),
      ]),
    });
  }

  #createFunction(config: NodeFunctionConfig, settings: EnvironmentSettings): LambdaFunction {
    const { access, logs } = this;
    const { artifact } = config;
    const asset = new TerraformAsset(this, "code", {
      path: artifact.path,
      type: AssetType.FILE,
      assetHash: artifact.sha256Hex,
    });
    return new LambdaFunction(this, "Default", {
      functionName: config.name,
      description: config.description,
      role: access.role.arn,
      runtime: settings.runtime,
      architectures: ["arm64"],
      handler: "index.handler",
      filename: asset.path,
      sourceCodeHash: artifact.sha256Base64,
      timeout: config.timeoutSeconds,
      memorySize: config.memoryMegabytes,
      ...(config.reservedConcurrency === undefined
        ? {}
        : { reservedConcurrentExecutions: config.reservedConcurrency }),
      ...defined({ vpcConfig: settings.vpc }),
      loggingConfig: LOGGING,
      ...(settings.tracing ? { tracingConfig: { mode: "Active" } } : {}),
      environment: { variables: { ...config.variables } },
      ...(settings.encryptTableAndVariables ? defined({ kmsKeyArn: settings.encryptionKeyArn }) : {}),
      // Its first invocation must find its permissions, and its log group, or Lambda makes one that keeps all.
      dependsOn: [...access.policies, logs],
    });
  }
}

/** Lambda sends the traces itself, in the function's name; the functions import no tracer. */
function writeTraces({ tracing }: EnvironmentSettings): Statement[] {
  if (!tracing) return [];
  return [
    {
      Sid: "WriteTraces",
      Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
      Resource: "*", // X-Ray has no resources that a policy could name
    },
  ];
}

/** What Lambda itself does to bring a function into a VPC: with its role, but never by its code. */
const VPC_ACTIONS = [
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:AssignPrivateIpAddresses",
  "ec2:UnassignPrivateIpAddresses",
];

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions */
function joinVpc({ name }: NodeFunctionConfig, { vpc, region }: EnvironmentSettings): Statement[] {
  if (vpc === undefined) return [];
  const own = `arn:${partitionOf(region)}:lambda:${region}:*:function:${name}`;
  return [
    { Sid: "JoinVpc", Action: VPC_ACTIONS, Resource: "*" }, // EC2 knows no narrower one for most of them
    {
      Sid: "JoinVpcByLambdaAlone",
      Effect: "Deny",
      Action: VPC_ACTIONS,
      Resource: "*",
      Condition: { ArnLike: { "lambda:SourceFunctionArn": own } },
    },
  ];
}
