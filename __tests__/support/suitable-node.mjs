import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import vm from "node:vm";

const program = process.platform === "win32" ? "node.exe" : "node";
/** The project's own Node, which npm has installed. */
const OWN = fileURLToPath(new URL(`../../node_modules/node/bin/${program}`, import.meta.url));
const FLAGS = ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"];

/**
 * Runs this process's command again where jest could not run the tests in it: with the project's own Node, which
 * runs TypeScript in the processes that tests start, and with the flag that gives jest ES modules. So `npx jest PATH`
 * works as it stands, and `node node_modules/.bin/jest PATH` under whatever Node the machine has.
 *
 * Returns only where it has nothing to do: otherwise this process waits for the other one, and ends with its code.
 */
export async function runAgainIfUnsuitable() {
  if (process.features.typescript && "SourceTextModule" in vm) return;
  const child = spawn(OWN, [...FLAGS, ...process.argv.slice(1)], { stdio: "inherit" });
  // A terminal signals both processes. A signal to this one alone is passed on.
  process.on("SIGINT", () => {});
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  const [code, signal] = await once(child, "exit");
  process.exit(code ?? (signal === "SIGINT" ? 130 : 1));
}
