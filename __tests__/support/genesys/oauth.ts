import { randomBytes } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { ApiError, missingPermission } from "./answers.ts";

/** An OAuth client of the organisation: what it has instead of scopes are the permissions of its roles. */
export interface OAuthClient {
  readonly name: string;
  secret: string;
  /** @default all */
  permissions?: readonly string[];
}

interface Token {
  readonly clientId: string;
  readonly expiresAt: number;
  /** When requests were made with it: the rate limit counts them by token. */
  requests: number[];
}

export interface OAuthOptions {
  /** Seconds; the platform's own range is 300 to 172,800, and 86,400 its default. */
  tokenLifetimeSeconds: number;
  requestsPerMinute: number;
}

const MINUTE = 60_000;

/** Client credentials, as `login.{domain}` takes them (Basic) and as the tutorial sends them (in the form). */
export class OAuth {
  readonly clients = new Map<string, OAuthClient>();
  /** Tokens asked for successfully, and by which flow. */
  readonly granted: { readonly clientId: string; readonly flow: "basic" | "form" }[] = [];
  readonly options: OAuthOptions;
  readonly #now: () => number;
  readonly #tokens = new Map<string, Token>();

  constructor(options: OAuthOptions, now: () => number) {
    this.options = options;
    this.#now = now;
  }

  /** Every token given so far. */
  get accessTokens(): readonly string[] {
    return [...this.#tokens.keys()];
  }

  /** Ends all tokens before their time, as a change of the client's roles or an administrator does. */
  revokeAll(): void {
    for (const [token, { clientId }] of this.#tokens) {
      this.#tokens.set(token, { clientId, expiresAt: 0, requests: [] });
    }
  }

  install(server: FastifyInstance): void {
    server.addContentTypeParser(
      "application/x-www-form-urlencoded",
      { parseAs: "string" },
      (_request, body, done) => done(null, new URLSearchParams(String(body))),
    );
    server.post("/oauth/token", async (request, reply) => this.#grant(request, reply));
  }

  /**
   * @throws {ApiError} 401 without a token that is in force, 429 beyond the token's rate, 403 without the permission
   */
  admit(request: FastifyRequest, permission?: string): OAuthClient & { readonly id: string } {
    const text = /^bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
    const token = this.#tokens.get(text);
    const now = this.#now();
    const client = token && this.clients.get(token.clientId);
    if (!token || !client || token.expiresAt <= now) {
      throw new ApiError(401, "bad.credentials", "Invalid login credentials.");
    }
    token.requests = token.requests.filter((at) => at > now - MINUTE);
    const [oldest = now] = token.requests;
    if (token.requests.length >= this.options.requestsPerMinute) {
      const seconds = Math.max(1, Math.ceil((oldest + MINUTE - now) / 1_000));
      throw new ApiError(
        429,
        "too.many.requests.retry.after",
        `Rate limit exceeded the maximum. Retry the request in [${seconds}] seconds`,
        { headers: { "retry-after": String(seconds) } },
      );
    }
    token.requests.push(now);
    if (permission !== undefined && client.permissions?.includes(permission) === false) {
      throw missingPermission(permission);
    }
    return { ...client, id: token.clientId };
  }

  #grant(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
    const basic = /^basic (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
    const [clientId, secret] = basic === undefined ? fromForm(form) : fromBasic(basic);
    if (form.get("grant_type") !== "client_credentials") {
      return reply.code(400).send(oauthError("unsupported_grant_type", "grant type is not supported"));
    }
    const client = this.clients.get(clientId);
    if (client === undefined) {
      return reply.code(400).send(oauthError("invalid_client", `client not found: ${clientId}`));
    }
    if (client.secret !== secret) {
      return reply.code(401).send(oauthError("invalid_client", "authentication failed"));
    }
    const accessToken = randomBytes(48).toString("base64url");
    const seconds = this.options.tokenLifetimeSeconds;
    this.#tokens.set(accessToken, { clientId, expiresAt: this.#now() + seconds * 1_000, requests: [] });
    this.granted.push({ clientId, flow: basic === undefined ? "form" : "basic" });
    return reply.send({ access_token: accessToken, token_type: "bearer", expires_in: seconds });
  }
}

function fromBasic(text: string): [clientId: string, secret: string] {
  const decoded = Buffer.from(text, "base64").toString();
  const colon = decoded.indexOf(":");
  return [decoded.slice(0, colon), decoded.slice(colon + 1)];
}

function fromForm(form: URLSearchParams): [clientId: string, secret: string] {
  return [form.get("client_id") ?? "", form.get("client_secret") ?? ""];
}

/** The platform says it twice. */
function oauthError(error: string, description: string) {
  return { error, description, error_description: description };
}
