import { randomUUID } from "node:crypto";
import type { FastifyReply } from "fastify";

/** A refusal as the platform words it: thrown by a route, answered with Genesys' error body. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly more: RefusalDetails;

  constructor(status: number, code: string, message: string, more: RefusalDetails = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.more = more;
  }
}

interface RefusalDetails {
  readonly messageParams?: Readonly<Record<string, string>>;
  readonly details?: readonly { readonly errorCode: string; readonly fieldName: string }[];
  readonly headers?: Readonly<Record<string, string>>;
}

export function notFound(): ApiError {
  return new ApiError(404, "not.found", "The requested resource was not found.");
}

/** The client has none of the roles that give `permission`. */
export function missingPermission(permission: string): ApiError {
  return new ApiError(
    403,
    "missing.permissions",
    `Unable to perform the requested action. You are missing the following permission(s): ${permission}`,
    { messageParams: { permissions: permission } },
  );
}

/** Answers with the general error body; its `contextId` is the correlation id of the header. */
export function refuse(reply: FastifyReply, refusal: ApiError): FastifyReply {
  const { status, code, message, more } = refusal;
  return reply
    .code(status)
    .headers({ ...more.headers })
    .send({
      message,
      code,
      status,
      messageParams: more.messageParams ?? {},
      contextId: correlationIdOf(reply),
      details: more.details ?? [],
      errors: [],
    });
}

/** Every answer carries one, whatever it says. */
export function giveCorrelationId(reply: FastifyReply): void {
  reply.header("inin-correlation-id", randomUUID());
}

function correlationIdOf(reply: FastifyReply): string {
  return String(reply.getHeader("inin-correlation-id"));
}
