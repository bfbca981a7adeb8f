import type { RequestListener } from "node:http";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { AccessKeys, SECRET_ACCESS_KEY } from "./access-keys.ts";
import { type Emulator, openEmulator, type QueueState } from "./emulator.ts";
import { jsonService } from "./json-service.ts";
import { MoveTasks } from "./move-tasks.ts";
import { ParameterStore } from "./parameters.ts";
import { ServiceError } from "./service-error.ts";
import { type Authorizer, ServiceRouter } from "./service-router.ts";
import { openTables } from "./tables.ts";

/** The services that keep data in a folder, by the names that signatures give them. */
type KeptService = "sqs" | "s3" | "dynamodb";

/** The AWS services of a run, behind one address, with their data in one folder. */
export class LocalCloud {
  readonly url: string;
  readonly region: string;
  readonly accessKeys: AccessKeys;
  readonly parameters: ParameterStore;
  readonly sqs: SQSClient;
  readonly s3: S3Client;
  readonly dynamodb: DynamoDBClient;
  readonly #router: ServiceRouter;
  readonly #folder: string;
  readonly #running = new Map<KeptService, Emulator>();
  readonly #moveTasks: MoveTasks;
  readonly #clients: SQSClient[] = [];

  private constructor(
    parts: Pick<LocalCloud, "region" | "accessKeys" | "parameters">,
    folder: string,
    router: ServiceRouter,
  ) {
    const { region, parameters } = parts;
    this.region = region;
    this.accessKeys = parts.accessKeys;
    this.#folder = folder;
    this.#router = router;
    this.parameters = parameters;
    this.url = router.url;
    const config = this.operatorConfig();
    this.sqs = new SQSClient(config);
    this.s3 = new S3Client({ ...config, forcePathStyle: true });
    this.dynamodb = new DynamoDBClient(config);
    this.#moveTasks = new MoveTasks(this.sqs, (arn) => `${this.url}/${arn.split(":").slice(-2).join("/")}`);
    router.serve("ssm", parameters.listener);
  }

  static async start(region: string, folder: string): Promise<LocalCloud> {
    const parameters = await ParameterStore.open(join(folder, "parameters.json"), region);
    const accessKeys = new AccessKeys();
    const router = await ServiceRouter.start(accessKeys.operator);
    const cloud = new LocalCloud({ region, accessKeys, parameters }, folder, router);
    try {
      for (const service of ["sqs", "s3", "dynamodb"] as const) await cloud.startService(service);
    } catch (error) {
      await cloud.stop();
      throw error;
    }
    return cloud;
  }

  /** From now on, `authorizer` is asked about each call before it reaches its service. */
  guard(authorizer: Authorizer): void {
    this.#router.guard(authorizer);
  }

  /** What a client of the SDK needs to call these services as their operator, who may do everything. */
  operatorConfig() {
    return this.#configWith(this.accessKeys.operator);
  }

  /** A client that calls SQS as a function does: what it may do is evaluated. */
  sqsOf(functionName: string): SQSClient {
    const client = new SQSClient(this.#configWith(this.accessKeys.ofFunction(functionName)));
    this.#clients.push(client);
    return client;
  }

  /** Calls to `service` (`lambda`, as signatures spell it) go to `listener` from now on; without one, nowhere. */
  serve(service: string, listener: RequestListener | undefined): void {
    this.#router.serve(service, listener);
  }

  /** Every queue as it is now; none while SQS is down. */
  queues(): readonly QueueState[] {
    return this.#running.get("sqs")?.queues() ?? [];
  }

  /** Starts a service again, with the data that it had. */
  async startService(service: KeptService): Promise<void> {
    if (this.#running.has(service)) return;
    const folder = join(this.#folder, service);
    const emulator = await (service === "dynamodb"
      ? openTables(folder)
      : openEmulator(this.region, folder, this.url));
    this.#running.set(service, emulator);
    const { listener } = emulator;
    this.#router.serve(service, service === "sqs" ? withMoveTasks(this.#moveTasks, listener) : listener);
  }

  /** Ends a service in the middle of whatever it was doing: until it is started again, connections are dropped. */
  async stopService(service: KeptService): Promise<void> {
    this.#router.serve(service, undefined);
    const emulator = this.#running.get(service);
    this.#running.delete(service);
    await emulator?.stop();
  }

  #configWith(accessKeyId: string) {
    const credentials = { accessKeyId, secretAccessKey: SECRET_ACCESS_KEY };
    return { endpoint: this.url, region: this.region, credentials };
  }

  async stop(): Promise<void> {
    await this.#moveTasks.stop();
    await this.#router.stop();
    for (const service of [...this.#running.keys()]) await this.stopService(service);
    for (const client of this.#clients) client.destroy();
    this.sqs.destroy();
    this.s3.destroy();
    this.dynamodb.destroy();
  }
}

const TARGET = /^AmazonSQS\.(\w+MessageMoveTasks?)$/;

/** The emulator's SQS, and the calls that it does not know. */
function withMoveTasks(tasks: MoveTasks, listener: RequestListener): RequestListener {
  const service = jsonService("AmazonSQS", (action, input) => {
    return tasks.answer(action, input) ?? Promise.reject(new ServiceError("InvalidAction", action));
  });
  return (request, response) => {
    const isTheirs = TARGET.test(String(request.headers["x-amz-target"]));
    (isTheirs ? service : listener)(request, response);
  };
}
