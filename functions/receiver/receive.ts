import { defined } from "../../contract/defined.ts";
import { toAttributes } from "../../contract/event/dead-letter.ts";
import type { EnvelopeHead } from "../../contract/event/envelope.ts";
import { acceptedFields, eventFields } from "../../contract/log-fields.ts";
import { logMessages } from "../../contract/log-messages.ts";
import { metrics as names } from "../../contract/metrics.ts";
import { sourceDefinitions } from "../../contract/sources/index.ts";
import type { SourceSettings } from "../../contract/variables/sources.ts";
import { errorLocation, errorName } from "../runtime/error-name.ts";
import type { LogLevel } from "../runtime/log-lines.ts";
import { type Observability, withFields } from "../runtime/observability.ts";
import { authenticate } from "./authenticate.ts";
import { withContentEncoding } from "./content-encoding.ts";
import { type Arrival, describe } from "./describe.ts";
import type { EventStore, EventToStore, Stored } from "./event-store.ts";
import { type Counted, harmless } from "./harmless-metrics.ts";
import { HttpError } from "./http-error.ts";
import { requestIdOf, shapeOf } from "./invocations.ts";
import { preflight } from "./preflight.ts";
import { type Request, toRequest } from "./request.ts";
import type { HttpResponse } from "./response.ts";
import type { SecretStore } from "./secrets.ts";

/** Everything outside of the receiver's own rules. */
export interface Ports {
  readonly logger: Observability["logger"];
  readonly metrics: Observability["metrics"];
  readonly sources: readonly SourceSettings[];
  /** Whom a browser may call us for. */
  readonly corsOrigins: readonly string[];
  readonly secrets: SecretStore;
  readonly store: EventStore;
  /** Milliseconds, as `Date.now` gives them. */
  readonly now: () => number;
  /** A text that no other call has, here or elsewhere. */
  readonly uuid: () => string;
}

/** What one request is told to. */
interface RequestPorts extends Omit<Ports, "metrics"> {
  readonly metrics: Counted;
  /** Writes the line that a request has in any case, with the metrics in it. */
  readonly tell: (level: LogLevel, message: string, fields: object) => void;
}

/** Bytes that Lambda takes in one synchronous invocation; what is larger does not get here on AWS. */
const MAX_BODY_BYTES = 6 * 1024 * 1024;

/**
 * Takes one request in. Never throws: an error that nobody foresaw means "again", which is 503.
 * docs/decisions/0001-answer-200-after-storing.md
 *
 * @param invocation what Lambda was invoked with. One that is not understood may well carry an event, and a 4xx
 * would be final to Genesys: it is 503, too.
 * @param functionRequestId Lambda's own name for the invocation, as in its reports. It stands in each line that tells
 * of trouble; the API's, which its access log calls `requestId`, in every line.
 */
export async function receive(
  invocation: unknown,
  given: Ports,
  functionRequestId?: string,
): Promise<HttpResponse> {
  const requestId = beginningOf(requestIdOf(invocation));
  const ids = defined({ request_id: requestId, function_request_id: functionRequestId });
  const metrics = harmless(given.metrics);
  const ports: RequestPorts = {
    ...given,
    metrics,
    logger: withFields(given.logger, ids),
    tell(level, message, about) {
      // Where nothing is wrong, one id will do.
      const own = level === "INFO" && requestId !== undefined ? { request_id: requestId } : ids;
      metrics.publishStoredMetrics({ level, message, fields: { ...own, ...about } });
    },
  };
  const startedAt = ports.now();
  let source: SourceSettings | undefined;
  let request: Request | undefined;
  try {
    request = toRequest(invocation);
    if (request === undefined) throw new HttpError("not-understood", { shape: shapeOf(invocation) });
    source = sourceOf(request, ports.sources);
    const answer = preflight(request, source, ports.corsOrigins);
    if (answer !== undefined) return answer;
    if (request.method !== "POST") throw new HttpError("method-not-allowed");
    if (request.body.length > MAX_BODY_BYTES) throw new HttpError("too-large");
    const integration = await authenticate(request, source, ports.secrets);
    const arrival = { receivedAt: new Date(startedAt), uuid: ports.uuid(), ...defined({ integration }) };
    await storeEvent(request, source, arrival, ports);
    return { status: 200, body: { status: "accepted" } };
  } catch (error) {
    return reject(error, { source, request }, ports);
  }
}

function sourceOf(request: Request, sources: readonly SourceSettings[]): SourceSettings {
  const source = sources.find(({ source }) => sourceDefinitions[source].path === request.path);
  if (!source) throw new HttpError("not-found");
  return source;
}

/** @throws {HttpError} when neither the queue nor the bucket took the event. */
async function storeEvent(
  { body: bytes, header }: Request,
  source: SourceSettings,
  arrival: Arrival,
  ports: RequestPorts,
): Promise<void> {
  const described = describe(bytes, source, arrival);
  const { head, malformed, otherIntegration } = withContentEncoding(
    described,
    bytes,
    header("content-encoding"),
  );
  const event: EventToStore =
    malformed === undefined ? { head, bytes } : { head, bytes, attributes: malformedReason(head, malformed) };
  const about = {
    ...eventFields({
      id: head.id,
      source: head.source,
      eventType: head.event_type,
      conversationId: head.conversation_id,
    }),
    bytes: bytes.length,
  };
  let stored: Stored;
  try {
    stored = await ports.store.store(event);
  } catch (error) {
    ports.logger.error(logMessages.notStored, { ...about, error: errorName(error) });
    throw new HttpError("not-stored", { cause: error });
  }
  const line = {
    ...about,
    duration_ms: ports.now() - arrival.receivedAt.getTime(),
    ...(stored.claimChecked ? { claim_check: true } : {}),
    ...(stored.in === "bucket" ? { spilled: true } : {}),
  };
  if (stored.claimChecked) ports.metrics.addMetric(names.receiver.claimChecked, "Count", 1);
  if (stored.in === "bucket") {
    ports.metrics.addMetric(names.receiver.spilled, "Count", 1);
    ports.logger.warn(logMessages.spilled, { ...line, error: errorName(stored.queueError) });
  }
  if (otherIntegration !== undefined) {
    ports.metrics.addMetric(names.receiver.otherIntegration, "Count", 1);
    ports.logger.warn(logMessages.otherIntegration, {
      ...line,
      integration_id: head.integration_id,
      claimed_integration_id: otherIntegration,
    });
  }
  const age = arrival.receivedAt.getTime() - Date.parse(head.occurred_at ?? "");
  if (age > (source.replayAgeSeconds ?? Number.POSITIVE_INFINITY) * 1_000) {
    ports.metrics.addMetric(names.receiver.old, "Count", 1);
    ports.logger.warn(logMessages.old, { ...line, occurred_at: head.occurred_at });
  }
  // Which is counted by its message.
  if (malformed === undefined) return ports.tell("INFO", logMessages.accepted, acceptedFields(line));
  ports.metrics.addMetric(names.receiver.timeToDurable, "Milliseconds", line.duration_ms);
  ports.metrics.addMetric(names.receiver.accepted, "Count", 1);
  ports.metrics.addMetric(names.receiver.malformed, "Count", 1);
  ports.tell("WARN", logMessages.malformed, { ...line, reason: malformed });
}

function malformedReason(head: EnvelopeHead, message: string) {
  return toAttributes({
    class: "malformed",
    message,
    attempts: 0,
    firstAttemptAt: head.received_at,
    lastAttemptAt: head.received_at,
    source: head.source,
    eventId: head.id,
    redrives: 0,
  });
}

/** What is known of a request that was rejected. */
interface Rejected {
  readonly source: SourceSettings | undefined;
  readonly request: Request | undefined;
}

/** Characters of each text of a stranger's that a line has: whoever is not let in has no say in what the log costs. */
const STRANGERS_CHARACTERS = 80;

/** One line, which is short whatever came. */
function reject(error: unknown, { source, request }: Rejected, ports: RequestPorts): HttpResponse {
  const known = error instanceof HttpError ? error : new HttpError("unexpected", { cause: error });
  const { reason, answer, shape } = known;
  if (reason === "unexpected") {
    ports.logger.error(logMessages.unexpected, { error: errorName(error), at: errorLocation(error) });
  }
  ports.metrics.addMetric(names.receiver.rejected, "Count", 1);
  if (reason === "signature-wrong") ports.metrics.addMetric(names.receiver.wrongSignature, "Count", 1);
  ports.metrics.addDimensions({ reason });
  const line = {
    reason,
    status: answer.status,
    ...defined({
      source: source?.source,
      path: beginningOf(request?.rawPath),
      user_agent: beginningOf(request?.header("user-agent")),
      shape,
    }),
  };
  ports.tell("WARN", logMessages.rejected, line);
  return answer;
}

/** Of a stranger's text: what is no visible ASCII, and would be escaped at length, is a question mark. */
function beginningOf(text: string | undefined): string | undefined {
  return text?.slice(0, STRANGERS_CHARACTERS).replaceAll(/[^\x20-\x21\x23-\x5B\x5D-\x7E]/g, "?");
}
