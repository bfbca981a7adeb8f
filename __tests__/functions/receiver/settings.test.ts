import { receiverSettings } from "../../../functions/receiver/settings.ts";
import { captureLogs } from "../../support/captured-logs.ts";
import { httpEvent } from "../../support/lambda-events.ts";

const good = {
  ENVIRONMENT: "dev",
  LOG_LEVEL: "INFO",
  QUEUE_URL: "https://queue",
  DEAD_LETTER_QUEUE_URL: "https://dead-letters",
  OVERFLOW_BUCKET: "bucket",
  MAX_MESSAGE_BYTES: "258048",
  SOURCES: JSON.stringify([
    { source: "webhook", authentication: { "": { kind: "none" } }, dedupePath: "detail.id" },
    { source: "data-action", authentication: { "": { kind: "shared-secret", secretParameter: "/p" } } },
  ]),
  CORS_ORIGINS: '["https://app.example.com"]',
  ON_OVERSIZE: JSON.stringify({ kind: "drop-fields", paths: ["transcripts"] }),
  SECRET_REFRESH_SECONDS: "300",
};

test("reads what infra/ sets", () => {
  expect(receiverSettings(good)).toMatchObject({
    maxMessageBytes: 258_048,
    sources: JSON.parse(good.SOURCES),
    corsOrigins: ["https://app.example.com"],
    onOversize: JSON.parse(good.ON_OVERSIZE),
  });
});

test.each([
  ["a source that does not come in over HTTP", { SOURCES: '[{"source":"eventbridge","authentication":{}}]' }],
  [
    "a signature without encoding",
    { SOURCES: '[{"source":"webhook","authentication":{"":{"kind":"signature","secretParameter":"/p"}}}]' },
  ],
  [
    "a shared secret without parameter",
    { SOURCES: '[{"source":"webhook","authentication":{"":{"kind":"shared-secret"}}}]' },
  ],
  [
    "an unknown way to authenticate",
    { SOURCES: '[{"source":"webhook","authentication":{"":{"kind":"trust"}}}]' },
  ],
  ["an unknown way with what is too big", { ON_OVERSIZE: '{"kind":"truncate"}' }],
  ["an unknown log level", { LOG_LEVEL: "LOUD" }],
  ["an empty queue URL", { QUEUE_URL: "" }],
])("%s stops the function's start", (_, change) => {
  const name = Object.keys(change)[0] ?? "";
  expect(() => receiverSettings({ ...good, ...change })).toThrow(name);
});

test("Lambda's entry takes its settings from the environment", async () => {
  Object.assign(process.env, good, { AWS_REGION: "eu-west-1" });
  const logs = captureLogs();
  try {
    const { handler } = await import("../../../functions/receiver/index.ts");
    expect(await handler(httpEvent({ path: "/open-messaging/x" }))).toMatchObject({ statusCode: 404 });
    expect(await handler(httpEvent({ method: "GET" }))).toMatchObject({ statusCode: 405 });
  } finally {
    logs.stop();
  }
});
