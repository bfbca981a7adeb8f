import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { type Cloud, connect, emulatorEnvironment } from "../../../deployment/rehearsal/cloud.ts";
import { findMoto, type Moto, startMoto } from "../../../deployment/rehearsal/moto.ts";
import type { Review } from "../../../deployment/review/review.ts";
import { terraform } from "../../../terraform/terraform.ts";
import { type KeptProvider, keepProvider } from "../../support/provider.ts";
import { makeQueues } from "../../support/queues.ts";
import { REPOSITORY } from "../../support/repository.ts";
import {
  removeDirectory,
  synthForProvider,
  type Terraform,
  temporaryDirectory,
  terraformOrSkip,
} from "../../support/terraform.ts";

const SLOW_MS = 600_000; // an apply waits 25 s for a queue
const REGION = "eu-west-1";

type Resources = Record<string, Record<string, Record<string, unknown>>>;
interface Stack {
  terraform: Record<string, unknown>;
  resource: Resources;
}

let directory: string;
let found: Terraform | undefined;
let moto: Moto | undefined;
let provider: KeptProvider | undefined;
let cloud: Cloud;
let env: Record<string, string>;
/** The stack's folder, and the stack as it was synthesised. */
let folder: string;
let original: Stack;

/** In one folder and one order: every plan is against what the first deployment has made. */
beforeAll(async () => {
  directory = await temporaryDirectory();
  found = await terraformOrSkip(directory);
  const emulator = findMoto();
  if ("missing" in emulator) {
    if (process.env["CI"] === "true") throw new Error(`Plans cannot be tested: ${emulator.missing}`);
    process.stderr.write(`Tests of plans are skipped: ${emulator.missing}\n`);
    found = undefined;
  }
  if (!found) return;
  await synthForProvider(found, join(directory, "cdktf.out"));
  folder = join(directory, "cdktf.out", "stacks", "dev");
  original = JSON.parse(await readFile(join(folder, "cdk.tf.json"), "utf8")) as Stack;
  original.terraform["backend"] = { local: { path: "test.tfstate" } };
  delete original.resource["aws_s3_bucket_lifecycle_configuration"]; // the provider waits 50 s for one
  moto = await startMoto();
  cloud = connect(moto.endpoint, REGION);
  env = { ...found.env, ...emulatorEnvironment(moto.endpoint, REGION), TMPDIR: join(directory, "tmp") };
  await mkdir(join(directory, "tmp"));
}, SLOW_MS);

afterAll(async () => {
  cloud?.close();
  await provider?.stop();
  await moto?.stop();
  await removeDirectory(directory);
}, SLOW_MS);

/** A test that needs Terraform and moto; `change` is what somebody did to the stack since it was deployed. */
function against(name: string, change: (stack: Stack) => void, check: () => Promise<void>): void {
  test(
    name,
    async () => {
      if (!found) return;
      const stack = structuredClone(original);
      change(stack);
      await writeFile(join(folder, "cdk.tf.json"), JSON.stringify(stack, null, 2));
      await check();
    },
    SLOW_MS,
  );
}

/** From now on, for commands that nobody interrupts. */
async function useOneProvider(terraform: Terraform): Promise<void> {
  provider = await keepProvider(terraform, folder, { ...env, TMPDIR: directory });
  env = { ...env, ...provider.terraform.env };
}

/** Terraform in the stack's folder, which has nothing to complain of. */
async function run(...args: string[]): Promise<void> {
  if (found) expect(await terraform(found, folder, args, env)).toMatchObject({ code: 0, stderr: "" });
}

const asItWas = () => {};

interface Planned {
  readonly code: number | null;
  readonly report: string;
  readonly progress: string;
  readonly review: Review;
}

function command(...args: string[]): ChildProcess {
  return spawn(process.execPath, ["cli/main.ts", "plan", "dev", "--stack-dir", folder, ...args], {
    cwd: REPOSITORY,
    env: { ...process.env, NODE_OPTIONS: "--disable-warning=ExperimentalWarning", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** The command as a person calls it, as a process of its own. */
async function plan(...args: string[]): Promise<Planned> {
  const out = join(directory, "out", "plan.md");
  await rm(join(directory, "out"), { recursive: true, force: true });
  const child = command("--out", out, ...args);
  const [report, progress] = [text(child.stdout), text(child.stderr)];
  const [code] = (await once(child, "close")) as [number | null];
  const json = await readFile(out.replace(".md", ".json"), "utf8").catch(() => "{}");
  if (report() !== "") expect(await readFile(out, "utf8")).toBe(report());
  return { code, report: report(), progress: progress(), review: JSON.parse(json) as Review };
}

function text(stream: ChildProcess["stdout"]): () => string {
  let all = "";
  stream?.setEncoding("utf8").on("data", (some: string) => {
    all += some;
  });
  return () => all;
}

/** Runs until it has said `enough`, then sends one Ctrl-C: at a second one Terraform gives up at once. */
async function interrupt(
  child: ChildProcess,
  stream: "stdout" | "stderr",
  enough: (said: string) => boolean,
) {
  const all = text(child[stream]);
  child[stream]?.on("data", () => {
    if (enough(all()) && !child.killed) child.kill("SIGINT");
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, all: all() };
}

/** Whatever is being created has been waited for a while: no call is under way whose answer would be lost. */
function waits(said: string): boolean {
  const creating = new Map<string, boolean>();
  for (const [, address = "", what] of said.matchAll(
    /^(\S+): (Creating|Still creating|Creation complete)/gm,
  )) {
    if (what === "Creation complete") creating.delete(address);
    else creating.set(address, what === "Still creating");
  }
  return creating.size > 0 && [...creating.values()].every((waited) => waited);
}

against("the first plan creates everything, and says what will be allowed", asItWas, async () => {
  const { code, report, progress, review } = await plan();
  expect(progress).toMatch(/^terraform init …\n(.*\n)*terraform plan: \d+ s\n/);
  expect(code).toBe(0);
  const resources = Object.values(original.resource).reduce((sum, byId) => sum + Object.keys(byId).length, 0);
  expect(report).toContain(`## Plan of \`dev\`: ${resources} created\n`);
  expect(report).toContain("\n+ allow lambda:InvokeFunction on aws_lambda_function.recovery\n");
  expect(review.changes.flatMap(({ added }) => added)).toContain(
    "allow s3:PutObject on aws_s3_bucket.overflow/spill/*",
  );
  expect(await readdir(join(directory, "tmp"))).toEqual([]); // the plan file holds what the state holds
});

against("Ctrl-C ends Terraform and leaves no plan file behind", asItWas, async () => {
  const ended = await interrupt(command(), "stderr", (said) => said.includes("terraform plan …"));
  expect(ended.all).toMatch(/\nInterrupted\.\nNothing was changed\.\n$/);
  expect(ended.code).toBe(130);
  expect(await readdir(join(directory, "tmp"))).toEqual([]);
});

against("a deployment that is interrupted half-way goes on where it stopped", asItWas, async () => {
  if (!found) return;
  const applying = spawn(found.command, ["apply", "-auto-approve", "-no-color"], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const half = await interrupt(applying, "stdout", waits);
  expect(half.code).not.toBe(0);
  await useOneProvider(found);
  const halfWay = await plan();
  expect(halfWay.report).toContain(
    "\n> - `aws_sqs_queue.queues_main` is replaced, because of `it is tainted: its last deployment failed half-way`.",
  );
  expect(halfWay.code).toBe(3);
  // The queue itself is whole: whoever knows that may keep it. What would take minutes to be made is imported.
  await run("untaint", "aws_sqs_queue.queues_main");
  const imports = await makeQueues(original.resource, cloud.sqs);
  await writeFile(join(folder, "import.tf.json"), JSON.stringify({ import: imports }));
  await run("apply", "-auto-approve", "-no-color");
  await rm(join(folder, "import.tf.json"));
  const { code, report } = await plan();
  expect(report).toBe("## Plan of `dev`: no changes\n");
  expect(code).toBe(0);
});

against(
  "a new permission is a line, changed code is code, and a variable is told with both values",
  ({ resource: { aws_iam_role_policy, aws_iam_role, aws_lambda_function } }) => {
    const policy = aws_iam_role_policy?.["receiver_policy"] ?? {};
    policy["policy"] = String(policy["policy"]).replace(
      '"s3:PutObject"',
      '["s3:PutObject", "s3:PutObjectTagging"]',
    );
    const role = aws_iam_role?.["receiver_role"] ?? {};
    role["assume_role_policy"] = String(role["assume_role_policy"]).replace("lambda.", "edgelambda.");
    const receiver = aws_lambda_function?.["receiver"] ?? {};
    receiver["source_code_hash"] = "other code";
    receiver["environment"] = {
      variables: { ...(receiver["environment"] as { variables: object }).variables, LOG_LEVEL: "DEBUG" },
    };
  },
  async () => {
    const { code, report } = await plan();
    expect(report).toBe(`## Plan of \`dev\`: 3 changed

### Permissions

\`\`\`diff
# aws_iam_role.receiver_role
- allow sts:AssumeRole for Service lambda.amazonaws.com
+ allow sts:AssumeRole for Service edgelambda.amazonaws.com
# aws_iam_role_policy.receiver_policy
+ allow s3:PutObjectTagging on aws_s3_bucket.overflow/claim-checks/*
+ allow s3:PutObjectTagging on aws_s3_bucket.overflow/spill/*
\`\`\`

### Changed (3)

- \`aws_iam_role.receiver_role\`
  - permissions: see above
- \`aws_iam_role_policy.receiver_policy\`
  - permissions: see above
- \`aws_lambda_function.receiver\`
  - code
  - \`environment.variables.LOG_LEVEL\`: \`INFO\` → \`DEBUG\`
`);
    expect(code).toBe(0);
  },
);

const rename = ({ resource: { aws_sqs_queue = {} } }: Stack) => {
  aws_sqs_queue["queues_dead_letter"] = { ...aws_sqs_queue["queues_dead_letter"], name: "a-better-name" };
};

against(
  "a queue that gets another name is replaced: a warning, and no go without a word",
  rename,
  async () => {
    const { code, report, review } = await plan();
    expect(code).toBe(3);
    expect(report).toMatch(/^## Plan of `dev`: \d+ changed, 2 replaced\n\n> \[!CAUTION\]\n/);
    expect(report).toContain(
      "\n> - `aws_sqs_queue.queues_dead_letter` is replaced, because of `name`. Lost: every event in the queue.\n",
    );
    expect(report).toContain("  - `name`: `genesys-events-dev-dead-letter-queue` → `a-better-name`\n");
    // Policies that name it are not known before the apply, and yet allow what they allowed.
    expect(review.changes.flatMap(({ added, removed }) => [...added, ...removed])).toEqual([]);
    const reviewed = join(directory, "reviewed.json");
    await writeFile(reviewed, JSON.stringify(review));
    const allowed = await plan("--allow-data-loss", "--reviewed", reviewed);
    expect(allowed.report).toContain(
      "> [!WARNING]\n> **This plan loses data or events, and that is allowed.**\n",
    );
    expect(allowed.code).toBe(0);
  },
);

against(
  "a queue under another address is destroyed, and the report knows a way that loses nothing",
  (stack) => {
    const moved = JSON.stringify(stack).replaceAll("queues_dead_letter", "queues_set_aside");
    Object.assign(stack, JSON.parse(moved));
    Object.assign(stack.resource["aws_sqs_queue"]?.["queues_set_aside"] ?? {}, { name: "set-aside" });
  },
  async () => {
    const reviewed = join(directory, "reviewed.json");
    const { code, report } = await plan("--allow-data-loss", "--reviewed", reviewed);
    expect(code).toBe(4);
    expect(report).toContain("> **This is not the plan that was reviewed.**");
    expect(report).toMatch(
      /`aws_sqs_queue.queues_dead_letter` is destroyed, .* Is `aws_sqs_queue.queues_set_aside` the same one/,
    );
  },
);

against(
  "what is protected and would be replaced is refused in a sentence",
  (stack) => {
    rename(stack);
    const queue = stack.resource["aws_sqs_queue"]?.["queues_dead_letter"] ?? {};
    queue["lifecycle"] = { prevent_destroy: true };
  },
  async () => {
    const { code, progress } = await plan();
    expect(progress).toMatch(
      /\nerror: aws_sqs_queue.queues_dead_letter would be destroyed or replaced, and it is protected .*\nUndo .*\n$/,
    );
    expect(code).toBe(3);
    expect(await readFile(join(directory, "out", "plan.md"), "utf8")).toMatch(/^## Plan of `dev`: failed\n/);
  },
);

against(
  "what somebody changed by hand is drift, and what the plan does about it a change",
  asItWas,
  async () => {
    const QueueUrl = `${moto?.endpoint}/123456789012/genesys-events-dev-queue`;
    await cloud.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: "7" } }));
    const { code, report } = await plan();
    const [changed, drift] = report.split("### Drift: changed by other means than Terraform (1)");
    expect(changed).toContain(
      "- `aws_sqs_queue.queues_main`\n  - `visibility_timeout_seconds`: `7` → `90`\n",
    );
    expect(drift).toBe("\n\n- `aws_sqs_queue.queues_main`\n  - `visibility_timeout_seconds`: `90` → `7`\n");
    expect(code).toBe(0);
  },
);
