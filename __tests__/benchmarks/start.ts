import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Prints how long a synth takes, and how long `npm start` needs to its first accepted event. */
const root = join(import.meta.dirname, "../..");
const folder = await mkdtemp(join(tmpdir(), "measure-start-"));

const seconds = (from: number) => ((performance.now() - from) / 1000).toFixed(2);

async function synth(): Promise<string> {
  const from = performance.now();
  const env = { ...process.env, CDKTF_OUTDIR: join(folder, "cdktf.out") };
  const [code] = await once(
    spawn(process.execPath, ["main.ts"], { cwd: root, env, stdio: "inherit" }),
    "exit",
  );
  if (code !== 0) throw new Error("The stack does not synthesise.");
  return seconds(from);
}

async function start(): Promise<string> {
  const from = performance.now();
  const args = ["start", "--", "--port", "0", "--data", join(folder, "data")];
  const child = spawn("npm", args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit").then(() => undefined);
  const accepted = new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (/ {2}accepted {2}/.test(line)) resolve(seconds(from));
    });
  });
  const taken = await Promise.race([accepted, ended]);
  if (taken === undefined) throw new Error("The local run ended by itself.");
  child.kill("SIGINT");
  await ended;
  return taken;
}

try {
  const lines = [
    `synth, without the CLI          ${await synth()} s`,
    `npm start to an accepted event  ${await start()} s`,
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
