import type { Happenings } from "../happenings.ts";
import type { InvocationAnswer } from "./answer.ts";
import { AsynchronousInvocations } from "./asynchronous.ts";
import type { LocalFunction } from "./local-function.ts";

/** Invokes the functions of a run, by ARN, and tells of those that fail. */
export class Invoker {
  private readonly functions: ReadonlyMap<string, LocalFunction>;
  private readonly happenings: Happenings;
  private readonly asynchronous: AsynchronousInvocations;
  private readonly onEnd: (functionName: string, ok: boolean) => void;

  /** @param onEnd called after every invocation, with whether it succeeded */
  constructor(
    functions: ReadonlyMap<string, LocalFunction>,
    happenings: Happenings,
    onEnd: (functionName: string, ok: boolean) => void,
  ) {
    this.functions = functions;
    this.happenings = happenings;
    this.onEnd = onEnd;
    this.asynchronous = new AsynchronousInvocations({
      onAnswer: (target, answer) => this.tell(target, answer),
    });
  }

  /** Waits for the answer. */
  readonly invoke = async (functionArn: string, event: unknown): Promise<InvocationAnswer> => {
    const target = this.find(functionArn);
    const answer = await target.invoke(event);
    this.tell(target, answer);
    return answer;
  };

  /** Takes the event, and waits for nothing. */
  readonly accept = (functionArn: string, event: unknown): void => {
    this.asynchronous.accept(this.find(functionArn), event);
  };

  /** A function's ARN, by its name or ARN. */
  readonly arnOf = (nameOrArn: string): string | undefined =>
    [...this.functions.values()].find(({ model }) => model.arn === nameOrArn || model.name === nameOrArn)
      ?.model.arn;

  /** Returns when nothing that was accepted is running any more. */
  stop(): Promise<void> {
    return this.asynchronous.stop();
  }

  private find(functionArn: string): LocalFunction {
    const target = this.functions.get(functionArn);
    if (!target) throw new Error(`The stack has no function ${functionArn}.`);
    return target;
  }

  private tell({ model }: LocalFunction, answer: InvocationAnswer): void {
    this.onEnd(model.name, answer.ok);
    if (answer.ok) return;
    const { errorType, errorMessage } = answer.error;
    this.happenings.add({ kind: "function-error", functionName: model.name, errorType, errorMessage });
  }
}
