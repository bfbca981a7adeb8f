import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DeleteTableCommand } from "@aws-sdk/client-dynamodb";
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

/** The last line of every report. */
async function plannedWith(): Promise<string> {
  const lock = await readFile(join(folder, ".terraform.lock.hcl"), "utf8");
  const [, provider] = /version\s*=\s*"([^"]+)"/.exec(lock) ?? [];
  const { terraform_version } = JSON.parse((await terraformOutput("version", "-json")) || "{}") as {
    terraform_version?: string;
  };
  return `Planned with Terraform \`${terraform_version}\`, provider hashicorp/aws \`${provider}\`, region \`${REGION}\`, state \`local: path test.tfstate\`.\n`;
}

async function terraformOutput(...args: string[]): Promise<string> {
  return found ? (await terraform(found, folder, args, env)).stdout : "";
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
  expect(report).toBe(`## Plan of \`dev\`: no changes\n\n${await plannedWith()}`);
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
    role["assume_role_policy"] = String(role["assume_role_policy"]).replace(
      '"lambda.amazonaws.com"',
      '["lambda.amazonaws.com", "edgelambda.amazonaws.com"]',
    );
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

${await plannedWith()}`);
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
    const told = "\n\n- `aws_sqs_queue.queues_main`\n  - `visibility_timeout_seconds`: `90` → `7`\n\n";
    expect(drift).toBe(`${told}${await plannedWith()}`);
    expect(code).toBe(0);
  },
);

/** IAM as moto takes it: it looks at the service that a request claims to be signed for. */
async function iam(parameters: Readonly<Record<string, string>>): Promise<void> {
  const scope = `Credential=rehearsal/20260101/${REGION}/iam/aws4_request`;
  const answer = await fetch(moto?.endpoint ?? "", {
    method: "POST",
    headers: { authorization: `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=0` },
    body: new URLSearchParams({ Version: "2010-05-08", ...parameters }),
  });
  expect(answer.status).toBe(200);
}

against(
  "what loses events comes first, whatever else changes",
  ({ resource }) => {
    delete resource["aws_lambda_event_source_mapping"]?.["processor_mapping"]?.["function_response_types"];
    delete resource["aws_cloudwatch_metric_alarm"]?.["alarms_api_5xx"];
    delete resource["aws_cloudwatch_dashboard"];
    delete resource["aws_apigatewayv2_route"];
    Object.assign(resource["aws_ssm_parameter"]?.["receiver_secrets_webhook"] ?? {}, {
      description: "other",
      lifecycle: { ignore_changes: ["value_wo_version"] }, // the stack's own leaves all but tags alone
    });
    resource["aws_lambda_function_url"] = {
      open: {
        function_name: resource["aws_lambda_function"]?.["receiver"]?.["function_name"],
        authorization_type: "NONE",
      },
    };
  },
  async () => {
    const { code, report, review } = await plan("--allow-data-loss");
    expect(report).toMatch(
      /^## .*\n\n> \[!CAUTION\]\n> \*\*This plan cannot be applied: it would stop half-way\.\*\*\n/,
    );
    expect(review.obstacles).toMatchObject([
      { address: "aws_ssm_parameter.receiver_secrets_webhook", because: ["description"] },
    ]);
    expect(review.losses.flatMap(({ because }) => because)).toEqual([
      expect.stringMatching(/^route POST \/webhook: .* → gone$/),
      expect.stringMatching(/^ReportBatchItemFailures of .*: on → off$/),
      expect.stringMatching(/^alarm genesys-events-dev-api-5xx: there → gone$/),
      expect.stringMatching(
        /^alarm genesys-events-dev-api-5xx tells aws_sns_topic.alarms_topic: there → gone$/,
      ),
    ]);
    expect(review.exposures).toMatchObject([{ address: "aws_lambda_function_url.open" }]);
    expect(code).toBe(3);
  },
);

against(
  "a state that is kept elsewhere knows nothing: what the account has would be orphaned",
  ({ terraform }) => {
    terraform["backend"] = { local: { path: "other.tfstate" } };
  },
  async () => {
    const { code, review } = await plan();
    expect(review.losses).toMatchObject([{ address: "terraform.backend", how: "orphaned" }]);
    expect(review.losses[0]?.because).toContainEqual(
      expect.stringMatching(
        /^aws_s3_bucket.overflow would be made, and there is genesys-events-dev-overflow-\d{26}$/,
      ),
    );
    expect(review.losses[0]?.because).toContain(
      `aws_sqs_queue.queues_main would be made, and there is genesys-events-dev-queue in ${REGION}`,
    );
    expect(code).toBe(3);
  },
);

against("what a hand adds to a role, and a store that it deletes, want a person", asItWas, async () => {
  const everything = { Effect: "Allow", Action: "*", Resource: "*" };
  await iam({
    Action: "PutRolePolicy",
    RoleName: "genesys-events-dev-receiver",
    PolicyName: "debug",
    PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [everything] }),
  });
  await cloud.dynamodb.send(new DeleteTableCommand({ TableName: "genesys-events-dev-state" }));
  const { code, report, review } = await plan();
  expect(review.losses).toMatchObject([{ address: "aws_dynamodb_table.state", how: "gone" }]);
  expect(review.strangers).toEqual([
    { address: "aws_iam_role.receiver_role", policy: "debug", added: ["allow * on *"], isRemoved: true },
  ]);
  expect(report).toContain("\n- `aws_dynamodb_table.state`: it was deleted\n");
  expect(code).toBe(3);
});
