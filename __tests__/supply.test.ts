import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY } from "./support/repository.ts";

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  /** Its bytes come within another package's, and are vouched for with them. */
  readonly inBundle?: boolean;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

type Packages = Readonly<Record<string, Locked>>;

function read(file: string): Packages {
  const { packages } = JSON.parse(readFileSync(join(REPOSITORY, file), "utf8")) as { packages: Packages };
  return packages;
}

/** The pipeline's own, and that of a tool which whoever runs it installs for himself; with how many it has at least. */
const LOCK_FILES = [
  ["package-lock.json", 750],
  ["__tests__/mutations/library/package-lock.json", 100],
] as const;

describe.each(LOCK_FILES)("%s", (file, least) => {
  const packages = read(file);
  const locked = Object.entries(packages).filter(([path]) => path !== "");

  test("every package of every platform is what it was when it was chosen: the lock file says by which hash", () => {
    expect(locked.length).toBeGreaterThan(least);
    const without = locked.filter(
      ([, { integrity, inBundle }]) => !inBundle && !/^sha512-\S{88}$/.test(integrity ?? ""),
    );
    expect(without.map(([path]) => path)).toEqual([]);
  });

  test("what comes within another package comes within one that has a hash", () => {
    for (const [path, { inBundle }] of locked) {
      if (!inBundle) continue;
      const outer = path
        .split("/node_modules/")
        .map((_, at, all) => all.slice(0, at + 1).join("/node_modules/"));
      expect([path, outer.some((each) => packages[each]?.integrity !== undefined)]).toEqual([path, true]);
    }
  });

  test("every package that only some platforms need is locked for all of them", () => {
    const missing = locked.flatMap(([path, { optionalDependencies = {}, inBundle }]) =>
      inBundle
        ? []
        : Object.keys(optionalDependencies)
            .filter((name) => !isLocked(packages, path, name))
            .map((name) => `${path} ${name}`),
    );
    expect(missing).toEqual([]);
  });

  test("packages come from the registry that npm is told of, and from no address of their own", () => {
    expect(locked.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([]);
  });
});

test("the pipeline is installed without the tool", () => {
  const [own, tool] = LOCK_FILES.map(([file]) => read(file));
  expect(tool?.["node_modules/@stryker-mutator/core"]).toBeDefined();
  expect(Object.keys(own ?? {}).filter((path) => path.includes("stryker"))).toEqual([]);
});

test.each(["kept.jsonl", "a/kept.jsonl.7.draft", "events.jsonl", "samples/customers.ndjson", "event.json"])(
  "%s, in which customers' events would lie, is none of the repository's",
  (file) => {
    expect(spawnSync("git", ["check-ignore", "-q", file], { cwd: REPOSITORY }).status).toBe(0);
  },
);

test("nothing that the repository has is ignored", () => {
  const { stdout } = spawnSync("git", ["ls-files", "-ci", "--exclude-standard"], {
    cwd: REPOSITORY,
    encoding: "utf8",
  });
  expect(stdout).toBe("");
});

test("a script runs at install for those packages alone that package.json names", () => {
  const scripted = Object.entries(read("package-lock.json"))
    .filter(([path, { hasInstallScript }]) => path !== "" && hasInstallScript)
    .map(([path]) => path);
  const names = scripted.map((path) =>
    path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length),
  );
  const { allowScripts } = JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8")) as {
    readonly allowScripts: Readonly<Record<string, boolean>>;
  };
  expect([...new Set(names)].filter((name) => name !== "fsevents").sort()).toEqual(
    Object.keys(allowScripts).sort(),
  );
});

/** As Node looks for it: beside whoever asks, or further out. */
function isLocked(packages: Packages, from: string, name: string): boolean {
  const folders = from.split("/node_modules/");
  return folders.some((_, at) => {
    const folder = folders.slice(0, folders.length - at).join("/node_modules/");
    return (
      packages[`${folder}/node_modules/${name}`] !== undefined ||
      packages[`node_modules/${name}`] !== undefined
    );
  });
}
