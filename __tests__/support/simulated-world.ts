import type { Scenario } from "../../simulation/scenario.ts";
import { PARTNER_EVENT_SOURCE } from "../../simulation/world/genesys.ts";

const MINUTE = 60_000;

/** A short world with a bit of everything that a run may meet: every way in, faults of all kinds, skew, an operator. */
export const everything: Scenario = {
  name: "everything",
  shows: "Whatever a run does, it does again.",
  seeds: 1,
  settings: {
    sources: {
      webhook: { authentication: { kind: "signature" } },
      "data-action": { authentication: { kind: "shared-secret" } },
      eventbridge: { partnerEventSource: PARTNER_EVENT_SOURCE },
    },
    destination: {
      kind: "http",
      url: "https://destination.example.com/events",
      credentials: { kind: "bearer" },
    },
  },
  world: (random) => ({
    milliseconds: 45 * MINUTE,
    arrivals: [
      { kind: "poisson", perSecond: 4, from: 0, to: 3 * MINUTE },
      { kind: "burst", count: 60, at: MINUTE },
    ],
    event: (number) => {
      const way = (["webhook", "data-action", "eventbridge"] as const)[number % 3] ?? "webhook";
      const event =
        way === "data-action"
          ? { topicName: "t", number }
          : { webhookName: "w", webhookId: "1", eventType: "t", conversationId: `c-${number}` };
      return { way, eventType: "t", event };
    },
    destination: ({ elapsed }, chance) =>
      elapsed > MINUTE && elapsed < 8 * MINUTE
        ? { status: 503, retryAfter: "5" }
        : chance.chance(0.9)
          ? { status: 200 }
          : chance.pick([{ status: 500 }, { reset: true }, { status: 422 }, { hang: true }]),
    faults: { rate: 0.02 },
    skewMilliseconds: 2_000,
    acts: [
      { at: random.between(4, 6) * MINUTE, act: (operator) => operator.runRecovery() },
      { at: random.between(30, 32) * MINUTE, act: (operator) => operator.emptyStateTable() },
      { at: random.between(14, 16) * MINUTE, act: (operator) => operator.moveDeadLetters() },
    ],
  }),
  expect: () => [],
};
