import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { pipelineCommands } from "../../../deployment/pipeline-commands.ts";
import { REPOSITORY } from "../../support/repository.ts";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly uses?: string;
  readonly needs?: string;
  readonly if?: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, unknown>>;
  readonly steps?: readonly Step[];
  readonly "timeout-minutes"?: number;
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": boolean };
  readonly jobs: Readonly<Record<string, Job>>;
}

/** As GitHub writes what it fills in. */
const expression = (name: string) => `\${{ ${name} }}`;

const folder = join(REPOSITORY, ".github", "workflows");
const texts = new Map(
  readdirSync(folder)
    .sort()
    .map((file) => [file, readFileSync(join(folder, file), "utf8")]),
);
const workflows = new Map([...texts].map(([file, text]) => [file, parse(text) as Workflow]));

function workflow(file: string): Workflow {
  const found = workflows.get(file);
  if (!found) throw new Error(`There is no ${file}`);
  return found;
}

const jobs = [...workflows].flatMap(([file, { jobs: all }]) =>
  Object.entries(all).map(([name, job]) => ({ name: `${file} ${name}`, job })),
);
const steps = jobs.flatMap(({ name, job }) => (job.steps ?? []).map((step) => ({ name, step })));
const ciRun = readFileSync(join(REPOSITORY, ".ci", "run"), "utf8");

/** What a job needs around the commands, and why `.ci/run` does not run it. */
const around: Readonly<Record<string, string>> = {
  ".ci/run": "It is all that a change has to pass.",
  "pip install 'moto[server]==5.2.1'": "It makes the machine; .ci/run takes one that is made.",
  'cat plan/plan.md >> "$GITHUB_STEP_SUMMARY"': "It shows a file where GitHub shows it.",
  'npm run -s plan:comment -- "$ENVIRONMENT" plan/plan.md':
    "comment.test.ts runs it, within npm test, against a stand-in for GitHub.",
};

test("every command of a workflow is one that .ci/run runs, itself or through the rehearsal", () => {
  const run = steps.flatMap(({ step }) => step.run ?? []);
  expect(ciRun).toContain("beside 'npm run rehearse' npm run rehearse\n");
  const known = [
    ...[...ciRun.matchAll(/^(?:step|beside) '.*' (npm .*)$/gm)].map(([, command]) => command),
    ...Object.values(pipelineCommands),
    ...Object.keys(around),
  ];
  expect(run.filter((command) => !known.includes(command))).toEqual([]);
  const unused = [...Object.values(pipelineCommands), ...Object.keys(around)];
  expect(unused.filter((command) => !run.includes(command))).toEqual([]);
});

test("the rehearsal runs the commands of the workflows, and not others like them", () => {
  const rehearsal = readFileSync(join(REPOSITORY, "deployment", "rehearsal", "pipeline.ts"), "utf8");
  for (const name of Object.keys(pipelineCommands)) expect(rehearsal).toContain(`pipelineCommands.${name})`);
});

test("actions are pinned to a commit, with the version that a person knows beside it, one of each", () => {
  const uses = [...texts.values()].flatMap((text) => text.match(/uses: .*/g) ?? []);
  const actions = uses.filter((line) => !line.startsWith("uses: ./"));
  for (const line of actions) expect(line).toMatch(/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  const names = new Set(actions.map((line) => line.split("@")[0]));
  expect(new Set(actions).size).toBe(names.size);
});

test("nobody may do anything that a job does not say it needs", () => {
  for (const { permissions } of workflows.values()) {
    expect([{}, { contents: "read" }]).toContainEqual(permissions);
  }
  const allowed = jobs.map(({ name, job }) => [name, job.permissions ?? {}]);
  expect(Object.fromEntries(allowed)).toEqual({
    "comment.yml comment": { actions: "read", contents: "read", "pull-requests": "write" },
    "deploy-environment.yml deploy": { contents: "read", "id-token": "write" },
    "deploy-environment.yml plan": { contents: "read", "id-token": "write" },
    "deploy.yml production": { contents: "read", "id-token": "write" },
    "deploy.yml staging": { contents: "read", "id-token": "write" },
    "drift.yml plan": { contents: "read", "id-token": "write" },
    "plan.yml plan": { contents: "read", "id-token": "write" },
    "test.yml test": {},
  });
});

test("AWS is reached by a role of the job's environment alone: no key, no secret anywhere", () => {
  for (const text of texts.values()) {
    expect(text).not.toMatch(/secrets\.|access[-_]key|AKIA|aws-secret|password/i);
  }
  const credentials = steps.filter(({ step }) => step.uses?.startsWith("aws-actions/"));
  expect(credentials).toHaveLength(4);
  for (const { step } of credentials) {
    expect(step.with).toEqual({
      "role-to-assume": expression("vars.AWS_ROLE"),
      "aws-region": expression("vars.AWS_REGION"),
    });
  }
  const withRole = jobs.filter(
    ({ job }) => job.uses === undefined && job.permissions?.["id-token"] !== undefined,
  );
  for (const { job } of withRole) expect(job.environment).toMatch(/\$\{\{ (inputs|matrix)\.environment \}\}/);
});

test("nothing that a stranger writes reaches a shell", () => {
  for (const workflow of workflows.values())
    expect(Object.keys(workflow.on)).not.toContain("pull_request_target");
  for (const { step } of steps) expect(step.run ?? "").not.toContain("${{");
  const checkouts = steps.filter(({ step }) => step.uses?.startsWith("actions/checkout@"));
  for (const { step } of checkouts) expect(step.with?.["persist-credentials"]).toBe(false);
});

test("one deployment at a time, never cancelled half-way, staging before production", () => {
  const { concurrency, jobs: deployments, on } = workflow("deploy.yml");
  expect(concurrency?.["cancel-in-progress"]).toBe(false);
  expect(deployments["production"]?.needs).toBe("staging");
  expect(on["push"]).toEqual({ branches: ["main"] });
});

test("a dispatch on another branch deploys nothing, and takes the place of none that waits", () => {
  const { concurrency, jobs: deployments, on } = workflow("deploy.yml");
  expect(on).toHaveProperty("workflow_dispatch");
  expect(concurrency?.group).toBe(`deploy-${expression("github.ref")}`);
  for (const job of Object.values(deployments)) expect(job.if).toBe("github.ref == 'refs/heads/main'");
});

test("what may write to a pull request runs nothing of it", () => {
  const writers = jobs.filter(({ job }) =>
    Object.entries(job.permissions ?? {}).some(([what, how]) => what !== "id-token" && how === "write"),
  );
  expect(writers.map(({ name }) => name)).toEqual(["comment.yml comment"]);
  const { on, jobs: all, concurrency } = workflow("comment.yml");
  // Such a workflow is the default branch's own, and so is github.sha.
  expect(on).toEqual({ workflow_run: { workflows: ["Plan"], types: ["completed"] } });
  expect(parse(texts.get("plan.yml") ?? "")).toMatchObject({ name: "Plan" });
  const [checkout, , artefact, ...rest] = all["comment"]?.steps ?? [];
  expect(checkout?.with).toEqual({ ref: expression("github.sha"), "persist-credentials": false });
  // Two files of text come from it; npm ci would run what its lock file names.
  expect(artefact?.with).toMatchObject({
    path: "plan",
    "run-id": expression("github.event.workflow_run.id"),
  });
  expect(rest.map(({ run }) => run)).toEqual(['npm run -s plan:comment -- "$ENVIRONMENT" plan/plan.md']);
  expect(all["comment"]?.if).toContain(
    "github.event.workflow_run.head_repository.full_name == github.repository",
  );
  const [upload] = workflow("plan.yml").jobs["plan"]?.steps?.slice(-1) ?? [];
  expect(upload?.with?.["name"]).toBe(artefact?.with?.["name"]);
  expect(concurrency?.group).toContain(expression("github.event.workflow_run.head_repository.full_name"));
});

test("what is deployed is the commit, and the plan, that was approved", () => {
  const { plan, deploy } = workflow("deploy-environment.yml").jobs;
  expect(deploy?.needs).toBe("plan");
  expect(deploy?.environment).toBe(expression("inputs.environment"));
  for (const job of [plan, deploy]) {
    const checkout = job?.steps?.find(({ uses }) => uses?.startsWith("actions/checkout@"));
    expect(checkout?.with?.["ref"]).toBe(expression("github.sha"));
    const artefact = job?.steps?.find(({ uses }) => /(up|down)load-artifact@/.test(uses ?? ""));
    expect(artefact?.with?.["name"]).toBe(
      `plan-${expression("inputs.environment")}-${expression("github.sha")}`,
    );
  }
  const commands = deploy?.steps?.flatMap(({ run }) => run ?? []);
  expect(commands).toEqual(["npm ci", pipelineCommands.deploy]);
});

test("a pull request's code reads the state, and nothing of AWS: no secret with it", () => {
  const { plan } = workflow("plan.yml").jobs;
  expect(plan?.environment).toBe(`${expression("matrix.environment")}-pull-request`);
  expect(plan?.env?.["PLAN_OPTIONS"]).toBe("--no-refresh");
  const others = jobs.filter(({ job }) => job.environment?.endsWith("-pull-request"));
  expect(others.map(({ name }) => name)).toEqual(["plan.yml plan"]);
});

test("what main says is compared with what is there every night", () => {
  const { on, jobs: all } = workflow("drift.yml");
  expect(on["schedule"]).toEqual([{ cron: expect.stringMatching(/^\d+ \d+ \* \* \*$/) }]);
  expect(all["plan"]).toMatchObject({
    if: "github.ref == 'refs/heads/main'",
    environment: `${expression("matrix.environment")}-plan`,
    env: { PLAN_OPTIONS: "--expect-unchanged" },
  });
});

test("every change is tested: a branch when it is pushed, a fork's pull request once", () => {
  const { on, jobs: all } = workflow("test.yml");
  expect(Object.keys(on)).toEqual(["push", "pull_request"]);
  expect(all["test"]?.if).toBe(
    "github.event_name == 'push' || github.event.pull_request.head.repo.full_name != github.repository",
  );
});

test("actions run on a Node that is supported: whoever pins another one looks", () => {
  const majors = [...texts.values()].flatMap((text) =>
    [...text.matchAll(/uses: ([\w/-]+)@\w+ # v(\d+)\./g)].map(([, name = "", major]) => [
      name,
      Number(major),
    ]),
  );
  // The first major of each whose action.yml says node24.
  const since: Readonly<Record<string, number>> = {
    "actions/checkout": 5,
    "actions/setup-node": 5,
    "actions/setup-python": 6,
    "actions/upload-artifact": 6,
    "actions/download-artifact": 7,
    "aws-actions/configure-aws-credentials": 6,
    "hashicorp/setup-terraform": 4,
  };
  for (const [name, major] of majors)
    expect(Number(major)).toBeGreaterThanOrEqual(since[String(name)] ?? 1_000);
});

test("every job ends at some time", () => {
  for (const { job } of jobs) {
    if (job.uses === undefined) expect(job["timeout-minutes"]).toBeGreaterThan(0);
  }
});
