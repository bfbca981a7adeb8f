import type { EnvironmentInput } from "../contract/settings/environment.ts";

/** The inputs of a run that is made twice, with real processes and in virtual time: the outcomes have to agree. */
export const TWIN_EVENTS = 120;

/** Every failure counts, no number of them opens the breaker, and nothing is brought back. */
export const twinSettings: Partial<EnvironmentInput> = {
  destination: { kind: "http", url: "https://destination.example.com/events", timeoutSeconds: 1 },
  // In batches below ten no invocation takes more itself. Recovery, which looks each second in the local run, would meet
  // other events waiting each time, and what it looks at is sent anew: a receive more, and other numbers of requests.
  processor: { timeoutSeconds: 6, batchSize: 9, batchConcurrency: 9, maximumConcurrency: 3 },
  queue: { visibilityTimeoutSeconds: 36, maxReceiveCount: 3 },
  backOff: { baseSeconds: 1, factor: 1, capSeconds: 1 },
  breaker: { failingEvents: 1_000 },
  recovery: { maxRedrives: 0 },
};

/** One in four is refused, one in six fails for ever, the others are taken. */
export function twinType(number: number): string {
  if (number % 4 === 0) return "twin.refused";
  return number % 6 === 1 ? "twin.failing" : "twin.taken";
}

export function twinStatus(eventType: string): number {
  return eventType === "twin.refused" ? 422 : eventType === "twin.failing" ? 500 : 200;
}

export function twinEvent(number: number): Readonly<Record<string, unknown>> {
  return { webhookName: "w", webhookId: "1", eventType: twinType(number), conversationId: `twin-${number}` };
}
