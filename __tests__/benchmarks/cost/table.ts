import { dollars, type Item, total } from "../../support/bill.ts";
import { billOfDesign, type Design } from "./bill-of-design.ts";

/** Lines of a bill, in the order in which an event meets them. */
const ORDER = ["HTTP API", "EventBridge", "Lambda", "SQS", "DynamoDB", "logs"];

const money = (value: number) => `$${value.toFixed(2)}`;
const place = (what: string) => ORDER.findIndex((beginning) => what.startsWith(beginning));

/** Markdown, its columns as wide as they need to be. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

/** What a million events cost with each design, line by line. */
export function costTable(designs: readonly Design[]): string {
  const bills = designs.map(billOfDesign);
  const names = [...new Set(bills.flat().map(({ what }) => what))];
  names.sort((one, other) => place(one) - place(other));
  const cell = (items: readonly Item[], name: string) => {
    const found = items.find(({ what }) => what === name);
    return found === undefined ? "" : money(dollars(found));
  };
  const rows = names.map((name) => [name, ...bills.map((items) => cell(items, name))]);
  const sum = ["**together**", ...bills.map((items) => `**${money(total(items))}**`)];
  return markdownTable(["a million events", ...designs.map(({ name }) => name)], [...rows, sum]);
}
