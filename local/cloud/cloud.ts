import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { CloudFront } from "./front.ts";
import { ParameterStore } from "./parameters.ts";
import { openQueuesAndBuckets, type QueuesAndBuckets } from "./queues-and-buckets.ts";

/** The AWS services of a run, behind one address, with their data in one folder. */
export class LocalCloud {
  public readonly url: string;
  public readonly region: string;
  public readonly parameters: ParameterStore;
  public readonly sqs: SQSClient;
  public readonly s3: S3Client;
  private readonly front: CloudFront;
  private readonly queues: QueuesAndBuckets;

  private constructor(
    region: string,
    front: CloudFront,
    queues: QueuesAndBuckets,
    parameters: ParameterStore,
  ) {
    this.region = region;
    this.front = front;
    this.queues = queues;
    this.parameters = parameters;
    this.url = front.url;
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    const config = { endpoint: front.url, region, credentials };
    this.sqs = new SQSClient(config);
    this.s3 = new S3Client({ ...config, forcePathStyle: true });
    for (const service of ["sqs", "s3"]) front.serve(service, queues.listener);
    front.serve("ssm", parameters.listener);
  }

  static async start(region: string, folder: string): Promise<LocalCloud> {
    const parameters = await ParameterStore.open(join(folder, "parameters.json"), region);
    const queues = await openQueuesAndBuckets(region, join(folder, "queues-and-buckets"));
    return new LocalCloud(region, await CloudFront.start(), queues, parameters);
  }

  async stop(): Promise<void> {
    await this.front.stop();
    await this.queues.stop();
    this.sqs.destroy();
    this.s3.destroy();
  }
}
