import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { ScenarioSummary } from "../../simulation/summary.ts";
import { plant } from "../support/plant.ts";
import { type Planted, planted } from "./planted.ts";

/**
 * Plants each fault in a copy of the tree and lets the judge look for it: `npm run simulate:planted`, or with a part
 * of its name behind `--`. Ends with 1 where one is not found within a minute.
 */
const root = join(import.meta.dirname, "../..");
const ROOMS = [
  "contract",
  "functions",
  "infra",
  "local",
  "terraform",
  "simulation",
  "package.json",
  "tsconfig.json",
];
const MINUTE = 60_000;

interface Said {
  readonly summaries: readonly ScenarioSummary[];
}

/** @returns the seconds that it took; nothing where nobody noticed */
export async function isFound(fault: Planted): Promise<number | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "planted-"));
  try {
    for (const room of ROOMS) await cp(join(root, room), join(folder, room), { recursive: true });
    await symlink(join(root, "node_modules"), join(folder, "node_modules"));
    const path = join(folder, fault.file);
    await writeFile(path, plant(await readFile(path, "utf8"), fault));
    const startedAt = performance.now();
    const args = ["--scenario", fault.scenario, "--seeds", String(fault.seeds ?? 4), "--json"];
    const child = spawn(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", "simulation/main.ts", ...args],
      { cwd: folder, stdio: ["ignore", "pipe", "ignore"], timeout: MINUTE },
    );
    const [said] = await Promise.all([text(child.stdout), once(child, "exit")]);
    // A tree that does not even start is not one whose fault the judge has seen.
    const failed =
      said !== "" && (JSON.parse(said) as Said).summaries.some(({ state }) => state === "failed");
    return failed ? (performance.now() - startedAt) / 1000 : undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const part = process.argv[2] ?? "";
  const chosen = planted.filter(({ name }) => name.includes(part));
  let missed = 0;
  for (const fault of chosen) {
    const seconds = await isFound(fault);
    if (seconds === undefined) missed++;
    const said = seconds === undefined ? "NOT FOUND" : `found in ${seconds.toFixed(0)} s`;
    process.stdout.write(`${said.padEnd(14)} ${fault.name} (${fault.scenario})\n`);
  }
  process.stdout.write(`${chosen.length - missed} of ${chosen.length} found\n`);
  process.exitCode = missed === 0 ? 0 : 1;
}
