import { priceList } from "../../../contract/prices.ts";
import { dollars, total } from "../../support/bill.ts";
import { markdownTable } from "../../support/bill-table.ts";
import { billOfDesign, type Design } from "./bill-of-design.ts";
import { billedMilliseconds, OVERHEAD_MILLISECONDS } from "./billed-milliseconds.ts";
import { lacks } from "./designs.ts";
import { EVENT_BYTES } from "./events.ts";
import { type Entrant, type Figures, LATENCY } from "./measure-functions.ts";
import { DEFAULT_PLATFORM_BYTES } from "./platform-lines.ts";
import { costTable } from "./table.ts";

/** A function as it was measured, and as it is deployed. */
export type Measured = Pick<Entrant, "name" | "batch"> & Figures & Required<Design>["processor"];

export interface Report {
  readonly rounds: number;
  readonly accessLogBytes: number;
  readonly functions: readonly Measured[];
  readonly tables: readonly { readonly batch: number; readonly designs: readonly Design[] }[];
}

const billed = (figures: Measured) => billedMilliseconds(figures, figures.megabytes);

/** What the columns that are there do not do. */
function missing({ tables }: Report): Readonly<Record<string, string>> {
  const shown = tables.flatMap(({ designs }) => designs.map(({ name }) => name));
  return Object.fromEntries(Object.entries(lacks).filter(([name]) => shown.includes(name)));
}

function functionsTable(functions: readonly Measured[]): string {
  const rows = functions.map((figures) => [
    figures.name,
    String(figures.events),
    `${figures.cpu.toFixed(2)} ms`,
    `${figures.waiting.toFixed(1)} ms`,
    `${figures.megabytes} MB`,
    `${billed(figures).toFixed(1)} ms`,
    `${Math.round(figures.ownLogBytes)}`,
    Object.entries(figures.units)
      .map(([price, many]) => `${Number(many.toFixed(2))} ${price}`)
      .join(", "),
  ]);
  const head = [
    "an invocation",
    "events",
    "CPU",
    "waiting",
    "memory",
    "billed",
    "log bytes",
    "calls, as billed",
  ];
  return markdownTable(head, rows);
}

/** Markdown. */
export function asText(report: Report): string {
  const { rounds, accessLogBytes, functions, tables } = report;
  return [
    `A million events of ${EVENT_BYTES / 1_000} KB: list prices of ${priceList.region}, ${priceList.asOf}. A call of AWS takes ${LATENCY.aws} ms, the destination ${LATENCY.destination} ms. ${rounds} shuffled rounds.`,
    ...tables.flatMap(({ batch, designs }) => [
      batch === 1 ? "One by one:" : `From a backlog, in batches of ${batch}:`,
      costTable(designs),
    ]),
    "Measured:",
    functionsTable(functions),
    `Assumed: Lambda bills ${OVERHEAD_MILLISECONDS} ms an invocation beside the handler, and writes ${DEFAULT_PLATFORM_BYTES} bytes of each where it is not told to be silent; a line of the access log has ${accessLogBytes} bytes; memory under 1,769 MB buys its share of a core like this machine's. The others' functions have Lambda's defaults: 128 MB, x86_64.`,
    Object.values(missing(report)).join("\n"),
  ].join("\n\n");
}

/** The same for machines. */
export function asJson(report: Report): string {
  const { rounds, accessLogBytes, functions, tables } = report;
  const whole = {
    priceList,
    eventBytes: EVENT_BYTES,
    latencyMilliseconds: LATENCY,
    rounds,
    assumed: {
      overheadMilliseconds: OVERHEAD_MILLISECONDS,
      platformLogBytes: DEFAULT_PLATFORM_BYTES,
      accessLogBytes,
    },
    functions: functions.map((figures) => ({ ...figures, billedMilliseconds: billed(figures) })),
    designs: tables.flatMap(({ batch, designs }) =>
      designs.map((design) => {
        const items = billOfDesign(design);
        const priced = items.map((item) => ({ ...item, dollars: dollars(item) }));
        return { name: design.name, batch, items: priced, dollars: total(items) };
      }),
    ),
    lacks: missing(report),
  };
  return JSON.stringify(whole, null, 2);
}
