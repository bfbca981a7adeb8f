import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { columnNames, lacks } from "../benchmarks/cost/designs.ts";
import { REPOSITORY } from "../support/repository.ts";

/** Cents by which rounding may put a sum off. */
const ROUNDING = 5;

const section = async () => {
  const page = await readFile(join(REPOSITORY, "docs/costs.md"), "utf8");
  return page.slice(page.indexOf("## Beside others"));
};
const cells = (line: string) =>
  line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
const cents = (cell = "") => Math.round(Number(cell.replaceAll(/[$*]/g, "") || "0") * 100);

test("both tables have a column for each design, and their lines add up", async () => {
  const tables = (await section()).match(/(?:^\|.*\n)+/gm) ?? [];
  expect(tables).toHaveLength(2);
  for (const table of tables) {
    const [head = [], , ...rows] = table.trim().split("\n").map(cells);
    expect(head).toEqual(["a million events", ...columnNames]);
    const sums = rows.pop() ?? [];
    for (const [index, name] of head.entries()) {
      if (index === 0) continue;
      const added = rows.reduce((sum, row) => sum + cents(row[index]), 0);
      expect([name, Math.abs(added - cents(sums[index])) <= ROUNDING]).toEqual([name, true]);
    }
  }
});

test("what each of the others does not do is what the script says", async () => {
  const text = await section();
  for (const lack of Object.values(lacks)) expect(text).toContain(`- ${lack}\n`);
});
