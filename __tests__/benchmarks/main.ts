/**
 * `npm run measure -- NAME`: prints figures, each a script of its own. Machines differ: what counts is what is
 * compared within one run.
 */
const names = ["start", "local", "cold", "warm", "drain", "recovery", "cost"];

const [name = "start"] = process.argv.slice(2);
if (names.includes(name)) await import(`./${name}.ts`);
else {
  process.stderr.write(`There is nothing to measure by the name of ${name}: ${names.join(", ")}.\n`);
  process.exitCode = 2;
}
