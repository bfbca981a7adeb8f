import { leastInput, synthesise } from "../support/synthesise.ts";

test("the provider is held to a range, not pinned", () => {
  expect(synthesise(leastInput).json["terraform"]).toMatchObject({
    required_version: ">= 1.11.0",
    required_providers: { aws: { source: "hashicorp/aws", version: ">= 5.100.0, < 7.0.0" } },
  });
});

test("a local state lies at the repository's root, by a relative path", () => {
  expect(synthesise(leastInput).json["terraform"]).toHaveProperty("backend", {
    local: { path: "../../../terraform.test.tfstate" },
  });
});

test("a shared state lies in S3, encrypted, with a lock file", () => {
  const backend = { bucket: "state", key: "events/prod.tfstate", region: "us-east-1" };
  const stack = synthesise({ ...leastInput, disposable: false, backend: { kind: "s3", ...backend } });
  expect(stack.json["terraform"]).toHaveProperty("backend", {
    s3: { ...backend, encrypt: true, use_lockfile: true },
  });
});

test("everything is tagged with its environment and the team's own tags", () => {
  const stack = synthesise({ ...leastInput, region: "us-west-2", tags: { team: "integration" } });
  expect(stack.json["provider"]).toEqual({
    aws: [
      {
        region: "us-west-2",
        default_tags: [{ tags: { project: "genesys-dlq", environment: "test", team: "integration" } }],
      },
    ],
  });
});

test("nothing is looked up: a plan needs no data source", () => {
  expect(synthesise(leastInput).json).not.toHaveProperty("data");
});
