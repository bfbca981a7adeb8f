import { IdempotencyConfig, makeIdempotent } from "@aws-lambda-powertools/idempotency";
import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Context } from "aws-lambda";
import { errorName } from "../runtime/error-name.ts";
import type { EventLogger } from "../runtime/observability.ts";

/** What became of a delivery that was to happen once. */
export type Once<T> =
  /** It ran, and this is what it returned. */
  | {
      readonly kind: "ran";
      readonly value: T;
      /** Whether a duplicate would have been suppressed: false with the state table out of reach. */
      readonly protected: boolean;
    }
  /** It has succeeded before, within the window. */
  | { readonly kind: "duplicate" }
  /** Another execution is at it right now, or was killed at it not long ago. */
  | { readonly kind: "in-progress" };

/** How long the table is left alone once it was out of reach: every event of a batch would wait for it anew. */
const COOLDOWN_MILLISECONDS = 5_000;

/** Thrown inside Powertools so that it forgets the key; never seen outside. */
class NotDelivered extends Error {}

/**
 * Suppresses duplicates within a window. Only a success is remembered, so that no retry is ever swallowed. With
 * the table out of reach the event is delivered all the same.
 * docs/decisions/0006-remember-deliveries-after-success.md
 */
export class DeliverOnce {
  readonly #store: DynamoDBPersistenceLayer;
  readonly #config: IdempotencyConfig;
  readonly #logger: EventLogger;
  #outOfReachUntil = 0;

  constructor(client: DynamoDBClient, tableName: string, windowSeconds: number, logger: EventLogger) {
    this.#store = new DynamoDBPersistenceLayer({ tableName, awsSdkV3Client: client });
    this.#config = new IdempotencyConfig({ expiresAfterSeconds: windowSeconds, hashFunction: "sha256" });
    this.#logger = logger;
  }

  /** The lock on an event that is being delivered ends with this invocation's time. */
  startInvocation(context: Pick<Context, "getRemainingTimeInMillis">): void {
    this.#config.registerLambdaContext(context as Context);
  }

  /**
   * @param deliver never throws: what went wrong is in its value.
   * @param succeeded whether that value is a success, to be remembered.
   */
  async run<T>(
    eventId: string,
    deliver: () => Promise<T>,
    succeeded: (value: T) => boolean,
  ): Promise<Once<T>> {
    if (Date.now() < this.#outOfReachUntil) return { kind: "ran", value: await deliver(), protected: false };
    let ran: { readonly value: T } | undefined;
    const attempt = async (_key: string) => {
      const value = await deliver();
      ran = { value };
      if (!succeeded(value)) throw new NotDelivered();
      return {};
    };
    const idempotent = makeIdempotent(attempt, { persistenceStore: this.#store, config: this.#config });
    try {
      await idempotent(eventId);
      return ran === undefined
        ? { kind: "duplicate" }
        : { kind: "ran", ...(ran as { value: T }), protected: true };
    } catch (error) {
      if (ran !== undefined) {
        const { value } = ran as { value: T };
        // Delivered, but not remembered: a duplicate may get through. Not delivered and not given back: the
        // lock ends by itself.
        const wasProtected = error instanceof NotDelivered;
        if (!wasProtected) this.#outOfReach(eventId, error);
        return { kind: "ran", value, protected: wasProtected };
      }
      if ((error as Error).name === "IdempotencyAlreadyInProgressError") return { kind: "in-progress" };
      this.#outOfReach(eventId, error);
      return { kind: "ran", value: await deliver(), protected: false };
    }
  }

  #outOfReach(eventId: string, error: unknown): void {
    this.#outOfReachUntil = Date.now() + COOLDOWN_MILLISECONDS;
    const cause = (error as Error).cause ?? error;
    this.#logger.warn("Duplicates cannot be suppressed: the state table is out of reach", {
      event_id: eventId,
      reason: errorName(cause),
    });
  }
}
