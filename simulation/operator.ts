import { toAttributes } from "../contract/event/dead-letter.ts";
import { OPERATOR_ALIAS } from "../contract/operator-alias.ts";
import type { Pipeline } from "./pipeline.ts";

/** A person with the console and the command. */
export class Operator {
  readonly #pipeline: Pipeline;

  constructor(pipeline: Pipeline) {
    this.#pipeline = pipeline;
  }

  /** As `genesys-dlq breaker open` does: recovery is invoked with the order. */
  openBreaker(reason = "maintenance"): void {
    this.#invokeRecovery({ breaker: "open", reason });
  }

  closeBreaker(): void {
    this.#invokeRecovery({ breaker: "close" });
  }

  /** A second recovery beside the scheduled one. */
  runRecovery(): void {
    this.#invokeRecovery({});
  }

  /** In the console, behind everybody's back. */
  switchMapping(enabled: boolean): void {
    this.#pipeline.trace.add("operator", `mapping ${enabled ? "on" : "off"}`);
    try {
      this.#pipeline.mapping.setEnabled(enabled);
    } catch {
      this.#pipeline.clock.after(30_000, () => this.switchMapping(enabled)); // it was in use
    }
  }

  /** AWS leaves it disabled, as after a queue that was deleted and made again. */
  awsDisablesMapping(): void {
    this.#pipeline.trace.add("operator", "AWS disables the mapping");
    this.#pipeline.mapping.setEnabled(false, "LAMBDA_INITIATED");
  }

  /** A key, a role or a queue is not as it was: the mapping stays enabled, and Lambda cannot poll. */
  breakMapping(problem: string | undefined): void {
    this.#pipeline.mapping.setProblem(problem);
  }

  /** All of it, by something else in the account; 0 gives it back. */
  takeConcurrency(taken: number): void {
    this.#pipeline.lambda.takeConcurrency("", taken);
  }

  /** Whatever is wrong with it, it is not run. */
  stopRecovery(): void {
    this.#pipeline.lambda.takeConcurrency("-recovery", Number.POSITIVE_INFINITY);
  }

  switchSchedule(enabled: boolean): void {
    this.#pipeline.trace.add("operator", `schedule ${enabled ? "on" : "off"}`);
    this.#pipeline.scheduleEnabled = enabled;
  }

  /** Every secret here is another one than Genesys signs with. */
  replaceSecrets(): void {
    this.#pipeline.trace.add("operator", "secrets replaced");
    this.#pipeline.parameters.replaceAll(JSON.stringify({ current: "another secret than Genesys has" }));
  }

  /** Everything that is in the state table is gone. */
  emptyStateTable(): void {
    this.#pipeline.trace.add("operator", "state table emptied");
    this.#pipeline.table.restore();
  }

  /** The state table as it is now comes back after so long, as from a backup. */
  restoreStateTableAfter(milliseconds: number): void {
    const backup = this.#pipeline.table.snapshot();
    this.#pipeline.clock.after(milliseconds, () => {
      this.#pipeline.trace.add("operator", "state table restored");
      this.#pipeline.table.restore(backup);
    });
  }

  /** SQS's own move task: `aws sqs start-message-move-task`. */
  moveDeadLetters(): void {
    const { sqs, main, deadLetter, trace } = this.#pipeline;
    trace.add("operator", "move task");
    const caller = { name: "operator", alive: true, hops: 0, die() {} };
    // With its target, as the command does: what the processor itself has sent there has no source to go back to.
    const task = { SourceArn: deadLetter.settings.arn, DestinationArn: main.settings.arn };
    sqs.operate("StartMessageMoveTask", task as never, caller);
  }

  /** Dead letters from another time: permanent ones only a person may bring back. */
  leaveDeadLetters(count: number, reason: "permanent" | "exhausted" = "permanent"): void {
    const { deadLetter, clock, trace } = this.#pipeline;
    trace.add("operator", `${count} ${reason} dead letters`);
    const at = new Date(clock.now).toISOString();
    for (let number = 0; number < count; number++) {
      const payload = { webhookName: "w", reason, number };
      const attributes = toAttributes({
        class: reason,
        status: 422,
        message: "The destination answered 422.",
        attempts: 1,
        firstAttemptAt: at,
        lastAttemptAt: at,
        source: "webhook",
        eventId: `left-${reason}-${number}`,
        redrives: 0,
      });
      deadLetter.send(
        JSON.stringify({ received_at: at, webhook_id: "1", webhook_name: "w", payload }),
        attributes,
      );
    }
  }

  #invokeRecovery(event: unknown): void {
    const model = this.#pipeline.stack.functions.find(({ name }) => name.endsWith("-recovery"));
    this.#pipeline.trace.add("operator", `recovery ${JSON.stringify(event)}`);
    this.#pipeline.lambda.invokeLater(`${model?.arn}:${OPERATOR_ALIAS}`, event);
  }
}
