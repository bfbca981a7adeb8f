import {
  appendFile,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keepSynthesis } from "../../../local/synthesis/kept-synthesis.ts";
import { latestSynthesis } from "../../../local/synthesis/latest-synthesis.ts";

/** A checkout whose synth notes that it ran, and what it found. What it is made by is trusted. */
const MAIN = 'import "./infra/build.ts";';
const BUILD = `
import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
const [, , , maps, , output] = process.argv;
appendFileSync("runs", ".");
if (existsSync("saved-meanwhile")) appendFileSync("infra/environments.ts", " ");
const text = readFileSync("infra/environments.ts", "utf8");
if (text.includes("broken")) { process.stderr.write("It is broken."); process.exit(1); }
mkdirSync(output + "/stacks/dev", { recursive: true });
mkdirSync(maps, { recursive: true });
writeFileSync(maps + "/processor.mjs.map", '{"sources":["../node_modules/bundled.js"]}');
writeFileSync(output + "/stacks/dev/cdk.tf.json", text + readdirSync("functions"));
process.stderr.write("Warning: think of it.");
`;

let checkout: string;

beforeEach(async () => {
  checkout = await mkdtemp(join(tmpdir(), "synthesis-"));
  for (const room of ["contract", "functions", "infra", "node_modules"]) await mkdir(join(checkout, room));
  await write("main.ts", MAIN);
  await write("infra/build.ts", BUILD);
  await write("package.json", '{"type":"module"}');
  await write("node_modules/.package-lock.json", "{}");
  await write("node_modules/bundled.js", "");
  await write("infra/environments.ts", "export const environments = {};");
  await write("functions/one.ts", "export {};");
});

afterEach(() => rm(checkout, { recursive: true, force: true }));

const write = (file: string, text: string) => writeFile(join(checkout, file), text);

async function stack(environment: NodeJS.ProcessEnv = {}): Promise<string> {
  const { folder, sourceMaps, warnings } = await latestSynthesis(checkout, environment);
  expect(warnings).toBe("Warning: think of it.");
  expect(await readdir(sourceMaps)).toEqual(["processor.mjs.map"]);
  return readFile(join(folder, "stacks/dev/cdk.tf.json"), "utf8");
}

const runs = async () => (await readFile(join(checkout, "runs"), "utf8")).length;

test("unchanged inputs are synthesised once, and their warnings told each time", async () => {
  const first = await stack();
  expect(await stack()).toBe(first);
  expect(await runs()).toBe(1);
});

test.each<[string, () => Promise<unknown>]>([
  ["a file has changed", () => write("infra/environments.ts", "export const environments = { a: {} };")],
  ["a file has come", () => write("functions/two.ts", "export {};")],
  ["a file has gone", () => rm(join(checkout, "functions/one.ts"))],
  ["packages have been installed", () => write("node_modules/.package-lock.json", '{"packages":{}}')],
  ["somebody has edited a package that is bundled", () => write("node_modules/bundled.js", "debugger;")],
  ["a setting of the compiler has come", () => write("tsconfig.json", "{}")],
  ["the provider has been locked", () => write("infra/terraform.lock.hcl", "")],
])("it is synthesised anew where %s", async (_, change) => {
  await stack();
  await change();
  const text = await readFile(join(checkout, "infra/environments.ts"), "utf8");
  expect(await stack()).toBe(text + (await readdir(join(checkout, "functions"))).sort().join(","));
  expect(await runs()).toBe(2);
});

test("it is synthesised anew where a variable has another value, or is new", async () => {
  for (const environment of [{ A: "1" }, { A: "2" }, { A: "2", B: "" }]) await stack(environment);
  expect(await runs()).toBe(3);
  await stack({ A: "1", OLDPWD: "/somewhere" });
  expect(await runs()).toBe(3);
});

test.each<[string, () => Promise<unknown>]>([
  ["the time", () => write("infra/environments.ts", "export const at = Date.now();")],
  ["a file somewhere", () => write("infra/accounts.ts", 'import { readFileSync } from "fs";')],
  ["code somewhere", () => write("functions/one.ts", 'import "../../shared/one.ts";')],
  ["what a link leads to", () => symlink(tmpdir(), join(checkout, "infra/linked"))],
  ["a package that is linked", () => write("node_modules/.package-lock.json", '{"a":{"link": true}}')],
  ["packages that npm does not know", () => rm(join(checkout, "node_modules/.package-lock.json"))],
  ["a file that is saved meanwhile", () => write("saved-meanwhile", "")],
])("where %s has a say, it is synthesised each time", async (_, change) => {
  await change();
  await stack();
  await stack();
  expect(await runs()).toBe(2);
});

test.each<[string, (file: string) => Promise<unknown>]>([
  ["has been cut off", (file) => truncate(file, 1)],
  ["has been changed", (file) => appendFile(file, " ")],
  ["is gone", (file) => rm(file)],
])("what was kept is not taken where a file of it %s", async (_, change) => {
  const { folder } = await latestSynthesis(checkout, {});
  const file = join(folder, "stacks/dev/cdk.tf.json");
  const text = await readFile(file, "utf8");
  await change(file);
  expect(await stack()).toBe(text);
  expect(await stack()).toBe(text);
  expect(await runs()).toBe(2);
});

test("what does not synthesise is told each time, and keeps nothing", async () => {
  await write("infra/environments.ts", "broken");
  for (let run = 0; run < 2; run++)
    await expect(latestSynthesis(checkout, {})).rejects.toThrow("It is broken.");
  expect(await runs()).toBe(2);
});

test("two at once are both right, and a few of the last are kept", async () => {
  expect(new Set(await Promise.all([stack(), stack()])).size).toBe(1);
  for (let edit = 0; edit < 6; edit++) {
    await write("infra/environments.ts", `export const edit = ${edit};`);
    expect(await stack()).toContain(`= ${edit};`);
  }
  const kept = join(checkout, "node_modules/.cache/genesys-dlq/stacks");
  const hourAgo = new Date(Date.now() - 3_600_000);
  for (const name of await readdir(kept)) await utimes(join(kept, name), hourAgo, hourAgo);
  await write("infra/environments.ts", "export const edit = 6;");
  await stack();
  expect(await readdir(kept)).toHaveLength(4);
});

test("whoever starts takes away nothing that another one is still about to read", async () => {
  const environments = Array.from({ length: 8 }, (_, index) => ({ WORKER: String(index) }));
  const syntheses = await Promise.all(environments.map((each) => latestSynthesis(checkout, each)));
  for (const { folder } of syntheses)
    expect(await readFile(join(folder, "stacks/dev/cdk.tf.json"), "utf8")).not.toBe("");
});

test("of two that have synthesised the same the first one's stays where it lies", async () => {
  const { folder, warnings } = await latestSynthesis(checkout, {});
  const { ino } = await stat(folder);
  const own = join(folder, "../under-way-of-another");
  await cp(folder, own, { recursive: true });
  const { folder: taken } = await keepSynthesis(
    { folder: own, sourceMaps: join(own, "source-maps"), warnings },
    folder,
    checkout,
  );
  expect(taken).toBe(folder);
  expect((await stat(folder)).ino).toBe(ino);
  expect(await readdir(join(folder, ".."))).toHaveLength(1);
});
