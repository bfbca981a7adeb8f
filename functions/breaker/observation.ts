import { sha256 } from "../../contract/event/envelope.ts";

/** How one attempt ended, as evidence. */
export interface Observation {
  readonly kind: "succeeded" | "failed" | "refused";
  readonly id: string;
  readonly eventType: string | undefined;
  /** From 1, over all redrives. */
  readonly attempt: number;
  /** ISO 8601, UTC. */
  readonly receivedAt?: string;
  readonly status?: number;
  /** What went wrong, fit for a log line. @default nothing did */
  readonly reason?: string;
  /** The team's own code went wrong: that says nothing about a destination. @default false */
  readonly isMistake?: boolean;
}

/** What one execution environment has seen and not yet told, or not told because all was well. */
export interface Seen extends Omit<Observation, "eventType" | "id" | "receivedAt"> {
  readonly type: string;
  readonly mark: string;
  readonly receivedAt?: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const TYPE_CHARACTERS = 64; // a type is a name; the item is paid for by its bytes
const MARK_CHARACTERS = 10;

/** An event's type, as evidence names it. */
export function typeName(eventType: string | undefined): string {
  return eventType?.toWellFormed().slice(0, TYPE_CHARACTERS) || "(no type)";
}

export function seen({ id, eventType, receivedAt, ...rest }: Observation, at: number): Seen {
  const received = Date.parse(receivedAt ?? "");
  return {
    ...rest,
    type: typeName(eventType),
    mark: sha256(id).slice(0, MARK_CHARACTERS),
    ...(Number.isNaN(received) ? {} : { receivedAt: received }),
    at,
  };
}
