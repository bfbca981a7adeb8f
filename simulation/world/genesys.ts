import { signRequest } from "../../contract/sources/signed-request.ts";
import type { EventBus } from "../aws/event-bridge.ts";
import type { HttpApi } from "../aws/http-api.ts";
import type { VirtualClock } from "../clock.ts";
import { SECRET } from "../secret.ts";
import { hashOf } from "./destination.ts";

/** Open Messaging's: https://developer.genesys.cloud/commdigital/digital/openmessaging/validate.html */
const TIMEOUT_MILLISECONDS = 10_000;
const RETRIES = 5;
const PAUSE_MILLISECONDS = 5_000;

/** One event, from its sender's side. */
export interface SentEvent {
  readonly body: Buffer;
  /** Of the body: how the judge finds it again. */
  readonly hash: string;
  readonly eventType: string;
  readonly way: Way;
  readonly sentAt: number;
  /** When it was first answered 200; undefined: never, and then nobody owes it anything. */
  acknowledgedAt: number | undefined;
  /** How often it was answered 200. */
  acknowledgements: number;
  /** How often it was answered with anything else, or not in time. */
  refusals: number;
}

/**
 * How an event comes in. A webhook is tried again as Open Messaging is; a data action never. What EventBridge has
 * taken is acknowledged: from there on it is AWS's to deliver.
 */
export type Way = "webhook" | "data-action" | "eventbridge";

type HttpWay = Exclude<Way, "eventbridge">;

/** What Genesys has made of its EventBridge integration; a scenario's settings name it. */
export const PARTNER_EVENT_SOURCE =
  "aws.partner/genesys.com/cloud/00000000-0000-0000-0000-000000000000/simulated";

/** Genesys Cloud: sends, waits, tries again by its own schedule, and then forgets. */
export class Genesys {
  readonly #api: HttpApi;
  readonly #bus: EventBus;
  readonly #clock: VirtualClock;
  readonly sent: SentEvent[] = [];

  constructor({ api, bus }: { readonly api: HttpApi; readonly bus: EventBus }, clock: VirtualClock) {
    this.#api = api;
    this.#bus = bus;
    this.#clock = clock;
  }

  /** Sends an event. What the same bytes again are is the pipeline's to say: the judge knows by its rule. */
  send(way: Way, event: Readonly<Record<string, unknown>>, eventType: string): SentEvent {
    const body = Buffer.from(way === "eventbridge" ? this.#put(event, eventType) : JSON.stringify(event));
    const sent: SentEvent = {
      body,
      hash: hashOf(body),
      eventType,
      way,
      sentAt: this.#clock.now,
      acknowledgedAt: undefined,
      acknowledgements: 0,
      refusals: 0,
    };
    this.sent.push(sent);
    if (way === "eventbridge") {
      sent.acknowledgedAt = this.#clock.now;
      sent.acknowledgements = 1;
    } else void this.#deliver(way, sent, way === "webhook" ? RETRIES : 0);
    return sent;
  }

  /** @returns the event as EventBridge hands it on, which no other has the bytes of */
  #put(detail: Readonly<Record<string, unknown>>, detailType: string): string {
    return this.#bus.put({ source: PARTNER_EVENT_SOURCE, detailType, detail });
  }

  async #deliver(way: HttpWay, sent: SentEvent, retries: number): Promise<void> {
    for (let attempt = 0; attempt <= retries; attempt++) {
      if (attempt > 0) await this.#clock.sleep(PAUSE_MILLISECONDS);
      const answer = this.#post(way, sent.body);
      // An answer that comes too late is nobody's; the event may be stored all the same.
      const status = await Promise.race([answer, this.#clock.sleep(TIMEOUT_MILLISECONDS)]);
      if (status === 200) {
        sent.acknowledgedAt ??= this.#clock.now;
        sent.acknowledgements++;
        return;
      }
      sent.refusals++;
      if (typeof status === "number" && status !== 429 && status < 500) return; // final to Genesys
    }
  }

  #post(way: HttpWay, body: Buffer): Promise<number> {
    const proof =
      way === "webhook"
        ? ({ kind: "signature", encoding: "base64" } as const)
        : ({ kind: "shared-secret" } as const);
    const { headers } = signRequest({ url: "", body }, proof, SECRET);
    return this.#api.request({ method: "POST", path: `/${way}`, headers, body });
  }
}
