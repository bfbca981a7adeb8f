import fc from "fast-check";
import * as z from "zod/mini";
import { integerText, jsonText, loadSettings } from "../../../functions/runtime/settings.ts";

const shape = {
  environment: z.string().check(z.minLength(1)),
  logLevel: z.enum(["DEBUG", "INFO"]),
  queueUrl: z.string(),
  deadLetterQueueUrl: z.string(),
  overflowBucket: z.string(),
  maxMessageBytes: integerText(1_024),
  sources: jsonText(z.array(z.object({ source: z.string() }))),
  onOversize: jsonText(z.object({ kind: z.string() })),
  secretRefreshSeconds: integerText(1),
};
const good = {
  ENVIRONMENT: "dev",
  LOG_LEVEL: "INFO",
  QUEUE_URL: "q",
  DEAD_LETTER_QUEUE_URL: "d",
  OVERFLOW_BUCKET: "b",
  MAX_MESSAGE_BYTES: "1024",
  SOURCES: '[{"source":"webhook"}]',
  ON_OVERSIZE: '{"kind":"claim-check"}',
  SECRET_REFRESH_SECONDS: "300",
};
const load = (changes: Record<string, string | undefined> = {}) =>
  loadSettings("receiver", shape, { ...good, ...changes });

test("a good environment becomes typed settings", () => {
  expect(load()).toEqual({
    environment: "dev",
    logLevel: "INFO",
    queueUrl: "q",
    deadLetterQueueUrl: "d",
    overflowBucket: "b",
    maxMessageBytes: 1_024,
    sources: [{ source: "webhook" }],
    onOversize: { kind: "claim-check" },
    secretRefreshSeconds: 300,
  });
});

test("all that is wrong is reported together, by the variables' names", () => {
  const wrong = {
    LOG_LEVEL: undefined,
    MAX_MESSAGE_BYTES: "1e9",
    SECRET_REFRESH_SECONDS: "0",
    ON_OVERSIZE: "{",
    SOURCES: '[{"source":1}]',
  };
  let message = "";
  try {
    load(wrong);
  } catch (error) {
    message = (error as Error).message;
  }
  const lines = message.split("\n").sort();
  expect(lines).toEqual([
    expect.stringMatching(/^ {2}LOG_LEVEL: is not set$/),
    expect.stringMatching(/^ {2}MAX_MESSAGE_BYTES: is not a whole number$/),
    expect.stringMatching(/^ {2}ON_OVERSIZE: is not JSON$/),
    expect.stringMatching(/^ {2}SECRET_REFRESH_SECONDS: /),
    expect.stringMatching(/^ {2}SOURCES\.0\.source: /),
    "The receiver's environment is not usable:",
  ]);
});

test("no finding quotes a value", () => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(good)), (name) => {
      try {
        load({ [name]: 'planted-value{"' });
      } catch (error) {
        expect(String(error)).not.toContain("planted-value");
      }
    }),
  );
});

test("integerText takes whole numbers from its minimum up, and nothing else", () => {
  const take = (text: string, minimum = 0) => z.safeParse(integerText(minimum), text).data;
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (number, minimum) => {
      expect(take(String(number), minimum)).toBe(number >= minimum ? number : undefined);
    }),
  );
  for (const text of ["", " 1", "1 ", "-1", "1.0", "1e3", "0x1", "Infinity", "9".repeat(400)]) {
    expect([text, take(text)]).toEqual([text, undefined]);
  }
});
