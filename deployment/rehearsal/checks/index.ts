import type { AskedStack } from "../asked.ts";
import type { Cloud } from "../cloud.ts";
import type { Finding } from "../finding.ts";
import { checkAlarms } from "./alarms.ts";
import { checkApis } from "./api.ts";
import { checkBuckets } from "./buckets.ts";
import { checkDashboards } from "./dashboards.ts";
import { checkFunctions } from "./functions.ts";
import { checkLogGroups } from "./log-groups.ts";
import { checkParameters } from "./parameters.ts";
import { checkQueues } from "./queues.ts";
import { checkSchedules } from "./schedules.ts";
import { checkTables } from "./tables.ts";

const checks = [
  checkApis,
  checkFunctions,
  checkQueues,
  checkBuckets,
  checkTables,
  checkSchedules,
  checkParameters,
  checkAlarms,
  checkDashboards,
  checkLogGroups,
];

/** Reads the whole stack back and compares it with what was asked. */
export async function checkStack(asked: AskedStack, cloud: Cloud): Promise<Finding[]> {
  return (await Promise.all(checks.map((check) => check(asked, cloud)))).flat();
}
