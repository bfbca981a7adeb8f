import { dollars, type Item, total } from "../../support/bill.ts";
import { markdownTable, money } from "../../support/bill-table.ts";
import { billOfDesign, type Design } from "./bill-of-design.ts";

/** Lines of a bill, in the order in which an event meets them. */
const ORDER = ["HTTP API", "EventBridge", "Lambda", "SQS", "DynamoDB", "logs"];

const place = (what: string) => ORDER.findIndex((beginning) => what.startsWith(beginning));

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
