import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FOLDER as WORK } from "./work.ts";

/** StrykerJS is 160 packages, and few people run it: they are installed by whoever does, and not by `npm ci`. */
const FOLDER = join(WORK, "tools");

const FILES = ["package.json", "package-lock.json", ".npmrc"];

/** Installs StrykerJS where it is missing or another one. @returns its script. @throws {Error} where npm fails */
export function installed(): string {
  const script = join(FOLDER, "node_modules", "@stryker-mutator", "core", "bin", "stryker.js");
  if (existsSync(script) && FILES.every(isSame)) return script;
  mkdirSync(FOLDER, { recursive: true });
  for (const file of FILES) copyFileSync(join(import.meta.dirname, file), join(FOLDER, file));
  const { status } = spawnSync("npm", ["ci", "--prefix", FOLDER], { stdio: "inherit" });
  if (status !== 0) throw new Error("npm could not install StrykerJS.");
  return script;
}

const isSame = (file: string) =>
  existsSync(join(FOLDER, file)) &&
  readFileSync(join(FOLDER, file)).equals(readFileSync(join(import.meta.dirname, file)));
