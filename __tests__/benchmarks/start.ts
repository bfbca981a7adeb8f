import { spawn } from "node:child_process";
import { once } from "node:events";
import { lstat, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/**
 * Prints how long a synth takes, how long `npm start` needs to its first accepted event, with a stack to synthesise and
 * with inputs that an earlier start has synthesised, and what an install takes of the disk.
 */
const root = join(import.meta.dirname, "../..");
const folder = await mkdtemp(join(tmpdir(), "measure-start-"));

const seconds = (from: number) => ((performance.now() - from) / 1000).toFixed(2);

/** What `npm run synth` does, without npm. */
async function synth(): Promise<string> {
  const { scripts } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as {
    readonly scripts: { readonly synth: string };
  };
  const from = performance.now();
  const path = `${join(root, "node_modules/.bin")}:${process.env["PATH"]}`;
  const env = { ...process.env, PATH: path, CDKTF_OUTDIR: join(folder, "cdktf.out") };
  const [code] = await once(spawn("sh", ["-c", scripts.synth], { cwd: root, env, stdio: "inherit" }), "exit");
  if (code !== 0) throw new Error("The stack does not synthesise.");
  return seconds(from);
}

/** @param inputs what the run's synthesis depends on, and nobody else's */
async function start(inputs: string): Promise<string> {
  const from = performance.now();
  const args = ["start", "--", "--port", "0", "--data", join(folder, "data")];
  const env = { ...process.env, MEASURED_START: inputs };
  const child = spawn("npm", args, { cwd: root, env, stdio: ["ignore", "pipe", "ignore"] });
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

/** Of blocks on the disk, a file with several names once; what is kept there after the install is not counted. */
async function megabytes(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const blocks = new Map<number, number>();
  for (const { parentPath, name } of entries) {
    if (join(parentPath, name).startsWith(join(directory, ".cache"))) continue;
    const { ino, blocks: taken } = await lstat(join(parentPath, name));
    blocks.set(ino, taken);
  }
  return ([...blocks.values()].reduce((sum, taken) => sum + taken, 0) * 512) / 1024 ** 2;
}

try {
  const inputs = String(Date.now());
  const lines = [
    `synth, without the CLI          ${await synth()} s`,
    `npm start to an accepted event  ${await start(inputs)} s, with a stack to synthesise`,
    `                                ${await start(inputs)} s, unchanged`,
    `node_modules                    ${(await megabytes(join(root, "node_modules"))).toFixed(0)} MB`,
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
