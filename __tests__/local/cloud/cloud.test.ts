import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { jest } from "@jest/globals";
import { LocalCloud } from "../../../local/cloud/cloud.ts";

jest.setTimeout(30_000); // processes and sockets of their own, on a machine with other things to do

let folder: string;
let cloud: LocalCloud;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloud-"));
  cloud = await LocalCloud.start("eu-west-1", folder);
});
afterEach(async () => {
  await cloud.stop();
  await rm(folder, { recursive: true, force: true });
});

async function restart(): Promise<void> {
  await cloud.stop();
  cloud = await LocalCloud.start("eu-west-1", folder);
}

const queueUrl = () => `${cloud.url}/000000000000/events`;

const config = () => cloud.operatorConfig();

async function receive() {
  const { Messages: messages = [] } = await cloud.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl(),
      WaitTimeSeconds: 1,
      MessageSystemAttributeNames: ["All"],
    }),
  );
  return messages[0];
}

test("a restart loses neither messages nor objects nor secrets", async () => {
  await cloud.sqs.send(new CreateQueueCommand({ QueueName: "events" }));
  await cloud.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl(), MessageBody: "Grüße 👋" }));
  await cloud.s3.send(new CreateBucketCommand({ Bucket: "overflow" }));
  const bytes = Buffer.from([0, 255, 10]);
  await cloud.s3.send(new PutObjectCommand({ Bucket: "overflow", Key: "a/b", Body: bytes }));
  const placeholder = { name: "/secret", type: "SecureString", value: '{"current":"REPLACE-ME"}' };
  await cloud.parameters.provision([placeholder]);
  const secret = cloud.parameters.value("/secret");

  await restart();
  await cloud.parameters.provision([placeholder]);

  expect((await receive())?.Body).toBe("Grüße 👋");
  const object = await cloud.s3.send(new GetObjectCommand({ Bucket: "overflow", Key: "a/b" }));
  expect(Buffer.from((await object.Body?.transformToByteArray()) ?? [])).toEqual(bytes);
  expect(cloud.parameters.value("/secret")).toBe(secret);
});

test("a message made visible at once is there again, its receives counted, after a restart too", async () => {
  await cloud.sqs.send(new CreateQueueCommand({ QueueName: "events" }));
  await cloud.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl(), MessageBody: "x" }));
  for (const expected of ["1", "2"]) {
    const message = await receive();
    expect(message?.Attributes?.ApproximateReceiveCount).toBe(expected);
    const change = { QueueUrl: queueUrl(), ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout: 0 };
    await cloud.sqs.send(new ChangeMessageVisibilityCommand(change));
  }
  await restart();
  expect((await receive())?.Attributes?.ApproximateReceiveCount).toBe("3");
});

describe("the parameter store", () => {
  const client = () => new SSMClient(config());

  test("puts a secret of this folder's own in a placeholder's place, readable by its owner only", async () => {
    await cloud.parameters.provision([
      { name: "/a", type: "SecureString", value: '{"current":"REPLACE-ME"}' },
      { name: "/b", type: "String", value: "plain" },
    ]);
    const { current } = JSON.parse(cloud.parameters.value("/a") ?? "") as { current: string };
    expect(current).toMatch(/^[\w-]{32}$/);
    expect(cloud.parameters.value("/b")).toBe("plain");
    expect((await stat(join(folder, "parameters.json"))).mode & 0o777).toBe(0o600);
  });

  test("answers as SSM does", async () => {
    const ssm = client();
    const get = (input: { Name: string; WithDecryption?: boolean }) =>
      ssm.send(new GetParameterCommand(input));
    await expect(get({ Name: "/none" })).rejects.toMatchObject({ name: "ParameterNotFound" });

    const put = { Name: "/a", Value: "first", Type: "SecureString" } as const;
    expect(await ssm.send(new PutParameterCommand(put))).toMatchObject({ Version: 1 });
    await expect(ssm.send(new PutParameterCommand(put))).rejects.toMatchObject({
      name: "ParameterAlreadyExists",
    });
    expect(
      await ssm.send(new PutParameterCommand({ Name: "/a", Value: "second", Overwrite: true })),
    ).toMatchObject({ Version: 2 });
    expect((await get({ Name: "/a", WithDecryption: true })).Parameter).toMatchObject({
      Name: "/a",
      Type: "SecureString",
      Value: "second",
      Version: 2,
      ARN: "arn:aws:ssm:eu-west-1:000000000000:parameter/a",
    });
    expect((await get({ Name: "/a" })).Parameter?.Value).not.toBe("second");
    ssm.destroy();
  });
});

describe("a service that is stopped and started again", () => {
  test("drops what it was about to answer, and keeps its data", async () => {
    await cloud.sqs.send(new CreateQueueCommand({ QueueName: "events" }));
    const poll = new SQSClient({ ...config(), maxAttempts: 1 });
    const waiting = poll.send(new ReceiveMessageCommand({ QueueUrl: queueUrl(), WaitTimeSeconds: 20 })).then(
      () => "answered",
      () => "dropped",
    );
    await receive(); // the poll was asked before, so it is there by now
    await cloud.stopService("sqs");
    expect(await waiting).toBe("dropped");
    await expect(
      poll.send(new SendMessageCommand({ QueueUrl: queueUrl(), MessageBody: "x" })),
    ).rejects.toThrow(/socket hang up|ECONNRESET/);

    await cloud.startService("sqs");
    await poll.send(new SendMessageCommand({ QueueUrl: queueUrl(), MessageBody: "y" }));
    expect((await receive())?.Body).toBe("y");
    poll.destroy();
  });

  test("is the only one that is gone", async () => {
    await cloud.s3.send(new CreateBucketCommand({ Bucket: "overflow" }));
    await cloud.stopService("sqs");
    await cloud.s3.send(new PutObjectCommand({ Bucket: "overflow", Key: "a", Body: "x" }));
    expect((await cloud.s3.send(new GetObjectCommand({ Bucket: "overflow", Key: "a" }))).ContentLength).toBe(
      1,
    );
  });
});
