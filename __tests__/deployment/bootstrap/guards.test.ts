import { S3Client } from "@aws-sdk/client-s3";
import { type Guard, guards } from "../../../deployment/bootstrap/guards.ts";

const BUCKET = "example-terraform-state";
const ARN = `arn:aws:s3:::${BUCKET}`;

/** What S3 says of a bucket, by command; what is not there was never set. */
type Properties = Readonly<Record<string, object>>;

/** A client that answers out of `properties`, and writes down what it is told to put. */
function client(properties: Properties) {
  const puts: { readonly command: string; readonly input: Record<string, unknown> }[] = [];
  const s3 = new S3Client({ region: "eu-west-1", credentials: { accessKeyId: "a", secretAccessKey: "b" } });
  s3.middlewareStack.add(
    (_next, { commandName: command = "" }) =>
      ({ input }) => {
        if (command.startsWith("Put")) puts.push({ command, input: input as Record<string, unknown> });
        const output = properties[command.replace("Command", "")];
        if (output !== undefined) return Promise.resolve({ output: output as never, response: undefined });
        if (command.startsWith("Put")) return Promise.resolve({ output: {} as never, response: undefined });
        // S3's way of saying that it was never set; of versioning it says nothing at all.
        if (command === "GetBucketVersioningCommand")
          return Promise.resolve({ output: {} as never, response: undefined });
        return Promise.reject(Object.assign(new Error("none"), { $metadata: { httpStatusCode: 404 } }));
      },
    { step: "initialize" },
  );
  return { s3, puts };
}

function guard(name: string): Guard {
  const found = guards.find((each) => each.name === name);
  if (found === undefined) throw new Error(`There is no guard ${name}.`);
  return found;
}
const holds = (name: string, properties: Properties) => guard(name).holds(client(properties).s3, BUCKET);

const blocks = {
  BlockPublicAcls: true,
  BlockPublicPolicy: true,
  IgnorePublicAcls: true,
  RestrictPublicBuckets: true,
};
const blocked = (changes: object): Properties => ({
  GetPublicAccessBlock: { PublicAccessBlockConfiguration: { ...blocks, ...changes } },
});
const tls = {
  Sid: "TlsOnly",
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: [ARN, `${ARN}/*`],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
const policy = (...statements: object[]): Properties => ({
  GetBucketPolicy: { Policy: JSON.stringify({ Version: "2012-10-17", Statement: statements }) },
});
const rule = {
  ID: "old-states",
  Status: "Enabled",
  Filter: { Prefix: "" },
  NoncurrentVersionExpiration: { NoncurrentDays: 90 },
};
const lifecycle = (...rules: object[]): Properties => ({ GetBucketLifecycleConfiguration: { Rules: rules } });
const encrypted = (...rules: object[]): Properties => ({
  GetBucketEncryption: { ServerSideEncryptionConfiguration: { Rules: rules } },
});
const versioning = (Status?: string): Properties => ({ GetBucketVersioning: { ...(Status && { Status }) } });

/** By property: states that are right, and states that look so. */
const states: Readonly<Record<string, { readonly right: Properties[]; readonly nearly: Properties[] }>> = {
  "public access": {
    right: [blocked({})],
    nearly: [
      {},
      ...Object.keys(blocks).flatMap((name) => [blocked({ [name]: false }), blocked({ [name]: undefined })]),
      { GetPublicAccessBlock: {} },
    ],
  },
  versioning: { right: [versioning("Enabled")], nearly: [{}, versioning("Suspended"), versioning()] },
  encryption: {
    right: [
      encrypted({ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }),
      encrypted({ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" } }),
    ],
    nearly: [{}, encrypted(), encrypted({ BucketKeyEnabled: true })],
  },
  policy: {
    right: [
      policy(tls),
      policy({ Sid: "Theirs", Effect: "Allow", Principal: "*", Action: "s3:GetObject" }, tls),
    ],
    nearly: [
      {},
      policy(),
      policy({ ...tls, Effect: "Allow" }),
      policy({ ...tls, Principal: { AWS: "arn:aws:iam::123456789012:root" } }),
      policy({ ...tls, Action: "s3:GetObject" }),
      policy({ ...tls, Resource: [ARN] }),
      policy({ ...tls, Resource: [`${ARN}/*`] }),
      policy({ ...tls, Resource: [`${ARN}-two`, `${ARN}-two/*`] }),
      policy({ ...tls, Condition: { Bool: { "aws:SecureTransport": "true" } } }),
      policy({ ...tls, Condition: { ...tls.Condition, StringEquals: { "aws:PrincipalAccount": "1" } } }),
      policy((({ Condition: _, ...rest }) => rest)(tls)),
    ],
  },
  lifecycle: {
    right: [
      lifecycle(rule),
      lifecycle({ ...rule, Expiration: { ExpiredObjectDeleteMarker: true } }),
      lifecycle((({ Filter: _, ...rest }) => rest)(rule)),
      lifecycle({ ID: "theirs", Status: "Enabled" }, rule),
    ],
    nearly: [
      {},
      lifecycle(),
      lifecycle({ ...rule, Status: "Disabled" }),
      lifecycle({ ...rule, NoncurrentVersionExpiration: { NoncurrentDays: 1 } }),
      lifecycle({ ...rule, NoncurrentVersionExpiration: { NoncurrentDays: 900 } }),
      lifecycle((({ NoncurrentVersionExpiration: _, ...rest }) => rest)(rule)),
      lifecycle({ ...rule, ID: "another" }),
      lifecycle({ ...rule, Filter: { Prefix: "production/" } }),
      lifecycle({ ...rule, Filter: { Prefix: "", Tag: { Key: "a", Value: "b" } } }),
      lifecycle({ ...rule, Expiration: { Days: 90 } }),
    ],
  },
};

test("every property has states that are right, and states that only look so", () => {
  expect(guards.map(({ name }) => name)).toEqual(Object.keys(states));
});

test.each(Object.entries(states))("%s: what is right is left alone", async (name, { right }) => {
  expect(await Promise.all(right.map((properties) => holds(name, properties)))).toEqual(
    right.map(() => true),
  );
});

test.each(
  Object.entries(states).flatMap(([name, { nearly }]) => nearly.map((state) => [name, state] as const)),
)("%s is not as it should be: %j", async (name, state) => {
  expect(await holds(name, state)).toBe(false);
});

test.each(Object.keys(states))("%s: a refusal is no answer, and is not taken for one", async (name) => {
  const { s3 } = client({});
  s3.middlewareStack.add(
    () => () => Promise.reject(Object.assign(new Error("no"), { $metadata: { httpStatusCode: 403 } })),
    { step: "initialize", priority: "high" },
  );
  await expect(guard(name).holds(s3, BUCKET)).rejects.toThrow("no");
});

test("the policy of the right name that allows is replaced, what else stands there stays", async () => {
  const theirs = {
    Sid: "Theirs",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:PutObject",
    Resource: `${ARN}/x`,
  };
  const { s3, puts } = client(policy({ ...tls, Effect: "Allow" }, theirs));
  await guard("policy").establish(s3, BUCKET);
  expect(puts.map(({ command }) => command)).toEqual(["PutBucketPolicyCommand"]);
  expect(JSON.parse(String(puts[0]?.input["Policy"])).Statement).toEqual([theirs, tls]);
});

test.each<[string, string, object]>([
  ["public access", "PutPublicAccessBlock", { Bucket: BUCKET, PublicAccessBlockConfiguration: blocks }],
  ["versioning", "PutBucketVersioning", { Bucket: BUCKET, VersioningConfiguration: { Status: "Enabled" } }],
])("%s is put right whole", async (name, command, input) => {
  const { s3, puts } = client({});
  await guard(name).establish(s3, BUCKET);
  expect(puts).toEqual([{ command: `${command}Command`, input }]);
});

test("public access goes first: from then on nothing that comes later can open it", () => {
  expect(guards[0]?.name).toBe("public access");
});
