import { ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { GetParameterCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import { PLACEHOLDER_PARAMETER_VALUE } from "../../../contract/secret.ts";
import type { Cloud } from "../cloud.ts";
import { requireEqual } from "../require.ts";

/** Where a deployment keeps things: its outputs, as far as they are read here. */
export interface Stores {
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly bucket: string;
  /** Names of the secrets' parameters. */
  readonly secrets: readonly string[];
}

const WAITING = { main: 3, deadLetter: 2 } as const;
const OBJECTS = ["claim-checks/one", "parked/two", "spill/three"];

/** What a day in use has left in an environment, and what no change may take away. */
export class Contents {
  readonly #cloud: Cloud;
  readonly #secrets = new Map<string, string>();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  /** Messages in both queues, and objects in the bucket, where they are not there yet. */
  async put({ queueUrl, deadLetterQueueUrl, bucket }: Stores): Promise<void> {
    if ((await this.#count(queueUrl)) > 0) return;
    const { sqs, s3 } = this.#cloud;
    for (const [QueueUrl, count] of [
      [queueUrl, WAITING.main],
      [deadLetterQueueUrl, WAITING.deadLetter],
    ] as const) {
      for (let i = 0; i < count; i++) {
        await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: `message ${i}` }));
      }
    }
    for (const Key of OBJECTS) await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Key }));
  }

  /** Sets every secret that is new, as a person does after a deployment. */
  async setNewSecrets({ secrets }: Stores): Promise<void> {
    for (const name of secrets) {
      if ((await this.#read(name)) !== PLACEHOLDER_PARAMETER_VALUE) continue;
      const Value = JSON.stringify({ current: `secret of ${name}, never seen by Terraform` });
      const input = { Name: name, Value, Type: "SecureString", Overwrite: true } as const;
      await this.#cloud.ssm.send(new PutParameterCommand(input));
      this.#secrets.set(name, Value);
    }
  }

  /** @throws {Error} naming what is not there any more, or not as it was */
  async requireIntact(stores: Stores): Promise<void> {
    const secrets = await Promise.all(
      stores.secrets.map(async (name) => {
        const found = await this.#read(name);
        const known = this.#secrets.get(name);
        // One that a change has taken away, and another has made anew, is the placeholder.
        const expected = known === undefined || found === PLACEHOLDER_PARAMETER_VALUE ? found : known;
        return [`secret ${name}`, [expected, found]] as const;
      }),
    );
    requireEqual("what was there before the change", {
      "messages in the queue": [WAITING.main, await this.#count(stores.queueUrl)],
      "messages in the dead-letter queue": [WAITING.deadLetter, await this.#count(stores.deadLetterQueueUrl)],
      "objects in the bucket": [OBJECTS, await this.#keys(stores.bucket)],
      ...Object.fromEntries(secrets),
    });
  }

  /** What a change with somebody's consent has taken away is not looked for any more. */
  forget(stores: Stores): void {
    for (const name of this.#secrets.keys()) if (!stores.secrets.includes(name)) this.#secrets.delete(name);
  }

  async #count(QueueUrl: string): Promise<number> {
    const { Attributes = {} } = await this.#cloud.sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl,
        AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed"],
      }),
    );
    return Number(Attributes["ApproximateNumberOfMessages"]);
  }

  async #keys(Bucket: string): Promise<string[]> {
    const { Contents: objects = [] } = await this.#cloud.s3.send(new ListObjectsV2Command({ Bucket }));
    return objects.map(({ Key }) => Key ?? "").sort();
  }

  async #read(Name: string): Promise<string | undefined> {
    const command = new GetParameterCommand({ Name, WithDecryption: true });
    return (await this.#cloud.ssm.send(command)).Parameter?.Value;
  }
}
