/** How one attempt ended: an HTTP status, or why there is none. */
export type SendOutcome = number | "timeout" | "unreachable";

/** Where events go. */
export interface Target {
  readonly url: string;
  /** As a person would call it. */
  readonly title: string;
  /** One attempt; it never rejects. */
  readonly send: (event: Buffer) => Promise<SendOutcome>;
}

export function isAccepted(answer: SendOutcome): boolean {
  return typeof answer === "number" && answer >= 200 && answer < 300;
}
