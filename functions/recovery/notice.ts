import { GENESYS_DLQ } from "../../contract/command-line.ts";
import { logMessages } from "../../contract/log-messages.ts";
import type { Notice } from "../../contract/notice.ts";
import { oneLine } from "../../contract/plain-text.ts";
import { errorName } from "../runtime/error-name.ts";
import type { EventLogger } from "../runtime/observability.ts";
import type { Memory } from "./memory.ts";
import type { TendedBreaker } from "./tend-breaker.ts";

export interface NoticePorts {
  readonly memory: Memory;
  readonly environment: string;
  /** Messages on the main queue, as SQS approximates it. */
  readonly waiting: number;
  readonly publish: (notice: Notice) => Promise<void>;
  readonly logger: EventLogger;
  readonly now: Date;
}

/** Characters of a destination's answer: a mail is read on a telephone. */
const REASON_CHARACTERS = 400;

/**
 * Says once why deliveries have stopped, and once that they go on. The alarm goes off without it; this is the reason.
 * Said first, noted after: killed in between, the next run says it again. A topic that does not take it fails no run.
 */
export async function tellStop(ports: NoticePorts, tended: TendedBreaker | Error): Promise<void> {
  if (tended instanceof Error) return;
  const { memory, publish, logger, now } = ports;
  const isStopped = tended.state.status !== "closed" || !tended.mapping.ok;
  const { since, toldAt } = memory.waiting ?? {};
  const { stopTold } = memory;
  const isDue = isStopped ? since !== undefined && toldAt === now.getTime() : true;
  if (isStopped === (stopTold !== undefined) || !isDue) return;
  const notice = isStopped ? stopNotice(ports, tended, since ?? now.getTime()) : goneNotice(ports, stopTold);
  try {
    await publish(notice);
  } catch (error) {
    logger.warn(logMessages.noticeFailed, { reason: errorName(error) });
    return;
  }
  if (isStopped) memory.stopTold = { since: since ?? now.getTime() };
  else Reflect.deleteProperty(memory, "stopTold");
}

function stopNotice(
  { environment, waiting }: NoticePorts,
  { state, mapping }: TendedBreaker,
  since: number,
): Notice {
  const isOpen = state.status !== "closed";
  const reason = mapping.ok ? state.reason : mapping.problem;
  const lines = [
    `Deliveries of ${environment} have stopped, since ${timeOf(isOpen ? state.since : since)}.`,
    `Why: ${oneLine(reason, REASON_CHARACTERS) || "it is not known"}`,
    ...(isOpen && state.lastProbe !== undefined
      ? [
          `The last probe, at ${timeOf(state.lastProbe.at)}: ${oneLine(state.lastProbe.reason, REASON_CHARACTERS)}`,
        ]
      : []),
    `About ${waiting} events wait on the queue${
      isOpen && state.oldestUndelivered !== undefined
        ? `, the oldest since ${timeOf(state.oldestUndelivered)}`
        : ""
    }. None is lost.`,
    whatFollows(state.by === "operator" || !mapping.ok),
    `Run first: ${GENESYS_DLQ} breaker status --environment ${environment}`,
  ];
  return { subject: `${environment}: deliveries have stopped`, text: lines.join("\n") };
}

function whatFollows(wantsPerson: boolean): string {
  return wantsPerson
    ? "It stays so until a person puts it right. New events are taken in meanwhile."
    : "Recovery tries a few events again and again, and deliveries resume by themselves when one is delivered.";
}

function goneNotice({ environment, waiting }: NoticePorts, told: Memory["stopTold"]): Notice {
  const since = told === undefined ? "" : ` They had stopped at ${timeOf(told.since)}.`;
  return {
    subject: `${environment}: deliveries go on`,
    text: `Deliveries of ${environment} go on.${since} About ${waiting} events wait on the queue, and are delivered now.`,
  };
}

/** To the second, UTC. */
function timeOf(time: string | number): string {
  return new Date(time).toISOString().replace(/\.\d+/, "");
}
