import { oneLine } from "../../contract/plain-text.ts";
import { retryAfterSeconds } from "../../contract/retry-after.ts";
import type { ApiResponse } from "./exchange.ts";
import { GenesysError } from "./genesys-error.ts";

/** Characters of Genesys' own words that are repeated. */
const REPEATED = 300;

interface ErrorBody {
  readonly message?: unknown;
  readonly code?: unknown;
  readonly contextId?: unknown;
  readonly messageParams?: { readonly permissions?: unknown };
  readonly error?: unknown;
  readonly description?: unknown;
  readonly error_description?: unknown;
}

/** An answer that is no success, in two sentences. `doing` is what was tried: "list the webhooks". */
export function explain(answer: ApiResponse, doing: string): GenesysError {
  const body = readBody(answer.text);
  const { status } = answer;
  const correlationId = answer.correlationId ?? textOf(body?.contextId);
  const said =
    body && textOf(body.message) ? ` It says: ${oneLine(textOf(body.message) ?? "", REPEATED)}` : "";
  const common = { correlationId };
  if (status === 429) {
    const seconds = retryAfterSeconds(answer.retryAfter, new Date());
    return new GenesysError({
      ...common,
      kind: "rate",
      message: `Genesys Cloud takes no more requests for now (429): it could not ${doing}.`,
      remedy: `Wait ${seconds ?? 60} s; a token has 300 requests a minute, so see what else uses this OAuth client.`,
      retryAfterSeconds: seconds,
      passing: true,
    });
  }
  if (status >= 500) {
    return new GenesysError({
      ...common,
      kind: "server",
      message: `Genesys Cloud failed (${status}): it could not ${doing}.`,
      remedy: "Try again in a few minutes, and look at status.mypurecloud.com.",
      retryAfterSeconds: retryAfterSeconds(answer.retryAfter, new Date()),
      unclear: true,
      passing: true,
    });
  }
  if (status === 404) {
    return new GenesysError({
      ...common,
      kind: "not-found",
      message: `Genesys Cloud found nothing there (404): it could not ${doing}.`,
      remedy: "List what exists, and see that the region is the right one.",
    });
  }
  if (body === undefined) return notJson(answer, doing);
  switch (status) {
    case 400:
      return new GenesysError({
        ...common,
        kind: "invalid",
        message: `Genesys Cloud takes the request to ${doing} for invalid.${said}`,
        remedy: "Correct what it names, and run the command again.",
      });
    case 401:
      return new GenesysError({
        ...common,
        kind: "credentials",
        message: `Genesys Cloud does not accept the token, though it is fresh: it would not ${doing}.`,
        remedy: "See that the OAuth client is active and belongs to this region.",
      });
    case 403:
      return forbidden(body, doing, correlationId);
    case 409:
      return new GenesysError({
        ...common,
        kind: "conflict",
        message: `Something else changed at the same time, or the name is taken (409): it could not ${doing}.${said}`,
        remedy: "Run the command again: it looks first at what is there.",
      });
    default:
      return new GenesysError({
        ...common,
        kind: "unexpected",
        message: `Genesys Cloud answered ${status}: it would not ${doing}.${said}`,
        remedy: "Quote the correlation id to Genesys' support.",
      });
  }
}

function forbidden(body: ErrorBody, doing: string, correlationId: string | undefined): GenesysError {
  const permissions = permissionsIn(body);
  return new GenesysError({
    kind: "permission",
    message:
      permissions.length > 0
        ? `The OAuth client may not ${doing}: it lacks the permission ${permissions.join(", ")}.`
        : `The OAuth client may not ${doing}.`,
    remedy:
      "Give it a role with that permission (Admin, Integrations, OAuth, Roles), then `genesys token --renew`.",
    correlationId,
  });
}

/** `domain:entity:action`, or the tutorial's scopes of two parts, from where the platform puts them. */
function permissionsIn({ messageParams, message }: ErrorBody): readonly string[] {
  const given = textOf(messageParams?.permissions) ?? textOf(message)?.split(/permission[^:]*:/i)[1] ?? "";
  return given.match(/[a-zA-Z]+(:[a-zA-Z*]+){1,2}/g) ?? [];
}

/** A refusal of the token endpoint. The status of `invalid_client` is 400 or 401: both are taken alike. */
export function explainGrant(answer: ApiResponse, host: string): GenesysError {
  const body = readBody(answer.text);
  const said = `${textOf(body?.description) ?? ""} ${textOf(body?.error_description) ?? ""}`;
  const { correlationId } = answer;
  if (/client not found/i.test(said)) {
    return new GenesysError({
      kind: "region",
      message: `The OAuth client is not known at ${host}: client not found.`,
      remedy: "Give the organisation's own region with --genesys-region, and check the client id.",
      correlationId,
    });
  }
  if (answer.status === 401 || body?.error === "invalid_client") {
    return new GenesysError({
      kind: "credentials",
      message: `Genesys Cloud refuses the client id or the client secret (${answer.status}).`,
      remedy: "Check both in Genesys (Admin, Integrations, OAuth); a secret is shown only when it is made.",
      correlationId,
    });
  }
  if (answer.status === 400 && body !== undefined) {
    return new GenesysError({
      kind: "credentials",
      message: `Genesys Cloud refuses to issue a token (${oneLine(textOf(body.error) ?? "400", REPEATED)}).`,
      remedy: "The OAuth client has to be one for client credentials; see Admin, Integrations, OAuth.",
      correlationId,
    });
  }
  return explain(answer, "give a token");
}

/** An answer that ought to be JSON and is not: somebody in between has answered. */
export function notJson({ status, correlationId }: ApiResponse, doing: string): GenesysError {
  return new GenesysError({
    kind: "unexpected",
    message: `The answer (${status}) was not Genesys Cloud's, it was not JSON: it could not ${doing}.`,
    remedy: "Look at --genesys-url and --genesys-region, and whether a proxy answers instead.",
    correlationId,
    unclear: status < 400,
  });
}

/** An answer that says something else than Genesys Cloud would. */
export function unexpected(message: string): GenesysError {
  return new GenesysError({
    kind: "unexpected",
    message,
    remedy: "See that --genesys-url and --genesys-region name Genesys Cloud, and not something else.",
  });
}

function readBody(text: string): ErrorBody | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Not too much of it. */
