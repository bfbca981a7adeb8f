import { processorVariables } from "./processor.ts";
import { receiverVariables } from "./receiver.ts";
import { recoveryVariables } from "./recovery.ts";

/** The variables of all functions. A function itself loads its own file alone. */
export const variables = {
  receiver: receiverVariables,
  processor: processorVariables,
  recovery: recoveryVariables,
};
