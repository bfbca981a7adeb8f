import { isMeant } from "../../contract/event/identity.ts";
import { matchesGlob } from "../../contract/glob.ts";
import type { EventHistory, Outcome } from "./history.ts";
import type { LineFilter } from "./log-source.ts";
import type { EventStep } from "./step.ts";

/** What events are chosen by; all of what is given has to fit. */
export interface EventFilter {
  /** An id, how it begins, its short form, or how that begins. */
  readonly id?: string;
  /** Its conversation's id, or how that begins. */
  readonly conversation?: string;
  readonly sources?: readonly string[];
  /** Globs. */
  readonly types?: readonly string[];
  readonly outcomes?: readonly Outcome[];
  /** `422`, `5xx`, `none`: of the last attempt. */
  readonly statuses?: readonly string[];
}

/** What a log can look for. */
export function lineFilter({ id, conversation, sources, types }: EventFilter): LineFilter {
  return {
    ...(id === undefined ? {} : { id }),
    ...(conversation === undefined ? {} : { conversation }),
    ...(sources === undefined ? {} : { sources }),
    ...(types === undefined ? {} : { types }),
  };
}

/** Whether a step is about an event that is meant, as far as its line tells. */
export function isOfEvent(filter: EventFilter, { event }: Pick<EventStep, "event">): boolean {
  const { id, conversation, sources, types } = filter;
  if (id !== undefined && !isMeant(event.id, id)) return false;
  if (conversation !== undefined && !event.conversation?.startsWith(conversation)) return false;
  if (sources !== undefined && !sources.includes(event.source ?? "")) return false;
  return types === undefined || types.some((type) => isLike(type, event.type ?? ""));
}

/** Whether a history is chosen. */
export function isChosen(filter: EventFilter, history: EventHistory): boolean {
  const { outcomes, statuses } = filter;
  if (!isOfEvent(filter, history)) return false;
  if (outcomes !== undefined && !outcomes.includes(history.outcome)) return false;
  return statuses === undefined || statuses.some((status) => isStatus(status, history.status));
}

/** Whether a status fits `422`, `5xx` or `none`. */
export function isStatus(pattern: string, status: number | undefined): boolean {
  if (status === undefined) return pattern === "none";
  return pattern === String(status) || (pattern.endsWith("xx") && pattern[0] === String(status)[0]);
}

function isLike(pattern: string, text: string): boolean {
  return matchesGlob(pattern.toLowerCase(), text.toLowerCase());
}
