import { receiver } from "./handler.ts";
import { receiverSettings } from "./settings.ts";

/** Lambda's entry. Settings are read when the module loads: a wrong one stops the deployment's first start. */
export const handler = receiver(receiverSettings());
await handler.prepare();
