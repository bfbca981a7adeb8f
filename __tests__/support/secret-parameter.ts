import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LOCAL_RUN_FILE, type LocalRunFacts } from "../../contract/local-run.ts";
import { toTerraformOutputs } from "../../contract/outputs.ts";
import type { SecretValue } from "../../contract/secret.ts";
import { startAwsAnswers } from "./aws-answers.ts";
import { deployedOutputs } from "./deployed.ts";

export interface StoredSecret {
  /** What stands in the webhook's parameter: JSON, as a rule. */
  value: string;
  readonly parsed: SecretValue;
  /** `--data …`, which leads a command here. */
  readonly place: readonly string[];
  stop(): Promise<void>;
}

/** A receiver that takes signed webhooks, and the parameter with their secret, as the command finds them on AWS. */
export async function startStoredSecret(): Promise<StoredSecret> {
  const authentication = { "": { kind: "signature", encoding: "base64", secretParameter: "/webhook" } };
  const sources = JSON.stringify([{ source: "webhook", authentication }]);
  const aws = await startAwsAnswers((action, input) => {
    if (/^GET .*\/functions\//.test(action)) {
      return { body: { Environment: { Variables: { SOURCES: sources, SECRET_REFRESH_SECONDS: "1" } } } };
    }
    if (action === "GetParameter") return { body: { Parameter: { Name: "/webhook", Value: stored.value } } };
    if (action === "DescribeParameters") return { body: { Parameters: [{ Name: "/webhook" }] } };
    if (action === "PutParameter") stored.value = String(input["Value"]);
    return { body: {} };
  });
  const folder = await mkdtemp(join(tmpdir(), "stored-secret-"));
  const outputs = { ...deployedOutputs(aws.endpoint), secretParameters: { webhook: "/webhook" } };
  const facts: LocalRunFacts = {
    pid: process.pid,
    environment: outputs.environment,
    url: "http://127.0.0.1:1",
    cloudUrl: aws.endpoint,
    accessKeyId: "test",
    region: outputs.region,
    outputs: toTerraformOutputs(outputs),
  };
  await writeFile(join(folder, LOCAL_RUN_FILE), JSON.stringify(facts));
  const stored: StoredSecret = {
    value: "",
    get parsed() {
      return JSON.parse(stored.value) as SecretValue;
    },
    place: ["--data", folder],
    async stop() {
      await aws.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return stored;
}
