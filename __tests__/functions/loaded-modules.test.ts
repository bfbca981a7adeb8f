import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { functionNames } from "../../contract/environment.ts";
import { bundle } from "../../infra/bundle.ts";

/** Says which of Node's own modules loading a bundle brings in; that it has no settings comes after the loading. */
const LOOK = `
const before = new Set(process.moduleLoadList);
await import(process.argv[2]).catch(() => {});
console.log(process.moduleLoadList.filter((name) => !before.has(name)).join("\\n"));
`;

test("no function loads undici or HTTP/2 at init: that would be half of its time", async () => {
  const folder = await mkdtemp(join(tmpdir(), "loaded-modules-"));
  try {
    await writeFile(join(folder, "look.mjs"), LOOK);
    for (const [name, files] of Object.entries(await bundle(process.cwd(), functionNames))) {
      for (const [file, contents] of files) await writeFile(join(folder, file), contents);
      const { stdout } = await promisify(execFile)(process.execPath, ["look.mjs", "./index.mjs"], {
        cwd: folder,
        env: {},
      });
      const loaded = stdout.trim().split("\n");
      expect(loaded.some((module) => module.endsWith(" https"))).toBe(true); // it has loaded the SDK
      expect([name, loaded.filter((module) => /undici|http2/.test(module))]).toEqual([name, []]);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
