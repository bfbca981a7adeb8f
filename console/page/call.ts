import type { Calls, ErrorInfo } from "../api.ts";
import { takeToken } from "./token.ts";

const token = takeToken();

/** Whether this tab was opened by the address that has the token. */
export const hasToken = token !== undefined;

/** What the server, or nobody, has answered: what happened, and what to do. */
export class CallError extends Error {
  readonly remedy: string;
  /** Nobody has answered, or somebody who does not know this tab: the console was stopped, or started anew. */
  readonly isGone: boolean;

  constructor({ message, remedy }: ErrorInfo, isGone = false) {
    super(message);
    this.remedy = remedy;
    this.isGone = isGone;
  }
}

const GONE = {
  message: "The console does not answer.",
  remedy: "It was stopped, or started anew: open the address that it prints.",
};

/** Asks the server, and nobody else. @throws {CallError} */
export async function call<Name extends keyof Calls>(
  name: Name,
  input: Calls[Name]["input"],
): Promise<Calls[Name]["output"]> {
  const response = await post(name, input);
  const body = (await response.json().catch(() => ({}))) as { error?: ErrorInfo };
  if (response.ok) return body as Calls[Name]["output"];
  throw new CallError(body.error ?? GONE, response.status === 401);
}

/** The raw answer of a call: for one that has no end. @throws {CallError} where nobody answers */
export function post(name: string, input: unknown, signal?: AbortSignal): Promise<Response> {
  return fetch(`/api/${name}`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify(input),
    ...(signal === undefined ? {} : { signal }),
  }).catch(() => {
    throw new CallError(GONE, true);
  });
}
