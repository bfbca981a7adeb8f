import { readConfiguration } from "../../infra/configuration.ts";
import type { EnvironmentSettings } from "../../infra/settings.ts";
import { variablesFor } from "../../infra/variables.ts";
import { leastInput } from "../support/synthesise.ts";

const settings = readConfiguration({ test: leastInput }).environments.get("test") as EnvironmentSettings;
const given = {
  environment: "test",
  queueUrl: "queue",
  deadLetterQueueUrl: "dead letters",
  overflowBucket: "bucket",
  sources: [{ source: "webhook", authentication: { "": { kind: "none" } } }],
} as const;

test("what a function reads is written out: what the stack gives, and what was set", () => {
  expect(variablesFor("receiver", settings, given)).toEqual({
    ENVIRONMENT: "test",
    LOG_LEVEL: "INFO",
    QUEUE_URL: "queue",
    DEAD_LETTER_QUEUE_URL: "dead letters",
    OVERFLOW_BUCKET: "bucket",
    MAX_MESSAGE_BYTES: "258048",
    SOURCES: expect.any(String),
    ON_OVERSIZE: expect.any(String),
    CORS_ORIGINS: expect.any(String),
    SECRET_REFRESH_SECONDS: "300",
  });
});

test("what the stack has to give is held by the compiler", () => {
  const { queueUrl: _, ...withoutQueue } = given;
  const unchecked: readonly (() => unknown)[] = [
    // @ts-expect-error: the queue's URL is missing
    () => variablesFor("receiver", settings, withoutQueue),
    // @ts-expect-error: the receiver reads no such thing
    () => variablesFor("receiver", settings, { ...given, stateTable: "state" }),
    // @ts-expect-error: it follows from the settings, and is not the construct's to say
    () => variablesFor("receiver", settings, { ...given, secretRefreshSeconds: 300 }),
  ];
  expect(unchecked).toHaveLength(3);
});
