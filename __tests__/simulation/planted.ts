// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is planted is code, and code has templates
import type { Planting } from "../support/plant.ts";

/** A fault that somebody may make, and the scenario in which the judge has to notice it. */
export interface Planted extends Planting {
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
    pattern: "        await send(message);",
    replacement: "        void send(message).catch(() => {});",
    scenario: "queue-gone-for-ten-minutes",
  },
  {
    name: "acknowledged although the bucket has not confirmed",
    file: "functions/receiver/event-store.ts",
    pattern: '          contentType: "application/json",\n        });',
    replacement: '          contentType: "application/json",\n        }).catch(() => {});',
    scenario: "queue-and-bucket-gone",
  },
  {
    name: "acknowledged although nothing took it",
    file: "functions/receiver/receive.ts",
    pattern: '    throw new HttpError("not-stored", { cause: error });',
    replacement: "    return;",
    scenario: "queue-and-bucket-gone",
  },
  {
    name: "every request refused",
    file: "functions/receiver/signature.ts",
    pattern: ".length > 0;",
    replacement: ".length > 1;",
    scenario: "fair-weather",
    seeds: 1,
  },
  {
    name: "one key for all events",
    file: "functions/receiver/describe.ts",
    pattern: "    id: facts ? eventId(bytes, settings, facts) : bodyId(bytes, settings),",
    replacement: '    id: facts ? "the-same" : bodyId(bytes, settings),',
    scenario: "fair-weather",
    seeds: 1,
  },
  {
    name: "a key of its own for every request",
    file: "functions/receiver/describe.ts",
    pattern: "    id: facts ? eventId(bytes, settings, facts) : bodyId(bytes, settings),",
    replacement: "    id: `${Math.random()}`,",
    scenario: "faults-everywhere",
    seeds: 12,
  },
  {
    name: "spilled events share a key",
    file: "contract/event/spill.ts",
    pattern: "sha256(`${id}\\n${bodySha256}`)",
    replacement: "sha256(id.slice(0, 1))",
    scenario: "queue-gone-for-ten-minutes",
    seeds: 1,
  },
  {
    name: "failures told as successes",
    file: processor("process-batch"),
    pattern:
      "  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };",
    replacement:
      '  return failed.length > records.length ? { batchItemFailures: [{ itemIdentifier: "" }] } : { batchItemFailures: [] };',
    scenario: "outage-of-an-hour",
    seeds: 1,
  },
  {
    name: "5xx taken for success",
    file: "functions/destination/response.ts",
    pattern: "status >= 200 && status <= 299",
    replacement: "status >= 200 && status <= 599",
    scenario: "outage-of-an-hour",
    seeds: 1,
  },
  {
    name: "4xx taken for success",
    file: "functions/destination/response.ts",
    pattern: "status >= 200 && status <= 299",
    replacement: "status >= 200 && status <= 499",
    scenario: "some-are-refused",
  },
  {
    name: "a dead letter that was not sent counts as sent",
    file: processor("send-to-dead-letter-queue"),
    pattern: '    return { kind: "again", ...receivedAt(context) };',
    replacement: '    return { kind: "dead-lettered", class: reasonClass };',
    scenario: "some-are-refused",
    seeds: 12,
  },
  {
    name: "a requeue that failed counts as done",
    file: processor("requeue"),
    pattern: '    return { kind: "again", ...receivedAt(context) };',
    replacement: '    return { kind: "requeued", ...receivedAt(context) };',
    scenario: "redrives-by-requeue",
    seeds: 8,
  },
  {
    name: "failures remembered as delivered",
    file: processor("attempt-delivery"),
    pattern: '(outcome) => outcome.class === "success"',
    replacement: "() => true",
    scenario: "outage-of-an-hour",
    seeds: 1,
  },
  {
    name: "a dead letter tells a status that nobody answered",
    file: processor("send-to-dead-letter-queue"),
    pattern: "    ...defined({ status }),",
    replacement: "    ...defined({ status: status && status + 1 }),",
    scenario: "some-are-refused",
    seeds: 1,
  },
  {
    name: "attempts of this life alone",
    file: processor("attempt-counts"),
    pattern: "    attempt: count(attribute(record, deadLetterAttributes.attempts)) + receiveCount,",
    replacement: "    attempt: receiveCount,",
    scenario: "never-succeeds",
    seeds: 1,
  },
  {
    name: "a dead letter deleted before it is sent",
    file: "functions/recovery/dead-letters.ts",
    pattern: "    const outcomes = await sendRedriven(this.#run, messages);\n",
    replacement:
      '    const all = messages.map(({ ReceiptHandle = "" }) => ReceiptHandle);\n    await deleteMessages(sqs, settings.deadLetterQueueUrl, all);\n    const outcomes = await sendRedriven(this.#run, messages);\n',
    scenario: "redrives",
    seeds: 16,
  },
  {
    name: "a spilled event deleted before it is sent",
    file: "functions/recovery/spilled.ts",
    pattern: "  const outcomes = await sendMessages(",
    replacement:
      "  await remove(\n    run,\n    objects,\n    spills.map(({ key }) => key),\n  );\n  const outcomes = await sendMessages(",
    scenario: "spills-under-faults",
    seeds: 12,
  },
  {
    name: "spilled events left where they are",
    file: "functions/recovery/spilled.ts",
    pattern: "    if (room.isFull) return false;",
    replacement: "    return false;",
    scenario: "queue-gone-for-ten-minutes",
    seeds: 1,
  },
  {
    name: "waiting events held, and never stored",
    file: "functions/recovery/parker.ts",
    pattern: "    await storeParked(",
    replacement: "    if (Math.random() < 2) return;\n    await storeParked(",
    scenario: "outage-of-120-hours",
    seeds: 1,
  },
  {
    name: "parked events left where they are",
    file: "functions/recovery/bring-back.ts",
    pattern: "    return timeLeft() && !room.isFull && (await isClosed());",
    replacement: "    return timeLeft() && room.isFull && (await isClosed());",
    scenario: "outage-of-120-hours",
    seeds: 1,
  },
  {
    name: "nothing is parked",
    file: "functions/recovery/waiting.ts",
    pattern: "  if (known.emptyRuns > 0 || count.visible === 0) return nothingDone;",
    replacement: "  if (known.emptyRuns >= 0) return nothingDone;",
    scenario: "outage-of-120-hours",
    seeds: 1,
  },
  {
    name: "dead letters expire on their queue",
    file: "functions/recovery/dead-letters.ts",
    pattern: "if (isDue(sentAt, this.#run.settings.deadLetterRetentionSeconds, now)) return false;",
    replacement: "if (Number.isNaN(sentAt)) return false;",
    scenario: "dead-letters-left-alone",
    seeds: 1,
  },
  {
    name: "dead letters left where they are",
    file: "functions/recovery/dead-letters.ts",
    pattern: '  return (reason === undefined || reason === "exhausted") && redrives < maxRedrives;',
    replacement: '  return reason === "malformed" && redrives < maxRedrives;',
    scenario: "redrives",
    seeds: 1,
  },
  {
    name: "the probe never succeeds",
    file: "functions/recovery/probe.ts",
    pattern: "      if (answer.delivered > 0) return",
    replacement: "      if (answer.delivered < 0) return",
    scenario: "outage-of-an-hour",
    seeds: 1,
  },
  {
    name: "the mapping is never enabled again",
    file: "functions/recovery/mapping.ts",
    pattern: "setEnabled(ports, true)",
    replacement: "setEnabled(ports, false)",
    scenario: "outage-of-an-hour",
    seeds: 1,
  },
  {
    name: "a lease that outlives a killed recovery by days",
    file: "functions/recovery/lease.ts",
    pattern: "String(now + milliseconds)",
    replacement: "String(now + milliseconds * 1_000)",
    scenario: "redrives",
    seeds: 16,
  },
  {
    name: "the breaker never opens",
    file: "functions/breaker/guard.ts",
    pattern: '    if (outage === undefined || this.lastKnown === "open") return;',
    replacement: "    if (fresh.length >= 0) return;",
    scenario: "outage-of-an-hour",
    seeds: 1,
  },
  {
    name: "a claim check that leads elsewhere",
    file: "functions/receiver/event-store.ts",
    pattern:
      "    return envelopeWithReference(head, { bucket: settings.overflowBucket, key, bytes: bytes.length });",
    replacement:
      "    return envelopeWithReference(head, { bucket: settings.overflowBucket, key: `${key}x`, bytes: bytes.length });",
    scenario: "too-big-for-the-queue",
    seeds: 1,
  },
  {
    name: "the payload is written anew on its way",
    file: "contract/event/read-envelope.ts",
    pattern: '  return Buffer.from(sha256(raw) === message["body_sha256"] ? raw : raw.trim());',
    replacement: "  return Buffer.from(JSON.stringify(JSON.parse(raw), null, 1));",
    scenario: "fair-weather",
    seeds: 1,
  },
  // Settings
  {
    name: "events kept for little more than an hour",
    file: "contract/settings/queues.ts",
    pattern: "    default: 345_600,",
    replacement: "    default: 3_700,",
    scenario: "outage-of-an-hour",
    seeds: 1,
  },
  {
    name: "no partial batch responses",
    file: "infra/constructs/processor.ts",
    pattern: '      functionResponseTypes: ["ReportBatchItemFailures"],',
    replacement: "",
    scenario: "outage-of-an-hour",
    seeds: 1,
  },
  {
    name: "no duplicate suppression",
    file: "contract/settings/processor.ts",
    pattern: "    default: 86_400,",
    replacement: "    default: 0,",
    scenario: "stored-twice",
    seeds: 2,
  },
  {
    name: "nothing is brought back",
    file: "contract/settings/recovery.ts",
    pattern: "    default: 3,",
    replacement: "    default: 0,",
    scenario: "crashes",
    seeds: 8,
  },
  // Models
  {
    name: "the queue drops one in a thousand",
    file: queue,
    pattern: "    this.#messages.set(message.id, message);",
    replacement:
      "    if (this.#random.chance(0.001)) return message;\n    this.#messages.set(message.id, message);",
    scenario: "fair-weather",
  },
  {
    name: "a received message stays visible",
    file: queue,
    pattern: "    if (seconds === 0 || this.#random.chance(DUPLICATE_RATE)) return false;",
    replacement: "    if (seconds === 0 || this.#random.chance(0.05)) return false;",
    scenario: "received-once",
  },
  {
    name: "the redrive policy deletes",
    file: queue,
    pattern: "    this.#listeners.onMoved(message, redrive.deadLetterArn);",
    replacement: "",
    scenario: "crashes",
    seeds: 8,
  },
  {
    name: "the bucket forgets",
    file: "simulation/aws/s3.ts",
    pattern: "      this.#objects.set(Key, { bytes, metadata: { ...Metadata }, storedAt: this.#clock.now });",
    replacement:
      "      if (bytes.length === 0) this.#objects.set(Key, { bytes, metadata: { ...Metadata }, storedAt: this.#clock.now });",
    scenario: "queue-gone-for-ten-minutes",
    seeds: 1,
  },
  {
    name: "the poller deletes whatever the function says",
    file: mapping,
    pattern: "      if (done.has(messageId)) queue.delete(receiptHandle);",
    replacement: "      if (done.size >= 0) queue.delete(receiptHandle);",
    scenario: "outage-of-an-hour",
    seeds: 1,
  },
  {
    name: "the poller never polls again after it was switched on",
    file: mapping,
    pattern: '      this.#change(enabled ? "Enabled" : "Disabled");',
    replacement: '      this.#change(enabled ? "Enabling" : "Disabled");',
    scenario: "outage-of-an-hour",
    seeds: 1,
  },
];
