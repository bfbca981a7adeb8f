import { alarmSafeguards } from "./alarms.ts";
import { authentication } from "./authentication.ts";
import { doors } from "./doors.ts";
import { eventBridge } from "./event-bridge.ts";
import { functionSafeguards } from "./functions.ts";
import { keys } from "./keys.ts";
import { permissionSafeguards } from "./permissions.ts";
import { queues } from "./queues.ts";
import { retention } from "./retention.ts";
import { roles } from "./roles.ts";
import type { Safeguard } from "./safeguard.ts";
import { secrets } from "./secrets.ts";
import { stores } from "./stores.ts";

/**
 * What keeps events from being lost, and the data about them. Each compares the environment before and after a plan,
 * by what is there rather than by what is done to a resource: another address, a replacement or an attribute instead
 * of a resource make no difference. In the order in which a report tells of them.
 */
export const safeguards: readonly Safeguard[] = [
  retention,
  secrets,
  ...doors,
  authentication,
  ...eventBridge,
  ...functionSafeguards,
  ...queues,
  keys,
  roles,
  ...permissionSafeguards,
  ...alarmSafeguards,
  ...stores,
];
