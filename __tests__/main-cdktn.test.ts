import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { REPOSITORY, readTree, synth } from "./support/repository.ts";

const SLOW_MS = 180_000; // real processes on a machine that may be busy

/** Whoever asks for `cdktf`, the bindings included, gets `cdktn`. */
const HOOK = `
import { registerHooks } from "node:module";
registerHooks({
  resolve: (specifier, context, next) => next(specifier.replace(/^cdktf(?=\\/|$)/, "cdktn"), context),
});
`;

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "cdktn-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

test(
  "the same program under cdktn, cdktf's successor, synthesises the same stacks but for the version",
  async () => {
    const hook = join(directory, "hook.mjs");
    await writeFile(hook, HOOK);
    const [cdktf, cdktn] = [join(directory, "cdktf"), join(directory, "cdktn")];

    expect(await synth(REPOSITORY, cdktf)).toMatchObject({ code: 0 });
    expect(await synth(REPOSITORY, cdktn, { nodeArgs: ["--import", hook] })).toMatchObject({ code: 0 });

    const [ours, theirs] = [await readTree(cdktf), await readTree(cdktn)];
    ours.delete("manifest.json"); // the CLI's own
    theirs.delete("manifest.json");
    expect([...theirs.keys()]).toEqual([...ours.keys()]);
    for (const [name, content] of ours) {
      const other = theirs.get(name) ?? Buffer.of();
      if (!name.endsWith("cdk.tf.json")) expect([name, other.equals(content)]).toEqual([name, true]);
      else expect(withoutVersion(other, /^0\.24\./)).toEqual(withoutVersion(content, /^0\.21\./));
    }
  },
  SLOW_MS,
);

/** A stack without its maker's version, which must be the expected one. */
function withoutVersion(file: Buffer, expected: RegExp): unknown {
  const stack = JSON.parse(file.toString()) as { "//": { metadata: { version?: string } } };
  expect(stack["//"].metadata.version).toMatch(expected);
  delete stack["//"].metadata.version;
  return stack;
}
