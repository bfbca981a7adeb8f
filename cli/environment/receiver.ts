import { GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { CommandError } from "../../contract/command-error.ts";
import { variableOf } from "../../contract/environment.ts";
import type { SourceSettings } from "../../contract/variables/sources.ts";
import type { Environment } from "./environment.ts";

/** What the receiver was told of how events come in. */
export interface ReceiverFacts {
  readonly sources: readonly SourceSettings[];
  /** Every running receiver has read a secret anew after so many seconds. */
  readonly secretRefreshSeconds: number;
}

/** @throws {CommandError} where the receiver is another version's */
export async function readReceiver({ clients, outputs, title }: Environment): Promise<ReceiverFacts> {
  const lambda = await clients.lambda();
  const { Environment: given } = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: outputs.receiverFunction }),
  );
  const text = given?.Variables?.[variableOf("receiver", "sources")];
  const seconds = Number(given?.Variables?.[variableOf("receiver", "secretRefreshSeconds")]);
  if (text === undefined || !(seconds > 0)) {
    throw new CommandError(
      `The receiver of ${title} does not say which sources it takes in.`,
      "Deploy this version of the stack.",
    );
  }
  return { sources: JSON.parse(text) as SourceSettings[], secretRefreshSeconds: seconds };
}
