import { join } from "node:path";
import { Bench, type Measured, median, shuffled } from "./functions/bench.ts";
import { type Files, own, peer } from "./functions/peers.ts";

/**
 * Prints what a new execution environment costs: to load the function's bundle, and its first invocation, beside
 * bundles of the bare SDK, each in a process of its own and over TLS. Rounds are shuffled, ratios are taken within a
 * round, and the median of them is printed.
 *
 * The bare ones are built as one file each, as esbuild does it unasked. In chunks the SDK leaves for later what it does
 * not need at once, as it does in our own bundles: of that there is a figure, too.
 */
const ROUNDS = 11;
const root = join(import.meta.dirname, "../..");

interface Entrant {
  readonly name: string;
  readonly of: "receiver" | "processor";
  readonly files: Files;
}

const entrants: readonly Entrant[] = [
  { name: "receiver", of: "receiver", files: await own(root, "receiver") },
  { name: "receiver, bare SDK", of: "receiver", files: await peer(root, "bareReceiver") },
  { name: "receiver, nothing ahead", of: "receiver", files: await peer(root, "receiverWithNothingAhead") },
  { name: "processor", of: "processor", files: await own(root, "processor") },
  { name: "processor, nothing ahead", of: "processor", files: await peer(root, "processorWithNothingAhead") },
  { name: "processor, bare SDK", of: "processor", files: await peer(root, "bareProcessor") },
  { name: "smallest SDK bundle", of: "receiver", files: await peer(root, "smallest") },
  { name: "smallest, in chunks", of: "receiver", files: await peer(root, "smallestInChunks") },
];

const bench = await Bench.start(1);
const rounds: Record<string, Measured>[] = [];
try {
  for (const { name, files } of entrants) await bench.add(name, files);
  for (let round = 0; round < ROUNDS; round++) {
    const measured: Record<string, Measured> = {};
    for (const { name, of } of shuffled(entrants)) measured[name] = await bench.run(name, of);
    if (round > 0) rounds.push(measured); // the first one reads from the disk
  }
} finally {
  await bench.stop();
}

const load = ({ load: took }: Measured) => took.cpu;
const first = ({ first: took }: Measured) => took.cpu;
const together = (measured: Measured) => load(measured) + first(measured);
const of = (name: string, figure: (measured: Measured) => number) =>
  median(rounds.map((round) => figure(round[name] as Measured)));
const ratio = (one: string, other: string, figure: (measured: Measured) => number) =>
  median(rounds.map((round) => figure(round[one] as Measured) / figure(round[other] as Measured)));

process.stdout.write(`${rounds.length} rounds; medians, milliseconds of CPU\n`);
for (const { name } of entrants) {
  const figures = [load, first, together].map((figure) => of(name, figure).toFixed(1).padStart(7));
  process.stdout.write(
    `${name.padEnd(24)} load ${figures[0]}  first ${figures[1]}  together ${figures[2]}\n`,
  );
}
const ratios: readonly [string, number][] = [
  [
    "receiver's load alone, to the smallest SDK bundle",
    ratio("receiver, nothing ahead", "smallest SDK bundle", load),
  ],
  [
    "receiver's first request, to one with nothing read ahead",
    ratio("receiver", "receiver, nothing ahead", first),
  ],
  [
    "receiver to its first acknowledgement, to the bare SDK",
    ratio("receiver", "receiver, bare SDK", together),
  ],
  [
    "processor's load alone, to the smallest SDK bundle",
    ratio("processor, nothing ahead", "smallest SDK bundle", load),
  ],
  [
    "processor's first batch, to one with nothing read ahead",
    ratio("processor", "processor, nothing ahead", first),
  ],
  ["processor to its first batch, to the bare SDK", ratio("processor", "processor, bare SDK", together)],
];
for (const [what, value] of ratios) process.stdout.write(`${what.padEnd(58)} ${value.toFixed(2)}×\n`);
