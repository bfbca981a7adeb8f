import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { jest } from "@jest/globals";
import { startLocal } from "../../local/run.ts";
import { localBench } from "../support/local-bench.ts";
import {
  happened,
  post,
  postUntilTaken,
  quickInput,
  takeMessage,
  webhookEvent,
} from "../support/local-run.ts";
import { all, times } from "../support/watch.ts";

jest.setTimeout(60_000);

const bench = localBench();
const { destination, start, restart } = bench;
afterEach(() => destination.reset());

describe("one run", () => {
  const { run } = bench;
  beforeAll(() => start());

  test("accepted, refused, tried again, delivered: the very bytes, under one key", async () => {
    const before = run.runEvents.soFar.length;
    destination.answer = () => ({ status: destination.requests.length < 3 ? 503 : 200 });
    const event = Buffer.from(
      '{ "webhookName": "w",\n "n": 12345678901234567890123, "a": 1, "a": 2, "emoji": "👋", "u": "\uffff" }',
    );

    const response = await postUntilTaken(run, event);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: "accepted" });
    await run.runEvents.until(happened("delivered"));

    expect(destination.requests.map(({ body }) => body.equals(event))).toEqual([true, true, true]);
    expect(new Set(destination.requests.map(({ headers }) => headers["idempotency-key"])).size).toBe(1);
    const story = run.runEvents.soFar
      .slice(before)
      .flatMap((each) => (each.kind === "event" ? each.what : []));
    expect(story).toEqual(["accepted", "retryLater", "retryLater", "delivered"]);
  });

  test("an event that the destination will never take is a dead letter, with its reason", async () => {
    destination.answer = () => ({ status: 422, body: "no such conversation" });
    await post(run, webhookEvent("x"));
    const { eventId } = await run.runEvents.until(happened("deadLettered"));
    expect(destination.requests).toHaveLength(1);
    const deadLetter = await takeMessage(run, "dead-letter-queue");
    expect(deadLetter?.MessageAttributes).toMatchObject({
      reason_class: { StringValue: "permanent" },
      reason_status: { StringValue: "422" },
      attempts: { StringValue: "1" },
      event_id: { StringValue: eventId },
      source: { StringValue: "webhook" },
    });
  });

  test("a wrong signature is refused, and nothing is stored", async () => {
    const before = run.runEvents.soFar.length;
    const { url, headers } = run.signedRequest(webhookEvent("x"));
    const response = await fetch(url, { method: "POST", headers, body: '{"webhookName":"forged"}' });
    expect(response.status).toBe(401);
    await run.runEvents.until(happened("rejected"));
    expect(run.runEvents.soFar.slice(before).filter(happened("accepted"))).toEqual([]);
  });

  test("a preflight is answered, and what has no route is not found", async () => {
    const headers = { origin: "https://desk.example.com", "access-control-request-method": "POST" };
    const preflight = await fetch(`${run.url}/webhook`, { method: "OPTIONS", headers });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
    expect((await fetch(`${run.url}/data-action`, { method: "POST" })).status).toBe(404);
  });

  test("an event too big for the queue arrives whole", async () => {
    const delivered = times(run, "delivered", all(run, "delivered").length + 1);
    const event = webhookEvent("big", { text: "👋".repeat(300_000) });
    expect((await postUntilTaken(run, event)).status).toBe(200);
    await delivered;
    expect(destination.requests[0]?.body.equals(event)).toBe(true);
  });

  test("a second run in the same folder is refused", async () => {
    const stackFile = bench.workshop.synthesise("another", quickInput);
    await expect(startLocal({ stackFile, dataDirectory: bench.data })).rejects.toThrow(
      /^Another run \(process \d+\)/,
    );
  });
});

test("a restart loses no event, and no secret", async () => {
  const first = await start();
  await Promise.all(first.mappings.map((mapping) => mapping.disable()));
  const events = ["a", "b", "c"].map((type) => webhookEvent(type));
  for (const event of events) expect((await postUntilTaken(first, event)).status).toBe(200);
  const signature = first.signedRequest(events[0] as Buffer).headers;
  await first.stop();
  expect(destination.requests).toEqual([]);

  const second = await restart();
  await second.runEvents.until(() => second.runEvents.soFar.filter(happened("delivered")).length === 3);
  expect(destination.requests.map(({ body }) => body.toString()).sort()).toEqual(
    events.map((event) => event.toString()).sort(),
  );
  expect(second.signedRequest(events[0] as Buffer).headers).toEqual(signature);
});

test("an event whose delivery is cut off by the end is still in the queue of the next run", async () => {
  const first = await start();
  const asked = new Promise<void>((resolve) => {
    destination.answer = () => {
      resolve();
      return "hang";
    };
  });
  await post(first, webhookEvent("x"));
  await asked;
  await first.stop(0);
  expect([...first.functions.values()].flatMap((each) => each.processIds)).toEqual([]);

  // Hidden for as long as the queue says, a minute here, and then delivered.
  const second = await restart();
  const queue = second.stack.queues.find(({ name }) => name.endsWith("test-queue"));
  const { Attributes: attributes } = await second.cloud.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queue?.url, AttributeNames: ["All"] }),
  );
  expect(attributes?.ApproximateNumberOfMessagesNotVisible).toBe("1");
});

test("neither secret nor body nor signature is in a log", async () => {
  const local = await start();
  destination.answer = () => ({ status: destination.requests.length < 2 ? 503 : 422 });
  const event = webhookEvent("x", { planted: "planted-in-the-body" });
  const signature = local.signedRequest(event).headers["x-hub-signature-256"] ?? "";
  await post(local, event);
  await local.runEvents.until(happened("deadLettered"));
  await local.stop();
  const secrets = Object.values(
    JSON.parse(await readFile(join(bench.data, "parameters.json"), "utf8")) as Record<
      string,
      { value: string }
    >,
  ).map(({ value }) => (JSON.parse(value) as { current: string }).current);
  const files = await readdir(join(bench.data, "logs"));
  for (const name of ["receiver", "processor"]) expect(files).toContain(`genesys-events-test-${name}.jsonl`);
  const logs = (
    await Promise.all(files.map((file) => readFile(join(bench.data, "logs", file), "utf8")))
  ).join("");
  expect(logs).toContain("Event accepted");
  expect(secrets).toHaveLength(1);
  for (const planted of ["planted-in-the-body", signature.slice(7), ...secrets]) {
    expect(logs).not.toContain(planted);
  }
});
