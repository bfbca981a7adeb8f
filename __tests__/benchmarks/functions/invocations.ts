import { envelopeFor } from "../../support/envelopes.ts";
import { httpEvent, signed } from "../../support/lambda-events.ts";

export const SECRET = "measured-signing-secret";

/** An event of the tutorial's contract. @param textBytes of its longest field */
export const event = (number: number, textBytes = 4_000) =>
  Buffer.from(
    JSON.stringify({
      webhookName: "measured",
      webhookId: "w-1",
      eventType: "v2.detail.events.conversation.{id}.customer.end",
      conversationId: "0b6a7f34-5c1e-4c56-9b4e-1f1f6f0a0001",
      number,
      text: "x".repeat(textBytes),
    }),
  );

/** What the gateway hands the receiver. */
export function request(body: Buffer): object {
  return httpEvent({ body: body.toString(), headers: signed(body, SECRET) });
}

/** Events on the queue, as the receiver writes them. @param from the first one's number */
export function queued(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, at) =>
    envelopeFor(event(from + at).toString(), { id: `id-${from + at}` }),
  );
}

/** What Lambda hands the processor. @param bodies of the queue's messages */
export function batch(bodies: readonly string[]): object {
  return {
    Records: bodies.map((body, number) => ({
      messageId: `m-${number}`,
      receiptHandle: `r-${number}`,
      body,
      attributes: {
        ApproximateReceiveCount: "1",
        SentTimestamp: String(Date.now()),
        ApproximateFirstReceiveTimestamp: String(Date.now()),
        SenderId: "sender",
      },
      messageAttributes: {},
      md5OfBody: "",
      eventSource: "aws:sqs",
      eventSourceARN: "arn:aws:sqs:eu-west-1:000000000000:events",
      awsRegion: "eu-west-1",
    })),
  };
}
