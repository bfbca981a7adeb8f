import { LARGEST_MESSAGE_BYTES } from "../contract/message-size.ts";
import { wakesSomebody } from "../contract/settings/alarms.ts";
import { HANDLER_TIMEOUT_SECONDS } from "../contract/settings/destination.ts";
import { outside } from "../contract/settings/number.ts";
import { type Finding, valueAt } from "./finding.ts";
import { LAMBDA_ENVIRONMENT_BYTES, limits, nameLengths, TAGS_PER_RESOURCE } from "./limits.ts";
import { namesFor } from "./names.ts";
import type { EnvironmentSettings } from "./settings.ts";
import { enabledSources, toSourceSettings } from "./sources.ts";

const DAY_SECONDS = 86_400;
const VISIBILITY_FACTOR = 6; // AWS: six times the function's timeout, plus the batch window
const MINIMUM_RECEIVES = 5; // AWS: fewer, and one throttled moment dead-letters good events
const BATCH_MARGIN_SECONDS = 5; // 4 that the processor keeps free behind a delivery, and 1 for the way between
const RECOVERY_MARGIN_SECONDS = 20; // 10 that recovery keeps free at its end, and 10 for its calls before a probe
const LEAST_EVENT_BYTES = 262_144; // EventBridge's own limit until 2026: what Genesys made its events for
const OWN_TAGS = 2; // project, environment
/** Longest that the variables beside the JSON ones get: three URLs and a bucket's name of 63 to 150 characters. */
const PLAIN_VARIABLES_BYTES = 1_024;

type Rule = (settings: EnvironmentSettings, environment: string) => readonly Finding[];

/** Finds what is wrong with one environment, all of it. */
export function findings(settings: EnvironmentSettings, environment: string): Finding[] {
  return rules.flatMap((rule) => rule(settings, environment));
}

const rules: readonly Rule[] = [
  (settings) =>
    Object.entries(limits).flatMap(([name, limit]) => {
      const path = name.split(".");
      const value = valueAt(settings, path);
      const message = typeof value === "number" ? outside(value, limit) : undefined;
      return message === undefined ? [] : [{ path, value, message }];
    }),

  ({ queue, processor }) => {
    const least = VISIBILITY_FACTOR * processor.timeoutSeconds + processor.batchWindowSeconds;
    return finding(
      queue.visibilityTimeoutSeconds < least,
      ["queue", "visibilityTimeoutSeconds"],
      queue.visibilityTimeoutSeconds,
      `must be at least ${VISIBILITY_FACTOR} × processor.timeoutSeconds plus processor.batchWindowSeconds: ${least} s`,
    );
  },

  ({ queue, deadLetterQueue }) =>
    finding(
      deadLetterQueue.retentionSeconds <= queue.retentionSeconds,
      ["deadLetterQueue", "retentionSeconds"],
      deadLetterQueue.retentionSeconds,
      `counts from an event's first enqueue: make it longer than queue.retentionSeconds, ${queue.retentionSeconds} s`,
    ),

  ({ queue, disposable }) =>
    finding(
      !disposable && queue.maxReceiveCount < MINIMUM_RECEIVES,
      ["queue", "maxReceiveCount"],
      queue.maxReceiveCount,
      `a few throttled moments would dead-letter good events: at least ${MINIMUM_RECEIVES}, unless the environment is disposable`,
    ),

  ({ processor }) =>
    finding(
      processor.batchSize > 10 && processor.batchWindowSeconds < 1,
      ["processor", "batchWindowSeconds"],
      processor.batchWindowSeconds,
      "Lambda wants at least 1 s for a batchSize over 10",
    ),

  ({ processor }) =>
    finding(
      processor.batchConcurrency > processor.batchSize,
      ["processor", "batchConcurrency"],
      processor.batchConcurrency,
      `a batch holds no more than processor.batchSize events, ${processor.batchSize}`,
    ),

  ({ destination, processor }) => {
    if (destination.kind !== "http") return [];
    const rounds = Math.ceil(processor.batchSize / processor.batchConcurrency);
    const least = rounds * destination.timeoutSeconds + BATCH_MARGIN_SECONDS;
    return finding(
      processor.timeoutSeconds < least,
      ["processor", "timeoutSeconds"],
      processor.timeoutSeconds,
      `a batch whose deliveries all time out takes ${rounds} × destination.timeoutSeconds plus ${BATCH_MARGIN_SECONDS} s, and what is not reached uses up a receive: at least ${least} s, or a smaller batchSize, or a larger batchConcurrency`,
    );
  },

  ({ destination, processor }) => {
    const { deliveriesPerSecond: rate, maximumConcurrency, batchSize, batchConcurrency } = processor;
    if (rate === undefined) return [];
    const rounds = Math.ceil(batchSize / batchConcurrency);
    const timeout = destination.kind === "http" ? destination.timeoutSeconds : HANDLER_TIMEOUT_SECONDS;
    const turns = Math.ceil((batchSize * maximumConcurrency) / rate);
    const least = turns + rounds * timeout + BATCH_MARGIN_SECONDS;
    return finding(
      processor.timeoutSeconds < least,
      ["processor", "deliveriesPerSecond"],
      rate,
      `each of processor.maximumConcurrency invocations has ${Number((rate / maximumConcurrency).toPrecision(3))} a second, and what of a batch is not reached uses up a receive: processor.timeoutSeconds at least ${least} s, or a smaller maximumConcurrency or batchSize`,
    );
  },

  ({ destination, recovery }) => {
    if (destination.kind !== "http") return [];
    const least = destination.timeoutSeconds + RECOVERY_MARGIN_SECONDS;
    return finding(
      recovery.timeoutSeconds < least,
      ["recovery", "timeoutSeconds"],
      recovery.timeoutSeconds,
      `a probe that hangs takes destination.timeoutSeconds, and a run that ends in it never gets further: at least ${least} s`,
    );
  },

  ({ destination }) => {
    if (destination.kind !== "http") return [];
    const { username, password } = new URL(destination.url);
    return finding(
      username !== "" || password !== "",
      ["destination", "url"],
      "(hidden)",
      "credentials in a URL end in the Terraform state: use destination.credentials",
    );
  },

  ({ overflow, queue, deadLetterQueue }) => {
    const least = Math.floor((deadLetterQueue.retentionSeconds + queue.retentionSeconds) / DAY_SECONDS) + 1;
    return finding(
      overflow.expirationDays < least,
      ["overflow", "expirationDays"],
      overflow.expirationDays,
      `must outlive both queues' retention, or a dead letter's payload is gone first: at least ${least} days`,
    );
  },

  ({ backOff }) =>
    finding(
      backOff.baseSeconds > backOff.capSeconds,
      ["backOff", "baseSeconds"],
      backOff.baseSeconds,
      `must not exceed backOff.capSeconds, ${backOff.capSeconds} s`,
    ),

  ({ backOff, queue }) => {
    const longest = (queue.maxReceiveCount - 1) * backOff.capSeconds;
    return finding(
      longest >= queue.retentionSeconds,
      ["backOff", "capSeconds"],
      backOff.capSeconds,
      `${queue.maxReceiveCount - 1} pauses make up to ${longest} s, but SQS deletes an event after queue.retentionSeconds, ${queue.retentionSeconds} s`,
    );
  },

  ({ backOff, queue }) => {
    const longest = (queue.maxReceiveCount - 1) * backOff.retryAfterCapSeconds;
    return finding(
      longest >= queue.retentionSeconds,
      ["backOff", "retryAfterCapSeconds"],
      backOff.retryAfterCapSeconds,
      `${queue.maxReceiveCount - 1} answers that ask for a pause make up to ${longest} s, but SQS deletes an event after queue.retentionSeconds, ${queue.retentionSeconds} s`,
    );
  },

  ({ breaker }) =>
    finding(
      breaker.probeBaseSeconds > breaker.probeCapSeconds,
      ["breaker", "probeBaseSeconds"],
      breaker.probeBaseSeconds,
      `must not exceed breaker.probeCapSeconds, ${breaker.probeCapSeconds} s`,
    ),

  ({ breaker, queue }) =>
    finding(
      breaker.probeCapSeconds >= queue.retentionSeconds,
      ["breaker", "probeCapSeconds"],
      breaker.probeCapSeconds,
      `events wait while the breaker is open, but SQS deletes them after queue.retentionSeconds, ${queue.retentionSeconds} s`,
    ),

  ({ idempotency, queue }) =>
    finding(
      idempotency.windowSeconds > 0 && idempotency.windowSeconds < queue.visibilityTimeoutSeconds,
      ["idempotency", "windowSeconds"],
      idempotency.windowSeconds,
      `ends before an event can come again: 0, or at least queue.visibilityTimeoutSeconds, ${queue.visibilityTimeoutSeconds} s`,
    ),

  (settings) =>
    finding(
      enabledSources(settings).length === 0 && settings.sources.eventbridge === undefined,
      ["sources"],
      settings.sources,
      "no event can come in: enable at least one source",
    ),

  ({ sources, queue }) =>
    finding(
      sources.eventbridge !== undefined &&
        (queue.maxMessageBytes ?? LARGEST_MESSAGE_BYTES) < LEAST_EVENT_BYTES,
      ["queue", "maxMessageBytes"],
      queue.maxMessageBytes,
      `EventBridge hands over events of up to ${LARGEST_MESSAGE_BYTES} bytes, and one that fits neither queue is gone: leave it out, or set at least ${LEAST_EVENT_BYTES}`,
    ),

  ({ domain, region }) =>
    finding(
      domain !== undefined && regionOf(domain.certificateArn) !== region,
      ["domain", "certificateArn"],
      domain?.certificateArn,
      `an API takes a certificate of its own region only, ${region}`,
    ),

  ({ encryptTableAndVariables, encryptionKeyArn }) =>
    finding(
      encryptTableAndVariables && encryptionKeyArn === undefined,
      ["encryptTableAndVariables"],
      true,
      "there is no key to encrypt them with: name encryptionKeyArn too",
    ),

  ({ encryptionKeyArn, region }) =>
    finding(
      encryptionKeyArn !== undefined && regionOf(encryptionKeyArn) !== region,
      ["encryptionKeyArn"],
      encryptionKeyArn,
      `a key encrypts in its own region only, and this environment is in ${region}`,
    ),

  ({ encryptionKeyArn, formerEncryptionKeyArns, region }) =>
    formerEncryptionKeyArns.flatMap((arn, i) => {
      const path = ["formerEncryptionKeyArns", String(i)];
      return [
        ...finding(
          regionOf(arn) !== region,
          path,
          arn,
          `a key encrypts in its own region only, and this environment is in ${region}`,
        ),
        ...finding(arn === encryptionKeyArn, path, arn, "is encryptionKeyArn, and no former one"),
        ...finding(formerEncryptionKeyArns.indexOf(arn) !== i, path, arn, "stands there twice"),
      ];
    }),

  ({ disposable, backend }) =>
    finding(
      !disposable && backend.kind === "local",
      ["backend", "kind"],
      backend.kind,
      "a shared environment's state belongs where all can reach it, in S3 for one, unless the environment is disposable",
    ),

  ({ disposable, backend }) =>
    finding(
      !disposable &&
        backend.kind === "http" &&
        (backend.lockAddress === undefined || backend.unlockAddress === undefined),
      ["backend", "lockAddress"],
      undefined,
      "two deployments at once would ruin the state: name lockAddress and unlockAddress, unless the environment is disposable",
    ),

  ({ disposable, destination, vpc }) =>
    finding(
      !disposable && destination.kind === "http" && destination.allowPrivateAddresses && vpc === undefined,
      ["destination", "allowPrivateAddresses"],
      true,
      "Lambda reaches no private address from outside of a VPC: name vpc too, unless the environment is disposable",
    ),

  ({ tags }) => {
    const entries = Object.entries(tags);
    return [
      ...finding(
        entries.length > TAGS_PER_RESOURCE - OWN_TAGS,
        ["tags"],
        `${entries.length} tags`,
        `AWS takes ${TAGS_PER_RESOURCE} tags, ${OWN_TAGS} are set here`,
      ),
      ...entries.flatMap(([key, value]) =>
        finding(
          key === "" || key.length > 128 || value.length > 256 || /^aws:/i.test(key),
          ["tags", key],
          value,
          "AWS takes keys of 1 to 128 characters not beginning with aws:, and values of up to 256",
        ),
      ),
    ];
  },

  ({ cors }) =>
    cors.allowOrigins.flatMap((origin, i) =>
      finding(
        origin !== "*" && !(URL.canParse(origin) && new URL(origin).origin === origin),
        ["cors", "allowOrigins", String(i)],
        origin,
        'must be "*" or an origin such as https://app.example.com, with no path',
      ),
    ),

  ({ alarms }) =>
    (["notify", "endpoints"] as const).flatMap((name) =>
      alarms[name].flatMap((address, i) =>
        finding(
          alarms[name].indexOf(address) !== i,
          ["alarms", name, String(i)],
          address,
          "stands there twice",
        ),
      ),
    ),

  ({ alarms: { slack } }) =>
    slack.flatMap(({ channelId }, i) =>
      finding(
        slack.findIndex((each) => each.channelId === channelId) !== i,
        ["alarms", "slack", String(i)],
        channelId,
        "stands there twice",
      ),
    ),

  ({ alarms, disposable }) =>
    finding(
      !disposable && !wakesSomebody(alarms),
      ["alarms"],
      "nobody",
      "its alarms would wake nobody: set alarms.notify, endpoints, slack or topicArn, unless the environment is disposable",
    ),

  ({ alarms: { topicArn }, region }) =>
    finding(
      topicArn !== undefined && regionOf(topicArn) !== region,
      ["alarms", "topicArn"],
      topicArn,
      `an alarm tells topics of its own region only, ${region}`,
    ),

  (settings, environment) => namesThatDoNotFit(settings, environment),

  (settings, environment) => {
    const names = namesFor(settings.namePrefix, environment);
    const sources = toSourceSettings(enabledSources(settings), names.sourceSecret);
    const documents = [sources, settings.onOversize, settings.cors.allowOrigins];
    const bytes =
      PLAIN_VARIABLES_BYTES +
      Buffer.byteLength(documents.map((document) => JSON.stringify(document)).join(""));
    return finding(
      bytes > LAMBDA_ENVIRONMENT_BYTES,
      ["sources"],
      `about ${bytes} bytes`,
      `Lambda takes ${LAMBDA_ENVIRONMENT_BYTES} bytes of environment: fewer integrations, a shorter namePrefix, fewer onOversize.paths or cors.allowOrigins`,
    );
  },

  (settings) =>
    strings(settings, []).flatMap(({ path, value }) =>
      finding(
        /[$%]\{/.test(value),
        path,
        value,
        "Terraform would read $" + "{ and %{ as a template: write the value itself",
      ),
    ),
];

function namesThatDoNotFit(settings: EnvironmentSettings, environment: string): Finding[] {
  const names = namesFor(settings.namePrefix, environment);
  const parameters = enabledSources(settings).flatMap(({ source, authentication }) =>
    [...authentication.keys()].map((integration) => names.sourceSecret(source, integration)),
  );
  const longest: [string, number][] = [
    [names.overflowBucketPrefix, nameLengths.bucketPrefix],
    [names.function("processor"), nameLengths.function],
    [names.deadLetterQueue, nameLengths.queue],
    [names.api, nameLengths.api],
    [names.recoverySchedule, nameLengths.rule],
    [names.stateTable, nameLengths.table],
    ...parameters.map((name): [string, number] => [name, nameLengths.parameter]),
  ];
  return [
    ...finding(
      !/^[a-z][a-z0-9-]*$/.test(environment),
      [],
      environment,
      "an environment's name must be lower-case letters, digits and dashes, a letter first",
    ),
    ...longest.flatMap(([name, most]) =>
      finding(
        name.length > most,
        ["namePrefix"],
        settings.namePrefix,
        `makes the name ${name}, which may have ${most} characters: shorten it by ${name.length - most}`,
      ),
    ),
  ];
}

/** `arn:aws:acm:eu-west-1:…` → `eu-west-1` */
function regionOf(arn: string): string | undefined {
  return arn.split(":")[3];
}

function finding(wrong: boolean, path: readonly string[], value: unknown, message: string): Finding[] {
  return wrong ? [{ path, value, message }] : [];
}

/** Every string in the settings, with its path. */
function strings(value: unknown, path: readonly string[]): { path: readonly string[]; value: string }[] {
  if (typeof value === "string") return [{ path, value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [
    ...strings(key, [...path, key]),
    ...strings(member, [...path, key]),
  ]);
}
