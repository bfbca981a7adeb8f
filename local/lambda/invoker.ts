import { defined } from "../../contract/defined.ts";
import type { RunEvents } from "../run-events.ts";
import { AsynchronousInvocations } from "./asynchronous.ts";
import type { InvocationResult } from "./invocation-result.ts";
import type { LocalFunction } from "./local-function.ts";
import { placeIn } from "./source-place.ts";

/** Invokes the functions of a run, by ARN, with an alias or without, and tells of those that fail. */
export class Invoker {
  readonly #functions: ReadonlyMap<string, LocalFunction>;
  readonly #runEvents: RunEvents;
  readonly #asynchronous: AsynchronousInvocations;
  readonly #onEnd: (functionName: string, ok: boolean) => void;
  readonly #sourceMaps: string | undefined;

  /**
   * @param onEnd called after every invocation, with whether it succeeded
   * @param sourceMaps a folder of the functions' source maps
   */
  constructor(
    functions: ReadonlyMap<string, LocalFunction>,
    runEvents: RunEvents,
    onEnd: (functionName: string, ok: boolean) => void,
    sourceMaps?: string,
  ) {
    this.#functions = functions;
    this.#runEvents = runEvents;
    this.#onEnd = onEnd;
    this.#sourceMaps = sourceMaps;
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
    const { errorType, errorMessage, trace = [] } = answer.error;
    const at = this.#sourceMaps === undefined ? undefined : placeIn(trace, model, this.#sourceMaps);
    const what = { functionName: model.name, errorType, errorMessage };
    this.#runEvents.add({ kind: "function-error", ...what, ...defined({ at }) });
  }
}
