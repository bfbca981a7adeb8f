import type { Check } from "../check.ts";
import { alarms } from "./alarms.ts";
import { credentials } from "./credentials.ts";
import { deliveries } from "./deliveries.ts";
import { endpoint } from "./endpoint.ts";
import { functions } from "./functions.ts";
import { genesysAccess, genesysSources } from "./genesys.ts";
import { listeners } from "./listeners.ts";
import { overflow } from "./overflow.ts";
import { deadLetterQueue, queue } from "./queues.ts";
import { recovery } from "./recovery.ts";
import { secrets } from "./secrets.ts";
import { secretsKey } from "./secrets-key.ts";

/** In the order of an event's way, after what all of them need. */
export const checks: readonly Check[] = [
  credentials,
  genesysAccess,
  genesysSources,
  endpoint,
  secrets,
  secretsKey,
  ...functions,
  queue,
  deliveries,
  deadLetterQueue,
  recovery,
  overflow,
  alarms,
  listeners,
];
