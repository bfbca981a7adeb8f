import { metrics } from "../../../contract/metrics.ts";
import { capturedLogs } from "../../support/captured-logs.ts";
import { httpEvent, type RequestOptions, signed } from "../../support/lambda-events.ts";
import { type ReceiverBench, receiverBench, secret } from "../../support/receiver.ts";

/** What is answered, said and counted of each way in which a request can go, whole: people and alarms have nothing else. */

const bench = receiverBench();
const logs = capturedLogs();
const nowhere = "http://127.0.0.1:1";

/** The lines, but what is on every line. */
function lines(): Record<string, unknown>[] {
  return logs.logs().map(({ timestamp, service, environment, request_id, ...rest }) => {
    expect([service, environment]).toEqual(["receiver", "test"]);
    // A secret is read for all requests that wait for it.
    expect(request_id).toBe("in_use" in rest ? undefined : "request");
    return rest;
  });
}

/** What was counted, by name, but how long it took. */
function counted(): Record<string, number> {
  const names = Object.values(metrics.receiver).filter((name) => name !== metrics.receiver.timeToDurable);
  const counts = names.map((name): [string, number] => [name, logs.metric(name)]);
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

const body = '{"webhookName":"ended","eventType":"end"}';
const {
  accepted,
  wrongSignature,
  rejected,
  spilled,
  claimChecked,
  malformed,
  secretMissing,
  secretUnreadable,
} = metrics.receiver;
const event = {
  event_id: expect.stringMatching(/^webhook@/),
  source: "webhook",
  event_type: "end",
  short_id: expect.stringMatching(/^[0-9a-f]{12}$/),
  bytes: 41,
};
const duration_ms = expect.any(Number);
const ok = {
  statusCode: 200,
  headers: { "content-type": "application/json" },
  body: '{"status":"accepted"}',
};
const turnedAway = (statusCode: number, message: string, headers: Record<string, string> = {}) => ({
  statusCode,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify({ message }),
});
const unavailable = (headers: Record<string, string> = {}) => turnedAway(503, "Service Unavailable", headers);
const rejection = (reason: string, status: number, more: object = {}) => ({
  ...{ level: "WARN", message: "Request rejected", reason, status, path: "/webhook", source: "webhook" },
  ...more,
});
const { source: _, ...acceptedEvent } = event; // its id begins with it
const acceptedLine = { level: "INFO", message: "Event accepted", ...acceptedEvent, duration_ms };

interface Case {
  readonly request?: RequestOptions;
  readonly start?: () => ReturnType<ReceiverBench["start"]>;
  readonly answers?: object;
  readonly says: readonly object[];
  readonly counts: Record<string, number>;
}

const cases: Record<string, Case> = {
  queued: { says: [acceptedLine], counts: { [accepted]: 1 } },
  "a claim check": {
    start: () => bench.start({ maxMessageBytes: 0 }),
    says: [{ ...acceptedLine, claim_check: true }],
    counts: { [accepted]: 1, [claimChecked]: 1 },
  },
  spilled: {
    start: () => bench.start({}, { queue: nowhere }),
    says: [
      {
        level: "WARN",
        message: "Event spilled to the overflow bucket",
        ...event,
        error: expect.stringMatching(/^E/),
        spilled: true,
        duration_ms,
      },
      { ...acceptedLine, spilled: true },
    ],
    counts: { [accepted]: 1, [spilled]: 1 },
  },
  malformed: {
    request: { body: "[1]" },
    says: [
      {
        ...{
          level: "WARN",
          message: "Malformed event kept as a dead letter",
          ...event,
          ...{ event_type: undefined, duration_ms },
          bytes: 3,
        },
        reason: "JSON, but no webhook event.",
      },
    ],
    counts: { [accepted]: 1, [malformed]: 1 },
  },
  "no JSON": {
    request: { body: "{" },
    says: [
      {
        ...{
          level: "WARN",
          message: "Malformed event kept as a dead letter",
          ...event,
          ...{ event_type: undefined, duration_ms },
          bytes: 1,
        },
        reason: "Not JSON in UTF-8.",
      },
    ],
    counts: { [accepted]: 1, [malformed]: 1 },
  },
  "stored by nobody": {
    start: () => bench.start({}, { queue: nowhere, bucket: nowhere }),
    answers: unavailable({ "retry-after": "5" }),
    says: [
      { level: "ERROR", message: "Event could not be stored", ...event, error: expect.stringMatching(/^E/) },
      rejection("not-stored", 503),
    ],
    counts: { [rejected]: 1 },
  },
  "not signed": {
    request: { headers: {} },
    answers: turnedAway(401, "Unauthorized"),
    says: [rejection("signature-missing", 401)],
    counts: { [rejected]: 1 },
  },
  "signed by somebody else": {
    request: { headers: signed(body, "another") },
    answers: turnedAway(401, "Unauthorized"),
    says: [rejection("signature-wrong", 401)],
    counts: { [rejected]: 1, [wrongSignature]: 1 },
  },
  "signed in another encoding": {
    request: {
      headers: { "x-hub-signature-256": "sha256=none", "user-agent": `agent\t"${"x".repeat(200)}` },
    },
    answers: turnedAway(401, "Unauthorized"),
    says: [rejection("signature-wrong", 401, { user_agent: `agent??${"x".repeat(73)}` })],
    counts: { [rejected]: 1, [wrongSignature]: 1 },
  },
  "of an integration that nobody knows": {
    request: { path: "/open-messaging/{integrationId}", pathParameters: { integrationId: "unknown" } },
    answers: turnedAway(401, "Unauthorized"),
    says: [
      rejection("unknown-integration", 401, {
        source: "open-messaging",
        path: "/open-messaging/{integrationId}",
      }),
    ],
    counts: { [rejected]: 1 },
  },
  "without a secret to hold it against": {
    start: () => withParameter("/none"),
    answers: unavailable(),
    says: [
      ...[
        {
          level: "ERROR",
          message: "Secret is missing",
          parameter: "/none",
          reason: "not found",
          in_use: false,
        },
      ],
      rejection("secret-missing", 503),
    ],
    counts: { [secretMissing]: 1, [rejected]: 1 },
  },
  "with a secret out of reach": {
    start: () => bench.start({}, { secrets: nowhere }),
    answers: unavailable(),
    says: [
      {
        ...{ level: "ERROR", message: "Secret could not be read", parameter: "/webhook", in_use: false },
        reason: expect.stringMatching(/^E/),
      },
      rejection("secret-unreadable", 503),
    ],
    counts: { [secretUnreadable]: 1, [rejected]: 1 },
  },
  "on another path": {
    request: { path: "/nowhere" },
    answers: turnedAway(404, "Not Found"),
    says: [
      { level: "WARN", message: "Request rejected", reason: "not-found", status: 404, path: "/nowhere" },
    ],
    counts: { [rejected]: 1 },
  },
  "by another method": {
    request: { method: "GET" },
    answers: turnedAway(405, "Method Not Allowed", { allow: "POST" }),
    says: [rejection("method-not-allowed", 405)],
    counts: { [rejected]: 1 },
  },
};

function withParameter(secretParameter: string) {
  const authentication = { "": { kind: "signature", encoding: "base64", secretParameter } as const };
  return bench.start({ sources: [{ source: "webhook", retrySpanSeconds: 120, authentication }] });
}

test.each(Object.entries(cases))("%s", async (_what, { request, start, answers = ok, says, counts }) => {
  const text = request?.body ?? body;
  const receive = start?.() ?? bench.start();
  expect(await receive(httpEvent({ body: text, headers: signed(text, secret), ...request }))).toEqual(
    answers,
  );
  expect(lines()).toEqual(says);
  expect(counted()).toEqual(counts);
});
