import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { LOCAL_RUN_FILE, type LocalRunFacts } from "../../contract/local-run.ts";
import { toTerraformOutputs } from "../../contract/outputs.ts";
import { type AwsAnswers, listed, startAwsAnswers } from "../support/aws-answers.ts";
import { deployedOutputs } from "../support/deployed.ts";
import { runInProcess } from "../support/in-process.ts";

let aws: AwsAnswers;
let folder: string;
let env: Record<string, string>;

beforeEach(async () => {
  aws = await startAwsAnswers((action) => {
    if (/^GET .*list-type=2/.test(action)) return listed(); // nothing is parked
    return action === "GetQueueAttributes" || action === "ReceiveMessage" ? { body: {} } : undefined;
  });
  folder = await mkdtemp(join(tmpdir(), "environment-"));
  env = { AWS_ENDPOINT_URL: aws.endpoint, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
});
afterEach(async () => {
  await aws.stop();
  await rm(folder, { recursive: true, force: true });
});

const stats = (...args: string[]) => runInProcess(["dlq", "stats", ...args], { cwd: folder, env });
const outputsOf = (environment: string) =>
  toTerraformOutputs({ ...deployedOutputs(aws.endpoint), environment });

/** A local run of that environment, found in its data folder; `pid` is a process that is there, or not. */
async function announce(environment: string, pid = process.pid, data = join(folder, ".local", environment)) {
  const facts: LocalRunFacts = {
    pid,
    environment,
    url: "http://127.0.0.1:1",
    cloudUrl: aws.endpoint,
    accessKeyId: "test",
    region: "eu-west-1",
    outputs: outputsOf(environment),
  };
  await mkdir(data, { recursive: true });
  await writeFile(join(data, LOCAL_RUN_FILE), JSON.stringify(facts));
}

test("without options: the local run that is alive", async () => {
  await announce("dev");
  await announce("gone", 2 ** 22 + 1);
  expect((await stats()).stdout).toBe("No dead letters in the local run of dev.\n");
  await announce("staging");
  const two = await stats();
  expect(two).toMatchObject({ code: 2, stdout: "" });
  expect(two.stderr).toMatch(
    /^error: There are 2 local runs: .*dev, .*staging\.\nName one of them with --data\.\n$/,
  );
  expect((await stats("--local", "-e", "staging")).stdout).toBe(
    "No dead letters in the local run of staging.\n",
  );
  await announce("elsewhere", process.pid, join(folder, "data"));
  expect((await stats("--data", "data")).stdout).toBe("No dead letters in the local run of elsewhere.\n");
});

test("one that ended without tidying up is not taken for alive; what else could be given is told", async () => {
  await announce("dev", 2 ** 22 + 1);
  await mkdir(join(folder, "cdktf.out", "stacks", "production"), { recursive: true });
  const { code, stderr } = await stats();
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /^error: The local run in \.local\/dev \(process \d+\) has ended without a word\.\n/,
  );
  expect(stderr).toContain("--environment NAME (synthesised here: production) or --outputs FILE.");
});

test("the outputs that cdktf deploy or terraform wrote", async () => {
  const file = join(folder, "outputs.json");
  await writeFile(
    file,
    JSON.stringify({ staging: outputsOf("staging"), production: outputsOf("production") }),
  );
  const several = await stats("--outputs", file);
  expect(several).toMatchObject({ code: 2, stdout: "" });
  expect(several.stderr).toContain("Name one with --environment: staging, production.");
  const named = await stats("--outputs", file, "-e", "production", "--region", "eu-central-1");
  expect(named.stdout).toBe("No dead letters in production in eu-central-1.\n");

  const asTerraform = Object.entries(outputsOf("staging")).map(([name, value]) => [
    name,
    { sensitive: false, type: "string", value },
  ]);
  await writeFile(file, JSON.stringify(Object.fromEntries(asTerraform)));
  expect((await stats("--outputs", file)).stdout).toBe("No dead letters in staging in eu-west-1.\n");

  const { state_table: _, ...older } = outputsOf("staging");
  await writeFile(file, JSON.stringify({ staging: older }));
  expect((await stats("--outputs", file)).stderr).toMatch(/^error: The outputs lack state_table\.\n/);
  await writeFile(file, "{}{");
  expect((await stats("--outputs", file)).stderr).toMatch(/ holds no outputs\.\n/);
  expect(await stats("--outputs", join(folder, "nowhere.json"))).toMatchObject({ code: 2, stdout: "" });
});

describe("an environment by its name, of Terraform", () => {
  /** A `terraform` that answers `output` and `init` as given: shell lines. */
  async function terraform(lines: string): Promise<void> {
    const bin = join(folder, "bin");
    await mkdir(bin, { recursive: true });
    await writeFile(join(bin, "terraform"), `#!/bin/sh\n${lines}\n`);
    await chmod(join(bin, "terraform"), 0o755);
    env = { ...env, PATH: [bin, process.env["PATH"]].join(delimiter) };
    const stack = join(folder, "cdktf.out", "stacks", "staging");
    await mkdir(stack, { recursive: true });
    await writeFile(join(stack, "cdk.tf.json"), "{}");
  }
  const printed = () =>
    JSON.stringify(
      Object.fromEntries(Object.entries(outputsOf("staging")).map(([name, value]) => [name, { value }])),
    );

  test("it is initialised when it has to be, and only then", async () => {
    await terraform(
      `echo "$1" >> calls
if [ "$1" = init ]; then touch ready; exit 0; fi
if [ -e ready ]; then echo '${printed()}'; else echo 'Error: Backend initialization required, please run "terraform init"' >&2; exit 1; fi`,
    );
    expect((await stats("-e", "staging")).stdout).toBe("No dead letters in staging in eu-west-1.\n");
    const calls = () => readFile(join(folder, "cdktf.out", "stacks", "staging", "calls"), "utf8");
    expect(await calls()).toBe("output\ninit\noutput\n");
    await stats("-e", "staging");
    expect(await calls()).toBe("output\ninit\noutput\noutput\n");
  });

  test("not deployed, not synthesised, no access, no Terraform: what to do", async () => {
    await terraform("echo '{}'");
    expect((await stats("-e", "staging")).stderr).toMatch(/^error: staging is not deployed: /);
    expect((await stats("-e", "stagign")).stderr).toMatch(
      /^error: There is no environment "stagign"\.\nDid you mean staging\? /,
    );
    await terraform("echo 'Error: error configuring S3 Backend: no valid credential sources' >&2; exit 1");
    const { code, stderr } = await stats("-e", "staging");
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^error: Terraform could not read the outputs: Error: error configuring S3 Backend.*\nCheck credentials /,
    );
    env = { ...env, PATH: join(folder, "nothing") };
    expect((await stats("-e", "staging")).stderr).toMatch(/^error: There is no terraform on the PATH\.\n/);
  });
});
