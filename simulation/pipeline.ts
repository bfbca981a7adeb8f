import type { MessageAttributeValue } from "@aws-sdk/client-sqs";
import type { SQSEvent } from "aws-lambda";
import { defined } from "../contract/defined.ts";
import { functionNames } from "../contract/environment.ts";
import { logMessages } from "../contract/log-messages.ts";
import { secretKey } from "../contract/outputs.ts";
import { AwsCalls, type Caller, retryQuota } from "./aws/calls.ts";
import { CloudWatch } from "./aws/cloudwatch.ts";
import { Table } from "./aws/dynamodb.ts";
import { EventBus, startSchedule } from "./aws/event-bridge.ts";
import { EventSourceMapping } from "./aws/event-source-mapping.ts";
import { HttpApi } from "./aws/http-api.ts";
import { Lambda } from "./aws/lambda.ts";
import { Queue, type QueueSettings } from "./aws/queue.ts";
import { Bucket } from "./aws/s3.ts";
import { Topic } from "./aws/sns.ts";
import { Sqs } from "./aws/sqs.ts";
import type { QueueMessage } from "./aws/sqs-message.ts";
import { ParameterStore } from "./aws/ssm.ts";
import type { VirtualClock } from "./clock.ts";
import { type FaultPlan, Faults } from "./faults.ts";
import { loaders, type Services } from "./functions.ts";
import { Random } from "./random.ts";
import { SECRET } from "./secret.ts";
import type { SimulatedStack } from "./stack.ts";
import type { Trace } from "./trace.ts";
import { type Script, SimulatedDestination } from "./world/destination.ts";

/** A service of AWS's own: nobody kills it, and no lineage begins with it. */
const EVENT_BRIDGE: Caller = { name: "eventbridge", alive: true, hops: 0, die() {} };

export interface PipelineOptions {
  readonly stack: SimulatedStack;
  readonly seed: number;
  readonly faults: FaultPlan;
  readonly destination: Script;
  /** Clocks of execution environments differ by this at most. @default 0 */
  readonly skewMilliseconds?: number;
  /** What each call of AWS takes, there and back. @default each another time */
  readonly callMilliseconds?: number;
  /** Invocations at a time that the account has. @default 1,000 */
  readonly accountConcurrency?: number;
}

/** What retention or a lifecycle rule has deleted while nobody looked. */
export interface Expired {
  readonly where: string;
  readonly body: string;
}

/** A deployed environment in virtual time: models in AWS's place, and the handlers themselves. */
export class Pipeline {
  readonly clock: VirtualClock;
  readonly trace: Trace;
  readonly stack: SimulatedStack;
  readonly faults: Faults;
  readonly main: Queue;
  readonly deadLetter: Queue;
  readonly sqs: Sqs;
  readonly bucket: Bucket;
  readonly table: Table;
  readonly parameters: ParameterStore;
  readonly lambda: Lambda;
  readonly mapping: EventSourceMapping;
  readonly api: HttpApi;
  readonly bus: EventBus;
  readonly cloudWatch: CloudWatch;
  readonly topic: Topic;
  readonly destination: SimulatedDestination;
  /** Calls of whoever is no function: operators, services. */
  readonly calls: AwsCalls;
  readonly expired: Expired[] = [];
  /** Whether the rules that run something time and again are on. */
  scheduleEnabled = true;
  /** When a processor said that it cannot reach the state table. */
  readonly stateOutOfReachAt: number[] = [];
  /** Messages whose processor died while it was at them, each time. */
  readonly killed: string[] = [];

  constructor(clock: VirtualClock, trace: Trace, options: PipelineOptions) {
    const { stack, seed } = options;
    const random = (purpose: string) => Random.stream(seed, purpose);
    this.clock = clock;
    this.trace = trace;
    this.stack = stack;
    this.faults = new Faults(options.faults, random("faults"), () => clock.elapsed);
    this.calls = new AwsCalls(clock, random("latency"), this.faults, trace, options.callMilliseconds);
    this.cloudWatch = new CloudWatch(clock, trace, stack.alarms);
    this.topic = new Topic(trace);
    const queues = stack.queues.map((model) =>
      this.#queue(settingsOf(model, stack), random(`queue ${model.name}`)),
    );
    this.sqs = new Sqs(queues, clock);
    this.main = this.sqs.byUrl(String(stack.outputs["queue_url"]));
    this.deadLetter = this.sqs.byUrl(String(stack.outputs["dead_letter_queue_url"]));
    this.bucket = new Bucket(stack.buckets[0]?.name ?? "", clock, stack.expirations, {
      onExpired: (key, bytes) => this.#onExpired(`bucket ${key}`, bytes.toString()),
    });
    const [table] = stack.tables;
    this.table = new Table(table?.name ?? "", table?.hashKey ?? "", clock, random("table"), stack.timeToLive);
    this.parameters = new ParameterStore(clock, parametersOf(stack));
    this.destination = new SimulatedDestination(clock, random("destination"), trace, options.destination);
    this.lambda = new Lambda(clock, random("lambda"), trace, {
      ...defined({ skewMilliseconds: options.skewMilliseconds }),
      ...defined({ concurrency: options.accountConcurrency }),
      onInvocation: (functionName, kind, event) => {
        this.#onInvocation(functionName, kind);
        const { Records: records = [] } = event as Partial<SQSEvent>;
        if (kind === "failed") this.killed.push(...records.map(({ body }) => body));
      },
    });
    this.#addFunctions();
    this.mapping = this.#startMapping(random("mapping"));
    this.api = new HttpApi(clock, this.lambda, random("api"), {
      ...stack.throttling,
      routes: stack.routes,
      routeThrottling: stack.routeThrottling,
      onAnswer: (status, milliseconds) => this.#onAnswer(status, milliseconds),
    });
    this.bus = new EventBus(clock, random("bus"), trace, {
      rules: stack.eventRules.map((rule) => ({ ...rule, ...stack.retryPolicies.get(rule.ruleName) })),
      send: (queueArn, body, messageAttributes) => this.#sendAsEventBridge(queueArn, body, messageAttributes),
      onFailed: ({ busName: EventBusName, ruleName: RuleName }, metric) =>
        this.cloudWatch.add({ namespace: "AWS/Events", metric, dimensions: { EventBusName, RuleName } }, 1),
    });
    for (const schedule of stack.schedules)
      startSchedule(clock, random("schedule"), this.lambda, schedule, () => this.scheduleEnabled);
    clock.every(60_000, () => this.#minute());
  }

  #queue(settings: QueueSettings, random: Random): Queue {
    return new Queue(settings, this.clock, random, {
      onExpired: ({ body }) => this.#onExpired(`queue ${settings.name}`, body),
      onMoved: (message: QueueMessage, deadLetterArn) => {
        this.trace.add("sqs", `moved ${message.id} after ${message.receiveCount} receives`);
        this.sqs.byArn(deadLetterArn).takeMoved(message, settings.arn);
      },
    });
  }

  #onExpired(where: string, body: string): void {
    this.trace.add("expired", where);
    this.expired.push({ where, body });
  }

  #addFunctions(): void {
    const { stack } = this;
    const services: Services = {
      calls: this.calls,
      sqs: this.sqs,
      bucket: this.bucket,
      table: this.table,
      parameters: this.parameters,
      lambda: this.lambda,
      topic: this.topic,
      mapping: () => this.mapping,
      cloudWatch: this.cloudWatch,
      countedLines: (service) =>
        stack.functions.find(({ name }) => name.endsWith(`-${service}`))?.countedLines ?? [],
      trace: this.trace,
      exchange: (environment) => this.destination.exchange(environment),
      environmentName: stack.name,
      onMessage: (message) => {
        if (message === logMessages.stateOutOfReach) this.stateOutOfReachAt.push(this.clock.now);
      },
    };
    for (const model of stack.functions) {
      const name = functionNames.find((each) => model.name.endsWith(`-${each}`));
      if (name === undefined) throw new Error(`${model.name} is none of ${functionNames.join(", ")}`);
      const reservedConcurrency = stack.reservedConcurrency.get(model.name);
      this.lambda.add({
        name: model.name,
        arn: model.arn,
        aliases: model.aliases,
        timeoutSeconds: model.timeoutSeconds,
        asynchronous: model.asynchronous,
        allowsRecursion: stack.allowsRecursion.has(model.name),
        ...defined({ reservedConcurrency }),
        load: loaders[name](model.variables, services),
      });
    }
  }

  #startMapping(random: Random): EventSourceMapping {
    const [model] = this.stack.mappings;
    if (model === undefined) throw new Error("The stack has no event source mapping.");
    return new EventSourceMapping(
      { ...model, functionName: this.lambda.find(model.functionArn).name },
      {
        queue: this.sqs.byArn(model.queueArn),
        lambda: this.lambda,
        clock: this.clock,
        random,
        trace: this.trace,
      },
    );
  }

  #sendAsEventBridge(
    queueArn: string,
    MessageBody: string,
    MessageAttributes: Readonly<Record<string, MessageAttributeValue>>,
  ): Promise<unknown> {
    return this.calls.call({
      service: "sqs",
      operation: "SendMessage",
      input: { QueueUrl: this.sqs.byArn(queueArn).settings.url, MessageBody, MessageAttributes },
      caller: EVENT_BRIDGE,
      bounds: { attemptMilliseconds: 5_000, attempts: 1 }, // the rule's own retry policy does the rest
      operate: this.sqs.operate,
      quota: retryQuota(),
    });
  }

  #onInvocation(FunctionName: string, kind: "returned" | "failed" | "throttled"): void {
    const add = (metric: string, value: number) =>
      this.cloudWatch.add({ namespace: "AWS/Lambda", metric, dimensions: { FunctionName } }, value);
    if (kind !== "throttled") add("Invocations", 1);
    add("Errors", kind === "failed" ? 1 : 0);
    add("Throttles", kind === "throttled" ? 1 : 0);
  }

  #onAnswer(status: number, milliseconds: number | undefined): void {
    const ApiId = this.stack.executionArn?.split(":").at(-1) ?? "";
    const add = (metric: string, value: number) =>
      this.cloudWatch.add(
        { namespace: "AWS/ApiGateway", metric, dimensions: { ApiId, Stage: "$default" } },
        value,
      );
    add("Count", 1);
    add("4xx", status >= 400 && status < 500 ? 1 : 0);
    add("5xx", status >= 500 ? 1 : 0);
    if (milliseconds !== undefined) add("IntegrationLatency", milliseconds);
    for (const counted of this.stack.countedAnswers)
      if (counted.status === status) this.cloudWatch.add(counted.metric, 1);
  }

  /** What CloudWatch reads of the queues, and then of its alarms. */
  #minute(): void {
    for (const queue of [this.main, this.deadLetter]) {
      const add = (metric: string, value: number) =>
        this.cloudWatch.add(
          { namespace: "AWS/SQS", metric, dimensions: { QueueName: queue.settings.name } },
          value,
        );
      const { visible, inFlight, delayed } = queue.depth;
      add("ApproximateNumberOfMessagesVisible", visible);
      add("ApproximateNumberOfMessagesNotVisible", inFlight);
      add("ApproximateNumberOfMessagesDelayed", delayed);
      add("ApproximateAgeOfOldestMessage", queue.ageSeconds);
    }
    this.cloudWatch.evaluate();
  }
}

function settingsOf(
  { name, url, arn, attributes }: SimulatedStack["queues"][number],
  { queues }: SimulatedStack,
): QueueSettings {
  const number = (attribute: string, fallback: number) => Number(attributes[attribute] ?? fallback);
  const redrive = attributes["RedrivePolicy"];
  const policy =
    redrive === undefined
      ? undefined
      : (JSON.parse(redrive) as { deadLetterTargetArn: string; maxReceiveCount: number });
  const deadLetterArn = queues.find((queue) => queue.arn === policy?.deadLetterTargetArn)?.arn;
  return {
    name,
    url,
    arn,
    retentionSeconds: number("MessageRetentionPeriod", 345_600), // SQS's own default
    visibilityTimeoutSeconds: number("VisibilityTimeout", 30),
    delaySeconds: number("DelaySeconds", 0),
    receiveWaitSeconds: number("ReceiveMessageWaitTimeSeconds", 0),
    maxMessageBytes: number("MaximumMessageSize", 1_048_576),
    ...(policy === undefined || deadLetterArn === undefined
      ? {}
      : { redrive: { deadLetterArn, maxReceiveCount: Number(policy.maxReceiveCount) } }),
  };
}

/** Every secret set, as a person does after the first deployment. */
function parametersOf({ outputs, parameters }: SimulatedStack): ReadonlyMap<string, string> {
  const names = (outputs["secret_parameters"] ?? {}) as Readonly<Record<string, string>>;
  const ofDestination = names[secretKey("destination" as "webhook", "")];
  return new Map(
    parameters.map(({ name }) => [
      name,
      name === ofDestination ? SECRET : JSON.stringify({ current: SECRET }),
    ]),
  );
}
