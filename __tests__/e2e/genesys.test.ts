import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { EnvironmentInput } from "../../infra/settings.ts";
import type { DeliveryReport } from "../support/genesys/delivery.ts";
import { outboundMessage } from "../support/genesys/messages.ts";
import { CLIENT, GenesysStandIn } from "../support/genesys/stand-in.ts";
import { forAllTests } from "../support/hooks.ts";
import { runInProcess } from "../support/in-process.ts";
import { keepLedger, type Ledger, textOf } from "../support/ledger.ts";
import { localRun } from "../support/local-bench.ts";
import { happened, quickInput } from "../support/local-run.ts";
import { depth, drained } from "../support/watch.ts";

const input: EnvironmentInput = {
  ...quickInput,
  sources: { "open-messaging": { integrations: { main: { kind: "signature" } } } },
  queue: { ...quickInput.queue, maxReceiveCount: 3 },
  breaker: { failingEvents: 5, probeBaseSeconds: 1, probeCapSeconds: 2, settleSeconds: 2 },
  // One event that fails alone is exhausted, and brought back as often as it takes.
  recovery: { timeoutSeconds: 30, redrivesPerSecond: 500, maxRedrives: 100 },
};

let ledger: Ledger;
let integrationId: string;
/** What Genesys waits for before it tries again, in place of its 5 s. */
let nextAttempt = Promise.resolve();
let refused = () => {};
const sent: Buffer[] = [];

const genesys = forAllTests(() =>
  GenesysStandIn.start({
    wait: async () => {
      refused();
      await nextAttempt;
      await pause(200);
    },
  }),
);
const bench = localRun({ input, scheduleEverySeconds: 1 });
const { workshop, run, destination } = bench;
beforeAll(() => {
  ledger = keepLedger(destination);
});

/**
 * Genesys sends so many messages, the first of them twice. Its retries are over sooner than a busy machine's
 * work, so what it gave up is sent again, as somebody would who had no answer.
 */
async function send(name: string, count: number): Promise<DeliveryReport[]> {
  const messages = Array.from({ length: count }, (_, number) =>
    outboundMessage(integrationId, `${name} ${number} Grüße 👋`),
  );
  sent.push(...messages);
  const reports = await Promise.all(
    messages.map((message, number) => sendUntilTaken(message, number === 0 ? 2 : 1)),
  );
  return reports.flat();
}

async function sendUntilTaken(message: Buffer, copies: number): Promise<DeliveryReport[]> {
  const reports: DeliveryReport[] = [];
  do reports.push(...(await genesys.deliver(integrationId, message, copies)));
  while (!reports.some(({ delivered }) => delivered));
  return reports;
}

test("the command tells Genesys where to send, and with which secret", async () => {
  const { code, stdout, stderr } = await runInProcess(
    ["genesys", "open-messaging", "create", "--data", bench.data, "--genesys-url", genesys.url],
    {
      env: {
        GENESYSCLOUD_OAUTHCLIENT_ID: CLIENT.id,
        GENESYSCLOUD_OAUTHCLIENT_SECRET: CLIENT.secret,
        XDG_CACHE_HOME: join(workshop.folder, "cache"),
      },
    },
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining("error") });
  expect(stdout).toMatch(/^Created the Open Messaging integration "genesys-events-test-main"\.\n/);
  const [integration] = genesys.openMessaging.kept.all;
  expect(integration?.outboundNotificationWebhookUrl).toBe(`${run.url}/open-messaging/main`);
  integrationId = integration?.id ?? "";
}, 120_000);

test("one message that the destination answers 503 is sent anew, and delivered when it is well", async () => {
  const answer = destination.answer;
  destination.answer = (request) => (request.body.includes("alone 1 ") ? { status: 503 } : answer(request));
  await send("alone", 10);
  await run.runEvents.until(happened("retryLater"));

  destination.answer = answer;
  await ledger.keys(sent.length);
  await drained(run);
}, 300_000);

test("an outage opens the breaker, and all is delivered after it", async () => {
  ledger.status = 503;
  await send("outage", 30);
  await run.runEvents.until(happened("breakerOpened"));

  ledger.status = 200;
  await ledger.keys(sent.length);
  await drained(run);
}, 300_000);

test("while neither queue nor bucket is there, Genesys' own retries bridge it", async () => {
  let back = () => {};
  nextAttempt = new Promise((resolve) => {
    back = resolve;
  });
  const firstRefusal = new Promise<void>((resolve) => {
    refused = resolve;
  });
  await Promise.all([run.cloud.stopService("sqs"), run.cloud.stopService("s3")]);
  const sending = send("nowhere", 10);
  await firstRefusal;
  await Promise.all([run.cloud.startService("sqs"), run.cloud.startService("s3")]);
  back();

  const reports = await sending;
  // Refused, and taken by a later attempt of the same delivery.
  expect(reports.filter(({ attempts, delivered }) => delivered && attempts[0] === 503)).not.toEqual([]);
  await ledger.keys(sent.length);
  await drained(run);
}, 300_000);

test("in the end everything is there, byte for byte and each under one key, and nothing is left over", async () => {
  expect(ledger.bodies()).toEqual(sent.map(textOf).sort());
  expect(await depth(run, "dead-letter-queue")).toBe(0);
});
