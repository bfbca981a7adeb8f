import { API_SERVICE, ENVIRONMENT_DIMENSION } from "../contract/metrics.ts";

/**
 * What a line of the API's access log says of a request, in this order: enough to tell who failed, nothing of the event
 * itself, and nothing that a stranger can make long: no path, no user agent. The receiver's line of a rejected request has
 * the beginning of both. CloudWatch knows when it was. The names stand nowhere in the log, since every request would pay
 * for them: docs/operate.md has a query that gives them.
 */
const FIELDS = {
  /** These two are the dimensions of what is counted. */
  [ENVIRONMENT_DIMENSION]: "",
  service: API_SERVICE,
  /** The receiver's lines have it as `request_id`. */
  request_id: "$context.requestId",
  source_ip: "$context.identity.sourceIp",
  route: quoted("$context.routeKey"),
  status: "$context.status",
  /** Milliseconds until the receiver had answered. */
  latency: "$context.integrationLatency",
  error: quoted("$context.integrationErrorMessage"),
};

/** Of a client that has shown a certificate: whose it is. */
const CLIENT_SUBJECT = quoted("$context.identity.clientCert.subjectDN");

/** The access log's format, as a stage takes it. */
export function accessLogFormat(environment: string, mutualTls: boolean): string {
  const fields = Object.values({ ...FIELDS, [ENVIRONMENT_DIMENSION]: environment });
  return [...fields, ...(mutualTls ? [CLIENT_SUBJECT] : [])].join(" ");
}

/** What CloudWatch counts in the access log: lines of one status, whatever comes behind it. */
export function accessLogPattern(status: number): string {
  const names = Object.keys(FIELDS);
  const before = names.slice(0, names.indexOf("status"));
  return `[${[...before, `status = ${status}`, "..."].join(", ")}]`;
}

/** CloudWatch takes what stands in quotes for one field. */
function quoted(text: string): string {
  return `"${text}"`;
}
