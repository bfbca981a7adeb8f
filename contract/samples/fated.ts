/**
 * Of the samples of `npm start`, those that can never succeed: a newcomer sees a dead letter, and nothing is wrong.
 * Nothing else sends such.
 */
export const fated = {
  webhookName: "Sample that ends as a dead letter",
  /** Of the event that the sample destination never takes. Handlers get one of the type that they handle. */
  eventType: "sample.unprocessable",
} as const;

/** Whether the body of a message holds such a sample. */
export function isFated(body: string): boolean {
  try {
    return (JSON.parse(body) as { webhook_name?: unknown } | null)?.webhook_name === fated.webhookName;
  } catch {
    return false;
  }
}
