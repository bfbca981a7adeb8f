import type { Message } from "@aws-sdk/client-sqs";
import type { DeadLetter } from "../../cli/dlq/dead-letter.ts";
import { hasId } from "../../cli/dlq/filter.ts";
import { look } from "../../cli/dlq/look.ts";
import type { Environment } from "../../cli/environment/environment.ts";
import { defined } from "../../contract/defined.ts";
import type { SnapshotStatus } from "../api.ts";
import { toErrorInfo } from "./error-info.ts";
import { contextOf, Said } from "./said.ts";

/** Bytes of messages that are kept, so that one can be shown at once; another is looked for when it is asked for. */
const KEPT_BYTES = 32 * 1024 * 1024;

/** All dead letters as they were when somebody looked last. One look at a time, and none by itself. */
export class Snapshot {
  readonly #environment: Environment;
  readonly #signal: AbortSignal;
  readonly #onChange: () => void;
  #deadLetters: readonly DeadLetter[] = [];
  #messages: ReadonlyMap<string, Message> = new Map();
  #status: Omit<SnapshotStatus, "running" | "count"> = { notes: [], unseen: 0 };
  #running: Said | undefined;
  #ended: Promise<void> = Promise.resolve();

  constructor(environment: Environment, signal: AbortSignal, onChange: () => void) {
    this.#environment = environment;
    this.#signal = signal;
    this.#onChange = onChange;
  }

  /** The one that died last first. */
  get deadLetters(): readonly DeadLetter[] {
    return this.#deadLetters;
  }

  get status(): SnapshotStatus {
    const progress = this.#running?.state;
    const running = { seen: progress?.done ?? 0, about: progress?.total ?? 0 };
    return {
      ...this.#status,
      count: this.#deadLetters.length,
      ...defined({ running: this.#running === undefined ? undefined : running }),
    };
  }

  /** Begins a look, unless one is under way. */
  look(): void {
    if (this.#running !== undefined) return;
    this.#running = new Said(this.#onChange);
    this.#ended = this.#look(this.#running).finally(() => {
      this.#running = undefined;
      this.#onChange();
    });
  }

  /** Resolves when no look is under way. */
  atRest(): Promise<void> {
    return this.#ended;
  }

  /** The messages of one event, or of one message: it may have died more than once. @throws what SQS or S3 throw */
  async find(id: string): Promise<{ deadLetter: DeadLetter; message: Message }[]> {
    const known = this.#deadLetters.filter((deadLetter) => hasId(deadLetter, id));
    const found = known.flatMap((deadLetter) => {
      const message = this.#messages.get(deadLetter.messageId);
      return message === undefined ? [] : [{ deadLetter, message }];
    });
    if (found.length > 0 && found.length === known.length) return found;
    const again: typeof found = [];
    await look(
      contextOf(this.#environment, new Said(), this.#signal),
      (deadLetter) => hasId(deadLetter, id),
      (message, deadLetter) => void again.push({ deadLetter, message }),
    );
    return again;
  }

  async #look(said: Said): Promise<void> {
    const messages = new Map<string, Message>();
    let bytes = 0;
    try {
      const { deadLetters, there, seen } = await look(
        contextOf(this.#environment, said, this.#signal),
        undefined,
        (message, { messageId, bytes: size }) => {
          if (bytes + size > KEPT_BYTES) return;
          bytes += size;
          messages.set(messageId, message);
        },
      );
      this.#deadLetters = deadLetters.toReversed();
      this.#messages = messages;
      const unseen = Math.max(0, there - seen);
      this.#status = { at: new Date().toISOString(), notes: said.lines, unseen };
    } catch (error) {
      const { at } = this.#status;
      this.#status = { ...defined({ at }), notes: said.lines, unseen: 0, error: toErrorInfo(error) };
    }
  }
}
