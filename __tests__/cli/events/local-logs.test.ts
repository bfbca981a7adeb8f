import { appendFile, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalLogs } from "../../../cli/events/local-logs.ts";
import type { LogLine } from "../../../cli/events/log-source.ts";
import { deployedOutputs } from "../../support/deployed.ts";
import { BEGAN_AT, lineAt, longWay } from "../../support/event-lines.ts";
import { forEachTest } from "../../support/hooks.ts";

const outputs = deployedOutputs("http://127.0.0.1:9");
const place = forEachTest(async () => {
  const folder = await mkdtemp(join(tmpdir(), "logs-"));
  return { folder, stop: () => rm(folder, { recursive: true, force: true }) };
});
const path = (name: "receiver" | "processor") => join(place.folder, `${outputs[`${name}Function`]}.jsonl`);
const always = { from: 0, to: Number.POSITIVE_INFINITY };

async function found(filter: object = {}, range = always): Promise<string[]> {
  const lines: string[] = [];
  const source = new LocalLogs(place.folder, outputs);
  for await (const line of source.query(range, filter, new AbortController().signal)) lines.push(line.text);
  return lines;
}

test("lines of a range and of an event are found, rotated ones too, and whatever else is there is passed over", async () => {
  const texts = longWay("wanted").map(({ text }) => text);
  const [first = "", ...others] = texts;
  const huge = `{"event_id":"wanted","x":"${"x".repeat(3_000_000)}"}`;
  await writeFile(`${path("processor")}.1`, `${first}\n`);
  await writeFile(
    path("processor"),
    [
      ...others,
      huge,
      "START foreign",
      lineAt(1, "processor", "delivered", "other").text,
      first.slice(9),
    ].join("\n"),
  );
  await writeFile(join(place.folder, "unknown.jsonl"), `${first}\n`);
  expect((await found({ id: "wanted" })).sort()).toEqual([...texts].sort());
  expect(await found({ id: "wanted" }, { from: BEGAN_AT + 800_000, to: BEGAN_AT + 900_000 })).toEqual([]);
  expect(await found({ id: "wanted" }, { from: BEGAN_AT + 800_000, to: BEGAN_AT + 900_001 })).toHaveLength(1);
  expect(await found({ conversation: "none" })).toEqual([]);
});

test("no folder, no lines", async () => {
  await rm(place.folder, { recursive: true });
  expect(await found()).toEqual([]);
});

/** Follows the logs, and has begun to; gives what comes one by one. */
async function following() {
  const ended = new AbortController();
  const { promise: begun, resolve: onBegun } = Promise.withResolvers<void>();
  const lines = new LocalLogs(place.folder, outputs).follow({}, ended.signal, onBegun);
  const ask = async () => ((await lines.next()).value as LogLine | undefined)?.text;
  let first: Promise<string | undefined> | undefined = ask();
  await begun;
  return {
    /** Returns when its files are closed. */
    async end(): Promise<void> {
      ended.abort();
      while (!(await lines.next()).done);
    },
    next(): Promise<string | undefined> {
      const given = first ?? ask();
      first = undefined;
      return given;
    },
  };
}

test("a line that is being written as it begins is told, as a whole", async () => {
  const line = (id: string) => lineAt(0, "processor", "delivered", id).text;
  await writeFile(path("processor"), `${line("before")}\n${line("half").slice(0, 20)}`);
  const { next, end } = await following();
  await appendFile(path("processor"), `${line("half").slice(20)}\n`);
  expect(await next()).toBe(line("half"));
  await end();
});

test("what comes is told once and whole: written in pieces, and in a new file", async () => {
  const line = (id: string) => lineAt(0, "processor", "delivered", id).text;
  await writeFile(path("processor"), `${line("before")}\n`);
  const { next, end } = await following();
  await appendFile(path("processor"), line("a").slice(0, 20));
  await appendFile(path("processor"), `${line("a").slice(20)}\n`);
  expect(await next()).toBe(line("a"));
  await rename(path("processor"), `${path("processor")}.1`);
  await writeFile(path("processor"), `${line("b")}\n`);
  expect(await next()).toBe(line("b"));
  await writeFile(path("processor"), `${line("")}\n`); // cut, and shorter
  expect(await next()).toBe(line(""));
  await end();
});

test("a thousand events as they happen: none is lost, none comes twice", async () => {
  await writeFile(path("processor"), "");
  const { next, end } = await following();
  const all = Array.from({ length: 1_000 }, (_, n) => lineAt(n, "processor", "delivered", `id-${n}`).text);
  const writing = (async () => {
    for (const text of all) await appendFile(path("processor"), `${text}\n`);
  })();
  const told: (string | undefined)[] = [];
  while (told.length < all.length) told.push(await next());
  await writing;
  expect(told).toEqual(all);
  await end();
});
