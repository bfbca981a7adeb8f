import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LOCAL_RUN_FILE, type LocalRunFacts } from "../../../contract/local-run.ts";
import { type StackOutputs, toTerraformOutputs } from "../../../contract/outputs.ts";
import { type AwsAnswers, startAwsAnswers } from "../../support/aws-answers.ts";
import { deployedOutputs } from "../../support/deployed.ts";
import { runInProcess } from "../../support/in-process.ts";

const KEY = "arn:aws:kms:eu-west-1:123456789012:key/new";

interface Version {
  readonly value: string;
  readonly key: string;
}

/** A parameter store with every version of each parameter, the oldest first. */
class Store {
  readonly versions = new Map<string, Version[]>();
  /** Called before each write: what others do in the same moment. */
  meanwhile = () => {};

  readonly answer = (action: string, input: Record<string, unknown>) => {
    const [name = "", version] = String(input["Name"]).split(":");
    if (action === "DescribeParameters") {
      const [{ Values }] = input["ParameterFilters"] as [{ Values: [string] }];
      return { body: { Parameters: [{ Name: Values[0], KeyId: this.newest(Values[0]).key }] } };
    }
    if (action === "GetParameter") {
      const number = Number(version ?? this.of(name).length);
      return { body: { Parameter: { Value: this.of(name)[number - 1]?.value, Version: number } } };
    }
    if (action !== "PutParameter") return { body: {} };
    this.meanwhile();
    this.of(name).push({ value: String(input["Value"]), key: String(input["KeyId"]) });
    return { body: { Version: this.of(name).length } };
  };

  of(name: string): Version[] {
    return this.versions.get(name) ?? [];
  }

  newest(name: string): Version {
    return this.of(name).at(-1) ?? { value: "", key: "" };
  }
}

let store: Store;
let aws: AwsAnswers;
let folder: string;
beforeEach(async () => {
  store = new Store();
  store.versions.set("/webhook", [{ value: '{"current":"a"}', key: "alias/aws/ssm" }]);
  store.versions.set("/destination", [{ value: "plain text", key: "old" }]);
  store.versions.set("/done", [{ value: '{"current":"b"}', key: "new" }]);
  aws = await startAwsAnswers(store.answer);
  folder = await mkdtemp(join(tmpdir(), "rekey-"));
});
afterEach(async () => {
  await aws.stop();
  await rm(folder, { recursive: true, force: true });
});

async function rekey(outputs: Partial<StackOutputs>) {
  const secretParameters = { webhook: "/webhook", destination: "/destination", "data-action": "/done" };
  const facts: LocalRunFacts = {
    pid: process.pid,
    environment: "production",
    url: "http://127.0.0.1:1",
    cloudUrl: aws.endpoint,
    accessKeyId: "test",
    region: "eu-west-1",
    outputs: toTerraformOutputs({ ...deployedOutputs(aws.endpoint), secretParameters, ...outputs }),
  };
  await writeFile(join(folder, LOCAL_RUN_FILE), JSON.stringify(facts));
  return runInProcess(["secret", "rekey", "--data", folder, "--json"]);
}

test("every secret is encrypted with the environment's key, as it is, the destination's too; none is said", async () => {
  const { code, stdout, stderr } = await rekey({ secretsKey: KEY });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(JSON.parse(stdout)).toEqual({ key: KEY, rekeyed: ["/webhook", "/destination"] });
  expect(store.newest("/webhook")).toEqual({ value: '{"current":"a"}', key: KEY });
  expect(store.newest("/destination")).toEqual({ value: "plain text", key: KEY });
  expect(store.of("/done")).toHaveLength(1); // by its id, it had the key already
});

test("without a key of its own, an environment's secrets go back to SSM's", async () => {
  await rekey({ secretsKey: "alias/aws/ssm" });
  expect(store.newest("/destination").key).toBe("alias/aws/ssm");
  expect(store.of("/webhook")).toHaveLength(1);
});

test("what somebody writes in the same moment stays", async () => {
  let others = 2;
  store.meanwhile = () => {
    if (others-- > 0) store.of("/webhook").push({ value: `{"current":"theirs ${others}"}`, key: "old" });
  };
  const { code } = await rekey({ secretsKey: KEY, secretParameters: { webhook: "/webhook" } });
  expect(code).toBe(0);
  expect(store.newest("/webhook")).toEqual({ value: '{"current":"theirs 0"}', key: KEY });
});

test("where somebody writes all the time, it gives up and says so", async () => {
  store.meanwhile = () => void store.of("/webhook").push({ value: '{"current":"theirs"}', key: "old" });
  const { code, stderr } = await rekey({ secretsKey: KEY, secretParameters: { webhook: "/webhook" } });
  expect(code).toBe(1);
  expect(stderr).toContain("Somebody else keeps writing /webhook.");
});

test("outputs from before do not say which key it is: nothing is written", async () => {
  const { code, stderr } = await rekey({});
  expect(code).toBe(2);
  expect(stderr).toContain("do not say with which key");
  expect(aws.calls.map(({ action }) => action)).not.toContain("PutParameter");
});
