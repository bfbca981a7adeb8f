import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ["open"],
  win32: ["cmd", "/c", "start", ""],
  linux: ["xdg-open"],
};

/**
 * Opens an address in the browser. By a file that its owner alone can read and that leads there: whoever is on this
 * machine can see the arguments of a process, and the address has a token.
 *
 * @returns what takes the file away again
 */
export async function openInBrowser(url: string): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "event-console-")); // for its owner alone
  const page = join(folder, "open.html");
  const meta = `<meta charset="utf-8"><meta http-equiv="refresh" content="0; url=${url}">`;
  await writeFile(page, `${meta}<title>Event console</title><a href="${url}">Event console</a>\n`, {
    mode: 0o600,
  });
  const [program = "xdg-open", ...words] = OPENERS[process.platform] ?? ["xdg-open"];
  const opener = spawn(program, [...words, page], { stdio: "ignore", detached: true });
  opener.on("error", () => {}); // there is none: the address is printed
  opener.unref();
  return () => rm(folder, { recursive: true, force: true });
}
