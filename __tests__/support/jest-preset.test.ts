import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { REPOSITORY } from "./repository.ts";

/** `node node_modules/.bin/jest …`, without the flags that the tests need: where an editor starts it. */
function jest(...args: string[]): Promise<{ code: number; said: string }> {
  const env = { ...process.env, NODE_OPTIONS: "" };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["node_modules/.bin/jest", ...args],
      { cwd: REPOSITORY, env },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, said: stdout + stderr }),
    );
  });
}

test("jest runs the tests of a file, whoever starts it", async () => {
  // Its import() is one that jest has no ES modules for without the flag.
  const { code, said } = await jest("__tests__/functions/runtime/clients");
  expect(said).toMatch(/^Tests: +\d+ passed, \d+ total$/m);
  expect(code).toBe(0);
});

test("how it ended is told", async () => {
  const { code, said } = await jest("__tests__/there-is-no-such-file");
  expect(said).toContain("No tests found");
  expect(code).toBe(1);
});

test("the proofs run where they are named, and only there", async () => {
  const [all, named] = await Promise.all([jest("--listTests"), jest("--listTests", "__tests__/proofs/")]);
  expect(all.said).toContain("__tests__/contract/samples/samples.test.ts");
  expect(all.said).not.toContain("__tests__/proofs/");
  const proofs = readdirSync(join(REPOSITORY, "__tests__/proofs"));
  expect(proofs).toContain("outage.test.ts");
  expect(
    named.said
      .trim()
      .split("\n")
      .map((path) => basename(path))
      .sort(),
  ).toEqual(proofs.sort());
});
