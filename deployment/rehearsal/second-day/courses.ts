import { applied, asked, type Course, type Elsewhere, plain, stopped } from "./course.ts";
import { keys } from "./lived.ts";

const SECRET_LOST = /secret in it/;
const domain = {
  name: "events.example.com",
  certificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/0f0f",
};
const partner = "aws.partner/genesys.com/cloud/2e4f-11";

/** The second day of every setting: a test holds it complete against the declared ones. */
export const courses: readonly Course[] = [
  {
    title: "a key of the team's own, with other credentials, and the key forgotten",
    always: true,
    steps: [
      {
        // In a pair: neither gets into the other's way.
        set: { encryptionKeyArn: keys.first, "destination.credentials.kind": "api-key" },
        ends: applied,
        person: "rekeys secrets",
      },
      { set: { encryptionKeyArn: keys.second }, ends: stopped(/formerEncryptionKeyArns/) },
    ],
    back: asked(/formerEncryptionKeyArns/),
  },
  {
    title: "a key for table and variables too",
    steps: [
      { set: { encryptionKeyArn: keys.first }, ends: applied },
      { set: { encryptTableAndVariables: true }, ends: applied },
      { set: { encryptionKeyArn: keys.second, formerEncryptionKeyArns: [keys.first] }, ends: applied },
      { set: { encryptTableAndVariables: false }, ends: asked(/encrypt/) },
    ],
    back: asked(/formerEncryptionKeyArns/),
  },
  {
    title: "one key after another, and none",
    steps: [
      { set: { encryptionKeyArn: keys.first }, ends: applied },
      {
        set: { encryptionKeyArn: keys.second, formerEncryptionKeyArns: [keys.first] },
        ends: applied,
        person: "rekeys secrets",
      },
      {
        set: { encryptionKeyArn: undefined, formerEncryptionKeyArns: [keys.first, keys.second] },
        ends: asked(/aws:kms → AES256/),
        person: "rekeys secrets",
      },
      { set: { encryptionKeyArn: keys.first, formerEncryptionKeyArns: [keys.second] }, ends: applied },
      { set: { encryptionKeyArn: undefined }, ends: stopped(/formerEncryptionKeyArns/) },
      // With consent, the new key's rights still come first, and the old one's go last.
      {
        set: { encryptionKeyArn: keys.second, formerEncryptionKeyArns: [] },
        ends: asked(/formerEncryptionKeyArns/),
      },
    ],
    back: asked(/formerEncryptionKeyArns/),
  },
  {
    title: "the destination's credentials",
    steps: [
      { set: { "destination.credentials.kind": "basic" }, ends: applied },
      {
        set: { "destination.credentials": { kind: "api-key", header: "x-key" } },
        about: ["destination.credentials.kind", "destination.credentials.header"],
        ends: applied,
      },
      { set: { "destination.credentials": undefined }, about: [], ends: asked(SECRET_LOST) },
    ],
    back: applied,
  },
  {
    title: "what signs deliveries",
    steps: [{ set: { "destination.signing.kind": "standard-webhooks" }, ends: applied }],
    back: asked(SECRET_LOST),
  },
  {
    title: "handlers in place of a destination",
    steps: [
      { set: { destination: { kind: "handlers" } }, about: ["destination.kind"], ends: asked(SECRET_LOST) },
    ],
    back: applied,
  },
  {
    title: "the name of everything",
    steps: [{ set: { namePrefix: "other" }, ends: stopped(/protected because it holds data/) }],
    back: applied,
  },
  {
    title: "the region",
    steps: [{ set: { region: "eu-central-1" }, ends: stopped(/region/) }],
    back: applied,
  },
  {
    title: "protection",
    steps: [{ set: { disposable: true }, ends: asked(/protect/) }],
    back: applied,
  },
  {
    title: "how long logs are kept",
    steps: [{ set: { logRetentionDays: 90 }, ends: applied }],
    back: asked(/log lines that are older/),
  },
  {
    title: "an open webhook, and a closed one",
    steps: [
      {
        set: { "sources.webhook.authentication": { kind: "none" } },
        about: ["sources.webhook.authentication.kind"],
        ends: asked(SECRET_LOST),
      },
      {
        set: { "sources.webhook.authentication": { kind: "signature" } },
        about: ["sources.webhook.authentication.kind"],
        ends: asked(/authentication of/),
      },
      { set: { "sources.webhook.authentication.encoding": "hex" }, ends: asked(/authentication of webhook/) },
    ],
    back: asked(/authentication of webhook/),
  },
  {
    title: "integrations of Open Messaging",
    steps: [
      {
        set: { "sources.open-messaging.integrations.third": { kind: "signature", encoding: "base64" } },
        about: [],
        ends: applied,
      },
      {
        set: { "sources.open-messaging.integrations.third": { kind: "none" } },
        about: ["sources.open-messaging.integrations.*.kind"],
        ends: asked(SECRET_LOST),
      },
      {
        set: { "sources.open-messaging.integrations.third": { kind: "signature", encoding: "hex" } },
        about: ["sources.open-messaging.integrations.*.encoding"],
        ends: asked(/authentication of/),
      },
    ],
    back: asked(SECRET_LOST),
  },
  {
    title: "a source taken out, and an open one in its place",
    steps: [
      { set: { "sources.data-action": undefined }, about: [], ends: asked(SECRET_LOST) },
      {
        set: { "sources.data-action.authentication.kind": "none" },
        ends: applied,
      },
    ],
    back: asked(/authentication of data-action/),
  },
  {
    title: "EventBridge",
    steps: [
      {
        // Its events need larger queues, and those a newer provider.
        set: {
          "sources.eventbridge.partnerEventSource": `${partner}/events`,
          "queue.maxMessageBytes": 262_144,
        },
        ends: applied,
      },
      {
        set: { "sources.eventbridge.detailTypes": ["v2.detail.events.conversation.*"] },
        ends: asked(/pattern of rule/),
      },
      { set: { "sources.eventbridge.partnerEventSource": `${partner}/others` }, ends: asked(/event bus/) },
    ],
    back: asked(/event bus/),
  },
  {
    title: "a name of the team's own",
    steps: [
      {
        set: { domain: { ...domain, keepAwsName: true } },
        about: ["domain.name", "domain.keepAwsName"],
        ends: applied,
      },
      { set: { "domain.keepAwsName": false }, ends: asked(/AWS's own URL of/) },
      { set: { "domain.name": "other.example.com" }, ends: asked(/domain events\.example\.com/) },
      { set: { "domain.certificateArn": `${domain.certificateArn}2` }, ends: applied },
      {
        set: { "domain.mutualTls.truststoreUri": "s3://trust/clients.pem" },
        ends: asked(/without a certificate/),
      },
      { set: { "domain.mutualTls.truststoreVersion": "v2" }, ends: applied },
    ],
    back: asked(/domain other\.example\.com/),
  },
  {
    title: "what is too big",
    steps: [
      {
        set: { onOversize: { kind: "drop-fields", paths: ["transcripts"] } },
        about: ["onOversize.kind"],
        ends: applied,
      },
      { set: { "onOversize.paths": ["transcripts", "detail.transcript"] }, ends: applied },
    ],
    back: applied,
  },
  {
    title: "how long events are kept",
    steps: [
      { set: { "queue.retentionSeconds": 400_000 }, ends: applied },
      { set: { "queue.retentionSeconds": 300_000 }, ends: asked(/events that have waited for longer/) },
      {
        set: { "deadLetterQueue.retentionSeconds": 1_000_000 },
        ends: asked(/events that have waited for longer/),
      },
      { set: { "overflow.expirationDays": 400 }, ends: applied },
      { set: { "overflow.expirationDays": 300 }, ends: asked(/events in the bucket that are older/) },
    ],
    back: applied,
  },
  {
    title: "whom alarms tell",
    steps: [
      { set: { "alarms.notify": ["on.call@example.com", "second@example.com"] }, ends: applied },
      { set: { "alarms.endpoints": ["https://events.example.com/alarms"] }, ends: applied },
      {
        set: { "alarms.topicArn": "arn:aws:sns:eu-west-1:123456789012:on-call", "alarms.endpoints": [] },
        about: ["alarms.topicArn"],
        ends: asked(/events\.example\.com/),
      },
    ],
    back: asked(/on-call/),
  },
  {
    title: "a network of a company's own",
    steps: [
      {
        set: { vpc: { subnetIds: ["subnet-0a0a", "subnet-0b0b"], securityGroupIds: ["sg-0c0c"] } },
        about: ["vpc.subnetIds"],
        ends: asked(/network of function/),
      },
      { set: { "vpc.securityGroupIds": ["sg-0d0d"] }, ends: asked(/network of function/) },
      { set: { "destination.allowPrivateAddresses": true }, ends: applied },
    ],
    back: asked(/network of function/),
  },
  {
    title: "what bounds roles, and where they are",
    steps: [
      {
        set: { permissionsBoundaryArn: "arn:aws:iam::123456789012:policy/webhooks-boundary" },
        ends: asked(/boundary/),
      },
      { set: { rolePath: "/webhooks/" }, ends: stopped(/path of role/) },
    ],
    back: applied,
  },
  {
    title: "credentials of another account",
    steps: [{ set: { allowedAccountIds: ["210987654321"] }, ends: stopped(/account/i) }],
    back: applied,
  },
  plain("a company's account", {
    allowedAccountIds: ["123456789012"],
    "overflow.accessLogs.bucket": "access-logs-of-the-team",
    "overflow.accessLogs.prefix": "events/",
  }),
  plain("the destination", {
    "destination.url": "https://other.example.com/events",
    "destination.timeoutSeconds": 8,
    "destination.maxResponseBytes": 1_024,
  }),
  plain("tags", { "tags.team": "integration" }),
  plain("all functions", { logLevel: "DEBUG", tracing: true }),
  plain("the webhook", {
    "sources.webhook.dedupePath": "detail.id",
    "sources.webhook.throttling.ratePerSecond": 400,
    "sources.webhook.throttling.burst": 800,
    "sources.webhook.retrySpanSeconds": 180,
  }),
  plain("Open Messaging", {
    "sources.open-messaging.dedupePath": "id",
    "sources.open-messaging.throttling.ratePerSecond": 400,
    "sources.open-messaging.throttling.burst": 800,
    "sources.open-messaging.retrySpanSeconds": 180,
    "sources.open-messaging.replayAgeSeconds": 7_200,
  }),
  plain("data actions", {
    "sources.data-action.dedupePath": "id",
    "sources.data-action.throttling.ratePerSecond": 400,
    "sources.data-action.throttling.burst": 800,
  }),
  plain("the door", {
    secretRefreshSeconds: 120,
    "cors.allowOrigins": ["https://app.example.com"],
    "throttling.ratePerSecond": 700,
    "throttling.burst": 900,
  }),
  plain("the receiver", {
    "receiver.timeoutSeconds": 12,
    "receiver.memoryMegabytes": 256,
    "receiver.reservedConcurrency": 50,
  }),
  plain(
    "the queue",
    {
      "queue.delaySeconds": 5,
      "queue.visibilityTimeoutSeconds": 360,
      "queue.maxReceiveCount": 7,
      "queue.maxMessageBytes": 131_072,
    },
    asked(/receives before an event/),
  ),
  plain("the processor", {
    "processor.timeoutSeconds": 40,
    "processor.memoryMegabytes": 768,
    "processor.batchSize": 8,
    "processor.batchWindowSeconds": 1,
    "processor.maximumConcurrency": 20,
    "processor.batchConcurrency": 4,
    "processor.deliveriesPerSecond": 50,
  }),
  plain("back-off and breaker", {
    "backOff.baseSeconds": 20,
    "backOff.factor": 3,
    "backOff.capSeconds": 600,
    "backOff.retryAfterCapSeconds": 1_800,
    "idempotency.windowSeconds": 43_200,
    "breaker.failingEvents": 7,
    "breaker.probeBaseSeconds": 30,
    "breaker.probeCapSeconds": 600,
    "breaker.settleSeconds": 60,
  }),
  plain("recovery", {
    "recovery.timeoutSeconds": 90,
    "recovery.memoryMegabytes": 512,
    "recovery.maxRedrives": 5,
    "recovery.redrivesPerSecond": 20,
  }),
  plain("alarms", {
    "alarms.deadLetters": 5,
    "alarms.oldestEventSeconds": 600,
    "alarms.newDeadLetters": 20,
    "alarms.unauthorizedRequests": 40,
  }),
];

const ANOTHER_STATE = "the rehearsal keeps its state in a file of its own, whatever the environment asks for";

const BACKEND = [
  ...["kind", "path", "bucket", "key", "region", "kmsKeyArn", "roleArn"],
  ...["address", "lockAddress", "unlockAddress", "lockMethod", "unlockMethod"],
  ...["organization", "workspace", "hostname"],
];

/** What moto, or AWS provider 5.100, cannot show. */
export const elsewhere: readonly Elsewhere[] = [
  ...BACKEND.map((member) => ({
    setting: `backend.${member}`,
    because: ANOTHER_STATE,
    shownBy: "__tests__/deployment/review/",
  })),
  {
    setting: "alarms.slack",
    because: "the emulator knows nothing of chat applications",
    shownBy: "__tests__/infra/",
  },
  {
    setting: "runtime",
    because: "nodejs24.x needs AWS provider 6.21, and the rehearsal has 5.100",
    shownBy: "__tests__/deployment/rehearsal/second-day.test.ts",
  },
  {
    setting: "queue.maxMessageBytes over 262,144",
    because: "it needs AWS provider 6.8, and the rehearsal has 5.100",
    shownBy: "__tests__/deployment/rehearsal/second-day.test.ts",
  },
];
