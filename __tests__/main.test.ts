import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyRepository, REPOSITORY, readTree, synth } from "./support/repository.ts";

const SLOW_MS = 180_000; // real processes on a machine that may be busy

let directory: string;
/** A copy of the repository, in a folder with a space. */
let copy: string;
/** The team's file, as it is shipped. */
let environments: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "main-"));
  copy = join(directory, "some where", "else");
  await copyRepository(copy);
  environments = await readFile(join(copy, "infra", "environments.ts"), "utf8");
}, SLOW_MS);

afterAll(() => rm(directory, { recursive: true, force: true }), SLOW_MS);

test(
  "two synths in two folders, one with a space, at different times and places on earth, give the same bytes",
  async () => {
    const later = join(directory, "later.mjs");
    await writeFile(
      later,
      `const Now = Date, ahead = 400.4 * 86_400_000;
       globalThis.Date = class extends Now {
         constructor(...args) { super(...(args.length === 0 ? [Now.now() + ahead] : args)); }
         static now() { return Now.now() + ahead; }
       };`,
    );

    const here = await synth(REPOSITORY, join(directory, "here"), { env: { TZ: "Pacific/Honolulu" } });
    const there = await synth(copy, join(copy, "cdktf.out"), {
      nodeArgs: ["--import", later],
      env: { TZ: "Asia/Kathmandu" },
    });

    expect([here.code, there.code]).toEqual([0, 0]);
    const ours = await readTree(join(directory, "here"));
    const theirs = await readTree(join(copy, "cdktf.out"));
    expect([...theirs.keys()]).toEqual([...ours.keys()]);
    expect([...ours.keys()].filter((name) => name.endsWith("cdk.tf.json"))).toHaveLength(3);
    expect([...ours.keys()].filter((name) => name.endsWith(".zip"))).toHaveLength(9);
    for (const [name, content] of ours) {
      expect([name, theirs.get(name)?.equals(content)]).toEqual([name, true]);
      expect([name, content.includes(directory) || content.includes(REPOSITORY)]).toEqual([name, false]);
    }
  },
  SLOW_MS,
);

test(
  "a wrong configuration ends in exit code 1, with every finding and no stack trace",
  async () => {
    await edit(environments.replaceAll(/logRetentionDays: \d+/g, "logRetentionDays: 2"));

    const { code, stdout, stderr } = await synth(copy, join(copy, "out"));

    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("dev.logRetentionDays: 2 — CloudWatch Logs takes only");
    expect(stderr).toContain("production.logRetentionDays: 2 — CloudWatch Logs takes only");
    expect(stderr).not.toMatch(/^\s+at /m);
  },
  SLOW_MS,
);

test(
  "a source that anybody may call warns, and is synthesised",
  async () => {
    await edit(
      environments.replace('authentication: { kind: "signature" }', 'authentication: { kind: "none" }'),
    );

    const { code, stderr } = await synth(copy, join(copy, "out"));

    expect(code).toBe(0);
    expect(stderr).toContain(
      'Warning: dev.sources.webhook: authentication is "none": anybody who knows the URL can send events\n',
    );
  },
  SLOW_MS,
);

test.each([
  [
    "does not parse",
    (text: string) => text.replace("region:", "region;"),
    /^infra\/environments\.ts:\d+:\d+: Expected .*";"\n$/,
  ],
  [
    "names what is not there",
    (text: string) => text.replace("disposable: true", "disposable: yes"),
    /^infra\/environments\.ts:\d+:\d+: yes is not defined\n$/,
  ],
])(
  "a configuration that %s is told by its place, in one line",
  async (_, change, line) => {
    await edit(change(environments));
    const { code, stdout, stderr } = await synth(copy, join(copy, "out"));
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(line);
  },
  SLOW_MS,
);

test(
  "a handler that does not build, or that exports none, is told by its file",
  async () => {
    await edit(environments);
    const folder = join(copy, "functions", "processor", "handlers");
    await writeFile(join(folder, "broken.ts"), "export const eventType = ;\n");
    await writeFile(join(folder, "helper.ts"), "export const eventType = 'x';\n");
    const { code, stderr } = await synth(copy, join(copy, "out"));
    const [...lines] = stderr.split("\n").filter((line) => !line.startsWith("Warning:"));
    expect(code).toBe(1);
    expect(lines).toContain('functions/processor/handlers/broken.ts:1:26: Unexpected ";"');
    await writeFile(
      join(folder, "broken.ts"),
      "export const eventType = 'y';\nexport const handle = async () => {};",
    );
    const { stderr: second } = await synth(copy, join(copy, "out"));
    expect(second).toContain(
      'No matching export in "functions/processor/handlers/helper.ts" for import "handle"',
    );
    expect(second).not.toMatch(/^\s+at /m);
    await Promise.all(["broken.ts", "helper.ts"].map((name) => rm(join(folder, name))));
  },
  SLOW_MS,
);

function edit(text: string): Promise<void> {
  return writeFile(join(copy, "infra", "environments.ts"), text);
}
