import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lockFolder } from "../../../local/data/lock.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lock-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("a second run is told who has the folder", async () => {
  const unlock = await lockFolder(folder);
  await expect(lockFolder(folder)).rejects.toThrow(`Another run (process ${process.pid}) uses ${folder}.`);
  await unlock();
  await (await lockFolder(folder))();
});

test.each([
  ["a process that is gone", () => String(spawnSync(process.execPath, ["--version"]).pid)],
  ["nobody in particular", () => ""],
])("the lock of %s is taken over", async (_, holder) => {
  await writeFile(join(folder, "lock"), holder());
  await (await lockFolder(folder))();
});
