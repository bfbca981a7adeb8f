import { randomUUID } from "node:crypto";
import { fated } from "../contract/samples/fated.ts";
import { SampleRandom } from "../contract/samples/random.ts";
import { webhookSample } from "../contract/samples/webhook.ts";

/** The event type of the handler that the project comes with. */
const HANDLED_EVENT_TYPE = "conversation:analytics:summary";

/** The bytes of a webhook event that is delivered, each one different. */
export function sampleEvent(deliversOverHttp: boolean): Buffer {
  return write(deliversOverHttp ? "sample.conversation.ended" : HANDLED_EVENT_TYPE, {});
}

/** The bytes of a webhook event that can never succeed: it says so in its webhook's name. */
export function unprocessableEvent(deliversOverHttp: boolean): Buffer {
  const { webhookName, eventType } = fated;
  if (deliversOverHttp) return write(eventType, { webhookName });
  return write(HANDLED_EVENT_TYPE, { webhookName, conversationId: "" });
}

function write(eventType: string, changes: Readonly<Record<string, unknown>>): Buffer {
  const sample = webhookSample(new SampleRandom(randomUUID()), new Date(), eventType);
  return Buffer.from(JSON.stringify({ ...sample, ...changes }));
}
