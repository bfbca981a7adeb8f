import { processorSettings } from "../../../functions/processor/settings.ts";
import { processorVariables } from "../../support/bench-variables.ts";
import { captureLogs } from "../../support/captured-logs.ts";
import { envelopeFor } from "../../support/envelopes.ts";
import { processorBench, timeLeft } from "../../support/processor.ts";

const bench = processorBench();

const variables = () =>
  processorVariables({ ...bench.cloud, stateTable: bench.state.table }, { kind: "handlers" });

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
