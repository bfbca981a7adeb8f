import { join } from "node:path";
import { Bench, type Measured, median, shuffled } from "./functions/bench.ts";
import { type Files, own, peer } from "./functions/peers.ts";

/**
 * Prints what an event costs a warm execution environment, milliseconds of CPU, beside the same work with the bare
 * SDK. Rounds are shuffled, ratios are taken within a round, and the median of them is printed.
 */
const ROUNDS = 7;
const RECORDS = 10;
const root = join(import.meta.dirname, "../..");

interface Entrant {
  readonly name: string;
  readonly of: "receiver" | "processor";
  readonly files: Files;
  readonly invocations: number;
}

const entrants: readonly Entrant[] = [
  { name: "receiver", of: "receiver", files: await own(root, "receiver"), invocations: 2_000 },
  { name: "receiver, bare SDK", of: "receiver", files: await peer(root, "bareReceiver"), invocations: 2_000 },
  { name: "processor", of: "processor", files: await own(root, "processor"), invocations: 200 },
  {
    name: "processor, bare SDK",
    of: "processor",
    files: await peer(root, "bareProcessor"),
    invocations: 200,
  },
];

const bench = await Bench.start(RECORDS);
const rounds: Record<string, Measured>[] = [];
try {
  for (const { name, files } of entrants) await bench.add(name, files);
  for (let round = 0; round < ROUNDS; round++) {
    const measured: Record<string, Measured> = {};
    for (const { name, of, invocations } of shuffled(entrants))
      measured[name] = await bench.run(name, of, invocations);
    rounds.push(measured);
  }
} finally {
  await bench.stop();
}

const event = (name: string, { warm }: Measured) =>
  (warm?.cpu ?? Number.NaN) / (name.startsWith("processor") ? RECORDS : 1);
const ratio = (name: string) =>
  median(
    rounds.map(
      (round) => event(name, round[name] as Measured) / event(name, round[`${name}, bare SDK`] as Measured),
    ),
  );
process.stdout.write(`${ROUNDS} rounds; medians, milliseconds of CPU an event\n`);
for (const { name } of entrants) {
  const own = median(rounds.map((round) => event(name, round[name] as Measured)));
  const megabytes = median(rounds.map((round) => round[name]?.megabytes ?? Number.NaN));
  process.stdout.write(`${name.padEnd(22)} ${own.toFixed(3)}  ${Math.round(megabytes)} MB\n`);
}
for (const name of ["receiver", "processor"])
  process.stdout.write(`${`${name}, to the bare SDK`.padEnd(30)} ${ratio(name).toFixed(2)}×\n`);
