import type { Caller } from "./calls.ts";
import type { QueueMessage } from "./sqs-message.ts";

/** Messages that callers have received and not deleted. */
export class InHand {
  readonly #callers = new Map<Caller, Map<string, string>>();

  received(caller: Caller, messages: readonly QueueMessage[]): void {
    const held = this.#callers.get(caller) ?? new Map<string, string>();
    for (const { handle, body } of messages) held.set(handle, body);
    this.#callers.set(caller, held);
  }

  deleted(caller: Caller, handle: string): void {
    this.#callers.get(caller)?.delete(handle);
  }

  /** Bodies of those that a function's execution environment had when it died. */
  ofTheDead(functionName: string): string[] {
    return [...this.#callers].flatMap(([{ name, alive }, held]) =>
      alive || !name.startsWith(`${functionName}/`) ? [] : [...held.values()],
    );
  }
}
