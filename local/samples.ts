import { randomUUID } from "node:crypto";
import { SampleRandom } from "../contract/samples/random.ts";
import { FATED_WEBHOOK_NAME, webhookSample } from "../contract/samples/webhook.ts";

/** The event type that the sample destination never takes. */
export const UNPROCESSABLE_EVENT_TYPE = "sample.unprocessable";

/** The event type of the handler that the project comes with. */
const HANDLED_EVENT_TYPE = "conversation:analytics:summary";

/** The bytes of a webhook event that is delivered, each one different. */
export function sampleEvent(deliversOverHttp: boolean): Buffer {
  return write(deliversOverHttp ? "sample.conversation.ended" : HANDLED_EVENT_TYPE, {});
}

/** The bytes of a webhook event that can never succeed: it says so in its webhook's name. */
export function unprocessableEvent(deliversOverHttp: boolean): Buffer {
  const webhookName = FATED_WEBHOOK_NAME;
  if (deliversOverHttp) return write(UNPROCESSABLE_EVENT_TYPE, { webhookName });
  return write(HANDLED_EVENT_TYPE, { webhookName, conversationId: "" });
}

function write(eventType: string, changes: Readonly<Record<string, unknown>>): Buffer {
  const sample = webhookSample(new SampleRandom(randomUUID()), new Date(), eventType);
  return Buffer.from(JSON.stringify({ ...sample, ...changes }));
}
