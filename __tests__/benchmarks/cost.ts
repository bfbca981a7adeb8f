import { defined } from "../../contract/defined.ts";
import { priceList } from "../../contract/prices.ts";
import { environments } from "../../infra/environments.ts";
import { dollars, total } from "../support/bill.ts";
import { bytesOfAccessLine } from "../support/logged-bytes.ts";
import { synthesise } from "../support/synthesise.ts";
import { billOfDesign, type FunctionFigures } from "./cost/bill-of-design.ts";
import { billedMilliseconds, OVERHEAD_MILLISECONDS } from "./cost/billed-milliseconds.ts";
import { designsOf, lacks } from "./cost/designs.ts";
import { EVENT_BYTES } from "./cost/events.ts";
import { BATCH, functionsToMeasure, settingsOf } from "./cost/functions.ts";
import { LATENCY, measureFunctions } from "./cost/measure-functions.ts";
import { DEFAULT_PLATFORM_BYTES } from "./cost/platform-lines.ts";
import { costTable, markdownTable } from "./cost/table.ts";
import { findPython } from "./functions/python.ts";

/**
 * Prints what a million events cost, line by line, beside other ways of bringing them to a destination: calls, bytes,
 * CPU and waiting are measured, each function in processes of its own and in shuffled rounds.
 *
 *   npm run measure -- cost          Markdown
 *   npm run measure -- cost --json   the same for machines, with what was measured
 */
const ROUNDS = 3;
const say = (text: string) => process.stderr.write(`${text}\n`);

const found = findPython();
if ("missing" in found) say(`The tutorial's design is left out: ${found.missing}.`);
const stack = synthesise(environments.production, "production");
const accessLogBytes = bytesOfAccessLine(stack);
const entrants = await functionsToMeasure("python" in found ? found.python : undefined);
const measured = await measureFunctions(entrants, ROUNDS, say);
const figures = new Map(
  entrants.map((entrant): [string, FunctionFigures] => [
    entrant.name,
    { ...required(measured.get(entrant.name)), name: entrant.name, ...settingsOf(stack, entrant) },
  ]),
);
const tables = [BATCH, 1].map((batch) => ({ batch, designs: designsOf(figures, batch, accessLogBytes) }));

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("It was not measured.");
  return value;
}

const assumed = {
  overheadMilliseconds: OVERHEAD_MILLISECONDS,
  platformLogBytes: DEFAULT_PLATFORM_BYTES,
  accessLogBytes,
};

/** What was measured, a function a line: of one invocation. */
function functionsTable(): string {
  const rows = entrants.map(({ name, batch }) => {
    const of = required(figures.get(name));
    return [
      name,
      String(batch),
      `${of.cpu.toFixed(2)} ms`,
      `${of.waiting.toFixed(1)} ms`,
      `${of.megabytes} MB`,
      `${billedMilliseconds(of, of.megabytes).toFixed(1)} ms`,
      `${Math.round(of.ownLogBytes)}`,
      Object.entries(of.units)
        .map(([price, many]) => `${Number(many.toFixed(2))} ${price}`)
        .join(", "),
    ];
  });
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

function asText(): string {
  return [
    `A million events of ${EVENT_BYTES / 1_000} KB: list prices of ${priceList.region}, ${priceList.asOf}. A call of AWS takes ${LATENCY.aws} ms, the destination ${LATENCY.destination} ms. ${ROUNDS} shuffled rounds.`,
    ...tables.flatMap(({ batch, designs }) => [
      batch === 1 ? "One by one:" : `In batches of ${batch}:`,
      costTable(designs),
    ]),
    "Measured:",
    functionsTable(),
    `Assumed: Lambda bills ${assumed.overheadMilliseconds} ms an invocation beside the handler, and writes ${assumed.platformLogBytes} bytes of each where it is not told to be silent; a line of the access log has ${assumed.accessLogBytes} bytes; memory under 1,769 MB buys its share of a core like this machine's. The others' functions have Lambda's defaults: 128 MB, x86_64.`,
    lacks.join("\n"),
  ].join("\n\n");
}

function asJson(): string {
  const report = {
    priceList,
    eventBytes: EVENT_BYTES,
    latencyMilliseconds: LATENCY,
    rounds: ROUNDS,
    assumed,
    functions: entrants.map(({ name, batch }) => {
      const of = required(figures.get(name));
      return { batch, ...of, billedMilliseconds: billedMilliseconds(of, of.megabytes) };
    }),
    designs: tables.flatMap(({ batch, designs }) =>
      designs.map((design) => {
        const items = billOfDesign(design);
        return {
          name: design.name,
          batch,
          items: items.map((item) => ({ ...item, dollars: dollars(item) })),
          dollars: total(items),
        };
      }),
    ),
    lacks,
    ...defined({ leftOut: "missing" in found ? found.missing : undefined }),
  };
  return JSON.stringify(report, null, 2);
}

process.stdout.write(`${process.argv.includes("--json") ? asJson() : asText()}\n`);
