import { memory } from "./functions.ts";
import { number } from "./number.ts";

/** How recovery brings dead letters back. */
export const redrive = {
  /** How often one event is brought back from the dead-letter queue before it is left for a person. @default 3 */
  maxRedrives: number({
    default: 3,
    minimum: 0,
    maximum: 100,
    unit: "redrives",
    source: "this pipeline",
  }),
  /** Dead letters brought back a second. @default 10 */
  redrivesPerSecond: number({
    default: 10,
    minimum: 1,
    maximum: 500,
    unit: "dead letters a second",
    source: "this pipeline",
  }),
};

export const recovery = {
  /** Seconds for one run, of which there is one a minute; at least 20 more than a delivery may take. @default 60 */
  timeoutSeconds: number({
    default: 60,
    minimum: 20,
    maximum: 900,
    unit: "s",
    source: "this pipeline and Lambda",
  }),
  /** Megabytes, which buy a share of a core: 1,769 buy a whole one. It has much to do after an outage, and runs for seconds an hour. @default 1024 */
  memoryMegabytes: number({ default: 1_024, ...memory }),
  ...redrive,
};
