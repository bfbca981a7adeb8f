import { defined } from "../../contract/defined.ts";
/** Why a request was rejected: the metric's dimension and the log line's `reason`. */
export type RejectionReason =
  | "not-found"
  | "method-not-allowed"
  | "too-large"
  | "unknown-integration"
  | "signature-missing"
  | "signature-wrong"
  | "secret-missing"
  | "not-understood"
  | "secret-unreadable"
  | "not-stored"
  | "unexpected";

const answers: Record<
  RejectionReason,
  { status: number; message: string; headers?: Record<string, string> }
> = {
  "not-found": { status: 404, message: "Not Found" },
  "method-not-allowed": { status: 405, message: "Method Not Allowed", headers: { allow: "POST" } },
  "too-large": { status: 413, message: "Content Too Large" },
  // The caller is told the same whatever was wrong with its credentials.
  "unknown-integration": { status: 401, message: "Unauthorized" },
  "signature-missing": { status: 401, message: "Unauthorized" },
  "signature-wrong": { status: 401, message: "Unauthorized" },
  "secret-missing": { status: 503, message: "Service Unavailable" },
  "not-understood": { status: 503, message: "Service Unavailable", headers: { "retry-after": "5" } },
  "secret-unreadable": { status: 503, message: "Service Unavailable" },
  "not-stored": { status: 503, message: "Service Unavailable", headers: { "retry-after": "5" } }, // Genesys' own pace
  unexpected: { status: 503, message: "Service Unavailable", headers: { "retry-after": "5" } },
};

/** The request's end, with the answer that says so. Anything else that is thrown means "again": 503. */
export class HttpError extends Error {
  readonly reason: RejectionReason;
  /** Of an invocation that is not understood: what it consists of. */
  readonly shape: string | undefined;

  constructor(
    reason: RejectionReason,
    { shape, ...options }: { readonly cause?: unknown; readonly shape?: string } = {},
  ) {
    super(reason, options);
    this.name = "HttpError";
    this.reason = reason;
    this.shape = shape;
  }

  get answer() {
    const { status, message, headers } = answers[this.reason];
    return { status, body: { message }, ...defined({ headers }) };
  }
}
