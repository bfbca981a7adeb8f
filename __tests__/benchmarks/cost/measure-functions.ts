import { added, type Counts } from "../../support/billed-units.ts";
import { bytesOfInvocation } from "../../support/logged-bytes.ts";
import { Bench, type Measured, median, shuffled } from "../functions/bench.ts";
import type { Files } from "../functions/peers.ts";
import type { Duration } from "./billed-milliseconds.ts";
import { batches, messagesOf, requests, type Writer } from "./events.ts";

/** A function of a design. */
export interface Entrant {
  readonly name: string;
  readonly of: "receiver" | "processor";
  /** Who wrote what is on its queue. */
  readonly writer: Writer;
  /** Events that one invocation is handed. */
  readonly batch: number;
  /** Whether it takes more from the queue itself, where it is handed a full batch. */
  readonly takesMore?: boolean;
  readonly files: Files;
  readonly variables?: Readonly<Record<string, string>>;
  /** The interpreter, where it is written in Python. */
  readonly python?: string;
}

/** One invocation of so many events, warm. Of CPU the median of all rounds, of waiting the least: a busy machine only adds to it. */
export interface Figures extends Duration {
  readonly events: number;
  readonly units: Readonly<Record<string, number>>;
  readonly calls: Readonly<Record<string, number>>;
  readonly requestBytes: number;
  /** What it writes itself, as CloudWatch bills it. */
  readonly ownLogBytes: number;
}

export const LATENCY = { aws: 5, destination: 100 } as const;

/** Events that are measured together: as fast as it goes, for its CPU; and where AWS and the destination take their time. */
const EVENTS = { fast: 800, slow: { receiver: 30, processor: 10 } } as const;
const bareMinimum = 2;
/** Beside those that an invocation is handed, where it takes more: in seconds of its time, of which it has about sixteen. */
const BACKLOG = { fast: 790, slow: 190 } as const;
type Pace = keyof typeof BACKLOG;

const count = (pace: Pace, { of, batch, takesMore }: Entrant) =>
  takesMore ? 1 : Math.max(bareMinimum, (pace === "fast" ? EVENTS.fast : EVENTS.slow[of]) / batch);
const events = (pace: Pace, { batch, takesMore }: Entrant) => batch + (takesMore ? BACKLOG[pace] : 0);
/** Those before the ones that are measured are different, too. */
const given = (invocations: number) => 1 + Math.ceil(invocations / 4) + invocations;

export async function measureFunctions(
  entrants: readonly Entrant[],
  rounds: number,
  progress: (text: string) => void,
): Promise<ReadonlyMap<string, Figures>> {
  const { aws, destination } = LATENCY;
  const paces = {
    fast: await Bench.start(1),
    slow: await Bench.start(1, { aws: String(aws), destination: String(destination) }),
  };
  const runs = new Map<string, { fast: Measured; slow: Measured }[]>(entrants.map(({ name }) => [name, []]));
  try {
    for (const bench of Object.values(paces))
      for (const { name, files } of entrants) await bench.add(name, files);
    for (let round = 1; round <= rounds; round++)
      for (const [index, entrant] of shuffled(entrants).entries()) {
        progress(`round ${round} of ${rounds}, ${index + 1} of ${entrants.length}: ${entrant.name}`);
        const fast = await run(paces.fast, "fast", entrant);
        runs.get(entrant.name)?.push({ fast, slow: await run(paces.slow, "slow", entrant) });
      }
  } finally {
    await paces.fast.stop();
    await paces.slow.stop();
  }
  return new Map(entrants.map((entrant) => [entrant.name, figuresOf(entrant, runs.get(entrant.name) ?? [])]));
}

/** @throws where it did not deliver each event once, or not hand it to the queue */
async function run(bench: Bench, pace: Pace, entrant: Entrant): Promise<Measured> {
  const { name, of, writer, batch, variables = {}, python } = entrant;
  const invocations = count(pace, entrant);
  const number = given(invocations);
  // Made now: of an event that has waited there is more to write.
  await bench.give(name, of === "receiver" ? requests(writer, number) : batches(writer, batch, number));
  const measured = await bench.run(name, of, invocations, {
    variables,
    invocations: name,
    written: pace === "slow",
    backlog: messagesOf(writer, events(pace, entrant) - batch),
    ...(python === undefined ? {} : { python }),
  });
  const { calls = {}, deliveries = 0 } = measured.used ?? {};
  const done = of === "receiver" ? (calls["AmazonSQS.SendMessage"] ?? 0) : deliveries;
  const expected = invocations * events(pace, entrant);
  if (done !== expected) throw new Error(`${name} passed on ${done} of ${expected} events.`);
  return measured;
}

function figuresOf(entrant: Entrant, measured: readonly { fast: Measured; slow: Measured }[]): Figures {
  const invocations = count("slow", entrant) * measured.length;
  const used = measured.map(({ slow }) => slow.used);
  const each = (counts: readonly Counts[]) =>
    Object.fromEntries(Object.entries(added(counts)).map(([what, many]) => [what, many / invocations]));
  const waited = ({ slow: { warm } }: { slow: Measured }) => (warm?.wall ?? Number.NaN) - (warm?.cpu ?? 0);
  const written = measured.map(({ slow }) => slow.written ?? "").join("");
  const many = events("slow", entrant);
  return {
    events: many,
    cpu: (many / events("fast", entrant)) * median(measured.map(({ fast }) => fast.warm?.cpu ?? Number.NaN)),
    waiting: Math.max(0, Math.min(...measured.map(waited))),
    units: each(used.map((one) => one?.units ?? {})),
    calls: each(used.map((one) => one?.calls ?? {})),
    requestBytes: used.reduce((sum, one) => sum + (one?.requestBytes ?? 0), 0) / invocations,
    ownLogBytes: bytesOfInvocation(written) / invocations,
  };
}
