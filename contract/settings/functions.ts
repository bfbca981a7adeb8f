import * as z from "zod/mini";
import { number } from "./number.ts";

/** The first AWS provider that knows a runtime: its changelog. The bindings' own minimum is 5.100. */
export const PROVIDER_OF_RUNTIME = { "nodejs22.x": "5.100.0", "nodejs24.x": "6.21.0" } as const;

/** What holds for all functions. */
export const everyFunction = {
  /**
   * Lambda runtime of all functions. `nodejs24.x` needs AWS provider 6.21 or newer; AWS ends `nodejs22.x` on
   * 2027-04-30. @default "nodejs24.x"
   */
  runtime: z._default(z.enum(["nodejs22.x", "nodejs24.x"]), "nodejs24.x"),
  /** What the functions log from. @default "INFO" */
  logLevel: z._default(z.enum(["DEBUG", "INFO", "WARN", "ERROR"]), "INFO"),
  /** Days that logs are kept; one of CloudWatch's own values. @default 30 */
  logRetentionDays: number({
    default: 30,
    values: [
      1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
    ],
    unit: "days",
    source: "CloudWatch Logs",
  }),
  /** Whether Lambda samples invocations and sends them to X-Ray as traces. @default false */
  tracing: z._default(z.boolean(), false),
};

/** Of a function's memory. */
export const memory = { minimum: 128, maximum: 10_240, unit: "MB", source: "Lambda" };
