import type { Message } from "@aws-sdk/client-sqs";
import { classOf, deadLetterAttributes } from "../contract/event/dead-letter.ts";
import { PermanentError } from "../contract/event/failure.ts";
import { readEnvelope } from "../contract/event/read-envelope.ts";
import { readSpill } from "../contract/event/spill.ts";
import { toMessage } from "../contract/message-record.ts";
import type { Notice } from "../contract/notice.ts";
import { CLAIM_CHECK_PREFIX, MAPPING_NOTE_KEY, SPILL_PREFIX } from "../contract/overflow.ts";
import { parkedDeadLetters, readParked, readParkedKey } from "../contract/parked.ts";
import { toSdkMessage } from "./aws/sqs.ts";
import type { Backlog, BacklogFigures } from "./backlog.ts";
import type { Pipeline } from "./pipeline.ts";
import { type Account, hashOf } from "./world/destination.ts";
import type { SentEvent, Way } from "./world/genesys.ts";

/** What became of the acknowledged events of a run, and what of it must not be. */
export interface Judgement {
  /** Requests of Genesys' that were not answered 200 in time. */
  readonly refused: number;
  /** By which ways they came. */
  readonly refusedWays: readonly Way[];
  /** Different events that were acknowledged. */
  readonly acknowledged: number;
  /** The destination has them. */
  readonly delivered: number;
  readonly deadLettered: number;
  /** On the main queue. */
  readonly waiting: number;
  /** In the overflow bucket: spilled or parked. */
  readonly stored: number;
  /** Nowhere. Each with what is known of it. */
  readonly lost: readonly string[];
  /** Dead letters by class; `moved`: by SQS itself. */
  readonly deadLettersByClass: Readonly<Record<string, number>>;
  /** Whatever else is not as it was promised, one sentence each. */
  readonly faults: readonly string[];
  /**
   * Dead letters that tell of another number of attempts than the destination has seen, one sentence each. Of an
   * event that lies there twice nobody knows which of them made which attempt, so those are left out. A processor that
   * was killed may have counted an attempt that it never made, or, with the state table out of reach, have made one
   * that is written down nowhere: so much is allowed for each.
   */
  readonly attemptsWrong: readonly string[];
  /** Deliveries of an event that the destination had already. */
  readonly duplicates: number;
  /** The longest time in which an event older than configured waited and no alarm was in ALARM, minutes. */
  readonly longestSilenceMinutes: number;
  /** Alarms that went into ALARM, by the last part of their names: in which minutes of the run. */
  readonly alarms: Readonly<Record<string, readonly number[]>>;
  /** What recovery said where alarms are said, in the order in which it did. */
  readonly notices: readonly Notice[];
  /** Of the main queue, looked at once a minute. */
  readonly mostInFlight: number;
  /** How events waited. */
  readonly backlog: BacklogFigures;
  /** POSTs that the destination has seen. */
  readonly requests: number;
  /** The share of the time in which recovery was at work: 0 to 1. */
  readonly recoveryBusy: number;
  /** From the sender's request to the destination's taking it: seconds, of those delivered. */
  readonly delaySeconds: { readonly median: number; readonly p95: number; readonly longest: number };
}

/** How the name of its function ends. */
const RECOVERY = "-recovery";

/** The setting's default: contract/settings/authentication.ts. */
const RETRY_SPAN_MILLISECONDS = 120_000;

/** A processor leaves the table alone for 5 s, and has waited for it for 2 s before. */
const AWAY_MILLISECONDS = 8_000;

/** Where an event lies. */
type Place = "main" | "dead-letter" | "bucket";

/**
 * Counts at the end of a run: every acknowledged event was delivered, or lies where it may lie; each has one key,
 * and no two share one; a dead letter's reason is true, and its attempts are as many as the destination has seen.
 */
export function judge(
  pipeline: Pipeline,
  sent: readonly SentEvent[],
  silence: Silence,
  backlog: Backlog,
): Judgement {
  const { destination } = pipeline;
  const faults: string[] = [];
  const places = placesOf(pipeline, faults);
  const byHash = new Map<string, SentEvent[]>();
  for (const event of sent) {
    if (event.acknowledgedAt === undefined) continue;
    byHash.set(event.hash, [...(byHash.get(event.hash) ?? []), event]);
  }
  const lost: string[] = [];
  const count = { delivered: 0, "dead-letter": 0, main: 0, bucket: 0 };
  const delays: number[] = [];
  let duplicates = 0;
  let acknowledged = 0;
  for (const [hash, events] of byHash) {
    const owed = differentOf(events);
    acknowledged += owed;
    const account = destination.accounts.get(hash);
    const taken = account?.taken ?? 0;
    const lies = places.get(hash) ?? [];
    const keys = account?.keys.size ?? 0;
    const [first] = events;
    // As many deliveries, or places, as there were different events of these bytes.
    const accounted = Math.min(owed, Math.max(taken > 0 ? Math.min(taken, keys) : 0, 0) + lies.length);
    for (let i = accounted; i < owed; i++)
      lost.push(`${first?.eventType} ${hash.slice(0, 8)}, sent at ${first?.sentAt}`);
    if (taken > 0) {
      count.delivered += Math.min(owed, keys);
      if (account?.firstTakenAt !== undefined && first !== undefined)
        delays.push((account.firstTakenAt - first.sentAt) / 1000);
      duplicates += Math.max(0, taken - keys);
    }
    for (const place of lies.slice(0, Math.max(0, owed - (taken > 0 ? keys : 0)))) count[place]++;
    if (keys > owed && !isExcused(pipeline, account))
      faults.push(`${hash.slice(0, 8)} came under ${keys} keys, and is ${owed} events`);
  }
  for (const [key, bodies] of destination.bodyByKey)
    if (bodies.size > 1)
      faults.push(`The key ${key.slice(0, 12)} stands for ${bodies.size} different events`);
  const told = toldOf(pipeline, new Set(sent.map(({ hash }) => hash)));
  return {
    refused: sent.reduce((all, { refusals }) => all + refusals, 0),
    refusedWays: [...new Set(sent.flatMap(({ refusals, way }) => (refusals > 0 ? [way] : [])))],
    acknowledged,
    delivered: count.delivered,
    deadLettered: count["dead-letter"],
    waiting: count.main,
    stored: count.bucket,
    lost,
    deadLettersByClass: classesOf(pipeline),
    faults: [...faults, ...reasonFaults(told)],
    attemptsWrong: attemptFaults(told),
    duplicates,
    longestSilenceMinutes: silence.longestMinutes,
    alarms: Object.fromEntries(
      [...pipeline.cloudWatch.entered].map(([name, times]) => [
        name.slice(`${pipeline.stack.outputs["name_prefix"]}-`.length),
        times.map((milliseconds) => milliseconds / 60_000),
      ]),
    ),
    notices: pipeline.topic.notices,
    mostInFlight: silence.mostInFlight,
    backlog: backlog.figures(),
    requests: destination.requests,
    recoveryBusy: pipeline.lambda.busyMilliseconds(RECOVERY) / Math.max(1, pipeline.clock.elapsed),
    delaySeconds: quantiles(delays),
  };
}

/**
 * How many events these are, of which all have the same bytes: a webhook sent again within the retry span of the first
 * is that one, a data action never is.
 */
function differentOf(events: readonly SentEvent[]): number {
  let count = 0;
  let firstAt = Number.NEGATIVE_INFINITY;
  for (const { way, sentAt } of events) {
    if (way === "webhook" && sentAt - firstAt < RETRY_SPAN_MILLISECONDS) continue;
    firstAt = sentAt;
    count++;
  }
  return count;
}

/**
 * Whether a processor may have been unable to look up the first of an event's repetitions. Then it goes out under an id
 * of its own: docs/decisions/0017-identity-is-given-or-made.md
 */
function isExcused({ stateOutOfReachAt }: Pipeline, account: Account | undefined): boolean {
  const near = (at: number) => stateOutOfReachAt.some((away) => Math.abs(at - away) < AWAY_MILLISECONDS);
  return account?.requestedAt.some(near) ?? false;
}

/** Every place in which an event's bytes lie, by their hash. */
function placesOf(pipeline: Pipeline, faults: string[]): Map<string, Place[]> {
  const places = new Map<string, Place[]>();
  const objects = new Map([...pipeline.bucket.all()].map(([key, { bytes }]) => [key, bytes]));
  const note = (body: string, place: Place) => {
    const bytes = bytesOf(body, objects, faults);
    if (bytes === undefined) return;
    const hash = hashOf(bytes);
    places.set(hash, [...(places.get(hash) ?? []), place]);
  };
  for (const { body } of pipeline.main.all()) note(body, "main");
  for (const { body } of pipeline.deadLetter.all()) note(body, "dead-letter");
  for (const [key, bytes] of objects) {
    const parked = readParkedKey(key);
    if (parked !== undefined) {
      for (const { body } of readParked(bytes.toString()))
        note(body, parked.kind === "events" ? "bucket" : "dead-letter");
      continue;
    }
    if (!key.startsWith(SPILL_PREFIX)) {
      if (!key.startsWith(CLAIM_CHECK_PREFIX) && key !== MAPPING_NOTE_KEY)
        faults.push(`The bucket holds ${key}, which nobody knows`);
      continue;
    }
    const spilled = readSpill(bytes.toString());
    note(spilled.body, spilled.queue === "main" ? "bucket" : "dead-letter");
  }
  return places;
}

/** The event's bytes, out of a message or of the bucket. */
function bytesOf(body: string, objects: ReadonlyMap<string, Buffer>, faults: string[]): Buffer | undefined {
  try {
    const event = readEnvelope(body);
    if ("bytes" in event.body) return event.body.bytes;
    const bytes = objects.get(event.body.reference.key);
    if (bytes === undefined)
      faults.push(`A claim check refers to ${event.body.reference.key}, which is gone`);
    return bytes;
  } catch (error) {
    if (error instanceof PermanentError) return Buffer.from(body);
    throw error;
  }
}

function classesOf(pipeline: Pipeline): Record<string, number> {
  const classes: Record<string, number> = {};
  for (const message of deadLettersOf(pipeline)) {
    const name = reasonOf(message) ?? "moved";
    classes[name] = (classes[name] ?? 0) + 1;
  }
  return classes;
}

/** All dead letters, on their queue and parked. */
function deadLettersOf({ deadLetter, bucket }: Pipeline): Message[] {
  const parked = [...bucket.all()].flatMap(([key, { bytes }]) => {
    const object = readParkedKey(key);
    if (object === undefined || !parkedDeadLetters.includes(object.kind)) return [];
    return readParked(bytes.toString()).map(toMessage);
  });
  return [...[...deadLetter.all()].map(toSdkMessage), ...parked];
}

function reasonOf({ MessageAttributes: attributes = {}, Attributes: system = {} }: Message) {
  return classOf(attributes, system);
}

/** A dead letter with a reason, and what the destination knows of its event. */
interface Told {
  readonly id: string;
  /** How often a processor was killed while it was at it. */
  readonly kills: number;
  readonly status: string | undefined;
  readonly attempts: number;
  readonly account: Account | undefined;
}

/** Every dead letter that the processor has sent, by its event; of events of this run alone. */
function toldOf(pipeline: Pipeline, sent: ReadonlySet<string>): Told[] {
  const { destination, killed, mapping } = pipeline;
  const told: Told[] = [];
  const kills = new Map<string | undefined, number>();
  // What a processor received itself was no part of the batch that it was handed.
  for (const hash of [...killed, ...pipeline.sqs.inHand.ofTheDead(mapping.settings.functionName)].map(
    hashOfInline,
  ))
    kills.set(hash, (kills.get(hash) ?? 0) + 1);
  for (const message of deadLettersOf(pipeline)) {
    const reason = reasonOf(message);
    if (reason === undefined || reason === "malformed") continue;
    const hash = hashOfInline(message.Body ?? "");
    if (hash === undefined || !sent.has(hash)) continue; // of another time: nobody knows what was answered then
    const text = (name: string) => message.MessageAttributes?.[name]?.StringValue;
    told.push({
      id: hash.slice(0, 8),
      kills: kills.get(hash) ?? 0,
      status: text(deadLetterAttributes.status),
      attempts: Number(text(deadLetterAttributes.attempts)),
      account: destination.accounts.get(hash),
    });
  }
  return told;
}

/** Of the event in a message that carries one. */
function hashOfInline(body: string): string | undefined {
  const bytes = bytesOf(body, new Map(), []);
  return bytes && hashOf(bytes);
}

/** Dead letters whose reason is not what happened. */
function reasonFaults(told: readonly Told[]): string[] {
  return told.flatMap(({ id, status, account }) =>
    status === undefined || account?.statuses.has(Number(status))
      ? []
      : [`The dead letter ${id} says ${status}, which the destination never answered`],
  );
}

function attemptFaults(all: readonly Told[]): string[] {
  return all.flatMap(({ id, attempts, account, kills }) => {
    const requests = account?.requests ?? 0;
    const liesTwice = all.filter((each) => each.id === id).length > 1;
    if (Math.abs(attempts - requests) <= kills || liesTwice) return [];
    return [`The dead letter ${id} says ${attempts} attempts, and the destination has seen ${requests}`];
  });
}

function quantiles(values: number[]): Judgement["delaySeconds"] {
  values.sort((left, right) => left - right);
  const at = (share: number) =>
    Math.round(values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0);
  return { median: at(0.5), p95: at(0.95), longest: at(1) };
}

/** Watches, minute by minute, whether somebody would be notified of events that wait too long. */
export class Silence {
  readonly #pipeline: Pipeline;
  readonly #sent: readonly SentEvent[];
  readonly #oldestSeconds: number;
  #silentMinutes = 0;
  #from = 0;
  longestMinutes = 0;
  mostInFlight = 0;

  /** @param oldestSeconds the configured age from which on somebody has to be notified */
  constructor(pipeline: Pipeline, sent: readonly SentEvent[], oldestSeconds: number) {
    this.#pipeline = pipeline;
    this.#sent = sent;
    this.#oldestSeconds = oldestSeconds;
    pipeline.clock.every(60_000, () => this.#look());
  }

  #look(): void {
    const { clock, cloudWatch, destination, main } = this.#pipeline;
    this.mostInFlight = Math.max(this.mostInFlight, main.depth.inFlight);
    // Those at the front that are with the destination are done for good.
    const isDone = ({ hash, acknowledgedAt }: SentEvent) =>
      acknowledgedAt === undefined || (destination.accounts.get(hash)?.taken ?? 0) > 0;
    while (this.#from < this.#sent.length && isDone(this.#sent[this.#from] as SentEvent)) this.#from++;
    const oldest = this.#sent[this.#from];
    const waits = oldest !== undefined && clock.now - oldest.sentAt > this.#oldestSeconds * 1000;
    if (waits && cloudWatch.inAlarm().length === 0) this.#silentMinutes++;
    else this.#silentMinutes = 0;
    this.longestMinutes = Math.max(this.longestMinutes, this.#silentMinutes);
  }
}
