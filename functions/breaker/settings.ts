import * as z from "zod/mini";

const positive = z.number().check(z.positive());

/** `BreakerSettings`, as they come in an environment variable. */
export const breakerSchema = z.object({
  failingEvents: z.int().check(z.positive()),
  probeBaseSeconds: positive,
  probeCapSeconds: positive,
  settleSeconds: positive,
});
