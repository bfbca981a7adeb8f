import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { explainAws } from "../../contract/explain-aws.ts";
import { toTerraformOutputs } from "../../contract/outputs.ts";
import { type AwsAnswer, startAwsAnswers } from "../support/aws-answers.ts";
import { runCommand } from "../support/command.ts";
import { deployedOutputs } from "../support/deployed.ts";
import { runInProcess } from "../support/in-process.ts";

const KEYS = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "planted-secret-access-key" };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aws-errors-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** `dlq list` of a deployed environment whose every call is answered like this. */
async function listAgainst(answer: AwsAnswer, env: Record<string, string> = KEYS, ...more: string[]) {
  const aws = await startAwsAnswers(() => answer);
  const outputs = join(folder, "outputs.json");
  await writeFile(outputs, JSON.stringify({ production: toTerraformOutputs(deployedOutputs(aws.endpoint)) }));
  const args = ["dlq", "list", "--outputs", outputs, ...more];
  const result = await runInProcess(args, { env: { AWS_ENDPOINT_URL: aws.endpoint, ...env } });
  await aws.stop();
  expect(result.stdout).toBe("");
  expect(result.stderr).not.toMatch(/^\s+at /m);
  expect(result.stderr).not.toContain("planted");
  expect(result.stderr.trim().split("\n")).toHaveLength(2); // what happened, and what to do
  return result;
}

test.each<[string, string, RegExp]>([
  ["ExpiredTokenException", "expired", /^error: The AWS credentials have expired\.\nLog in again /],
  ["InvalidClientTokenId", "invalid", /^error: AWS does not accept these credentials\.\nLog in again /],
  [
    "AccessDeniedException",
    "User: arn:aws:iam::1:user/me is not authorized to perform: sqs:getqueueattributes on resource: arn:aws:sqs:eu-west-1:1:dead because no identity-based policy allows it",
    /^error: These credentials may not sqs:getqueueattributes on arn:aws:sqs:eu-west-1:1:dead\.\nAsk the platform team /,
  ],
  [
    "QueueDoesNotExist",
    "no",
    /^error: There is no such queue in this account and region\.\nCheck --profile /,
  ],
  [
    "ThrottlingException",
    "slow",
    /^error: AWS takes no more calls for the moment \(ThrottlingException\)\.\nWait /,
  ],
  ["InvalidSomething", "odd", /^error: AWS answered 400, InvalidSomething: odd \(request request-1\)\n/],
])("%s in two sentences, exit code 1", async (error, message, said) => {
  const { code, stderr } = await listAgainst({ error, body: { message } });
  expect(stderr).toMatch(said);
  expect(code).toBe(1);
});

test.each([[[]], [["--profile", "prdo"]]])("no credentials %j", async (more) => {
  const { stderr } = await listAgainst({ body: {} }, {}, ...more);
  expect(stderr).toMatch(/^error: There are no AWS credentials, or none in that profile\.\nLog in /);
});

test("nobody there", async () => {
  const outputs = join(folder, "nobody.json");
  const values = toTerraformOutputs(deployedOutputs("http://127.0.0.1:9"));
  await writeFile(outputs, JSON.stringify({ production: values }));
  const args = ["breaker", "status", "--outputs", outputs];
  const { code, stderr } = await runCommand(args, {
    env: { ...KEYS, AWS_ENDPOINT_URL: "http://127.0.0.1:9" },
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^error: AWS cannot be reached: .*127\.0\.0\.1:9.*\nCheck network, proxy and --region; /,
  );
});

test("an error of ours is called one, without its stack trace", async () => {
  const error = explainAws(new TypeError("undefined is not a function"));
  expect(error.message).toBe("Something went wrong that nobody foresaw: undefined is not a function");
  expect(error.remedy).toBe("GENESYS_DLQ_DEBUG=1 shows where.");
});
