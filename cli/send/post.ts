import type { SendOutcome } from "./target.ts";

interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

/**
 * One POST, its answer read to the end. A redirect is an answer: a signature goes to no other address.
 *
 * @returns the status with the body, or why there is none
 */
export async function post(
  { url, headers, body }: Post,
  timeoutMilliseconds: number,
): Promise<{ readonly answer: SendOutcome; readonly text: string }> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers,
      body: typeof body === "string" ? body : new Uint8Array(body),
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMilliseconds),
    });
    return { answer: response.status, text: await response.text() };
  } catch (error) {
    return { answer: (error as Error).name === "TimeoutError" ? "timeout" : "unreachable", text: "" };
  }
}
