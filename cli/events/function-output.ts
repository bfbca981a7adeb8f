import type { FunctionName } from "../../contract/environment.ts";
import type { StackOutputs } from "../../contract/outputs.ts";

/** Which output tells a function's name. */
export const functionOutput = {
  receiver: "receiverFunction",
  processor: "processorFunction",
  recovery: "recoveryFunction",
} as const satisfies Record<FunctionName, keyof StackOutputs>;

/** Lambda's own name for it. */
export function logGroupOf(outputs: StackOutputs, name: FunctionName): string {
  return `/aws/lambda/${outputs[functionOutput[name]]}`;
}
