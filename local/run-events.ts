import type { logMessages } from "../contract/log-messages.ts";

/** Something that happened during a run. */
export type RunEvent =
  /** A function said what became of an event, or of a request. */
  | {
      readonly kind: "event";
      readonly what: keyof typeof logMessages;
      readonly functionName: string;
      /** Absent where there is no event yet: a refused request. */
      readonly eventId: string | undefined;
      /** The log line's other fields. */
      readonly fields: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: "batch"; readonly mapping: string; readonly size: number; readonly failed: number }
  /** A partner has put an event on its bus: the rules that took it, none where none did. */
  | {
      readonly kind: "bus";
      readonly eventId: string;
      readonly detailType: string;
      readonly rules: readonly string[];
    }
  /** Somebody has enabled or disabled an event source mapping through Lambda's API. */
  | { readonly kind: "mapping"; readonly mapping: string; readonly enabled: boolean }
  | {
      readonly kind: "function-error";
      readonly functionName: string;
      readonly errorType: string;
      readonly errorMessage: string;
      /** `functions/processor/index.ts:12:5`; absent where nobody knows. */
      readonly at?: string;
    }
  /** The team's own code has thrown something at an event; it may quote the event. */
  | {
      readonly kind: "handler-failed";
      readonly functionName: string;
      readonly eventId: string;
      readonly errorType: string;
      readonly errorMessage: string;
      /** `functions/processor/handlers/summary.ts:12:5`; absent where nobody knows. */
      readonly at?: string;
    }
  /** The code has changed on disk: which functions run the new one from now on, or why the old one goes on. */
  | { readonly kind: "code"; readonly functionNames: readonly string[] }
  | { readonly kind: "code-refused"; readonly reason: string }
  /** An alarm has gone into ALARM, or back to OK. */
  | {
      readonly kind: "alarm";
      readonly name: string;
      readonly inAlarm: boolean;
      readonly description: string;
    }
  /** Recovery has said something where alarms are said. */
  | { readonly kind: "notice"; readonly subject: string; readonly text: string }
  /** A call that IAM would deny, and that was denied here. */
  | {
      readonly kind: "denied";
      readonly caller: string;
      readonly action: string;
      readonly resource: string;
    }
  /** A part of the run did not answer; it is tried again. */
  | { readonly kind: "trouble"; readonly where: string; readonly errorName: string };

export type FunctionRunEvent = Extract<RunEvent, { kind: "event" }>;

/** The stream of what happens. */
export class RunEvents {
  readonly #listeners = new Set<(runEvent: RunEvent) => void>();

  add(runEvent: RunEvent): void {
    for (const listener of [...this.#listeners]) listener(runEvent);
  }

  /** @returns what takes the listener away again */
  on(listener: (runEvent: RunEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
