import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { ApiGatewayV2Client, GetApisCommand } from "@aws-sdk/client-apigatewayv2";
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateTableCommand } from "@aws-sdk/client-dynamodb";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetParametersCommand, SSMClient } from "@aws-sdk/client-ssm";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { LocalCloud } from "../../../local/cloud/cloud.ts";
import { forAllTests, standIn } from "../../support/hooks.ts";

/** TCP ports on which this process listens. */
const ports = () => process.getActiveResourcesInfo().filter((name) => name === "TCPServerWrap").length;

let before: number;
const started = forAllTests(
  async () => {
    before = ports();
    const folder = await mkdtemp(join(tmpdir(), "router-"));
    return { folder, cloud: await LocalCloud.start("eu-west-1", folder) };
  },
  async ({ folder, cloud }) => {
    await cloud.stop();
    await rm(folder, { recursive: true, force: true });
  },
);

const cloud = standIn(() => started.cloud);

beforeAll(async () => {
  await cloud.parameters.provision([{ name: "/secret", type: "String", value: "the planted secret" }]);
  await cloud.dynamodb.send(
    new CreateTableCommand({
      TableName: "state",
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
});

type Headers = Readonly<Record<string, string>>;

/** A call as the SDK makes it, with headers added to it or changed. */
async function call(target: string, input: object, headers: Headers = {}, method = "POST") {
  const service = target.startsWith("Dynamo") ? "dynamodb" : "ssm";
  const signature = `AWS4-HMAC-SHA256 Credential=${cloud.accessKeys.operator}/20261124/eu-west-1/${service}/aws4_request`;
  const sent = {
    "x-amz-target": target,
    "x-amz-date": "20261124T000000Z",
    "content-type": "application/x-amz-json-1.0",
    authorization: `${signature}, SignedHeaders=host, Signature=x`,
    ...headers,
  };
  return new Promise<{ status: number | undefined; headers: object; body: string }>((resolve, reject) => {
    const asked = request(cloud.url, { method, headers: sent }, async (response) => {
      resolve({ status: response.statusCode, headers: response.headers, body: await text(response) });
    });
    asked.on("error", reject).end(JSON.stringify(input));
  });
}

const getSecret = (headers?: Headers, method?: string) =>
  call("AmazonSSM.GetParameter", { Name: "/secret" }, headers, method);

test("the one port is the services', and whoever has the operator's key is answered there", async () => {
  expect(ports() - before).toBe(1);
  expect((await getSecret()).body).toContain("the planted secret");
  expect((await getSecret({ "sec-fetch-mode": "cors" })).status).toBe(200); // Node's own fetch
});

test.each<[string, string, Headers]>([
  ["another host's name", "POST", { host: "rebound.example.com" }],
  ["another host's name, with the port", "POST", { host: "rebound.example.com:8080" }],
  ["the machine's name", "POST", { host: "localhost" }],
  ["a page's origin", "POST", { origin: "https://page.example.com" }],
  ["an origin that is kept secret", "POST", { origin: "null" }],
  ["our own address as the origin", "POST", { origin: "http://127.0.0.1" }],
  ["a page of another site", "POST", { "sec-fetch-site": "cross-site" }],
  ["a page of this site", "POST", { "sec-fetch-site": "same-origin" }],
  ["a form", "POST", { "sec-fetch-mode": "navigate" }],
  ["an image", "POST", { "sec-fetch-dest": "image" }],
  ["a preflight", "OPTIONS", { origin: "https://page.example.com", "access-control-request-method": "POST" }],
])("%s is refused, whatever its key", async (_, method, headers) => {
  const answer = await getSecret(headers, method);
  expect(answer).toMatchObject({ status: 403, body: expect.not.stringContaining("planted") });
  expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
  const deleted = await call("DynamoDB_20120810.DeleteTable", { TableName: "state" }, headers, method);
  expect(deleted.status).toBe(403);
});

test.each<[string, Headers]>([
  ["no key", { authorization: "" }],
  ["any key", { authorization: "Credential=local/20261124/eu-west-1/ssm/aws4_request" }],
  [
    "a function's name",
    { authorization: "Credential=function.receiver/20261124/eu-west-1/ssm/aws4_request" },
  ],
  ["no signature that is one", { authorization: "Bearer of nothing" }],
])("%s is refused as SSM refuses it", async (_, headers) => {
  expectUnknown(await getSecret(headers));
});

test("a function's key is none before its permissions are known", async () => {
  const key = cloud.accessKeys.ofFunction("receiver");
  const authorization = `Credential=${key}/20261124/eu-west-1/ssm/aws4_request`;
  expectUnknown(await getSecret({ authorization }));
});

function expectUnknown({ status, body }: Awaited<ReturnType<typeof call>>): void {
  expect([400, 403]).toContain(status); // SSM's own, and that of whoever names no service
  expect(JSON.parse(body)).toMatchObject({ __type: expect.stringMatching(/UnrecognizedClientException$/) });
}

test("the SDK understands the refusal, in every protocol", async () => {
  const credentials = { accessKeyId: "x", secretAccessKey: "x" };
  const config = { ...cloud.operatorConfig(), credentials, maxAttempts: 1 };
  await expect(
    new S3Client({ ...config, forcePathStyle: true }).send(new ListBucketsCommand({})),
  ).rejects.toMatchObject({ name: "InvalidAccessKeyId" });
  cloud.serve("sts", () => {
    throw new Error("It was called.");
  });
  await expect(new STSClient(config).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 403 },
  });
});

test("each run has keys of its own", async () => {
  const folder = await mkdtemp(join(tmpdir(), "router-"));
  const other = await LocalCloud.start("eu-west-1", folder);
  expect(other.accessKeys.operator).not.toBe(cloud.accessKeys.operator);
  expect(other.accessKeys.ofFunction("receiver")).not.toBe(other.accessKeys.ofFunction("processor"));
  await other.stop();
  await rm(folder, { recursive: true, force: true });
});

describe("a service that the run does not have", () => {
  test.each([
    ["query", () => new SNSClient(config()), new ListTopicsCommand({})],
    ["JSON", () => new CloudWatchLogsClient(config()), new DescribeLogGroupsCommand({})],
    ["REST", () => new ApiGatewayV2Client(config()), new GetApisCommand({})],
    ["CBOR or query", () => new CloudWatchClient(config()), new DescribeAlarmsCommand({})],
  ])("%s: the SDK's own error says so", async (_, make, command) => {
    const client = make() as { send(command: object): Promise<unknown>; destroy(): void };
    await expect(client.send(command)).rejects.toMatchObject({
      message: expect.stringMatching(/^The local run has no \w+: it has what the pipeline uses\.$/),
      $metadata: { httpStatusCode: 501, attempts: 1 },
    });
    client.destroy();
  });

  const config = () => cloud.operatorConfig();
});

test("parameters are read several at a time, too", async () => {
  const client = new SSMClient(cloud.operatorConfig());
  const found = await client.send(new GetParametersCommand({ Names: ["/secret", "/nothing"] }));
  expect(found.Parameters).toEqual([
    expect.objectContaining({ Name: "/secret", Value: "the planted secret" }),
  ]);
  expect(found.InvalidParameters).toEqual(["/nothing"]);
  client.destroy();
});
