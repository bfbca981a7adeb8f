import type { InvocationResult } from "../lambda/invocation-result.ts";

/** What goes back to the caller. */
export interface GatewayResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

/** An answer of the gateway's own: `{"message":"Not Found"}`. */
export function message(status: number, text: string): GatewayResponse {
  return json(status, JSON.stringify({ message: text }));
}

/**
 * A function's answer, format 2.0: an object with `statusCode` is taken at its word, anything else is the
 * body of a 200. A function that failed, or answered what cannot be sent, is a 500.
 */
export function toResponse(answer: InvocationResult): GatewayResponse {
  if (!answer.ok) return internalServerError();
  const value: unknown = JSON.parse(answer.payload);
  if (typeof value !== "object" || value === null || !("statusCode" in value)) {
    return json(200, typeof value === "string" ? value : answer.payload);
  }
  const given = value as Record<string, unknown>;
  const status = Number(given["statusCode"]);
  if (!Number.isInteger(status) || status < 100 || status > 599) return internalServerError();
  const headers = Object.entries(object(given["headers"])).map(([name, header]): [string, string] => [
    name.toLowerCase(),
    String(header),
  ]);
  const cookies = Array.isArray(given["cookies"]) ? given["cookies"].map(String) : [];
  return {
    status,
    headers: {
      "content-type": "text/plain;charset=UTF-8",
      ...Object.fromEntries(headers),
      ...(cookies.length > 0 ? { "set-cookie": cookies } : {}),
    },
    body: Buffer.from(String(given["body"] ?? ""), given["isBase64Encoded"] === true ? "base64" : "utf8"),
  };
}

function internalServerError(): GatewayResponse {
  return message(500, "Internal Server Error");
}

function json(status: number, body: string): GatewayResponse {
  return { status, headers: { "content-type": "application/json" }, body: Buffer.from(body) };
}

function object(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
