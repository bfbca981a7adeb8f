import { fated, isFated } from "../../contract/samples/fated.ts";
import { sweep } from "../dlq/sweep.ts";
import type { Environment } from "../environment/environment.ts";

/** More than this are no newcomer's any more, and a look at them would take long. */
const MOST = 20;

/** Whether events of that type are samples of `npm start` that never succeed. */
export function isFatedType({ kind }: Environment, eventType: string): boolean {
  return kind === "local" && eventType === fated.eventType;
}

/** Whether so many dead letters are all samples of `npm start` that are meant to end there. */
export async function areFatedSamples(
  { kind, clients, outputs }: Environment,
  deadLetters: number,
  signal: AbortSignal,
): Promise<boolean> {
  if (kind !== "local" || deadLetters === 0 || deadLetters > MOST) return false;
  let samples = 0;
  await sweep(
    await clients.sqs(),
    outputs.deadLetterQueueUrl,
    (messages) => {
      samples += messages.filter(({ Body = "" }) => isFated(Body)).length;
      return Promise.resolve(new Set());
    },
    { signal, receivers: 1 },
  );
  return samples === deadLetters;
}
