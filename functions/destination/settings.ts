import * as z from "zod/mini";

const name = z.string().check(z.minLength(1));
const whole = z.int().check(z.positive());

const credentials = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("bearer"), secretParameter: name }),
  z.object({ kind: z.literal("api-key"), header: name, secretParameter: name }),
  z.object({ kind: z.literal("basic"), secretParameter: name }),
]);

/** `DestinationSettings`, as they come in an environment variable. */
export const destinationSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("http"),
    url: z.url({ protocol: /^https?$/ }),
    timeoutMilliseconds: whole,
    maxResponseBytes: whole,
    allowPrivateAddresses: z.boolean(),
    credentials: z.optional(credentials),
  }),
  z.object({ kind: z.literal("handlers"), timeoutMilliseconds: z.optional(whole) }),
]);
