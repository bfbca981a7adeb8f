import { leastInput, synthesise } from "../support/synthesise.ts";

const bridged = { eventbridge: { partnerEventSource: "aws.partner/genesys.com/cloud/2e4f-11/events" } };
const former = { runtime: "nodejs22.x" as const };
const ordinary = { maxMessageBytes: 262_144 };

test("the provider is held to a range, not pinned", () => {
  expect(synthesise(leastInput).json["terraform"]).toMatchObject({
    required_version: ">= 1.11.0",
    required_providers: { aws: { source: "hashicorp/aws", version: ">= 6.21.0, < 7.0.0" } },
  });
});

test.each([
  ["messages over 262,144 bytes", { ...former, queue: { maxMessageBytes: 262_145 } }, "6.8.0"],
  ["events of EventBridge's", { ...former, sources: bridged }, "6.8.0"],
  ["events of EventBridge's that are no bigger", { ...former, sources: bridged, queue: ordinary }, "5.100.0"],
  ["Node 22 and nothing new", former, "5.100.0"],
  ["Node 24", {}, "6.21.0"],
  ["Node 24 and such messages", { sources: bridged }, "6.21.0"],
])("%s: the oldest provider is one that knows them", (_, more, oldest) => {
  expect(synthesise({ ...leastInput, ...more }).json["terraform"]).toHaveProperty(
    "required_providers.aws.version",
    `>= ${oldest}, < 7.0.0`,
  );
});

test("a local state lies at the repository's root, by a relative path", () => {
  expect(synthesise(leastInput).json["terraform"]).toHaveProperty("backend", {
    local: { path: "../../../terraform.test.tfstate" },
  });
});

test("a shared state lies in S3, encrypted, with a lock file", () => {
  const backend = { bucket: "state", key: "events/prod.tfstate", region: "us-east-1" };
  const stack = synthesise({
    ...leastInput,
    disposable: false,
    alarms: { notify: ["a@example.com"] },
    backend: { kind: "s3", ...backend },
  });
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
