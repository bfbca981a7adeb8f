import { processor } from "./handler.ts";
import { processorSettings } from "./settings.ts";

/** Lambda's entry. Settings are read when the module loads: a wrong one stops the deployment's first start. */
export const handler = processor(processorSettings());
await handler.prepare();
