import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { CloudWatchLogs } from "../../../cli/events/cloudwatch-logs.ts";
import { findEvents } from "../../../cli/events/find.ts";
import { functionOutput } from "../../../cli/events/function-output.ts";
import { Histories } from "../../../cli/events/histories.ts";
import { LocalLogs } from "../../../cli/events/local-logs.ts";
import type { LogSource } from "../../../cli/events/log-source.ts";
import { readLine } from "../../../cli/events/read-line.ts";
import { functionNames } from "../../../contract/environment.ts";
import { deployedOutputs } from "../../support/deployed.ts";
import { BEGAN_AT, lineAt, longWay } from "../../support/event-lines.ts";
import { forEachTest } from "../../support/hooks.ts";
import { startLogsApi } from "../../support/logs-api.ts";

const outputs = deployedOutputs("http://127.0.0.1:9");
const api = forEachTest(startLogsApi);
const { signal } = new AbortController();
const HOUR = 3_600_000;
const range = { from: BEGAN_AT - HOUR, to: BEGAN_AT + HOUR };

function source(): CloudWatchLogs {
  const client = new CloudWatchLogsClient({
    region: "eu-west-1",
    endpoint: api.endpoint,
    credentials: { accessKeyId: "x", secretAccessKey: "x" },
    maxAttempts: 1,
  });
  return new CloudWatchLogs(() => Promise.resolve(client), outputs, {
    insights: { lookMilliseconds: 1, retryMilliseconds: 1 },
    poll: { everyMilliseconds: 5, longestMilliseconds: 10 },
  });
}

async function historiesOf(from: LogSource, id: string) {
  const histories = new Histories();
  for await (const line of from.query(range, { id }, signal))
    for (const step of readLine(line)) histories.add(step);
  return [...histories.all()];
}

async function idsIn(from: LogSource): Promise<string[]> {
  const ids: string[] = [];
  for await (const line of from.query(range, {}, signal))
    for (const { event } of readLine(line)) ids.push(event.id);
  return ids;
}

test("the same lines deployed and in a local run are the same history, and the look's price is told", async () => {
  const lines = [...longWay("wanted"), ...longWay("other")];
  api.runningLooks = 2;
  api.add(lines);
  const folder = await mkdtemp(join(tmpdir(), "logs-"));
  try {
    for (const name of functionNames) {
      const own = lines.filter((line) => line.function === name).map(({ text }) => `${text}\n`);
      await writeFile(join(folder, `${outputs[functionOutput[name]]}.jsonl`), own.join(""));
    }
    const deployed = source();
    const histories = await historiesOf(deployed, "wanted");
    expect(histories).toHaveLength(1);
    expect(histories).toEqual(await historiesOf(new LocalLogs(folder, outputs), "wanted"));
    expect(deployed.cost).toEqual({ bytesScanned: 1e9, dollars: 0.005 });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("more rows than a query gives are asked for in parts: none is left out", async () => {
  const count = 25_000;
  api.add(Array.from({ length: count }, (_, n) => lineAt(n / 10, "processor", "delivered", `id-${n}`)));
  expect(new Set(await idsIn(source())).size).toBe(count);
  expect(api.queries.length).toBeLessThan(20);
});

test.each([
  ["too many queries at once", { call: "StartQuery", status: 400, type: "LimitExceededException" }],
  ["a throttled look", { call: "GetQueryResults", status: 400, type: "ThrottlingException" }],
  ["a service that fails", { call: "StartQuery", status: 500, type: "ServiceUnavailableException" }],
  [
    "results that have expired",
    {
      call: "GetQueryResults",
      status: 400,
      type: "ResourceNotFoundException",
      message: "Query does not exist",
    },
  ],
])("%s: asked again", async (_, failure) => {
  api.add(longWay("wanted"));
  api.failures.push(failure, failure);
  expect(await historiesOf(source(), "wanted")).toHaveLength(1);
});

test("a query that times out is run again, and one that fails for ever is told", async () => {
  api.add(longWay("wanted"));
  api.ends.push("Timeout", "Failed");
  expect(await historiesOf(source(), "wanted")).toHaveLength(1);
  api.ends.push(...Array.from({ length: 6 }, () => "Failed"));
  await expect(historiesOf(source(), "wanted")).rejects.toThrow("has ended as Failed");
});

test("no permission is told at once", async () => {
  api.failures.push({ call: "StartQuery", status: 400, type: "AccessDeniedException" });
  await expect(historiesOf(source(), "wanted")).rejects.toMatchObject({ name: "AccessDeniedException" });
  expect(api.calls).toEqual(["StartQuery"]);
});

test("a query is stopped when nobody waits for it any more: what it goes on to scan would be paid for", async () => {
  api.runningLooks = 1_000_000;
  const abort = new AbortController();
  const running = source().query(range, {}, abort.signal).next();
  while (!api.calls.includes("GetQueryResults")) await new Promise((resolve) => setImmediate(resolve));
  abort.abort(new Error("enough"));
  await expect(running).rejects.toThrow();
  expect(api.calls.at(-1)).toBe("StopQuery");
});

test("what a stranger calls an event is text within a query", async () => {
  await historiesOf(source(), 'a" or "b\\');
  expect(api.queries[0]).toContain('event_id like "a\\" or \\"b\\\\"');
});

test("events of a source are looked for where it is told, and where it stands in the id alone", async () => {
  for await (const _ of source().query(range, { sources: ["webhook", "data-action"] }, signal)) {
    // what is found does not matter
  }
  expect(api.queries[0]).toContain(
    '(source in ["webhook", "data-action"] or event_id like /^(?:webhook|data-action)[|@!*]/)',
  );
});

test("a young event is found by a look at the last hour, an old one step by step, and an unknown one nowhere", async () => {
  const young = JSON.parse(lineAt(0, "receiver", "accepted", "young").text) as object;
  const agoLine = (id: string, ago: number) => ({
    function: "receiver" as const,
    text: JSON.stringify({ ...young, event_id: id, timestamp: new Date(Date.now() - ago).toISOString() }),
  });
  api.add([agoLine("young", 60_000), agoLine("old", 50 * HOUR)]);
  const look = async (id: string) => {
    api.queries.length = 0;
    const { histories } = await findEvents(source(), id, { since: undefined, signal });
    return [histories.map(({ event }) => event.id), api.queries.length];
  };
  expect(await look("young")).toEqual([["young"], 1]);
  expect(await look("old")).toEqual([["old"], 3]);
  expect((await look("nobody"))[0]).toEqual([]);
});

test("lines as they come: each once, late ones too, a failing look told once, and an end that is quiet", async () => {
  const abort = new AbortController();
  const lines = source().follow({}, abort.signal);
  const now = (id: string, ago = 0) => ({
    function: "processor" as const,
    text: JSON.stringify({
      ...(JSON.parse(lineAt(0, "processor", "delivered", id).text) as object),
      timestamp: new Date(Date.now() - ago).toISOString(),
    }),
  });
  const next = async () => {
    const { value, done } = await lines.next();
    return done ? "end" : "note" in value ? "note" : readLine(value)[0]?.event.id;
  };
  const first = next();
  while (!api.calls.includes("FilterLogEvents")) await new Promise((resolve) => setImmediate(resolve));
  const many = Array.from({ length: 1_000 }, (_, n) => now(`id-${n}`));
  api.add(many);
  const told = [await first];
  while (told.length < many.length) told.push(await next());
  expect(new Set(told).size).toBe(many.length);
  const throttled = { call: "FilterLogEvents", status: 400, type: "ThrottlingException" };
  api.failures.push(throttled, throttled);
  expect(await next()).toBe("note");
  api.add([now("after")]);
  expect(await next()).toBe("after");
  const last = next();
  abort.abort();
  expect(await last).toBe("end");
});
