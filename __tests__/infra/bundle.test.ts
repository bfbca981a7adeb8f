import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stop } from "esbuild";
import { bundle } from "../../infra/bundle.ts";
import { zip } from "../../infra/zip.ts";

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "bundle-"));
  await mkdir(join(root, "functions", "receiver"), { recursive: true });
  await source("index.ts", 'export const handler = async () => (await import("./late.ts")).answer;');
  await source("late.ts", "export const answer: number = 42;");
});

afterAll(() => stop()); // esbuild's own process

afterEach(() => rm(root, { recursive: true, force: true }));

function source(name: string, text: string): Promise<void> {
  return writeFile(join(root, "functions", "receiver", name), text);
}

test("what is loaded late lies in a file of its own, and runs", async () => {
  const files = (await bundle(root, ["receiver"])).receiver;
  expect([...files.keys()].sort()).toEqual(["index.mjs", expect.stringMatching(/^late-[A-Z0-9]{8}\.mjs$/)]);
  for (const [name, content] of files) await writeFile(join(root, name), content);
  const { handler } = (await import(join(root, "index.mjs"))) as { handler: () => Promise<number> };
  await expect(handler()).resolves.toBe(42);
});

test("renaming a source file that the bundle shows changes the zip, with not a word of code changed", async () => {
  const before = Buffer.from(zip((await bundle(root, ["receiver"])).receiver));
  await rename(
    join(root, "functions", "receiver", "late.ts"),
    join(root, "functions", "receiver", "later.ts"),
  );
  await source("index.ts", 'export const handler = async () => (await import("./later.ts")).answer;');
  expect(before.equals(zip((await bundle(root, ["receiver"])).receiver))).toBe(false);
});

test("each function gets what it reaches of what functions share, and nothing of another's", async () => {
  await mkdir(join(root, "functions", "processor"));
  await source("shared.ts", "export const shared = () => 'both';");
  await source(
    "index.ts",
    'import { shared } from "./shared.ts"; export const handler = () => [shared(), "mine"];',
  );
  await source(
    "../processor/index.ts",
    'import { shared } from "../receiver/shared.ts"; export const handler = () => [shared(), "theirs"];',
  );
  const { receiver, processor } = await bundle(root, ["receiver", "processor"]);
  const text = (files: ReadonlyMap<string, Uint8Array>) => Buffer.concat([...files.values()]).toString();
  expect([...receiver.keys()].sort()).toEqual([
    expect.stringMatching(/^chunk-[A-Z0-9]{8}\.mjs$/),
    "index.mjs",
  ]);
  expect(text(receiver)).toMatch(/both.*mine|mine.*both/s);
  expect(text(receiver)).not.toContain("theirs");
  expect(text(processor)).not.toContain("mine");
});

test("code that does not build says where", async () => {
  await source("late.ts", "export const answer = ;");
  await expect(bundle(root, ["receiver"])).rejects.toThrow("functions/receiver/late.ts:1:22");
});
