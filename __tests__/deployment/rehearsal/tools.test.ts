import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { cannotRehearse } from "../../../deployment/rehearsal/tools.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

// Real processes on a machine that may be busy.
const TIMEOUT_MILLISECONDS = 60_000;

describe("a machine that cannot rehearse", () => {
  let empty: string;
  beforeEach(async () => {
    empty = await mkdtemp(join(tmpdir(), "without-tools-"));
  });
  afterEach(() => rm(empty, { recursive: true, force: true }));

  test.each([
    ["", 0, "Rehearsal skipped: "],
    ["true", 1, "Rehearsal failed: "],
  ])(
    "with CI=%j: one line that says what is missing, exit code %d, and no folder left",
    async (ci, code, start) => {
      const env = { PATH: empty, TMPDIR: empty, CI: ci };
      const ran = await promisify(execFile)(process.execPath, ["deployment/rehearsal/main.ts"], {
        cwd: root,
        env,
      }).then(
        ({ stdout }) => ({ stdout, code: 0 }),
        (error: { stdout: string; code: number }) => error,
      );
      expect(ran.stdout).toBe(`${start}there is no terraform on the PATH; python3 is not on the PATH.\n`);
      expect(ran.code).toBe(code);
      expect(await readdir(empty)).toEqual([]);
    },
    TIMEOUT_MILLISECONDS,
  );

  test("all that is missing is named", () => {
    expect(cannotRehearse(["no a", "no b"], "true")).toEqual({
      line: "Rehearsal failed: no a; no b.",
      exitCode: 1,
    });
    expect(cannotRehearse(["no a"], undefined).exitCode).toBe(0);
  });
});
