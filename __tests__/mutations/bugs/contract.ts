import type { Bug } from "../bug.ts";

export const contract: readonly Bug[] = [
  {
    name: "delete-before-send",
    file: "contract/dead-letter-queue.ts",
    pattern:
      "  const refused = await sendMessage(sqs, queueUrl, body, fitted.attributes);\n  if (refused !== undefined) return refused;\n  const outcome = await deleteDeadLetter(sqs, deadLetterQueueUrl, message);\n",
    replacement:
      "  const outcome = await deleteDeadLetter(sqs, deadLetterQueueUrl, message);\n  const refused = await sendMessage(sqs, queueUrl, body, fitted.attributes);\n  if (refused !== undefined) return refused;\n",
    tests: ["__tests__/cli/dlq/redriving.test.ts"],
  },
  {
    name: "eleven-to-a-call",
    file: "contract/queue-batch.ts",
    pattern: "const MESSAGES_PER_CALL = 10",
    replacement: "const MESSAGES_PER_CALL = 11",
    tests: ["__tests__/functions/recovery/dead-letters.test.ts"],
  },
  {
    name: "reason-travels-along",
    file: "contract/event/dead-letter.ts",
    pattern:
      "const done: readonly string[] = [reasonClass, status, message, ...eventBridgeDeadLetterAttributes]",
    replacement: "const done: readonly string[] = [status, message, ...eventBridgeDeadLetterAttributes]",
    tests: ["__tests__/functions/recovery/dead-letters.test.ts"],
  },
  {
    name: "redrives-not-counted",
    file: "contract/event/dead-letter.ts",
    pattern: "StringValue ?? 0) + 1",
    replacement: "StringValue ?? 0)",
    tests: ["__tests__/functions/recovery/dead-letters.test.ts"],
  },
  {
    name: "moved-by-sqs-has-a-class",
    file: "contract/event/dead-letter.ts",
    pattern: "if (systemAttributes[MOVED_BY_SQS] !== undefined) return undefined;",
    replacement: "",
    tests: ["__tests__/contract/event/dead-letter.test.ts", "__tests__/cli/dlq/filter.test.ts"],
  },
  {
    name: "operator-closed-by-probe",
    file: "contract/breaker.ts",
    pattern:
      '    case "probe-succeeded":\n      if (state.status !== "open" || state.by === "operator") return state;',
    replacement: '    case "probe-succeeded":\n      if (state.status !== "open") return state;',
    tests: ["__tests__/contract/breaker.test.ts"],
  },
  {
    name: "pause-does-not-grow",
    file: "contract/breaker.ts",
    pattern: "pauses.baseSeconds * 2 ** failedProbes",
    replacement: "pauses.baseSeconds",
    tests: ["__tests__/contract/breaker.test.ts"],
  },
  {
    name: "oldest-overwritten",
    file: "contract/breaker.ts",
    pattern: "state.oldestUndelivered ?? oldest",
    replacement: "oldest ?? state.oldestUndelivered",
    tests: ["__tests__/functions/processor/counts.test.ts"],
  },
  {
    name: "held-forgotten",
    file: "contract/breaker.ts",
    pattern: 'reason: "", held: state.held, failedProbes: 0 }',
    replacement: 'reason: "", held: false, failedProbes: 0 }',
    tests: ["__tests__/functions/recovery/recovery.test.ts", "__tests__/contract/breaker.test.ts"],
  },
  {
    name: "emoji-refused",
    file: "contract/event/message-text.ts",
    pattern: "\\u{E000}-\\u{FFFD}\\u{10000}-\\u{10FFFF}",
    replacement: "\\u{E000}-\\u{FFFD}",
    tests: ["__tests__/contract/event/message-text.test.ts"],
  },
  {
    name: "eleven-attributes",
    file: "contract/event/fit-attributes.ts",
    pattern: "const MAX_ATTRIBUTES = 10;",
    replacement: "const MAX_ATTRIBUTES = 11;",
    tests: ["__tests__/contract/event/fit-attributes.test.ts"],
  },
  {
    name: "full-message-without-its-class",
    file: "contract/event/fit-attributes.ts",
    pattern: "} else if (isRequired(name, whole)) {\n      return undefined;\n    } else {",
    replacement: "} else {",
    tests: ["__tests__/contract/event/fit-attributes.test.ts"],
  },
  {
    name: "tls-allowed",
    file: "contract/tls-only.ts",
    pattern: '    Effect: "Deny",\n    Principal',
    replacement: '    Effect: "Allow" as never,\n    Principal',
    tests: ["__tests__/infra/queues.test.ts"],
  },
  {
    name: "blank-is-a-value",
    file: "contract/blank-values.ts",
    pattern: "if (isBlank(text)) throw refusal(MESSAGE);",
    replacement: "",
    tests: ["__tests__/cli/blank-values.test.ts"],
  },
  {
    name: "empty-member-of-a-list",
    file: "contract/blank-values.ts",
    pattern: "if (members.some(isBlank))",
    replacement: "if (members.every(isBlank))",
    tests: ["__tests__/cli/blank-values.test.ts"],
  },
  {
    name: "program-itself-not-asked",
    file: "contract/blank-values.ts",
    pattern: "  for (const child of command.commands) refuseBlankValues(child, refusal);\n",
    replacement: "",
    tests: ["__tests__/cli/blank-values.test.ts"],
  },
  {
    name: "retry-after-in-minutes",
    file: "contract/retry-after.ts",
    pattern: "if (/^\\d+$/.test(value)) return Number(value);",
    replacement: "if (/^\\d+$/.test(value)) return Number(value) * 60;",
    tests: ["__tests__/contract/retry-after.test.ts"],
  },
];
