import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { asksOutside, KNOWN_ASKERS } from "../../../local/synthesis/asks-outside.ts";
import { REPOSITORY } from "../../support/repository.ts";

test("the project's own files ask nothing that a digest of the inputs does not hold, but for those that are known", async () => {
  const askers: string[] = [];
  for (const room of ["contract", "functions", "infra"]) {
    for (const name of await readdir(join(REPOSITORY, room), { recursive: true })) {
      if (!name.endsWith(".ts")) continue;
      const text = await readFile(join(REPOSITORY, room, name), "utf8");
      if (asksOutside(`${room}/${name}`, text, new Set())) askers.push(`${room}/${name}`);
    }
  }
  expect(askers.sort()).toEqual([...KNOWN_ASKERS].sort());
  expect(asksOutside("main.ts", await readFile(join(REPOSITORY, "main.ts"), "utf8"))).toBe(false);
});

test.each([
  'import { readFileSync } from "node:fs";',
  'const { readFileSync } = require("fs");',
  'import{execSync}from"child_process"',
  'const fs = await import("node:fs/promises");',
  "const module = await import(name);",
  'import "dotenv/config";',
  "const built = new Date().toISOString();",
  'const answer = await fetch("https://example.com");',
  "const id = randomUUID();",
  'process.getBuiltinModule("fs")',
  'import accounts from "../../accounts.json" with { type: "json" };',
  'import accounts from "/etc/accounts.json" with { type: "json" };',
])("a configuration that has %s is synthesised each time", (text) => {
  expect(asksOutside("infra/environments.ts", text)).toBe(true);
  expect(asksOutside("main.ts", text)).toBe(true);
});

test.each([
  'import { join } from "node:path";',
  'import accounts from "./accounts.json" with { type: "json" };',
  'import { names } from "../contract/names.ts";',
  'export const region = process.env["AWS_REGION"];',
  'import { Fn } from "cdktf";',
])("one that has %s is not", (text) => {
  expect(asksOutside("infra/environments.ts", text)).toBe(false);
});

test("what runs in Lambda may ask for the time, and imports from its rooms alone", () => {
  const handler = "functions/processor/handlers/one.ts";
  expect(asksOutside(handler, "const now = Date.now();")).toBe(false);
  expect(asksOutside(handler, 'import "../../../infra/names.ts";')).toBe(false);
  expect(asksOutside(handler, 'import "../../../shared/names.ts";')).toBe(true);
});
