import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { REPOSITORY } from "../support/repository.ts";

const text = (path: string) => readFile(join(REPOSITORY, path), "utf8");

test("everything that can be measured is in the papers and in help", async () => {
  const [, list = ""] = /const names = \[(.*)\]/.exec(await text("__tests__/benchmarks/main.ts")) ?? [];
  const names = [...list.matchAll(/"(\w+)"/g)].map(([, name = ""]) => name).sort();
  const page = await text("docs/CONTRIBUTING.md");
  const section = page.slice(page.indexOf("## How to measure"), page.indexOf("## The words"));
  const rows = [...section.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name).sort();
  expect(rows).toEqual(names);
  const line = (await text("help")).split("\n").find((each) => each.includes("npm run measure")) ?? "";
  for (const name of names) expect(line).toMatch(new RegExp(`\\b${name}\\b`));
});
