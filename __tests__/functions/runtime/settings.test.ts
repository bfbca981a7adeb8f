import fc from "fast-check";
import * as z from "zod/mini";
import { limited } from "../../../contract/settings/number.ts";
import { fromStack, jsonText, numberText } from "../../../contract/variables/variable.ts";
import { loadSettings } from "../../../functions/runtime/settings.ts";

const bytes = limited({ minimum: 1_024, maximum: 262_144, unit: "bytes", source: "SQS" });
const variables = {
  environment: fromStack(z.string().check(z.minLength(1))),
  logLevel: fromStack(z.enum(["DEBUG", "INFO"])),
  queueUrl: fromStack(z.string()),
  maxMessageBytes: fromStack(numberText(bytes)),
  sources: fromStack(jsonText(z.array(z.object({ source: z.string() })))),
  onOversize: fromStack(jsonText(z.object({ kind: z.string() }))),
};
const good = {
  ENVIRONMENT: "dev",
  LOG_LEVEL: "INFO",
  QUEUE_URL: "q",
  MAX_MESSAGE_BYTES: "1024",
  SOURCES: '[{"source":"webhook"}]',
  ON_OVERSIZE: '{"kind":"claim-check"}',
};
const load = (changes: Record<string, string | undefined> = {}) =>
  loadSettings("receiver", variables, { ...good, ...changes });

test("a good environment becomes typed settings", () => {
  expect(load()).toEqual({
    environment: "dev",
    logLevel: "INFO",
    queueUrl: "q",
    maxMessageBytes: 1_024,
    sources: [{ source: "webhook" }],
    onOversize: { kind: "claim-check" },
  });
});

test("all that is wrong is reported together, by the variables' names", () => {
  const wrong = {
    LOG_LEVEL: undefined,
    MAX_MESSAGE_BYTES: "1023",
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
    expect.stringMatching(/^ {2}MAX_MESSAGE_BYTES: SQS takes 1024 to 262144 bytes$/),
    expect.stringMatching(/^ {2}ON_OVERSIZE: is not JSON$/),
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
