import type { Context } from "../context.ts";
import { readDepth } from "./depth.ts";
import type { SweepResult } from "./sweep.ts";

/**
 * About how many dead letters a look has not seen: hidden by somebody else, come meanwhile, or too many to be seen at
 * once. SQS's own counts, from before it and after it, so that what is deleted meanwhile hides nothing that comes.
 */
export async function countUnseen(context: Context, { there, seen }: SweepResult): Promise<number> {
  const { clients, outputs } = await context.environment();
  const { visible, hidden } = await readDepth(await clients.sqs(), outputs.deadLetterQueueUrl);
  return Math.max(0, there - seen, visible + hidden - seen);
}
