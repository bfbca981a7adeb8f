import { createHmac } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";

/** How a sender tries again. Milliseconds. */
export interface DeliverySchedule {
  readonly timeout: number;
  readonly retries: number;
  readonly pause: number;
}

/** Open Messaging's own: 85 s in all, and no redelivery later. */
export const OPEN_MESSAGING_SCHEDULE: DeliverySchedule = { timeout: 10_000, retries: 5, pause: 5_000 };

export interface Delivery {
  readonly url: string;
  readonly secret: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What came of one event: the status of every attempt, or that none came in time. */
export interface DeliveryReport {
  readonly attempts: readonly (number | "timeout" | "unreachable")[];
  readonly delivered: boolean;
}

/** Lets the time before the next attempt pass. */
export type Wait = (milliseconds: number) => Promise<void>;

/** `X-Hub-Signature-256` over the raw bytes: base64, where GitHub has hex. */
export function signatureOf(secret: string, body: Buffer): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("base64")}`;
}

/**
 * Posts an event as Genesys does, and again after a timeout, a 429 or a 5xx. Any other answer is the last
 * word. That an endpoint out of reach counts like a timeout is taken for granted.
 */
export async function deliver(
  { url, secret, headers = {}, body }: Delivery,
  schedule: DeliverySchedule,
  signal: AbortSignal,
  wait: Wait = (milliseconds) => pause(milliseconds, undefined, { signal }),
): Promise<DeliveryReport> {
  const attempts: (number | "timeout" | "unreachable")[] = [];
  const signed = secret === undefined ? {} : { "x-hub-signature-256": signatureOf(secret, body) };
  for (;;) {
    const outcome = await attempt(
      url,
      { ...headers, "content-type": "application/json", ...signed },
      body,
      AbortSignal.any([signal, AbortSignal.timeout(schedule.timeout)]),
    );
    signal.throwIfAborted();
    attempts.push(outcome);
    const again = typeof outcome === "string" || outcome === 429 || outcome >= 500;
    if (!again) return { attempts, delivered: outcome >= 200 && outcome < 300 };
    if (attempts.length > schedule.retries) return { attempts, delivered: false };
    await wait(schedule.pause);
    signal.throwIfAborted();
  }
}

async function attempt(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: Buffer,
  signal: AbortSignal,
): Promise<number | "timeout" | "unreachable"> {
  try {
    const response = await fetch(url, { method: "POST", headers, body: new Uint8Array(body), signal });
    await response.arrayBuffer();
    return response.status;
  } catch (error) {
    return (error as Error).name === "TimeoutError" ? "timeout" : "unreachable";
  }
}
