import fc from "fast-check";
import { readConfiguration } from "../../infra/configuration.ts";
import { environments } from "../../infra/environments.ts";
import type { EnvironmentInput } from "../../infra/settings.ts";
import { findings, withValue } from "../support/configuration.ts";
import { fullInput, leastInput, sharedInput } from "../support/synthesise.ts";

const http = { kind: "http", url: "https://destination.example.com/events" } as const;
/** With attempts so short that a larger batch fits too. */
const quick: EnvironmentInput = { ...leastInput, destination: { ...http, timeoutSeconds: 1 } };
const target: EnvironmentInput = {
  ...leastInput,
  backOff: { retryAfterCapSeconds: 1 },
  breaker: { probeCapSeconds: 7_200 },
};
const source = "aws.partner/genesys.com/cloud/2e4f/events";
const bridged: EnvironmentInput = { ...leastInput, sources: { eventbridge: { partnerEventSource: source } } };
const certificateArn = "arn:aws:acm:eu-west-1:123456789012:certificate/0f0f";
const named: EnvironmentInput = { ...leastInput, domain: { name: "events.example.com", certificateArn } };

test("the environments that a team starts from are usable, and warn of what the tutorial's webhook lacks", () => {
  const { environments: read, warnings } = readConfiguration(environments);
  expect([...read.keys()]).toEqual(["dev", "staging", "production"]);
  // The tutorial's webhook has no id.
  expect(warnings).toEqual([
    "dev.sources.webhook, staging.sources.webhook, production.sources.webhook: its events have no id of their own and there is no dedupePath: the same bytes within 120 s are one event, and later another",
  ]);
});

test("every finding of every environment comes at once, with what stands there and what to do", () => {
  const wrong = {
    one: {
      ...leastInput,
      logRetentionDays: 31,
      queue: { retentionSeconds: 86_400.5, delay: 3 },
      deadLetterQueue: { retentionSeconds: "14 days" },
    },
    two: { ...sharedInput, region: "Ireland", queue: { maxReceiveCount: 3 } },
  } as unknown as Record<string, EnvironmentInput>;
  expect(findings(wrong)).toEqual([
    "one.queue.delay: 3 — there is no such setting: see contract/settings/",
    'one.deadLetterQueue.retentionSeconds: "14 days" — Invalid input: expected number, received string',
    expect.stringMatching(/^one\.logRetentionDays: 31 — CloudWatch Logs takes only 1, 3, 5/),
    "one.queue.retentionSeconds: 86400.5 — must be a whole number of s",
    'two.region: "Ireland" — must be an AWS region such as eu-west-1',
    expect.stringMatching(/^two\.queue\.maxReceiveCount: 3 — .* at least 5/),
  ]);
});

describe("rules between settings", () => {
  test("visibility is at least six timeouts and the batch window", () => {
    const inputs = fc.record({
      timeoutSeconds: fc.integer({ min: 15, max: 900 }),
      batchWindowSeconds: fc.integer({ min: 0, max: 300 }),
      over: fc.integer({ min: -3, max: 3 }),
    });
    fc.assert(
      fc.property(inputs, ({ timeoutSeconds, batchWindowSeconds, over }) => {
        const visibilityTimeoutSeconds = 6 * timeoutSeconds + batchWindowSeconds + over;
        const found = findings({
          env: {
            ...leastInput,
            destination: { ...http, timeoutSeconds: 1 },
            processor: { timeoutSeconds, batchWindowSeconds },
            queue: { visibilityTimeoutSeconds },
          },
        });
        expect(found).toEqual(
          over < 0 ? [expect.stringMatching(/^env\.queue\.visibilityTimeoutSeconds: /)] : [],
        );
      }),
    );
  });

  test("a batch whose deliveries all time out fits in the processor's time", () => {
    const inputs = fc.record({
      timeoutSeconds: fc.integer({ min: 1, max: 60 }),
      batchSize: fc.integer({ min: 1, max: 10 }),
      batchConcurrency: fc.integer({ min: 1, max: 10 }),
      over: fc.integer({ min: -3, max: 3 }),
    });
    fc.assert(
      fc.property(inputs, ({ timeoutSeconds, batchSize, batchConcurrency, over }) => {
        fc.pre(batchConcurrency <= batchSize);
        const rounds = Math.ceil(batchSize / batchConcurrency);
        const processor = {
          batchSize,
          batchConcurrency,
          timeoutSeconds: rounds * timeoutSeconds + 5 + over,
        };
        const found = findings({
          env: {
            ...leastInput,
            destination: { ...http, timeoutSeconds },
            processor,
            queue: { visibilityTimeoutSeconds: 6 * processor.timeoutSeconds },
            recovery: { timeoutSeconds: 900 },
          },
        });
        expect(found).toEqual(over < 0 ? [expect.stringMatching(/^env\.processor\.timeoutSeconds: /)] : []);
      }),
    );
  });

  test("a batch fits in the processor's time at an invocation's share of what the destination takes", () => {
    const of = (processor: object) => findings({ env: { ...leastInput, destination: http, processor } });
    // Ten events at one a second, two rounds of ten seconds, and five: 35 s.
    expect(of({ deliveriesPerSecond: 10 })).toEqual([
      expect.stringMatching(/^env\.processor\.deliveriesPerSecond: 10 — .* has 1 a second, .* at least 35 s/),
    ]);
    expect(of({ deliveriesPerSecond: 20 })).toEqual([]);
    // A handler has ten seconds, too.
    const handlers = { destination: { kind: "handlers" }, processor: { deliveriesPerSecond: 10 } } as const;
    expect(findings({ env: { ...leastInput, ...handlers } })).toEqual([
      expect.stringMatching(/^env\.processor\.deliveriesPerSecond: .* at least 35 s/),
    ]);
    expect(of({ deliveriesPerSecond: 10, maximumConcurrency: 5 })).toEqual([]);
  });

  test("a probe that hangs leaves a run of recovery 20 s", () => {
    const of = (timeoutSeconds: number) => findings({ env: { ...leastInput, recovery: { timeoutSeconds } } });
    expect(of(30)).toEqual([]);
    expect(of(29)).toEqual([expect.stringMatching(/^env\.recovery\.timeoutSeconds: 29 — .* at least 30 s/)]);
  });

  test("what the team's own handlers do has no time of its own here", () => {
    const found = findings({
      env: {
        ...leastInput,
        destination: { kind: "handlers" },
        processor: { timeoutSeconds: 1 },
        recovery: { timeoutSeconds: 20 },
      },
    });
    expect(found).toEqual([]);
  });

  test("duplicates are suppressed at least until an event can come again, or not at all", () => {
    const of = (windowSeconds: number) =>
      findings({ env: { ...leastInput, idempotency: { windowSeconds } } });
    expect(of(0)).toEqual([]);
    expect(of(180)).toEqual([]);
    expect(of(179)).toEqual([expect.stringMatching(/^env\.idempotency\.windowSeconds: 179 — /)]);
    expect(of(1)).toEqual([expect.stringMatching(/^env\.idempotency\.windowSeconds: 1 — /)]);
  });

  test("the overflow bucket outlives both queues", () => {
    const inputs = fc.record({
      queue: fc.integer({ min: 60, max: 1_209_599 }),
      longer: fc.integer({ min: 1, max: 1_209_600 }),
      over: fc.integer({ min: -1, max: 2 }),
    });
    fc.assert(
      fc.property(inputs, ({ queue, longer, over }) => {
        const deadLetter = Math.min(queue + longer, 1_209_600);
        const days = Math.max(1, Math.floor((queue + deadLetter) / 86_400) + over);
        const found = findings({
          env: {
            ...leastInput,
            queue: { retentionSeconds: queue },
            deadLetterQueue: { retentionSeconds: deadLetter },
            overflow: { expirationDays: days },
            backOff: { baseSeconds: 1, capSeconds: 1, retryAfterCapSeconds: 1 },
            breaker: { probeBaseSeconds: 1, probeCapSeconds: 1 },
          },
        });
        const outlives = days * 86_400 > queue + deadLetter;
        expect(found).toEqual(outlives ? [] : [expect.stringMatching(/^env\.overflow\.expirationDays: /)]);
      }),
    );
  });

  const many = Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [`integration-${i}`, { kind: "signature" }]),
  );
  const origins = Array.from({ length: 100 }, (_, i) => `https://application-${i}.example.com`);
  const tags = Object.fromEntries(Array.from({ length: 49 }, (_, i) => [`tag${i}`, "x"]));
  test.each<[string, string, unknown, string, EnvironmentInput?]>([
    [
      "dead letters outlive the queue",
      "deadLetterQueue.retentionSeconds",
      345_600,
      "deadLetterQueue.retentionSeconds",
    ],
    [
      "five receives where the environment is shared",
      "queue.maxReceiveCount",
      4,
      "queue.maxReceiveCount",
      sharedInput,
    ],
    ["a window for a batch over 10", "processor.batchSize", 11, "processor.batchWindowSeconds", quick],
    ["no more at once than a batch holds", "processor.batchConcurrency", 11, "processor.batchConcurrency"],
    [
      "every attempt of a batch in the processor's time",
      "destination.timeoutSeconds",
      13,
      "processor.timeoutSeconds",
    ],
    ["probes that start below their cap", "breaker.probeBaseSeconds", 901, "breaker.probeBaseSeconds"],
    ["probes before the queue forgets", "queue.retentionSeconds", 7_200, "breaker.probeCapSeconds", target],
    ["no credentials in a URL", "destination.url", "https://me:planted@example.com/", "destination.url"],
    ["no user alone in a URL", "destination.url", "https://planted@example.com/", "destination.url"],
    ["no password alone in a URL", "destination.url", "https://:planted@example.com/", "destination.url"],
    ["https only", "destination.url", "http://example.com/", "destination.url"],
    ["back-off starts below its cap", "backOff.baseSeconds", 901, "backOff.baseSeconds"],
    [
      "pauses end before the queue forgets",
      "queue.retentionSeconds",
      3_600,
      "backOff.capSeconds",
      { ...leastInput, backOff: { retryAfterCapSeconds: 1 } },
    ],
    [
      "pauses that are asked for end before the queue forgets",
      "queue.retentionSeconds",
      14_400,
      "backOff.retryAfterCapSeconds",
    ],
    ["at least one source", "sources", {}, "sources"],
    [
      "at least one integration",
      "sources.open-messaging",
      { integrations: {} },
      "sources.open-messaging.integrations",
    ],
    [
      "an authentication that the source has",
      "sources.webhook.authentication.kind",
      "shared-secret",
      "sources.webhook.authentication.kind",
    ],
    ["authentication is spelled out", "sources.webhook", {}, "sources.webhook.authentication"],
    ["a shared state in S3", "backend", { kind: "local", path: "x" }, "backend.kind", sharedInput],
    ["names that fit", "namePrefix", "a-prefix-that-is-too-long-for-s3", "namePrefix"],
    ["tags that AWS takes", "tags", { "aws:mine": "x" }, "tags.aws:mine"],
    ["as many tags as AWS takes", "tags", tags, "tags"],
    ["origins without a path", "cors.allowOrigins", ["https://app.example.com/"], "cors.allowOrigins.0"],
    ["an e-mail address once", "alarms.notify", ["a@example.com", "a@example.com"], "alarms.notify.1"],
    ["an e-mail address", "alarms.notify", ["nobody"], "alarms.notify.0"],
    ["variables that Lambda takes", "sources.open-messaging", { integrations: many }, "sources"],
    ["origins that Lambda takes", "cors.allowOrigins", origins, "sources"],
    [
      "a partner event source of Genesys'",
      "sources.eventbridge.partnerEventSource",
      "aws.partner/example.com/1",
      "sources.eventbridge.partnerEventSource",
      bridged,
    ],
    [
      "event types that a pattern can tell",
      "sources.eventbridge.detailTypes",
      ["v2.*.end"],
      "sources.eventbridge.detailTypes.0",
      bridged,
    ],
    [
      "room for what EventBridge hands over",
      "queue.maxMessageBytes",
      262_143,
      "queue.maxMessageBytes",
      bridged,
    ],
    [
      "a certificate of the same region",
      "domain.certificateArn",
      certificateArn.replace("eu-west-1", "us-east-1"),
      "domain.certificateArn",
      named,
    ],
    ["a host name", "domain.name", "https://events.example.com", "domain.name", named],
    [
      "a trust store in S3",
      "domain.mutualTls",
      { truststoreUri: "clients.pem" },
      "domain.mutualTls.truststoreUri",
      named,
    ],
    [
      "a key of the same region",
      "encryptionKeyArn",
      "arn:aws:kms:us-east-1:123456789012:key/0a0b",
      "encryptionKeyArn",
    ],
    ["a key, not an alias", "encryptionKeyArn", "alias/mine", "encryptionKeyArn"],
    ["nothing that Terraform would evaluate", "tags", { team: "$" + "{path.root}" }, "tags.team"],
    [
      "a header's name",
      "destination.credentials",
      { kind: "api-key", header: "x: y" },
      "destination.credentials.header",
    ],
  ])("%s", (...[, path, value, where, input]) => {
    expect(findings({ env: input ?? leastInput })).toEqual([]);
    const found = findings({ env: withValue(path, value, input) });
    expect(found).toEqual([expect.stringMatching(`^env\\.${where.replaceAll(".", "\\.")}: `)]);
    expect(found.join()).not.toContain("planted");
  });

  test("a name for the environment that AWS takes", () => {
    expect(findings({ Prod_1: leastInput })).toEqual([expect.stringMatching(/^Prod_1: "Prod_1" — /)]);
  });

  test("two environments never share a state", () => {
    expect(findings({ one: leastInput, two: leastInput })).toEqual([
      expect.stringMatching(/^two\.backend: "terraform\.test\.tfstate" — is one's state too/),
    ]);
  });

  const other = { kind: "local", path: "other.tfstate" } as const;
  test.each<[string, EnvironmentInput, string]>([
    ["name", named, '"events.example.com" — is one\'s too: a name leads to one API'],
    ["partner event source", bridged, `"${source}" — is one's too: a partner event source has one bus`],
  ])("two environments never share a %s", (_, input, expected) => {
    expect(findings({ one: input, two: { ...input, backend: other } })).toEqual([
      expect.stringContaining(expected),
    ]);
  });

  test("two environments never give two things one name, however prefix and environment divide it", () => {
    const short = { ...leastInput, namePrefix: "events" };
    const queues = findings({ dev: short, "dev-dead-letter": { ...short, backend: other } });
    expect(queues).toEqual([
      'dev-dead-letter.namePrefix: "events-dev-dead-letter-queue" — would be the name of something of dev\'s too: change one of the two prefixes',
    ]);
    const divided = findings({
      "b-c": { ...leastInput, namePrefix: "a" },
      c: { ...leastInput, namePrefix: "a-b", backend: other },
    });
    expect(divided).toContainEqual(expect.stringMatching(/^c\.namePrefix: "a-b-c-queue" — /));
  });
});

test("EventBridge may be the only way in", () => {
  expect(findings({ env: bridged })).toEqual([]);
  expect(readConfiguration({ env: bridged }).warnings).toEqual([]);
});

test("a queue that takes no event of EventBridge's largest warns", () => {
  const { warnings } = readConfiguration({ env: withValue("queue.maxMessageBytes", 262_144, bridged) });
  expect(warnings).toEqual([
    "env.queue.maxMessageBytes: 262144 — EventBridge takes events of up to 1048576 bytes, and those that fit neither queue are gone; an alarm says so",
  ]);
});

test("a disposable environment may dead-letter after one receive", () => {
  expect(findings({ env: withValue("queue.maxReceiveCount", 1) })).toEqual([]);
});

test("a source that anybody may call warns", () => {
  const { warnings } = readConfiguration({ env: fullInput });
  expect(warnings).toEqual([
    'env.sources.open-messaging.open: authentication is "none": anybody who knows the URL can send events',
    expect.stringContaining("env.sources.data-action: "),
  ]);
});

test("a source whose events have no id warns, and says what then is one event", () => {
  const warnings = (sources: EnvironmentInput["sources"]) =>
    readConfiguration({ env: { ...fullInput, sources } }).warnings;
  const signature = { kind: "signature" } as const;
  const sharedSecret = { kind: "shared-secret" } as const;
  expect(warnings({ webhook: { authentication: signature, retrySpanSeconds: 60 } })).toEqual([
    "env.sources.webhook: its events have no id of their own and there is no dedupePath: the same bytes within 60 s are one event, and later another",
  ]);
  expect(warnings({ "data-action": { authentication: sharedSecret } })).toEqual([
    "env.sources.data-action: its events have no id of their own and there is no dedupePath: each request is an event of its own, and is delivered as one",
  ]);
  expect(
    warnings({
      webhook: { authentication: signature, dedupePath: "id" },
      "open-messaging": { integrations: { one: signature } },
      "data-action": { authentication: sharedSecret, dedupePath: "id" },
    }),
  ).toEqual([]);
});
