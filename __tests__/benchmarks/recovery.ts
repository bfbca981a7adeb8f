import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { toAttributes } from "../../contract/event/dead-letter.ts";
import { spillKey, writeSpill } from "../../contract/event/spill.ts";
import { toRecord } from "../../contract/message-record.ts";
import { parkedKey, writeParked } from "../../contract/parked.ts";
import { recovery as settings } from "../../contract/settings/recovery.ts";
import { recovery } from "../../functions/recovery/handler.ts";
import { recoverySettings } from "../../functions/recovery/settings.ts";

/**
 * Prints how fast recovery brings events back where each call of AWS takes 12 ms, and what an event costs of CPU, set
 * against the share of a core that the function's memory buys (1,769 MB buy one: AWS Lambda Developer Guide,
 * "Configure Lambda function memory").
 */
const MILLISECONDS_PER_CALL = 12;
const CORE_MEGABYTES = 1_769;
const EVENTS = 5_000;

process.env["AWS_ACCESS_KEY_ID"] = "test";
process.env["AWS_SECRET_ACCESS_KEY"] = "test";
process.env["AWS_REGION"] = "eu-west-1";
process.env["POWERTOOLS_METRICS_DISABLED"] = "true"; // they would stand between the figures

interface Filling {
  readonly queues?: Readonly<Record<string, readonly object[]>>;
  readonly objects?: Readonly<Record<string, string>>;
}

const body = (number: number) =>
  JSON.stringify({
    version: 1,
    id: `id-${number}`,
    source: "webhook",
    received_at: new Date().toISOString(),
    webhook_id: null,
    webhook_name: null,
    payload: { number, text: "x".repeat(4_000) },
  });
const numbers = Array.from({ length: EVENTS }, (_, number) => number);
const deadLetter = (number: number, reason: "exhausted" | "permanent") => ({
  id: `d-${number}`,
  body: body(number),
  attributes: toAttributes({
    class: reason,
    message: "The destination answered 503.",
    attempts: 5,
    firstAttemptAt: new Date().toISOString(),
    lastAttemptAt: new Date().toISOString(),
    source: "webhook",
    eventId: `id-${number}`,
    redrives: 0,
  }),
});

const fillings: Readonly<Record<string, () => Filling>> = {
  spilled: () => ({
    objects: Object.fromEntries(
      numbers.map((number) => [
        spillKey("main", `id-${number}`, "0".repeat(64), new Date()),
        writeSpill({ queue: "main", body: body(number) }),
      ]),
    ),
  }),
  parked: () => ({
    objects: Object.fromEntries(
      Array.from({ length: EVENTS / 500 }, (_, object) => [
        parkedKey("events", new Date(), 500),
        writeParked(
          numbers
            .slice(object * 500, object * 500 + 500)
            .map((number) => toRecord({ MessageId: `m-${number}`, Body: body(number) })),
        ),
      ]),
    ),
  }),
  "dead letters, 500 a second": () => ({
    queues: { "dead-letters": numbers.map((number) => deadLetter(number, "exhausted")) },
  }),
  "a fifth exhausted, 500 a second": () => ({
    queues: {
      "dead-letters": numbers.map((number) =>
        deadLetter(number, number % 5 === 0 ? "exhausted" : "permanent"),
      ),
    },
  }),
};

async function measure(name: string, filling: Filling): Promise<string> {
  const standIn = fork(join(import.meta.dirname, "stand-in.ts"), {
    env: { ...process.env, STAND_IN_MILLISECONDS: String(MILLISECONDS_PER_CALL) },
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
  const [port] = (await once(standIn, "message")) as [number];
  const endpoint = `http://127.0.0.1:${port}`;
  try {
    await fetch(`${endpoint}/fill`, {
      method: "POST",
      body: JSON.stringify({ queues: {}, objects: {}, ...filling }),
    });
    const at = { endpoint };
    const handler = recovery(variables(endpoint), {
      queue: at,
      bucket: at,
      state: at,
      lambda: at,
    });
    const until = performance.now() + 60_000;
    const context = {
      awsRequestId: "measured",
      invokedFunctionArn: "",
      getRemainingTimeInMillis: () => until - performance.now(),
    };
    const [from, before] = [performance.now(), process.cpuUsage()];
    await handler({}, context);
    const seconds = (performance.now() - from) / 1_000;
    const { user, system } = process.cpuUsage(before);
    const state = (await (await fetch(`${endpoint}/state`)).json()) as Record<string, number>;
    const back = state["events"] ?? 0;
    const cpu = (user + system) / 1_000 / EVENTS;
    const share = settings.memoryMegabytes.def.defaultValue / CORE_MEGABYTES;
    return [
      name.padEnd(32),
      `${String(back).padStart(5)} back in ${seconds.toFixed(1).padStart(5)} s`,
      `${Math.round(EVENTS / seconds)} a second`.padStart(14),
      `${cpu.toFixed(2)} ms CPU an event`.padStart(22),
      `${Math.floor((share * 1_000) / cpu)} a second of CPU`.padStart(24),
    ].join("");
  } finally {
    standIn.disconnect();
    await once(standIn, "exit");
  }
}

function variables(endpoint: string) {
  const queueUrl = (name: string) => `${endpoint}/000000000000/${name}`;
  return recoverySettings({
    ENVIRONMENT: "measured",
    LOG_LEVEL: "ERROR",
    QUEUE_URL: queueUrl("events"),
    DEAD_LETTER_QUEUE_URL: queueUrl("dead-letters"),
    OVERFLOW_BUCKET: "bucket",
    STATE_TABLE: "state",
    EVENT_SOURCE_MAPPING: "mapping",
    DESTINATION: JSON.stringify({ kind: "handlers" }),
    BREAKER: JSON.stringify({
      failingEvents: 5,
      probeBaseSeconds: 60,
      probeCapSeconds: 60,
      settleSeconds: 60,
    }),
    REDRIVE: JSON.stringify({ maxRedrives: 3, redrivesPerSecond: 500 }),
    MAX_MESSAGE_BYTES: "262144",
    RECOVERY_FUNCTION: "recovery",
    QUEUE_RETENTION_SECONDS: "345600",
    DEAD_LETTER_RETENTION_SECONDS: "1209600",
    ALARM_TOPIC: "arn:aws:sns:eu-west-1:000000000000:alarms",
    OLDEST_EVENT_SECONDS: "900",
    TIMEOUT_SECONDS: "60",
  });
}

process.stdout.write(`${MILLISECONDS_PER_CALL} ms a call, ${EVENTS} events of 4 KB\n`);
for (const [name, fill] of Object.entries(fillings)) process.stdout.write(`${await measure(name, fill())}\n`);
