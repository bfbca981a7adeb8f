import { chmod, mkdir, mkdtemp, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { privateFolder } from "../../../local/data/private-folder.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "private-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

test("a folder that is made is its owner's alone, and so are those on the way to it", async () => {
  await privateFolder(join(folder, ".local", "dev"));
  expect(await modeOf(join(folder, ".local"))).toBe("700");
  expect(await modeOf(join(folder, ".local", "dev"))).toBe("700");
});

test("one that is there is closed, with all that an earlier run has left in it", async () => {
  const data = join(folder, "data");
  await mkdir(join(data, "sqs"), { recursive: true });
  const files = [join(data, "sqs", "queues.db"), join(data, "parameters.json")];
  for (const file of files) {
    await writeFile(file, "x");
    await chmod(file, 0o644);
  }
  await chmod(data, 0o755);
  await chmod(join(data, "sqs"), 0o755);
  await privateFolder(data);
  expect(await Promise.all([data, join(data, "sqs")].map(modeOf))).toEqual(["700", "700"]);
  expect(await Promise.all(files.map(modeOf))).toEqual(["600", "600"]);
});

test("what a link leads to is left as it is", async () => {
  const elsewhere = join(folder, "elsewhere");
  await writeFile(elsewhere, "x");
  await chmod(elsewhere, 0o644);
  const data = join(folder, "data");
  await mkdir(data);
  await symlink(elsewhere, join(data, "logs"));
  await privateFolder(data);
  expect(await modeOf(elsewhere)).toBe("644");
});

test("a folder with other files in it is not closed behind its owner's back: open, it is refused", async () => {
  await writeFile(join(folder, "thesis.txt"), "x");
  await chmod(join(folder, "thesis.txt"), 0o644);
  await chmod(folder, 0o755);
  await expect(privateFolder(folder)).rejects.toThrow(/thesis\.txt.*chmod 700/);
  expect(await modeOf(folder)).toBe("755");

  await chmod(folder, 0o700);
  await privateFolder(folder);
  expect(await modeOf(join(folder, "thesis.txt"))).toBe("644");
});
