import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { describeTree } from "../cli/completion/tree.ts";
import { createProgram } from "../cli/program.ts";
import { LOCK_FILE } from "../contract/provider-lock.ts";
import { readPage } from "./support/markdown.ts";
import { REPOSITORY } from "./support/repository.ts";

/** Written by a tool, or not ours. */
const GENERATED = /^(node_modules|cdktf\.out|\.local|coverage|\.git)$/;

/** Every file of ours, by its path from the repository's root. */
const files = readdirSync(REPOSITORY, { withFileTypes: true })
  .filter(({ name }) => !GENERATED.test(name))
  .flatMap((entry) => (entry.isDirectory() ? filesBelow(join(REPOSITORY, entry.name)) : [entry.name]));

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(REPOSITORY, join(entry.parentPath, entry.name)));
}

const read = (path: string) => readFileSync(join(REPOSITORY, path), "utf8");
const isThere = (path: string) => existsSync(join(REPOSITORY, path));
/** What a command writes when a team first runs it. */
const isWritten = (path: string) => path === LOCK_FILE;

const paths = files.filter((path) => /^(README\.md|docs\/.+\.md)$/.test(path));
const pages = new Map(paths.map((path) => [path, readPage(read(path))]));
/** Without the changelog, which tells of what was, too. */
const present = [...pages].filter(([path]) => path !== "docs/CHANGELOG.md");
/** What stands there as code, by page; in the `help` of the shell all of it is. */
const code = new Map([
  ...present.map(
    ([path, { spans, blocks }]) => [path, [...spans, ...blocks.flatMap(({ lines }) => lines)]] as const,
  ),
  ["help", read("help").split("\n")] as const,
]);

/** What is wrong, page by page: `README.md: docs/nothing.md`. */
function wrong<T>(all: Iterable<readonly [string, T]>, found: (item: T, path: string) => readonly string[]) {
  return [...all].flatMap(([path, item]) => found(item, path).map((each) => `${path}: ${each}`));
}

test("every link leads to a file, and to a heading in it", () => {
  const lost = wrong(pages, ({ links }, path) =>
    links.filter((link) => {
      if (/^(https?|mailto):/.test(link)) return false;
      const [to = "", anchor] = link.split("#");
      const target = to === "" ? path : join(dirname(path), to);
      return !isThere(target) || (anchor !== undefined && !pages.get(target)?.anchors.has(anchor));
    }),
  );
  expect(lost).toEqual([]);
  expect([...pages.values()].flatMap(({ links }) => links).length).toBeGreaterThan(100);
});

test("every file that is named is there", () => {
  const topLevel = new Set(files.map((path) => path.split("/")[0]));
  const isName = (span: string) => /^[\w-]+\.(ts|mjs)$/.test(span);
  const isPath = (span: string) =>
    span.includes("/") && topLevel.has(span.split("/")[0]) && !/[\s<>*…]/.test(span);
  const named = present.map(
    ([path, { spans }]) => [path, spans.filter((span) => isName(span) || isPath(span))] as const,
  );
  const lost = wrong(named, (spans) =>
    spans.filter((span) =>
      isName(span) ? !files.some((path) => basename(path) === span) : !isThere(span) && !isWritten(span),
    ),
  );
  expect(lost).toEqual([]);
  expect(named.flatMap(([, spans]) => spans).length).toBeGreaterThan(100);
});

test("every npm script that is named is one", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  const inLine = (line: string) => [...line.matchAll(/\bnpm (?:run (?:-\S+ )?([\w:-]+)|(start|test)\b)/g)];
  const named = wrong(code, (lines) =>
    lines.flatMap(inLine).flatMap(([, script, own]) => script ?? own ?? []),
  );
  expect(named.filter((each) => !Object.hasOwn(scripts, each.split(": ")[1] ?? ""))).toEqual([]);
  expect(named.length).toBeGreaterThan(20);
});

test("every command of genesys-dlq that is named is one", async () => {
  const known = describeTree(await createProgram()).map((command) => command.path);
  const isCommand = ([group = "", command = ""]: readonly string[]) => {
    const isGroup = known.some((path) => path.startsWith(`genesys-dlq ${group} `));
    return known.includes(["genesys-dlq", group, ...(isGroup && command !== "" ? [command] : [])].join(" "));
  };
  const words = (line: string) => [...line.matchAll(/genesys-dlq (?:-- )?([a-z][a-z-]*(?: [a-z][a-z-]*)*)/g)];
  const named = wrong(code, (lines) => lines.flatMap(words).map(([, said = ""]) => said));
  expect(named.filter((each) => !isCommand((each.split(": ")[1] ?? "").split(" ")))).toEqual([]);
  expect(named.length).toBeGreaterThan(10);
});

const decisions = paths.filter((path) => /^docs\/decisions\/\d{4}-/.test(path)).sort();

test("every decision has a number of its own, all of its parts, and a place in the index", () => {
  expect(decisions.map((path) => Number(basename(path).slice(0, 4)))).toEqual(decisions.map((_, i) => i + 1));
  const index = pages.get("docs/decisions/README.md")?.links ?? [];
  expect(index).toEqual(decisions.map((path) => basename(path)));
  for (const path of decisions) {
    expect([...(pages.get(path)?.anchors ?? [])].slice(1)).toEqual([
      "context",
      "decision",
      "consequences",
      "what-would-make-us-decide-anew",
      "where-it-lives",
    ]);
  }
});

test("every page that the code names is there, and the code names every decision", () => {
  const sources = files.filter(
    (path) => /\.(ts|mjs|yml)$/.test(path) && !import.meta.filename.endsWith(path),
  );
  const named = wrong(
    sources.map((path) => [path, read(path)] as const),
    (text) => [...text.matchAll(/\bdocs\/[\w/-]+\.md\b/g)].map(([page]) => page),
  );
  const targets = named.map((each) => each.split(": ")[1] ?? "");
  expect(named.filter((_, i) => !isThere(targets[i] ?? ""))).toEqual([]);
  expect(decisions.filter((path) => !targets.includes(path))).toEqual([]);
});

interface Rule {
  readonly name: string;
  readonly from: { readonly path?: string };
  readonly to: { readonly path?: string; readonly pathNot?: string };
}

test("the diagram of rooms has the arrows that the rules allow, and no other", async () => {
  const rulesFile = join(REPOSITORY, ".dependency-cruiser.mjs");
  const { default: rules } = (await import(rulesFile)) as { default: { forbidden: readonly Rule[] } };
  const forbids = ({ from, to }: Rule, source: string, target: string) =>
    from.path !== undefined &&
    to.path !== undefined &&
    new RegExp(from.path).test(source) &&
    new RegExp(to.path).test(target) &&
    !(to.pathNot !== undefined && new RegExp(to.pathNot).test(target));
  const rooms = rules.forbidden.flatMap(({ name }) => /^what-(.+)-may-import$/.exec(name)?.[1] ?? []);
  const allowed = ["main", ...rooms].flatMap((from) =>
    rooms.flatMap((to) => {
      const source = from === "main" ? "main.ts" : `${from}/any.ts`;
      const targets = files.filter((path) => path.startsWith(`${to}/`));
      const open = targets.filter((target) => !rules.forbidden.some((rule) => forbids(rule, source, target)));
      if (from === to || open.length === 0) return [];
      return [`${from} ${open.length === targets.length ? "-->" : "-.->"} ${to}`];
    }),
  );
  const diagram = pages.get("docs/architecture.md")?.blocks.find(({ language }) => language === "mermaid");
  const drawn = diagram?.lines
    .map((line) => line.trim())
    .filter((line) => /^\w+ (-->|-\.->) \w+$/.test(line));
  expect(rooms.length).toBeGreaterThan(5);
  expect(drawn?.sort()).toEqual(allowed.sort());
});
