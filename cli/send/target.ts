/** How one attempt ended: an HTTP status, or why there is none. */
export type SendOutcome = number | "timeout" | "unreachable";

/** One attempt. */
export interface Sent {
  readonly answer: SendOutcome;
  /** What the event's id contains, where it was accepted: `~` and its bytes' hash, or the bus's own id. */
  readonly mark?: string;
}

/** Where events go. */
export interface Target {
  readonly url: string;
  /** As a person would call it. */
  readonly title: string;
  /** One attempt; it never rejects. */
  readonly send: (event: Buffer) => Promise<Sent>;
}

export function isAccepted(answer: SendOutcome): boolean {
  return typeof answer === "number" && answer >= 200 && answer < 300;
}
