import type { RunEvents } from "../run-events.ts";
import { AsynchronousInvocations } from "./asynchronous.ts";
import type { InvocationResult } from "./invocation-result.ts";
import type { LocalFunction } from "./local-function.ts";

/** Invokes the functions of a run, by ARN, with an alias or without, and tells of those that fail. */
export class Invoker {
  readonly #functions: ReadonlyMap<string, LocalFunction>;
  readonly #runEvents: RunEvents;
  readonly #asynchronous: AsynchronousInvocations;
  readonly #onEnd: (functionName: string, ok: boolean) => void;

  /** @param onEnd called after every invocation, with whether it succeeded */
  constructor(
    functions: ReadonlyMap<string, LocalFunction>,
    runEvents: RunEvents,
    onEnd: (functionName: string, ok: boolean) => void,
  ) {
    this.#functions = functions;
    this.#runEvents = runEvents;
    this.#onEnd = onEnd;
    this.#asynchronous = new AsynchronousInvocations({
      onAnswer: (target, answer) => this.#tell(target, answer),
    });
  }

  /** Waits for the answer. */
  readonly invoke = async (functionArn: string, event: unknown): Promise<InvocationResult> => {
    const target = this.#find(functionArn);
    const answer = await target.invoke(event, { functionArn });
    this.#tell(target, answer);
    return answer;
  };

  /** Takes the event, and waits for nothing. */
  readonly accept = (functionArn: string, event: unknown): void => {
    this.#asynchronous.accept(this.#find(functionArn), event, functionArn);
  };

  /** A function's ARN, by its name or ARN; with an alias that it has, where one is named. */
  readonly arnOf = (nameOrArn: string): string | undefined => {
    for (const { model } of this.#functions.values()) {
      for (const suffix of ["", ...model.aliases.map((alias) => `:${alias}`)]) {
        if ([model.name, model.arn].some((name) => name + suffix === nameOrArn)) return model.arn + suffix;
      }
    }
    return undefined;
  };

  /** Returns when nothing that was accepted is running any more. */
  stop(): Promise<void> {
    return this.#asynchronous.stop();
  }

  #find(functionArn: string): LocalFunction {
    const target = this.#functions.get(functionArn.split(":").slice(0, 7).join(":"));
    if (!target) throw new Error(`The stack has no function ${functionArn}.`);
    return target;
  }

  #tell({ model }: LocalFunction, answer: InvocationResult): void {
    this.#onEnd(model.name, answer.ok);
    if (answer.ok) return;
    const { errorType, errorMessage } = answer.error;
    this.#runEvents.add({ kind: "function-error", functionName: model.name, errorType, errorMessage });
  }
}
