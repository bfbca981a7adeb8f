import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { countedIn } from "../../contract/counted-lines.ts";
import { sha256 } from "../../contract/event/envelope.ts";
import { bindToBytes, repeatedName } from "../../contract/event/identity.ts";
import { dollarsAnEvent, IDLE_DOLLARS_A_MONTH } from "../../contract/forecast/bill.ts";
import { withSettings } from "../../contract/forecast/settings.ts";
import { priceList, prices } from "../../contract/prices.ts";
import { processor as processorDefaults } from "../../contract/settings/processor.ts";
import { receiver as receiverDefaults } from "../../contract/settings/receiver.ts";
import { recovery as recoveryDefaults } from "../../contract/settings/recovery.ts";
import { environments } from "../../infra/environments.ts";
import { billOfUnits, dollars, type Item, standingBill, summed, total } from "../support/bill.ts";
import { markdownTable, money } from "../support/bill-table.ts";
import { countedCalls } from "../support/calls.ts";
import { capturedLogs } from "../support/captured-logs.ts";
import { envelopeFor } from "../support/envelopes.ts";
import { forAllTests } from "../support/hooks.ts";
import { httpEvent, signed } from "../support/lambda-events.ts";
import { bytesOfAccessLine, bytesOfInvocation } from "../support/logged-bytes.ts";
import { processorBench, timeLeft } from "../support/processor.ts";
import { receiverBench, secret } from "../support/receiver.ts";
import { startRecoveryBench } from "../support/recovery.ts";
import { REPOSITORY } from "../support/repository.ts";
import { synthesise } from "../support/synthesise.ts";

const receiver = receiverBench();
const processor = processorBench();
const recovery = forAllTests(startRecoveryBench);
const logs = capturedLogs();
const calls = countedCalls();

/** What AWS alone can tell: assumed, as `npm run measure -- cost` has it, and said beside the tables. Milliseconds. */
const ASSUMED = { receiver: 10, recovery: 250, destination: 100, processor: 30, event: 2, receipt: 500 };
const MINUTES_A_MONTH = 730 * 60;
/** Lambda's five pollers wait 20 s each for an empty queue. */
const POLLS_A_MONTH = 5 * 3 * MINUTES_A_MONTH;
const BATCH = 10;
/** Events of a backlog that one invocation delivers: with the defaults it has time for more. */
const BACKLOG = 200;
const MILLION = 1e6;

const environment = "production";
const stack = synthesise(environments.production, environment);
const page = () => readFile(join(REPOSITORY, "docs/costs.md"), "utf8");

/**
 * What one run of a function calls and writes: its second, for the first one looks at what it remembers then.
 *
 * @param prepare what it is given, which is no part of it
 */
async function used<T>(prepare: () => Promise<T>, run: (given: T) => Promise<unknown>) {
  await run(await prepare());
  const given = await prepare();
  logs.clear();
  calls.clear();
  await run(given);
  // Numbers, durations for one, as long in every run: a bill does not hang on them.
  const noted = calls.counts().get("dynamodb UpdateItem") ?? 0;
  return { units: calls.units(), noted, written: logs.text().replaceAll(/[\d.]+(?=[,\]}])/g, "100") };
}

function ofFunction(
  name: string,
  { milliseconds, megabytes, times }: { milliseconds: number; megabytes: number; times: number },
): Item[] {
  const gigabyteSeconds = (milliseconds / 1_000) * (megabytes / 1_024) * times;
  return [
    { what: `${name}: invocations`, quantity: times, price: "invocation" },
    { what: `${name}: GB-seconds`, quantity: gigabyteSeconds, price: "gigabyteSecond" },
  ];
}

/** Names of metrics in what was written, each under every set of dimensions that it has, and of those that are counted in it. */
function metricsIn(written: string): number {
  const found = new Set<string>();
  for (const line of written.split("\n").filter((text) => text.startsWith("{"))) {
    const { message = "", ...fields } = JSON.parse(line) as { readonly message?: string };
    for (const { metric } of countedIn(message, fields)) found.add(metric);
  }
  for (const line of written.split("\n").filter((text) => text.includes('"_aws"'))) {
    const { _aws, service } = JSON.parse(line) as {
      service: string;
      _aws: { CloudWatchMetrics: { Dimensions: unknown[]; Metrics: { Name: string }[] }[] };
    };
    for (const { Dimensions, Metrics } of _aws.CloudWatchMetrics)
      for (const dimensions of Dimensions)
        for (const { Name } of Metrics) found.add(JSON.stringify([service, Name, dimensions]));
  }
  return found.size;
}

const event = {
  webhookName: "events",
  webhookId: "7e0c5b0e-33a0-4d57-8f2b-6d9f2f5f0001",
  eventType: "v2.detail.events.conversation.{id}.customer.end",
  conversationId: "7e0c5b0e-33a0-4d57-8f2b-6d9f2f5f0002",
  detail: "x".repeat(3_800),
};
const body = JSON.stringify(event);

async function accepting() {
  const handler = receiver.start({ environment });
  const headers = signed(body, secret);
  return used(
    async () => httpEvent({ body, headers, requestId: "JKJaXmPLvHcESHA=" }),
    async (event) => expect(await handler(event)).toMatchObject({ statusCode: 200 }),
  );
}

/** @param size events that one invocation delivers */
async function delivering(size: number, idempotencySeconds: number) {
  const handler = processor.start({ environment, idempotencySeconds });
  const receive = async () => {
    processor.cloud.reset();
    for (let i = 0; i < size; i++) {
      const text = JSON.stringify({ ...event, sequence: crypto.randomUUID() });
      const now = new Date();
      const id = bindToBytes(repeatedName("webhook", [], now, 120), sha256(text));
      const { eventType: event_type, conversationId: conversation_id } = event;
      const head = { id, event_type, conversation_id, received_at: now.toISOString() };
      await processor.send(envelopeFor(text, head));
    }
    const batch = await processor.receive();
    expect(batch.Records).toHaveLength(Math.min(size, BATCH));
    return batch;
  };
  return used(receive, async (event) => {
    const before = processor.destination.requests.length;
    expect(await handler(event, timeLeft())).toEqual({ batchItemFailures: [] });
    expect(processor.destination.requests.length - before).toBe(size);
  });
}

async function billOfEvents(size: number, idempotencySeconds: number): Promise<Item[]> {
  const accepted = await accepting();
  const delivered = await delivering(size, idempotencySeconds);
  const invocations = MILLION / size;
  const rounds = Math.ceil(size / processorDefaults.batchConcurrency.def.defaultValue);
  const ownMilliseconds = ASSUMED.processor + (size > BATCH ? size * ASSUMED.event : 0);
  const milliseconds = ownMilliseconds + rounds * ASSUMED.destination;
  const bytes =
    MILLION * (bytesOfInvocation(accepted.written) + bytesOfAccessLine(stack)) +
    invocations * bytesOfInvocation(delivered.written);
  return summed([
    { what: "HTTP API: requests", quantity: MILLION, price: "httpApiRequest" },
    ...ofFunction("receiver", {
      milliseconds: ASSUMED.receiver,
      megabytes: receiverDefaults.memoryMegabytes.def.defaultValue,
      times: MILLION,
    }),
    ...ofFunction("processor", {
      milliseconds,
      megabytes: processorDefaults.memoryMegabytes.def.defaultValue,
      times: invocations,
    }),
    ...billOfUnits(accepted.units, MILLION),
    // Lambda's poller receives, and deletes.
    { what: "SQS requests", quantity: 2 * invocations, price: "sqsRequest" },
    ...billOfUnits(inItsTime(delivered, size, idempotencySeconds > 0 ? milliseconds : 0), invocations),
    { what: "log bytes", quantity: bytes, price: "logByte" },
  ]);
}

/**
 * What an invocation calls in the time that it really takes: here the destination answers at once, and a receipt is
 * written less often.
 */
function inItsTime({ units, noted }: Awaited<ReturnType<typeof used>>, size: number, milliseconds: number) {
  if (size <= BATCH) return units;
  const { dynamodbWrite = 0, ...others } = units;
  return { ...others, dynamodbWrite: dynamodbWrite - noted + milliseconds / ASSUMED.receipt };
}

async function idleBill(): Promise<Item[]> {
  const recovered = await used(
    async () => undefined,
    () => recovery.run(),
  );
  return summed([
    ...standingBill(stack),
    { what: "metrics that recovery tells", quantity: metricsIn(recovered.written), price: "customMetric" },
    ...ofFunction("recovery", {
      milliseconds: ASSUMED.recovery,
      megabytes: recoveryDefaults.memoryMegabytes.def.defaultValue,
      times: MINUTES_A_MONTH,
    }),
    { what: "SQS requests", quantity: POLLS_A_MONTH, price: "sqsRequest" },
    ...billOfUnits(recovered.units, MINUTES_A_MONTH),
    { what: "log bytes", quantity: MINUTES_A_MONTH * bytesOfInvocation(recovered.written), price: "logByte" },
  ]);
}

const rounded = (quantity: number) => Number(quantity.toPrecision(3)).toLocaleString("en");

test("the idle cost a month, line by line, is what the papers say", async () => {
  const items = await idleBill();
  const rows = items.map((item) => [item.what, rounded(item.quantity), money(dollars(item))]);
  const sum = ["**together**", "", `**${money(total(items))}**`];
  expect(await page()).toContain(markdownTable(["what", "a month", "cost"], [...rows, sum]));
  expect(await readFile(join(REPOSITORY, "README.md"), "utf8")).toContain(
    `about $${Math.round(total(items))} a month`,
  );
});

test("what a million events cost, line by line, is what the papers say", async () => {
  const window = 86_400;
  const single = await billOfEvents(1, window);
  const backlog = await billOfEvents(BACKLOG, window);
  const lean = await billOfEvents(BACKLOG, 0);
  const costOf = (items: readonly Item[], what: string) => {
    const found = items.find((item) => item.what === what);
    return money(found === undefined ? 0 : dollars(found));
  };
  const rows = single.map(({ what }) => [
    what,
    ...[single, backlog, lean].map((items) => costOf(items, what)),
  ]);
  const sum = ["**together**", ...[single, backlog, lean].map((items) => `**${money(total(items))}**`)];
  const head = ["what", "one by one", "from a backlog", "from a backlog, without duplicate suppression"];
  expect(await page()).toContain(markdownTable(head, [...rows, sum]));
  expect(await readFile(join(REPOSITORY, "README.md"), "utf8")).toContain(
    `$${total(backlog).toFixed(1)} to $${total(single).toFixed(1)}`,
  );
});

/** What the functions write of an event; CloudWatch's own bytes for each line are not in it. */
const OWN_BYTES = 760;
test("an event that is accepted and delivered at once makes two lines, and a share of its batch's", async () => {
  const receive = receiver.start({ environment });
  const deliver = processor.start({ environment });
  for (let i = 0; i < BATCH; i++) {
    const text = JSON.stringify({ ...event, sequence: i });
    await receive(httpEvent({ body: text, headers: signed(text, secret), requestId: "JKJaXmPLvHcESHA=" }));
  }
  for (const message of receiver.cloud.messages()) await processor.send(message.body);
  const batch = await processor.receive();
  expect(batch.Records).toHaveLength(BATCH);
  await deliver(batch, timeLeft());
  expect(logs.text().split("\n")).toHaveLength(2 * BATCH + 1 + 1);
  expect(Buffer.byteLength(logs.text()) / BATCH).toBeLessThanOrEqual(OWN_BYTES);
});

test("the metrics that come with the first event are told", async () => {
  const { written: accepted } = await accepting();
  const { written: delivered } = await delivering(1, 86_400);
  const count = metricsIn(accepted) + metricsIn(delivered);
  expect(await page()).toContain(`${count} more metrics, ${money(count * prices.customMetric)} a month`);
});

test("where the prices are from, and what is assumed, stands beside them", async () => {
  const text = await page();
  expect(text).toContain(`list prices of ${priceList.region}, ${priceList.asOf}`);
  for (const milliseconds of Object.values(ASSUMED)) expect(text).toContain(`${milliseconds} ms`);
});

test("a forecast's money is these tables'", async () => {
  expect(Math.abs(total(await idleBill()) / IDLE_DOLLARS_A_MONTH - 1)).toBeLessThan(0.01);
  for (const [size, window] of [
    [1, 86_400],
    [BACKLOG, 86_400],
    [BACKLOG, 0],
  ] as const) {
    const settings = withSettings({ "idempotency.windowSeconds": window });
    const event = {
      bytes: 4_000,
      latencySeconds: ASSUMED.destination / 1_000,
      batchEvents: Math.min(size, BATCH),
    };
    const measured = total(await billOfEvents(size, window));
    expect(Math.abs(dollarsAnEvent(settings, event) * MILLION - measured)).toBeLessThan(measured / 50);
  }
});
