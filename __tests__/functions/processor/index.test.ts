import { processorSettings } from "../../../functions/processor/settings.ts";
import { captureLogs } from "../../support/captured-logs.ts";
import { envelopeFor } from "../../support/envelopes.ts";
import { processorBench, timeLeft } from "../../support/processor.ts";

const bench = processorBench();

const variables = () => ({
  ENVIRONMENT: "test",
  LOG_LEVEL: "INFO",
  QUEUE_URL: bench.cloud.queueUrl,
  DEAD_LETTER_QUEUE_URL: bench.cloud.deadLetterQueueUrl,
  MAX_RECEIVE_COUNT: "5",
  MAX_MESSAGE_BYTES: "262144",
  DESTINATION: JSON.stringify({ kind: "handlers" }),
  BACK_OFF: JSON.stringify({ baseSeconds: 30, factor: 4, capSeconds: 900, retryAfterCapSeconds: 3600 }),
  BATCH_CONCURRENCY: "5",
  OVERFLOW_BUCKET: "overflow",
  STATE_TABLE: bench.state.table,
  PAUSE_MILLISECONDS: "0",
  IDEMPOTENCY_SECONDS: "3600",
  BREAKER: JSON.stringify({
    failingEvents: 5,
    probeBaseSeconds: 60,
    probeCapSeconds: 900,
    settleSeconds: 120,
  }),
  RECOVERY_FUNCTION: "recovery",
});

test("the exported handler runs the team's own code with what the environment says", async () => {
  Object.assign(process.env, variables(), {
    AWS_ENDPOINT_URL: bench.cloud.endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: bench.state.endpoint,
  });
  const logs = captureLogs();
  try {
    const { handler } = await import("../../../functions/processor/index.ts");
    await bench.send(
      envelopeFor('{"conversationId":"c-1"}', { event_type: "conversation:analytics:summary" }),
    );
    await bench.send(envelopeFor('{"conversationId":"c-2"}', { event_type: "unknown" }));
    expect(await handler(await bench.receive(), timeLeft())).toEqual({ batchItemFailures: [] });
    expect(bench.cloud.messages("dead-letter").map(({ attributes }) => attributes)).toEqual([
      expect.objectContaining({ reason_message: "No handler takes events of type unknown." }),
    ]);
  } finally {
    logs.stop();
  }
});

test.each([
  ["MAX_RECEIVE_COUNT", "0"],
  ["BATCH_CONCURRENCY", "many"],
  ["DESTINATION", '{"kind":"http","url":"ftp://planted"}'],
  ["DESTINATION", '{"kind":"pigeon"}'],
  ["BACK_OFF", '{"baseSeconds":-1,"factor":4,"capSeconds":900,"retryAfterCapSeconds":3600}'],
  ["LOG_LEVEL", "LOUD"],
])("a wrong %s stops it, by name and without its value", (name, value) => {
  const settings = () => processorSettings({ ...variables(), [name]: value });
  expect(settings).toThrow(name);
  expect(settings).not.toThrow("planted");
});
