import { z } from "zod";
import { outcomes } from "../../cli/events/history.ts";
import { type Calls, filterNames } from "../api.ts";

const nothing = z.strictObject({});
/** Longer than any filter that is meant. */
const text = z.string().max(2_000);
const filter = z.partialRecord(z.enum(filterNames), text);

const action = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("redrive"), filter }),
  z.strictObject({ kind: z.literal("export"), filter }),
  z.strictObject({ kind: z.literal("replay"), id: text.min(1), to: text.min(1) }),
  z.discriminatedUnion("to", [
    z.strictObject({ kind: z.literal("breaker"), to: z.literal("open"), reason: text }),
    z.strictObject({ kind: z.literal("breaker"), to: z.literal("close") }),
  ]),
]);

/** What each call takes; anything else is refused before it does anything. */
export const inputs: { readonly [Name in keyof Calls]: z.ZodType<Calls[Name]["input"]> } = {
  environment: nothing,
  breaker: nothing,
  queue: nothing,
  metrics: z.strictObject({
    minutes: z
      .int()
      .min(5)
      .max(24 * 60),
  }),
  alarms: nothing,
  forecast: z.strictObject({
    ratePerSecond: z.number().positive().max(100_000),
    outageHours: z
      .number()
      .positive()
      .max(24 * 400),
    latencyMilliseconds: z.number().positive().max(900_000),
  }),
  look: nothing,
  snapshot: nothing,
  causes: z.strictObject({ filter }),
  deadLetters: z.strictObject({ filter, page: z.int().min(0) }),
  deadLetter: z.strictObject({ id: text.min(1) }),
  events: z.strictObject({
    search: text,
    outcome: z.union([z.literal(""), z.enum(outcomes)]),
    page: z.int().min(0),
  }),
  history: z.strictObject({
    id: text.min(1),
    from: z.iso.datetime({ offset: true }).exactOptional(),
    look: z.boolean(),
  }),
  dryRun: z.strictObject({ filter }),
  act: z.strictObject({ action }),
  cancel: z.strictObject({ id: z.int() }),
  activity: nothing,
};
