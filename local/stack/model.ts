import type { PolicyModel } from "../iam/statement.ts";
import type { MetricMath } from "./metric-math.ts";

/** What the synthesised stack asks to run, in the words of the services. */
export interface LocalStack {
  readonly region: string;
  readonly queues: QueueModel[];
  readonly buckets: BucketModel[];
  readonly tables: TableModel[];
  readonly parameters: ParameterModel[];
  readonly functions: FunctionModel[];
  readonly routes: RouteModel[];
  readonly mappings: MappingModel[];
  readonly schedules: ScheduleModel[];
  readonly eventRules: EventRuleModel[];
  /** Terraform's outputs, filled in. */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly alarms: AlarmModel[];
  readonly roles: RoleModel[];
  /** Policies of what calls are done to: queues, buckets, and functions with their permissions. */
  readonly resourcePolicies: PolicyModel[];
  /** Answers of the API that CloudWatch counts in its access log. */
  readonly countedAnswers: CountedAnswer[];
  /** What a line of the API's access log consists of, field by field, variables of the API's among them. */
  accessLog?: readonly string[];
  /** Of the API; what its calls of a function come from. */
  executionArn?: string;
  /** Of the API; absent where it answers no preflight. */
  cors?: CorsModel;
}

export interface QueueModel {
  readonly address: string;
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  /** As `SetQueueAttributes` takes them. */
  readonly attributes: Record<string, string>;
}

export interface BucketModel {
  readonly name: string;
}

export interface TableModel {
  readonly address: string;
  readonly name: string;
  readonly hashKey: string;
  readonly rangeKey: string | undefined;
  /** The keys' types, as DynamoDB spells them: `S`, `N` or `B`. */
  readonly attributes: Readonly<Record<string, string>>;
  /** The attribute with the second, since 1970, after which an item may be deleted. @default none is */
  readonly expiresBy?: string;
}

export interface ParameterModel {
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

export interface FunctionModel {
  readonly address: string;
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly logGroup: string;
  readonly handler: string;
  readonly runtime: string;
  /** The zip's path. */
  readonly zip: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly variables: Readonly<Record<string, string>>;
  /** What becomes of invocations that nobody waits for. */
  readonly asynchronous: AsynchronousModel;
  /** Names under which it can be invoked too, all of them its only version. */
  readonly aliases: string[];
  /** What CloudWatch counts in its log. */
  readonly countedLines: CountedLines[];
}

/** Lines of one message, which CloudWatch counts. */
export interface CountedLines {
  readonly message: string;
  /** Its dimensions are names of the line's fields. */
  readonly metric: MetricName;
  readonly unit: string;
  /** The field with the metric's value. @default each line counts one */
  readonly field?: string;
}

/** What a function may do. */
export interface RoleModel {
  readonly name: string;
  readonly arn: string;
  readonly policies: PolicyModel[];
}

interface AsynchronousModel {
  maximumRetryAttempts: number;
  maximumEventAgeSeconds: number;
}

export interface RouteModel {
  /** `POST /open-messaging/{integrationId}` */
  readonly routeKey: string;
  readonly functionArn: string;
  readonly timeoutMilliseconds: number;
}

export interface CorsModel {
  readonly allowOrigins: readonly string[];
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly allowCredentials: boolean;
  readonly maxAgeSeconds: number | undefined;
}

export interface MappingModel {
  readonly address: string;
  readonly uuid: string;
  readonly arn: string;
  readonly queueArn: string;
  readonly functionArn: string;
  readonly enabled: boolean;
  /** Whether what somebody enabled or disabled later stays, or a deployment says `enabled` anew. */
  readonly keepsEnabled: boolean;
  readonly batchSize: number;
  readonly batchWindowSeconds: number;
  readonly maximumConcurrency: number | undefined;
  readonly reportsBatchItemFailures: boolean;
}

/** A rule that puts a partner's events on a queue. */
export interface EventRuleModel {
  readonly ruleName: string;
  /** The bus, under the name of its partner event source. */
  readonly busName: string;
  readonly matches: (event: unknown) => boolean;
  readonly ruleArn: string;
  readonly queueArn: string;
  /** Where an event goes that the queue refuses for good; absent where it is dropped. */
  readonly deadLetterArn: string | undefined;
}

/** A metric as CloudWatch tells them apart. */
export interface MetricName {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** A metric that each answer of one status adds 1 to. */
interface CountedAnswer {
  readonly status: number;
  readonly metric: MetricName;
}

/** One statistic of one metric. */
export interface AlarmQuery extends MetricName {
  readonly stat: string;
}

export interface AlarmModel {
  readonly address: string;
  readonly name: string;
  readonly description: string;
  /** It goes off at this value and above. */
  readonly threshold: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  /** What a period without a value is. */
  readonly missing: "breaching" | "notBreaching";
  readonly periodSeconds: number;
  readonly queries: Readonly<Record<string, AlarmQuery>>;
  /** The value that is looked at, from those of the queries. */
  readonly math: MetricMath;
}

/** A function that is invoked time and again. */
export interface ScheduleModel {
  readonly ruleName: string;
  readonly ruleArn: string;
  readonly everySeconds: number;
  readonly functionArn: string;
}
