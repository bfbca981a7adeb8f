// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is planted is code, and code has templates
/** A fault that somebody may make, and the scenario in which the judge has to notice it. */
export interface Planted {
  /** What goes wrong, in a few words. */
  readonly name: string;
  readonly file: string;
  /** Text that stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  readonly scenario: string;
  /** How many seeds the judge may take; a few do for most. @default 4 */
  readonly seeds?: number;
}

const queue = "simulation/aws/queue.ts";
const mapping = "simulation/aws/event-source-mapping.ts";
const processor = (file: string) => `functions/processor/${file}.ts`;

/** Faults in handlers, in settings, and in the models themselves: the judge is held to them. */
export const planted: readonly Planted[] = [
  // Handlers
  {
    name: "acknowledged before the queue has confirmed",
    file: "functions/receiver/event-store.ts",
    find: "        await send(message);",
    replace: "        void send(message).catch(() => {});",
    scenario: "queue-gone-for-ten-minutes",
  },
  {
    name: "acknowledged before the bucket has confirmed",
    file: "functions/receiver/event-store.ts",
    find: "        await put({\n          key: spillKey(",
    replace: "        void put({\n          key: spillKey(",
    scenario: "queue-and-bucket-gone",
  },
  {
    name: "acknowledged although nothing took it",
    file: "functions/receiver/receive.ts",
    find: '    throw new HttpError("not-stored", { cause: error });',
    replace: "    return;",
    scenario: "queue-and-bucket-gone",
  },
  {
    name: "every request refused",
    file: "functions/receiver/signature.ts",
    find: ".length > 0;",
    replace: ".length > 1;",
    scenario: "fair-weather",
    seeds: 1,
  },
  {
    name: "one key for all events",
    file: "functions/receiver/describe.ts",
    find: "    id: facts ? eventId(bytes, settings, facts) : bodyId(bytes, settings),",
    replace: '    id: facts ? "the-same" : bodyId(bytes, settings),',
    scenario: "fair-weather",
    seeds: 1,
  },
  {
    name: "a key of its own for every request",
    file: "functions/receiver/describe.ts",
    find: "    id: facts ? eventId(bytes, settings, facts) : bodyId(bytes, settings),",
    replace: "    id: `${Math.random()}`,",
    scenario: "faults-everywhere",
    seeds: 12,
  },
  {
    name: "spilled events share a key",
    file: "contract/event/spill.ts",
    find: "sha256(`${id}\\n${bodySha256}`)",
    replace: "sha256(id.slice(0, 1))",
    scenario: "queue-gone-for-ten-minutes",
    seeds: 1,
  },
  {
    name: "failures told as successes",
    file: processor("process-batch"),
    find: "  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };",
    replace:
      '  return failed.length > records.length ? { batchItemFailures: [{ itemIdentifier: "" }] } : { batchItemFailures: [] };',
    scenario: "outage-of-an-hour",
    seeds: 1,
  },
  {
    name: "5xx taken for success",
    file: "functions/destination/response.ts",
    find: "status >= 200 && status <= 299",
    replace: "status >= 200 && status <= 599",
    scenario: "outage-of-an-hour",
    seeds: 1,
  },
  {
    name: "4xx taken for success",
    file: "functions/destination/response.ts",
    find: "status >= 200 && status <= 299",
    replace: "status >= 200 && status <= 499",
    scenario: "some-are-refused",
  },
  {
    name: "a dead letter that was not sent counts as sent",
    file: processor("send-to-dead-letter-queue"),
    find: '    return { kind: "again", ...receivedAt(context) };',
    replace: '    return { kind: "dead-lettered", class: reasonClass };',
    scenario: "some-are-refused",
    seeds: 12,
  },
  {
    name: "a requeue that failed counts as done",
    file: processor("defer"),
    find: '    return { kind: "again", ...receivedAt(context) };',
    replace: '    return { kind: "requeued", ...receivedAt(context) };',
    scenario: "redrives-by-requeue",
    seeds: 8,
  },
  {
    name: "failures remembered as delivered",
    file: processor("attempt-delivery"),
    find: '(outcome) => outcome.class === "success"',
    replace: "() => true",
    scenario: "outage-of-an-hour",
    seeds: 1,
  },
  {
    name: "a dead letter tells a status that nobody answered",
    file: processor("send-to-dead-letter-queue"),
    find: "    ...defined({ status }),",
    replace: "    ...defined({ status: status && status + 1 }),",
    scenario: "some-are-refused",
    seeds: 1,
  },
  {
    name: "attempts of this life alone",
    file: processor("attempt-counts"),
    find: "    attempt: count(attribute(record, deadLetterAttributes.attempts)) + receiveCount,",
    replace: "    attempt: receiveCount,",
    scenario: "never-succeeds",
    seeds: 1,
  },
  {
    name: "a dead letter deleted before it is sent",
    file: "contract/dead-letter-queue.ts",
    find: "  const refused = await sendMessage(sqs, queueUrl, message.Body, attributes);\n  return refused ?? deleteDeadLetter(sqs, deadLetterQueueUrl, message);",
    replace:
      "  const deleted = await deleteDeadLetter(sqs, deadLetterQueueUrl, message);\n  return (await sendMessage(sqs, queueUrl, message.Body, attributes)) ?? deleted;",
    scenario: "redrives",
    seeds: 16,
  },
  {
    name: "a spilled event deleted before it is sent",
    file: "functions/recovery/spilled.ts",
    find: "    const refused = await sendMessage(",
    replace:
      "    await objects.client.send(new DeleteObjectCommand({ Bucket: settings.bucket, Key: key }));\n    const refused = await sendMessage(",
    scenario: "spills-under-faults",
    seeds: 12,
  },
  {
    name: "spilled events left where they are",
    file: "functions/recovery/spilled.ts",
    find: "    if (!(await mayGoOn())) break;",
    replace: "    break;",
    scenario: "queue-gone-for-ten-minutes",
    seeds: 1,
  },
  {
    name: "dead letters left where they are",
    file: "functions/recovery/redrive.ts",
    find: '  return (reason === undefined || reason === "exhausted") && redrives < maxRedrives;',
    replace: '  return reason === "malformed" && redrives < maxRedrives;',
    scenario: "redrives",
    seeds: 1,
  },
  {
    name: "the probe never succeeds",
    file: "functions/recovery/probe.ts",
    find: "      if (sign) return { well: true };",
    replace: '      if (sign) return { well: false, reason: "no" };',
    scenario: "outage-of-an-hour",
    seeds: 1,
  },
  {
    name: "the mapping is never enabled again",
    file: "functions/recovery/mapping.ts",
    find: "setEnabled(lambda, uuid, true)",
    replace: "setEnabled(lambda, uuid, false)",
    scenario: "outage-of-an-hour",
    seeds: 1,
  },
  {
    name: "a lease that outlives a killed recovery by days",
    file: "functions/recovery/lease.ts",
    find: "String(now + seconds * 1000)",
    replace: "String(now + seconds * 1_000_000)",
    scenario: "redrives",
    seeds: 16,
  },
  {
    name: "the breaker never opens",
    file: "functions/breaker/guard.ts",
    find: '    if (status === "open" || (status === "closed" && !this.#watch.isOutage)) return;',
    replace: '    if (status !== "half-open") return;',
    scenario: "outage-of-an-hour",
    seeds: 1,
  },
  {
    name: "a claim check that leads elsewhere",
    file: "functions/receiver/event-store.ts",
    find: "    return envelopeWithReference(head, { bucket: settings.overflowBucket, key, bytes: bytes.length });",
    replace:
      "    return envelopeWithReference(head, { bucket: settings.overflowBucket, key: `${key}x`, bytes: bytes.length });",
    scenario: "too-big-for-the-queue",
    seeds: 1,
  },
  {
    name: "the payload is written anew on its way",
    file: "contract/event/read-envelope.ts",
    find: '  return Buffer.from(sha256(raw) === message["body_sha256"] ? raw : raw.trim());',
    replace: "  return Buffer.from(JSON.stringify(JSON.parse(raw), null, 1));",
    scenario: "fair-weather",
    seeds: 1,
  },
  // Settings
  {
    name: "events kept for little more than an hour",
    file: "contract/settings/queues.ts",
    find: "    default: 345_600,",
    replace: "    default: 3_700,",
    scenario: "outage-of-an-hour",
    seeds: 1,
  },
  {
    name: "no partial batch responses",
    file: "infra/constructs/processor.ts",
    find: '      functionResponseTypes: ["ReportBatchItemFailures"],',
    replace: "",
    scenario: "outage-of-an-hour",
    seeds: 1,
  },
  {
    name: "no duplicate suppression",
    file: "contract/settings/processor.ts",
    find: "    default: 86_400,",
    replace: "    default: 0,",
    scenario: "stored-twice",
    seeds: 2,
  },
  {
    name: "nothing is brought back",
    file: "contract/settings/recovery.ts",
    find: "    default: 3,",
    replace: "    default: 0,",
    scenario: "crashes",
    seeds: 8,
  },
  // Models
  {
    name: "the queue drops one in a thousand",
    file: queue,
    find: "    this.#messages.set(message.id, message);",
    replace:
      "    if (this.#random.chance(0.001)) return message;\n    this.#messages.set(message.id, message);",
    scenario: "fair-weather",
  },
  {
    name: "a received message stays visible",
    file: queue,
    find: "    if (seconds === 0 || this.#random.chance(DUPLICATE_RATE)) return false;",
    replace: "    if (seconds === 0 || this.#random.chance(0.05)) return false;",
    scenario: "received-once",
  },
  {
    name: "the redrive policy deletes",
    file: queue,
    find: "    this.#listeners.onMoved(message, redrive.deadLetterArn);",
    replace: "",
    scenario: "crashes",
    seeds: 8,
  },
  {
    name: "the bucket forgets",
    file: "simulation/aws/s3.ts",
    find: "      this.#objects.set(Key, { bytes, metadata: { ...Metadata }, storedAt: this.#clock.now });",
    replace:
      "      if (bytes.length === 0) this.#objects.set(Key, { bytes, metadata: { ...Metadata }, storedAt: this.#clock.now });",
    scenario: "queue-gone-for-ten-minutes",
    seeds: 1,
  },
  {
    name: "the poller deletes whatever the function says",
    file: mapping,
    find: "      if (done.has(messageId)) queue.delete(receiptHandle);",
    replace: "      if (done.size >= 0) queue.delete(receiptHandle);",
    scenario: "outage-of-an-hour",
    seeds: 1,
  },
  {
    name: "the poller never polls again after it was switched on",
    file: mapping,
    find: '      this.#change(enabled ? "Enabled" : "Disabled");',
    replace: '      this.#change(enabled ? "Enabling" : "Disabled");',
    scenario: "outage-of-an-hour",
    seeds: 1,
  },
];
