import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import {
  DeleteBucketPolicyCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { type Cloud, connect, emulatorEnvironment } from "../../../deployment/rehearsal/cloud.ts";
import { findMoto, type Moto, startMoto } from "../../../deployment/rehearsal/moto.ts";
import { environments } from "../../../infra/environments.ts";
import { REPOSITORY, type Run } from "../../support/repository.ts";
import {
  removeDirectory,
  synthForProvider,
  type Terraform,
  temporaryDirectory,
  terraformOrSkip,
} from "../../support/terraform.ts";

const SLOW_MS = 300_000;
const { backend } = environments.production;
const Bucket = backend.bucket;

/** The command, as a person runs it, against an emulator. */
function run(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Run> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["cli/main.ts", ...args],
      {
        cwd: REPOSITORY,
        env: { ...process.env, NODE_OPTIONS: "--disable-warning=ExperimentalWarning", ...env },
      },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

const emulator = findMoto();
if ("missing" in emulator && process.env["CI"] !== "true") {
  test.skip(`the first day is not tested: ${emulator.missing}`, () => {});
} else {
  let moto: Moto;
  let cloud: Cloud;
  let directory: string;
  let terraform: Terraform | undefined;

  beforeAll(async () => {
    directory = await temporaryDirectory();
    terraform = await terraformOrSkip(directory);
    moto = await startMoto();
    cloud = connect(moto.endpoint, backend.region);
  }, SLOW_MS);
  afterAll(async () => {
    cloud?.close();
    await moto?.stop();
    await removeDirectory(directory);
  }, SLOW_MS);

  const bootstrap = (...args: string[]) =>
    run(["bootstrap", ...args], emulatorEnvironment(moto.endpoint, backend.region));
  const bucketExists = () =>
    cloud.s3.send(new HeadBucketCommand({ Bucket })).then(
      () => true,
      () => false,
    );

  /** `npm run plan` with the real backend; the emulator knows a bucket by its path alone. */
  async function plan(): Promise<Run> {
    const stack = join(directory, "cdktf.out", "stacks", "production");
    if (!(await readFile(join(stack, "cdk.tf.json")).catch(() => undefined))) {
      if (terraform) await synthForProvider(terraform, join(directory, "cdktf.out"));
      const { kind: _, ...s3 } = backend;
      const override = {
        terraform: { backend: { s3: { ...s3, encrypt: true, use_lockfile: true, use_path_style: true } } },
      };
      await writeFile(join(stack, "override.tf.json"), JSON.stringify(override));
    }
    return run(["plan", "production", "--stack-dir", stack], {
      ...terraform?.env,
      ...emulatorEnvironment(moto.endpoint, backend.region),
    });
  }

  test(
    "a plan before the first day says which command is missing",
    async () => {
      if (!terraform) return;
      const { code, stderr } = await plan();
      expect(stderr).toMatch(
        new RegExp(
          `\nerror: The state bucket ${Bucket} does not exist\\.\nCreate it once with: npm run genesys-dlq -- bootstrap production\n$`,
        ),
      );
      expect(code).toBe(1);
    },
    SLOW_MS,
  );

  test(
    "a dry run, and a run that nobody can answer, create nothing",
    async () => {
      const dry = await bootstrap("production", "--dry-run");
      expect(dry.code).toBe(0);
      expect(dry.stdout).toContain("  bucket         missing          in eu-west-1\n");
      expect(dry.stdout).toMatch(/Nothing was changed \(--dry-run\)\.\n$/);
      const unanswered = await bootstrap("production");
      expect(unanswered).toMatchObject({
        code: 2,
        stderr: "error: There is no terminal to ask on.\nIn a script, give --yes.\n",
      });
      const told = await bootstrap("production", "--dry-run", "--json");
      expect(JSON.parse(told.stdout)).toMatchObject({
        environment: "production",
        bucket: Bucket,
        properties: [{ name: "bucket", state: "missing" }, ...Array(5).fill({ state: "missing" })],
      });
      expect(await bucketExists()).toBe(false);
    },
    SLOW_MS,
  );

  test(
    "creates a bucket that is versioned, encrypted, private, TLS only, and forgets old states",
    async () => {
      const { code, stdout, stderr } = await bootstrap("production", "--yes");
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout.match(/ done /g)).toHaveLength(6);
      const { s3 } = cloud;
      expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe("Enabled");
      const encryption = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
      expect(encryption.ServerSideEncryptionConfiguration?.Rules).toMatchObject([
        { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } },
      ]);
      const { PublicAccessBlockConfiguration } = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
      expect(Object.values(PublicAccessBlockConfiguration ?? {})).toEqual([true, true, true, true]);
      const { Policy = "{}" } = await s3.send(new GetBucketPolicyCommand({ Bucket }));
      expect(JSON.parse(Policy).Statement).toMatchObject([
        { Effect: "Deny", Principal: "*", Condition: { Bool: { "aws:SecureTransport": "false" } } },
      ]);
      const { Rules } = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
      expect(Rules).toMatchObject([
        {
          Status: "Enabled",
          NoncurrentVersionExpiration: { NoncurrentDays: 90 },
        },
      ]);
    },
    SLOW_MS,
  );

  test(
    "a second run finds everything as it should be, for the other environment in the bucket too",
    async () => {
      for (const environment of ["production", "staging"]) {
        const { code, stdout } = await bootstrap(environment, "--yes");
        expect(code).toBe(0);
        expect(stdout.match(/ as it should be /g)).toHaveLength(6);
        expect(stdout).not.toMatch(/missing|done/);
      }
    },
    SLOW_MS,
  );

  test(
    "puts right what somebody has changed, and leaves alone what is theirs",
    async () => {
      const { s3 } = cloud;
      await s3.send(
        new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Suspended" } }),
      );
      const theirs = {
        Sid: "Theirs",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:PutObject",
        Resource: `arn:aws:s3:::${Bucket}/x`,
      };
      const Policy = JSON.stringify({ Version: "2012-10-17", Statement: theirs });
      await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
      const rule = {
        ID: "theirs",
        Status: "Enabled",
        Filter: { Prefix: "x/" },
        Expiration: { Days: 3 },
      } as const;
      await s3.send(
        new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: [rule] } }),
      );
      const { code, stdout } = await bootstrap("production", "--yes");
      expect(code).toBe(0);
      expect([...stdout.matchAll(/^ {2}(\w+).* done /gm)].map(([, name]) => name)).toEqual([
        "versioning",
        "policy",
        "lifecycle",
      ]);
      const found = await s3.send(new GetBucketPolicyCommand({ Bucket }));
      const { Statement } = JSON.parse(found.Policy ?? "{}");
      expect(Statement).toEqual([theirs, expect.objectContaining({ Sid: "TlsOnly" })]);
      const { Rules } = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
      expect(Rules?.map(({ ID }) => ID)).toEqual(["theirs", "old-states"]);
      expect((await bootstrap("production")).code).toBe(0);
    },
    SLOW_MS,
  );

  test(
    "then production can be planned, unless somebody else is at it: who, since when, how to unlock",
    async () => {
      if (!terraform) return;
      // The emulator speaks plain HTTP, which is just what the policy refuses.
      await cloud.s3.send(new DeleteBucketPolicyCommand({ Bucket }));
      const planned = await plan();
      expect(planned.stderr).toMatch(
        /terraform show: \d+ s\nlook in the account …\nlook in the account: \d+ s\n$/,
      );
      expect(planned.stdout).toMatch(/^## Plan of `production`: \d+ created\n/);
      expect(planned.code).toBe(0);
      const lock = {
        ID: "8b6f0d1c",
        Operation: "OperationTypeApply",
        Who: "ann@laptop",
        Version: "1.11.4",
        Created: "2026-11-24T12:08:10Z",
        Path: `${Bucket}/${backend.key}`,
      };
      await cloud.s3.send(
        new PutObjectCommand({ Bucket, Key: `${backend.key}.tflock`, Body: JSON.stringify(lock) }),
      );
      const locked = await plan();
      expect(locked.stderr).toMatch(
        /\nerror: The state of production is locked by ann@laptop since 2026-11-24 12:08:10\.\n.* terraform -chdir=\S+ force-unlock 8b6f0d1c\n$/,
      );
      expect(locked.code).toBe(1);
    },
    SLOW_MS,
  );
}

test.each([
  [
    403,
    {},
    /^error: The bucket example-terraform-state belongs to another account, or this role may not look at it\./,
  ],
  [
    301,
    { "x-amz-bucket-region": "us-west-2" },
    /^error: The bucket example-terraform-state exists in another region/,
  ],
])("an answer of %d is a sentence, and nothing is written", async (status, headers, sentence) => {
  const methods: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    methods.push(request.method);
    response.writeHead(status, headers).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ended = await run(
    ["bootstrap", "production", "--yes"],
    emulatorEnvironment(endpoint, backend.region),
  );
  server.close();
  expect(ended.stderr).toMatch(sentence);
  expect(ended.stderr.trim().split("\n")).toHaveLength(2); // what happened, and what to do
  expect(ended.code).toBe(1);
  expect(new Set(methods)).toEqual(new Set(["HEAD"]));
});

test("an environment with its state in a file needs no bucket, and one that does not exist is an error", async () => {
  expect(await run(["bootstrap", "dev"], {})).toMatchObject({
    code: 0,
    stdout: "dev keeps its state in terraform.dev.tfstate: there is nothing to create.\n",
  });
  const { code, stderr } = await run(["bootstrap", "prod"], {});
  expect(stderr).toMatch(/^error: .*'prod'.* Allowed choices are dev, staging, production\.\n/);
  expect(code).toBe(2);
});
