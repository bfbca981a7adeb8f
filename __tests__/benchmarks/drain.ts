import { join } from "node:path";
import { processor as settings } from "../../contract/settings/processor.ts";
import { Bench, median } from "./functions/bench.ts";
import { queued } from "./functions/invocations.ts";
import { own } from "./functions/peers.ts";

/**
 * Prints what share of a destination's pace one execution environment of the processor reaches while a backlog lasts, where
 * each call of AWS takes 5 ms. All of it would be `batchConcurrency` deliveries under way at any time.
 */
const ROUNDS = 3;
const EVENTS = 400;
const RECORDS = settings.batchSize.def.defaultValue;
const AT_ONCE = settings.batchConcurrency.def.defaultValue;
const latencies: readonly (readonly [text: string, mean: number])[] = [
  ["100", 100],
  ["exponential 100", 100],
  ["10", 10],
];

const files = await own(join(import.meta.dirname, "../.."), "processor");
process.stdout.write(
  `${EVENTS} events, the first ${RECORDS} handed over, ${AT_ONCE} deliveries at once, 5 ms for each call of AWS\n`,
);
for (const [destination, mean] of latencies) {
  const bench = await Bench.start(RECORDS, { aws: "5", destination });
  try {
    await bench.add("processor", files);
    const shares: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const { warm, used } = await bench.run("processor", "processor", 1, {
        backlog: queued(EVENTS - RECORDS, RECORDS),
      });
      if (used?.deliveries !== EVENTS) throw new Error(`${used?.deliveries} of ${EVENTS} were delivered.`);
      shares.push((EVENTS * mean) / AT_ONCE / (warm?.wall ?? Number.NaN));
    }
    process.stdout.write(`${`${destination} ms`.padEnd(20)} ${Math.round(100 * median(shares))} %\n`);
  } finally {
    await bench.stop();
  }
}
