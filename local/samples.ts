import { randomUUID } from "node:crypto";
import { SampleRandom } from "../contract/samples/random.ts";
import { webhookSample } from "../contract/samples/webhook.ts";

/** The event type that the sample destination never takes. */
export const UNPROCESSABLE_EVENT_TYPE = "sample.unprocessable";

/** The bytes of a webhook event, each one different. */
export function sampleEvent(eventType: string): Buffer {
  const sample = webhookSample(new SampleRandom(randomUUID()), new Date(), eventType);
  return Buffer.from(JSON.stringify(sample));
}
