import { mkdtemp, readdir, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RotatingFile } from "../../local/rotating-file.ts";

let folder: string;
let path: string;
const troubles: string[] = [];
const open = () => new RotatingFile(path, { mostBytes: 30, onTrouble: (code) => troubles.push(code) });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rotating-"));
  path = join(folder, "f.jsonl");
  troubles.length = 0;
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const contents = async () => {
  const names = (await readdir(folder)).sort();
  return Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), "utf8")]));
};

test("lines go on where an earlier run has ended", async () => {
  await writeFile(path, "before\n");
  const file = open();
  file.write("one");
  file.write("two");
  await file.close();
  expect(await contents()).toEqual([["f.jsonl", "before\none\ntwo\n"]]);
});

test("a full file gives way to another, and of former ones the youngest three are kept", async () => {
  for (let number = 1; number <= 6; number++) {
    const file = open();
    file.write(`line ${number}, twenty bytes`);
    await file.close();
  }
  expect(await contents()).toEqual([
    ["f.jsonl", "line 6, twenty bytes\n"],
    ["f.jsonl.1", "line 5, twenty bytes\n"],
    ["f.jsonl.2", "line 4, twenty bytes\n"],
    ["f.jsonl.3", "line 3, twenty bytes\n"],
  ]);
});

test("no line is lost or written twice while files give way", async () => {
  const file = open();
  const lines = Array.from({ length: 8 }, (_, number) => `line ${number}`);
  for (const line of lines) {
    file.write(line);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await file.close();
  const written = (await contents()).reverse().map(([, text]) => text);
  expect(written.join("")).toBe(`${lines.join("\n")}\n`);
  expect(written.length).toBeGreaterThan(1);
});

test("a line that comes after the end is written, and leaves no file open", async () => {
  const file = open();
  file.write("one");
  await file.close();
  file.write("two");
  const isOpen = async () => {
    const handles = (await readdir("/proc/self/fd")).map((handle) => `/proc/self/fd/${handle}`);
    const names = await Promise.all(handles.map((handle) => readlink(handle).catch(() => "")));
    return names.includes(path);
  };
  while ((await readFile(path, "utf8")) !== "one\ntwo\n" || (await isOpen()))
    await new Promise((resolve) => setImmediate(resolve));
});

test("a file that cannot be written is told once", async () => {
  await rm(folder, { recursive: true });
  const file = open();
  for (const line of ["one", "two"]) {
    file.write(line);
    await file.close();
  }
  expect(troubles).toEqual(["ENOENT"]);
});
