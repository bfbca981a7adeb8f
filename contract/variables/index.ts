import { processor } from "./processor.ts";
import { receiver } from "./receiver.ts";
import { recovery } from "./recovery.ts";

/** The variables of all functions. A function itself loads its own file alone. */
export const variables = { receiver, processor, recovery };
