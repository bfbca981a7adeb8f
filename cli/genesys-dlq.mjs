#!/usr/bin/env node
/**
 * The command's way in, for whatever Node the machine has: the command itself is TypeScript, which the
 * project's own Node 22 runs as it is.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const own = join(root, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");
const node = existsSync(own) ? own : process.execPath;

const child = spawn(
  node,
  ["--disable-warning=ExperimentalWarning", join(root, "cli", "main.ts"), ...process.argv.slice(2)],
  // Outside of any checkout it works on the one that it is of.
  { stdio: "inherit", env: { ...process.env, GENESYS_DLQ_CHECKOUT: root } },
);
// A terminal signals both processes: the command decides how to end. A signal to this one alone is passed on.
process.on("SIGINT", () => {});
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.once("error", (error) => {
  process.stderr.write(`error: Node could not be started: ${error.message}\n`);
  process.exitCode = 1;
});
child.once("exit", (code, signal) => {
  process.exitCode = code ?? (signal === "SIGINT" ? 130 : 1);
});
