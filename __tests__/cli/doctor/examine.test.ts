import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Check, CheckTarget } from "../../../cli/doctor/check.ts";
import { type CheckResult, exitCodeOf, resultsOf } from "../../../cli/doctor/check-result.ts";
import { alarms } from "../../../cli/doctor/checks/alarms.ts";
import { credentials } from "../../../cli/doctor/checks/credentials.ts";
import { deliveries } from "../../../cli/doctor/checks/deliveries.ts";
import { endpoint } from "../../../cli/doctor/checks/endpoint.ts";
import { functions } from "../../../cli/doctor/checks/functions.ts";
import { listeners } from "../../../cli/doctor/checks/listeners.ts";
import { deadLetterQueue, queue } from "../../../cli/doctor/checks/queues.ts";
import { recovery } from "../../../cli/doctor/checks/recovery.ts";
import { examine } from "../../../cli/doctor/examine.ts";
import { Environment } from "../../../cli/environment/environment.ts";
import { variableOf } from "../../../contract/environment.ts";
import { callerIdentity } from "../../../local/cloud/caller-identity.ts";
import { type AwsAnswer, type AwsAnswers, listed, startAwsAnswers } from "../../support/aws-answers.ts";
import { deployedOutputs } from "../../support/deployed.ts";

const NOW = Date.parse("2026-11-24T12:00:00Z");

let answers: AwsAnswers | undefined;
afterEach(async () => {
  await answers?.stop();
  answers = undefined;
});

function targetAt(url: string, more: Partial<CheckTarget> = {}): CheckTarget {
  const environment = new Environment(
    "deployed",
    deployedOutputs(url),
    { region: "eu-west-1", endpoint: url },
    { retryPolicy: { attempts: 1, attemptMilliseconds: 20_000 } },
  );
  return { environment, genesys: undefined, signal: new AbortController().signal, now: () => NOW, ...more };
}

/** What the checks find in an environment where AWS answers so. */
async function find(
  checks: readonly Check[],
  answer: (action: string, input: Record<string, unknown>) => AwsAnswer | undefined,
  seconds = 60,
): Promise<CheckResult[]> {
  answers = await startAwsAnswers(answer);
  return examine(checks, targetAt(answers.endpoint), { seconds, done: () => {} });
}

const well = (name: string): Check => ({ name, run: () => Promise.resolve([resultsOf(name).ok("well")]) });

test("one that throws, one that never ends and one that may not look hide nothing of the others", async () => {
  const checks: Check[] = [
    well("first"),
    { name: "broken", run: () => Promise.reject(new TypeError("undefined is not a function")) },
    { name: "silent", run: () => new Promise(() => {}) },
    { ...queue, name: "denied" },
    well("last"),
  ];
  const found = await find(
    checks,
    () => ({
      error: "AccessDenied",
      body: { message: "not authorized to perform: sqs:getqueueattributes on resource: arn:x because" },
    }),
    1,
  );
  expect(found.map(({ check, state }) => [check, state])).toEqual([
    ["first", "ok"],
    ["broken", "failure"],
    ["silent", "failure"],
    ["denied", "warning"],
    ["last", "ok"],
  ]);
  expect(found[2]?.found).toBe("No answer within 1 s.");
  expect(found[3]?.found).toBe("These credentials may not sqs:getqueueattributes on arn:x.");
});

test("a person who gives up waits for no check", async () => {
  const person = new AbortController();
  const target = targetAt("http://127.0.0.1:1", { signal: person.signal });
  const examining = examine([{ name: "silent", run: () => new Promise(() => {}) }], target, {
    seconds: 60,
    done: () => {},
  });
  person.abort(new Error("Ctrl-C"));
  await expect(examining).rejects.toThrow("Ctrl-C");
});

test("the worst finding is the exit code; what was not looked at is none", () => {
  const { ok, warning, failure, unchecked } = resultsOf("x");
  expect(exitCodeOf([ok("a"), unchecked("b")])).toBe(0);
  expect(exitCodeOf([ok("a"), warning("b", "c")])).toBe(3);
  expect(exitCodeOf([warning("a", "b"), failure("c", "d"), ok("e")])).toBe(1);
});

const variables = (queueUrl: string) => ({
  Variables: { [variableOf("receiver", "queueUrl")]: queueUrl },
});

test.each([
  ["one that runs", { State: "Active" }, {}, "ok", /^Active, nodejs22.x$/],
  [
    "one that Lambda could not start",
    { State: "Failed", StateReason: "the role is gone" },
    {},
    "failure",
    /the role is gone/,
  ],
  [
    "one that Lambda could not change",
    { State: "Active", LastUpdateStatus: "Failed" },
    {},
    "failure",
    /cannot run/,
  ],
  [
    "one that is switched off",
    { State: "Active" },
    { ReservedConcurrentExecutions: 0 },
    "failure",
    /concurrency is 0/,
  ],
  ["one that is being made", { State: "Pending" }, {}, "warning", /Pending/],
])("a function: %s", async (_, configuration, concurrency, state, words) => {
  const [check] = functions;
  let url = "";
  const [found] = await find([check as Check], (action) => {
    url = answers?.endpoint ?? "";
    const body = {
      Runtime: "nodejs22.x",
      Environment: variables(`${url}/123456789012/main`),
      ...configuration,
    };
    return { body: action.endsWith("/concurrency") ? concurrency : body };
  });
  expect(found).toMatchObject({ check: "receiver function", state, found: expect.stringMatching(words) });
});

test("a function of another deployment than the outputs'", async () => {
  const [found] = await find(functions.slice(0, 1), () => ({
    body: { State: "Active", Environment: variables("https://sqs.eu-west-1.amazonaws.com/1/other") },
  }));
  expect(found).toMatchObject({ state: "failure", found: expect.stringContaining("another queue") });
});

test("a queue that is not read, by Lambda's own words", async () => {
  const [found] = await find([deliveries], () => ({
    body: {
      State: "Enabled",
      LastProcessingResult: "PROBLEM: Lambda failed to assume your function execution role",
    },
  }));
  expect(found).toMatchObject({ state: "failure", found: expect.stringContaining("failed to assume") });
});

test("a queue with nearly as much in flight as SQS takes", async () => {
  const attributes = {
    QueueArn: "arn",
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: "arn", maxReceiveCount: 5 }),
    KmsMasterKeyId: "key",
    MessageRetentionPeriod: "345600",
    ApproximateNumberOfMessagesNotVisible: "100000",
  };
  const [found, ...others] = await find([queue], (action) => {
    if (action === "GetQueueAttributes") return { body: { Attributes: attributes } };
    // Who may not ask CloudWatch is told of the queue all the same.
    return action === "GetMetricStatistics" ? { error: "AccessDenied", body: {} } : { body: {} };
  });
  expect(found).toMatchObject({
    state: "failure",
    found: expect.stringContaining("100000 messages are in flight"),
  });
  expect(others).toEqual([]);
});

test("a queue whose failures go elsewhere than to the outputs' dead-letter queue", async () => {
  const [found] = await find([queue], (action, { QueueUrl: url }) => {
    const name = String(url).split("/").at(-1);
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: "arn:of:another", maxReceiveCount: 5 });
    const attributes = { QueueArn: `arn:of:${name}`, RedrivePolicy, SqsManagedSseEnabled: "true" };
    return { body: action === "GetQueueAttributes" ? { Attributes: attributes } : {} };
  });
  expect(found).toMatchObject({
    state: "failure",
    found: "What fails too often goes to arn:of:another, not to the dead-letter queue of the outputs.",
    remedy: expect.stringContaining("npm run plan -- production"),
  });
});

test.each<[string, { endedAt?: number; endedWellAt?: number; until?: number }, number, string, string]>([
  ["40 seconds ago", { until: 2e6, endedAt: 40, endedWellAt: 40 }, 9_000, "ok", "ran 40 s ago"],
  [
    "38 seconds ago, and failed",
    { until: 2e6, endedAt: 38, endedWellAt: 98 },
    9_000,
    "ok",
    "the last run failed, one ended well 98 s ago",
  ],
  [
    "ten minutes ago",
    { until: 2e6, endedAt: 600, endedWellAt: 600 },
    9_000,
    "failure",
    "No run has ended well for 10 min, and one should every minute.",
  ],
  [
    "38 seconds ago, and has failed for ten minutes",
    { until: 2e6, endedAt: 38, endedWellAt: 600 },
    9_000,
    "failure",
    "It runs, but no run has ended well for 10 min.",
  ],
  [
    "ten minutes ago, and was killed",
    { until: 600 },
    9_000,
    "failure",
    "No run has ended well for 2.5 h, and one should every minute.",
  ],
  ["at this moment", { until: -30, endedWellAt: 60 }, 9_000, "ok", "running"],
  [
    "never, an hour after it was deployed",
    {},
    3_600,
    "failure",
    "It has never run, and was deployed 60 min ago.",
  ],
  ["never, a minute after it was deployed", {}, 60, "ok", "deployed 60 s ago"],
])("recovery that ran %s", async (_, ago, deployedAgo, state, words) => {
  const item = Object.entries(ago).map(([name, seconds]) => [name, { N: String(NOW - seconds * 1_000) }]);
  const [found] = await find([recovery], (action) => ({
    body:
      action === "GetItem"
        ? { Item: Object.fromEntries(item) }
        : { LastModified: new Date(NOW - deployedAgo * 1_000).toISOString().replace("Z", "+0000") },
  }));
  expect(found).toMatchObject({ state, found: words });
});

test("alarms that nobody hears, and none at all", async () => {
  const [silenced] = await find([alarms], () => ({
    body: { MetricAlarms: [{ AlarmName: "a", StateValue: "OK", ActionsEnabled: false }] },
  }));
  expect(silenced).toMatchObject({
    state: "warning",
    found: expect.stringContaining("1 alarm would tell nobody"),
  });
  await answers?.stop();
  const [none] = await find([alarms], () => ({ body: { MetricAlarms: [] } }));
  expect(none).toMatchObject({ state: "warning", found: expect.stringContaining("There are no alarms") });
});

test("credentials of another account are told before anything else is looked for", async () => {
  const sts = createServer(callerIdentity("210987654321"));
  await new Promise<void>((resolve) => sts.listen(0, "127.0.0.1", resolve));
  try {
    const url = `http://127.0.0.1:${(sts.address() as AddressInfo).port}`;
    const [found] = await examine([credentials], targetAt(url), { seconds: 60, done: () => {} });
    expect(found).toMatchObject({
      state: "failure",
      found:
        "These are arn:aws:iam::210987654321:root, of account 210987654321; production in eu-west-1 is in account 123456789012.",
      remedy: "Name a profile of that account with --profile.",
    });
  } finally {
    await new Promise((resolve) => sts.close(resolve));
  }
});

test("an address that nobody answers at, and one that answers with a failure", async () => {
  let status = 503;
  answers = await startAwsAnswers(() => ({ status, body: {} }));
  const target = targetAt(answers.endpoint);
  const at = async (url: string) => {
    const { kind, outputs, account: place } = target.environment;
    const environment = new Environment(kind, { ...outputs, urls: { webhook: `${url}/webhook` } }, place);
    return (await examine([endpoint], { ...target, environment }, { seconds: 60, done: () => {} }))[0];
  };
  expect(await at(answers.endpoint)).toMatchObject({
    state: "failure",
    found: `${answers.endpoint} answers 503.`,
  });
  status = 403;
  expect(await at(answers.endpoint)).toMatchObject({ state: "warning" });
  status = 404;
  expect(await at(answers.endpoint)).toMatchObject({ state: "ok" });
  await answers.stop();
  expect(await at(answers.endpoint)).toMatchObject({
    state: "failure",
    found: expect.stringMatching(/ cannot be reached: (ECONNREFUSED|ECONNRESET|UND_ERR_SOCKET)\.$/),
  });
});

describe("when the backlog is gone at the present rate", () => {
  /** Eight depths, a minute between, of which the last is 4,000. */
  const at = (
    perMinute: number,
    { parked = [] as readonly string[], status = "closed", mapping = "Enabled" } = {},
  ) =>
    find([queue], (action, input) => {
      if (/^GET .*list-type=2/.test(action)) return listed(...parked);
      if (action === "GetItem")
        return {
          body: {
            Item: { state: { S: JSON.stringify({ status, by: "processor", since: "", reason: "" }) } },
          },
        };
      if (action.includes("event-source-mappings")) return { body: { State: mapping } };
      if (action === "GetMetricStatistics") {
        if (input["MetricName"] !== "ApproximateNumberOfMessagesVisible") return { body: { Datapoints: [] } };
        const points = Array.from({ length: 8 }, (_, index) => ({
          Timestamp: NOW / 1_000 - (index + 1) * 60,
          Maximum: 4_000 + index * perMinute,
        }));
        return { body: { Datapoints: points } };
      }
      if (action !== "GetQueueAttributes") return { body: {} };
      const Attributes = {
        ApproximateNumberOfMessages: "4000",
        ApproximateNumberOfMessagesNotVisible: "10",
        MessageRetentionPeriod: "345600",
        SqsManagedSseEnabled: "true",
        QueueArn: "arn:dead",
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: "arn:dead", maxReceiveCount: 5 }),
      };
      return { body: { Attributes } };
    });
  const depth = "4000 messages waiting, 10 in flight";

  test.each([
    ["it drains", at.bind(null, 85), `${depth}; at the present rate the backlog is gone in 47 min`],
    ["it grows", at.bind(null, -85), `${depth}; at the present rate the backlog grows`],
    ["it stands still", at.bind(null, 0), depth],
    ["deliveries are stopped", at.bind(null, 85, { status: "open" }), depth],
    ["the mapping is off", at.bind(null, 85, { mapping: "Disabled" }), depth],
    [
      "parked events come back",
      at.bind(null, 85, { parked: ["parked/events/20261124T100000Z-500-a.jsonl"] }),
      depth,
    ],
  ])("where %s", async (_, look, found) => {
    expect(await look()).toMatchObject([{ state: "ok", found }]);
  });
});

describe("what recovery should have parked", () => {
  const DAY = 86_400;
  const old =
    (seconds: number, parked: readonly string[] = []) =>
    (action: string, input: Record<string, unknown>) => {
      if (/^GET .*list-type=2/.test(action)) return listed(...parked);
      if (action === "GetMetricStatistics") {
        return { body: { Datapoints: [{ Timestamp: NOW / 1_000, Maximum: seconds }] } };
      }
      if (action !== "GetQueueAttributes") return { body: {} };
      const isDead = String(input["QueueUrl"]).endsWith("dead");
      return {
        body: {
          Attributes: {
            ApproximateNumberOfMessages: seconds === 0 ? "0" : "3",
            ApproximateNumberOfMessagesNotVisible: "0",
            MessageRetentionPeriod: String((isDead ? 14 : 4) * DAY),
            SqsManagedSseEnabled: "true",
          },
        },
      };
    };
  const states = async (check: Check, seconds: number, parked?: readonly string[]) =>
    (await find([check], old(seconds, parked))).filter(({ found }) => /park/.test(found));

  test.each([
    [queue, 0.54 * 4 * DAY, 0],
    [queue, 0.55 * 4 * DAY, 1],
    [deadLetterQueue, 0.54 * 14 * DAY, 0],
    [deadLetterQueue, 0.55 * 14 * DAY, 1],
  ])("%j with an age of %d s: %d failures", async (check, seconds, count) => {
    const found = await states(check, seconds);
    expect(found.map(({ state }) => state)).toEqual(Array<string>(count).fill("failure"));
  });

  test("parked dead letters are told, and those of events are not among them", async () => {
    const at = "20260301T120000Z";
    const found = await states(deadLetterQueue, 0, [
      `parked/dead-letters/${at}-500-a.jsonl`,
      `parked/events/${at}-77-b.jsonl`,
      `parked/redrivable/${at}-20-c.jsonl`,
    ]);
    expect(found).toMatchObject([{ state: "warning", found: "520 are parked in the overflow bucket" }]);
  });
});

describe("who hears of an alarm", () => {
  const TOPIC = "arn:aws:sns:eu-west-1:123456789012:genesys-events-production-alarms";

  /** What doctor finds where the topic has these subscriptions, SNS speaking XML. */
  async function heardBy(
    ...subscriptions: readonly (readonly [protocol: string, endpoint: string, arn?: string])[]
  ): Promise<CheckResult[]> {
    const members = subscriptions.map(
      ([protocol, at, arn = `${TOPIC}:1`]) =>
        `<member><SubscriptionArn>${arn}</SubscriptionArn><Protocol>${protocol}</Protocol><Endpoint>${at}</Endpoint></member>`,
    );
    const result = `<ListSubscriptionsByTopicResult><Subscriptions>${members.join("")}</Subscriptions></ListSubscriptionsByTopicResult>`;
    answers = await startAwsAnswers(() => ({
      body: `<ListSubscriptionsByTopicResponse>${result}</ListSubscriptionsByTopicResponse>`,
    }));
    const { environment } = targetAt(answers.endpoint);
    const outputs = { ...environment.outputs, alarmTopic: TOPIC };
    const account = { region: "eu-west-1", endpoint: answers.endpoint };
    const target = targetAt(answers.endpoint, { environment: new Environment("deployed", outputs, account) });
    return examine([listeners], target, { seconds: 60, done: () => {} });
  }

  test("whoever has confirmed does", async () => {
    expect(await heardBy(["email", "a@example.com"], ["https", "https://p.example.com/key"])).toEqual([
      { check: "alarm topic", state: "ok", found: "2 subscriptions, all confirmed" },
    ]);
  });

  test("one that is not confirmed does not; of a URL, which may hold a key, the host is told", async () => {
    const found = await heardBy(
      ["email", "a@example.com"],
      ["email", "b@example.com", "PendingConfirmation"],
      ["https", "https://p.example.com/planted-key", "PendingConfirmation"],
    );
    expect(found.map(({ state, found: told }) => [state, told])).toEqual([
      ["warning", "b@example.com has not confirmed, and hears of no alarm."],
      ["warning", "p.example.com has not confirmed, and hears of no alarm."],
    ]);
  });

  test("nobody does where there is none, or none that is confirmed", async () => {
    expect(await heardBy()).toEqual([
      expect.objectContaining({ state: "warning", found: expect.stringMatching(/^Nobody would hear/) }),
    ]);
    await answers?.stop();
    const found = await heardBy(["email", "a@example.com", "PendingConfirmation"]);
    expect(found.map(({ found: told }) => told)).toEqual([
      expect.stringMatching(/^a@example\.com has not confirmed/),
      expect.stringMatching(/^Nobody would hear of an alarm/),
    ]);
  });

  test("a stack of an earlier version does not say where alarms go", async () => {
    answers = await startAwsAnswers(() => undefined);
    expect(
      await examine([listeners], targetAt(answers.endpoint), { seconds: 60, done: () => {} }),
    ).toMatchObject([{ state: "unchecked" }]);
  });
});
