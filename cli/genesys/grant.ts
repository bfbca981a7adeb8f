import type { Redaction } from "../../contract/redaction/redaction.ts";
import type { Clock } from "./clock.ts";
import type { Endpoint } from "./endpoint.ts";
import { exchange } from "./exchange.ts";
import { explainGrant, notJson } from "./explain.ts";

/** An access token, and when it ends: milliseconds since the epoch. */
export interface Token {
  readonly accessToken: string;
  readonly expiresAt: number;
}

interface Surroundings {
  readonly clock: Clock;
  readonly redaction: Redaction;
  readonly signal?: AbortSignal | undefined;
}

/** Milliseconds for one request for a token. */
const TIMEOUT_MILLISECONDS = 10_000;

/**
 * Asks for a token by client credentials: with HTTP Basic as the platform has it, with id and secret in the
 * form as the tutorial does.
 *
 * @throws {GenesysError}
 */
export async function grant(
  { tokenUrl, flow }: Endpoint,
  clientId: string,
  clientSecret: string,
  { clock, redaction, signal }: Surroundings,
): Promise<Token> {
  const form = new URLSearchParams({ grant_type: "client_credentials" });
  const headers: Record<string, string> = {
    "content-type": "application/x-www-form-urlencoded",
    accept: "application/json",
  };
  if (flow === "platform") headers["authorization"] = `Basic ${basic(clientId, clientSecret)}`;
  else {
    form.set("client_id", clientId);
    form.set("client_secret", clientSecret);
  }
  const askedAt = clock.now();
  const answer = await exchange({
    method: "POST",
    url: tokenUrl,
    headers,
    body: form.toString(),
    timeoutMilliseconds: TIMEOUT_MILLISECONDS,
    signal,
  });
  if (answer.status !== 200) {
    const text = redaction.scrub(answer.text);
    throw explainGrant({ ...answer, text }, new URL(tokenUrl).host);
  }
  const token = read(answer.text);
  if (!token) throw notJson(answer, "give a token");
  return { accessToken: token.access_token, expiresAt: askedAt + token.expires_in * 1_000 };
}

/** `user:password` in base64. */
export function basic(clientId: string, clientSecret: string): string {
  return Buffer.from(`${clientId}:${clientSecret}`).toString("base64");
}

function read(text: string): { access_token: string; expires_in: number } | undefined {
  try {
    const { access_token, expires_in } = JSON.parse(text) as Record<string, unknown>;
    if (typeof access_token !== "string" || typeof expires_in !== "number") return undefined;
    return { access_token, expires_in };
  } catch {
    return undefined;
  }
}
