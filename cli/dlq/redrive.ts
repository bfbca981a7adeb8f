import type { Message } from "@aws-sdk/client-sqs";
import { redriveDeadLetter, sendRedriven } from "../../contract/dead-letter-queue.ts";
import type { Context } from "../context.ts";
import { counted } from "../counted.ts";
import { readMaxMessageBytes } from "./depth.ts";
import type { Filter } from "./filter.ts";
import { LeftOut } from "./left-out.ts";
import { type Look, look } from "./look.ts";
import { MOST_PER_SECOND, type Moved, moveAll } from "./move-task.ts";
import { noneOf } from "./none.ts";
import { notMet } from "./not-met.ts";
import { listParkedDeadLetters } from "./parked.ts";
import { carryOut, type PlanResult } from "./plan.ts";

/** What recovery redrives in a second, unless the environment says otherwise. */
export const REDRIVES_PER_SECOND = 10;

/** What a redrive came to. */
export type RedriveResult =
  /** One by one: those that were chosen. */
  | {
      readonly kind: "chosen";
      readonly chosen: number;
      readonly lookedAt: number;
      readonly outcome: PlanResult;
      readonly document: unknown;
    }
  /** By SQS's own move task: the whole queue. */
  | { readonly kind: "moved"; readonly moved: Moved; readonly document: unknown };

/**
 * Puts dead letters back on the main queue: those that a filter chooses, or all of them. Without a filter, SQS itself
 * moves the whole queue of what is deployed, and what is parked follows one by one.
 *
 * @param perSecond messages, at most
 * @throws what SQS or S3 throw, each dead letter being where it was; done again, it goes on from there
 */
export async function redrive(
  context: Context,
  filter: Filter | undefined,
  perSecond: number,
): Promise<RedriveResult> {
  const { kind } = await context.environment();
  // In a local run one by one is as fast, and counts each redrive.
  const bySqs = filter === undefined && kind === "deployed" && perSecond <= MOST_PER_SECOND;
  if (!bySqs || !Number.isInteger(perSecond)) return oneByOne(context, filter, perSecond);
  const moved = await moveAll(context, perSecond);
  if (moved.status === "COMPLETED" && (await listParkedDeadLetters(context)).length > 0) {
    context.output.note(`${moved.moved} redriven by SQS's move task; now those that are parked.`);
    return oneByOne(context, undefined, perSecond);
  }
  return { kind: "moved", moved, document: { redriven: moved.moved, bySqs: true, status: moved.status } };
}

/** What a person is told of it. */
export function describeRedrive(result: RedriveResult): string {
  if (result.kind === "moved") {
    const { moved, status } = result.moved;
    return status === "COMPLETED"
      ? `${moved} redriven by SQS's move task.`
      : `${moved} redriven by SQS's move task; the rest is where it was, and the same command goes on with it.`;
  }
  const { chosen, outcome } = result;
  return chosen === 0 ? `${noneOf(result)} Nothing was redriven.` : summary(chosen, outcome);
}

async function oneByOne(
  context: Context,
  filter: Filter | undefined,
  perSecond: number,
): Promise<Extract<RedriveResult, { kind: "chosen" }>> {
  const { deadLetters, lookedAt }: Look = await look(context, filter, undefined, { patient: true });
  const { clients, outputs } = await context.environment();
  const sqs = await clients.sqs();
  const plan = new Set(deadLetters.map(({ messageId }) => messageId));
  const target = { ...outputs, maxMessageBytes: await readMaxMessageBytes(sqs, outputs.queueUrl) };
  const leftOut = new LeftOut();
  const counting = (send: typeof redriveDeadLetter) => async (message: Message) => {
    const end = await send(sqs, target, message);
    if (end.kind === "done") leftOut.add(end.leftOut);
    return end;
  };
  const work = { onQueue: counting(redriveDeadLetter), parked: counting(sendRedriven) };
  const outcome = await carryOut(context, plan, work, { doing: "redriven", rate: perSecond });
  leftOut.tell(context);
  const { done: redriven, ...rest } = outcome;
  return {
    kind: "chosen",
    chosen: plan.size,
    lookedAt,
    outcome,
    document: { chosen: plan.size, redriven, ...rest },
  };
}

function summary(chosen: number, { done, refused, undeleted, ...others }: PlanResult): string {
  return [
    `${done} of ${chosen} redriven.`,
    refused > 0 &&
      counted(refused, "stays: SQS does not take it as it is.", "stay: SQS does not take them as they are."),
    undeleted > 0 &&
      counted(
        undeleted,
        "was sent, but stays too: it could not be deleted.",
        "were sent, but stay too: they could not be deleted.",
      ),
    ...notMet(others),
  ]
    .filter((line) => line !== false)
    .join("\n");
}
