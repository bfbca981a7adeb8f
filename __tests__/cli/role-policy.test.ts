import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInProcess } from "../support/in-process.ts";
import { guardedInput, sharedInput, synthesise } from "../support/synthesise.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "role-policy-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const write = (stack: object) => writeFile(join(folder, "cdk.tf.json"), JSON.stringify(stack));
const run = (...args: string[]) => runInProcess(["role-policy", ...args, "--stack-dir", folder], {});
const lines = (text: string) =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);

test("a line a document, as aws iam create-policy takes it, and what a person should know beside it", async () => {
  await write(synthesise(guardedInput).json);
  const { code, stdout, stderr } = await run("deploy", "production");
  expect(code).toBe(0);
  const documents = lines(stdout);
  expect(documents.length).toBeGreaterThan(1);
  for (const document of documents) expect(document).toMatchObject({ Version: "2012-10-17" });
  expect(stderr).toMatch(
    /^3 documents of \d,\d{3} \+ \d,\d{3} \+ \d,\d{3} characters.* Attach all of them\.$/m,
  );
  expect(stderr).toContain("It changes roles only as long as they have the configured permissions boundary.");
});

test("with --json: one document with all of it", async () => {
  await write(synthesise(sharedInput).json);
  const { stdout } = await run("plan", "-e", "staging", "--json");
  const found = JSON.parse(stdout);
  expect(found).toMatchObject({ environment: "staging", role: "plan" });
  expect(found.documents[0].Statement.length).toBeGreaterThan(5);
  expect(found.notes.join()).toContain("can read the environment's secrets");
});

test("plan --no-refresh: the state and its lock", async () => {
  await write(synthesise(sharedInput).json);
  const { code, stdout, stderr } = await run("plan", "staging", "--no-refresh");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(new Set(stdout.match(/arn:[^"]+/g))).toEqual(
    new Set(["arn:aws:s3:::state/key.tflock", "arn:aws:s3:::state/key", "arn:aws:s3:::state"]),
  );
});

test("nothing of AWS is needed: said, and no document", async () => {
  await write({ terraform: { backend: { http: {} } }, provider: { aws: [{ region: "eu-west-1" }] } });
  const { code, stdout, stderr } = await run("plan", "staging", "--no-refresh");
  expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
  expect(stderr).toContain("It needs no permission of AWS.");
});

test("a resource type that is not known, and a folder without a stack: an error, and no half a policy", async () => {
  expect(await run("deploy", "staging")).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringContaining("There is no synthesised stack"),
  });
  await write({
    resource: { aws_sfn_state_machine: { one: {} } },
    provider: { aws: [{ region: "eu-west-1" }] },
  });
  expect(await run("deploy", "staging")).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringMatching(/What a role needs for a aws_sfn_state_machine is not known\.\nAdd it to/),
  });
});
