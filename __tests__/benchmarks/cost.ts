import { environments } from "../../infra/environments.ts";
import { bytesOfAccessLine } from "../support/logged-bytes.ts";
import { synthesise } from "../support/synthesise.ts";
import { designsOf } from "./cost/designs.ts";
import { BATCH, functionsToMeasure, settingsOf } from "./cost/functions.ts";
import { measureFunctions } from "./cost/measure-functions.ts";
import { asJson, asText } from "./cost/report.ts";
import { findPython } from "./functions/python.ts";

/**
 * Prints what a million events cost, line by line, beside other ways of bringing them to a destination: calls, bytes,
 * CPU and waiting are measured, each function in processes of its own and in shuffled rounds.
 *
 *   npm run measure -- cost          Markdown
 *   npm run measure -- cost --json   the same for machines
 */
const ROUNDS = 3;
const say = (text: string) => process.stderr.write(`${text}\n`);

const found = findPython();
if ("missing" in found) say(`The tutorial's design is left out: ${found.missing}.`);
const stack = synthesise(environments.production, "production");
const accessLogBytes = bytesOfAccessLine(stack);
const entrants = await functionsToMeasure("python" in found ? found.python : undefined);
const measured = await measureFunctions(entrants, ROUNDS, say);
const functions = entrants.flatMap((entrant) => {
  const { name, batch } = entrant;
  const figures = measured.get(name);
  return figures === undefined ? [] : [{ name, batch, ...figures, ...settingsOf(stack, entrant) }];
});
const byName = new Map(functions.map((figures) => [figures.name, figures]));
const tables = [BATCH, 1].map((batch) => ({ batch, designs: designsOf(byName, batch, accessLogBytes) }));
const report = { rounds: ROUNDS, accessLogBytes, functions, tables };
process.stdout.write(`${process.argv.includes("--json") ? asJson(report) : asText(report)}\n`);
