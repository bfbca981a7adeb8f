import type { Script, TestDestination } from "./destination.ts";

/** What a destination has taken: for each key, the bodies that came under it. */
export interface Ledger {
  /** What the destination answers from now on; it starts with 200. Only what is answered so is taken. */
  status: number;
  /** Called with each delivery before it is answered. */
  onDelivery: () => void;
  /** Resolves once so many keys are there. */
  keys(count: number): Promise<void>;
  /** Deliveries beyond the first of each key. */
  duplicates(): number;
  /** The lowest attempt that any event was taken on. */
  lowestAttempt(): number;
  /** The bodies, one for each key, sorted: `textOf` each. @throws when one key has two different bodies */
  bodies(): string[];
}

/** Bytes as text that no two differ in: one character for each byte. */
export function textOf(bytes: Buffer): string {
  return bytes.toString("latin1");
}

/** Keeps the books of a destination. */
export function keepLedger(destination: TestDestination): Ledger {
  const taken = new Map<string, string[]>();
  let lowest = Number.POSITIVE_INFINITY;
  let look = () => {};
  const ledger: Ledger = {
    status: 200,
    onDelivery: () => {},
    keys: (count) =>
      new Promise((resolve) => {
        look = () => taken.size >= count && resolve();
        look();
      }),
    duplicates: () => [...taken.values()].flat().length - taken.size,
    lowestAttempt: () => lowest,
    bodies: () =>
      [...taken]
        .map(([key, bodies]) => {
          const [body = "", second] = new Set(bodies);
          if (second !== undefined) throw new Error(`Two bodies came under the key ${key}.`);
          return body;
        })
        .sort(),
  };
  destination.answer = ({ method, headers, body }): Script => {
    if (method !== "POST" || ledger.status !== 200) return { status: ledger.status };
    const key = String(headers["idempotency-key"]);
    taken.set(key, [...(taken.get(key) ?? []), textOf(body)]);
    lowest = Math.min(lowest, Number(headers["x-attempt"]));
    ledger.onDelivery();
    look();
    return { status: 200 };
  };
  return ledger;
}
