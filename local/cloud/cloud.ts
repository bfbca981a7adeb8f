import type { RequestListener } from "node:http";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { type Emulator, openEmulator, type QueueState } from "./emulator.ts";
import { CloudFront, type Gatekeeper } from "./front.ts";
import { ParameterStore } from "./parameters.ts";
import { openTables } from "./tables.ts";

/** The services that keep data in a folder, by the names that signatures give them. */
type KeptService = "sqs" | "s3" | "dynamodb";

/** The AWS services of a run, behind one address, with their data in one folder. */
export class LocalCloud {
  public readonly url: string;
  public readonly region: string;
  public readonly parameters: ParameterStore;
  public readonly sqs: SQSClient;
  public readonly s3: S3Client;
  public readonly dynamodb: DynamoDBClient;
  private readonly front: CloudFront;
  private readonly folder: string;
  private readonly running = new Map<KeptService, Emulator>();
  private readonly clients: SQSClient[] = [];

  private constructor(region: string, folder: string, front: CloudFront, parameters: ParameterStore) {
    this.region = region;
    this.folder = folder;
    this.front = front;
    this.parameters = parameters;
    this.url = front.url;
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    const config = { endpoint: front.url, region, credentials };
    this.sqs = new SQSClient(config);
    this.s3 = new S3Client({ ...config, forcePathStyle: true });
    this.dynamodb = new DynamoDBClient(config);
    front.serve("ssm", parameters.listener);
  }

  static async start(region: string, folder: string): Promise<LocalCloud> {
    const parameters = await ParameterStore.open(join(folder, "parameters.json"), region);
    const cloud = new LocalCloud(region, folder, await CloudFront.start(), parameters);
    try {
      for (const service of ["sqs", "s3", "dynamodb"] as const) await cloud.startService(service);
    } catch (error) {
      await cloud.stop();
      throw error;
    }
    return cloud;
  }

  /** From now on, `gatekeeper` is asked about each call before it reaches its service. */
  guard(gatekeeper: Gatekeeper): void {
    this.front.guard(gatekeeper);
  }

  /** A client that calls SQS under the given access key: whoever is judged by it is judged for these calls. */
  sqsAs(accessKeyId: string): SQSClient {
    const credentials = { accessKeyId, secretAccessKey: "local" };
    const client = new SQSClient({ endpoint: this.url, region: this.region, credentials });
    this.clients.push(client);
    return client;
  }

  /** Calls to `service` (`lambda`, as signatures spell it) go to `listener` from now on; without one, nowhere. */
  serve(service: string, listener: RequestListener | undefined): void {
    this.front.serve(service, listener);
  }

  /** Every queue as it is now; none while SQS is down. */
  queues(): readonly QueueState[] {
    return this.running.get("sqs")?.queues() ?? [];
  }

  /** Starts a service again, with the data that it had. */
  async startService(service: KeptService): Promise<void> {
    if (this.running.has(service)) return;
    const folder = join(this.folder, service);
    const emulator = await (service === "dynamodb" ? openTables(folder) : openEmulator(this.region, folder));
    this.running.set(service, emulator);
    this.front.serve(service, emulator.listener);
  }

  /** Ends a service in the middle of whatever it was doing: until it is started again, connections are dropped. */
  async stopService(service: KeptService): Promise<void> {
    this.front.serve(service, undefined);
    const emulator = this.running.get(service);
    this.running.delete(service);
    await emulator?.stop();
  }

  async stop(): Promise<void> {
    await this.front.stop();
    for (const service of [...this.running.keys()]) await this.stopService(service);
    for (const client of this.clients) client.destroy();
    this.sqs.destroy();
    this.s3.destroy();
    this.dynamodb.destroy();
  }
}
