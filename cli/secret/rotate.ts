import { CommandError } from "../../contract/command-error.ts";
import type { Rotation, SecretValue } from "../../contract/secret.ts";

/** What a rotation works with. */
export interface RotationPorts {
  /** What stands in the parameter. @throws {CommandError} where no secret has been set */
  readonly read: () => Promise<SecretValue>;
  readonly write: (value: SecretValue) => Promise<void>;
  /** Has Genesys sign with it; twice is as good as once. Returns false where that is left to a person. */
  readonly switchOver: (secret: string) => Promise<boolean>;
  /** @param until milliseconds, as `now` gives them */
  readonly wait: (until: number, what: string) => Promise<void>;
  readonly note: (text: string) => void;
  readonly now: () => number;
}

export interface RotationPlan {
  /** Called only where no rotation is under way. */
  readonly newSecret: () => Promise<string>;
  /** Who has to know the secret beside us: who signs for us, or to whom we sign. @default "Genesys" */
  readonly holder?: "Genesys" | "the destination";
  /** After so long, every function has read what was written. */
  readonly readSeconds: number;
  /** What was signed before Genesys was switched over has arrived after so long, retries included. */
  readonly graceSeconds: number;
}

export interface RotationOutcome {
  /** False: it waits for a person to switch Genesys over. */
  readonly done: boolean;
  /** Whether it had been begun before. */
  readonly resumed: boolean;
  readonly secret: string;
}

/** What is waited for, and what has been done, by who has to know the secret. */
const WORDS = {
  Genesys: {
    bothActive: "until every receiver takes both secrets",
    switched: "Genesys signs with the new secret.",
    oldDone: "until what was signed with the old one is here",
  },
  "the destination": {
    bothActive: "until every delivery is signed with both secrets",
    switched: "The destination knows the new secret.",
    oldDone: "until nobody looks for the old one any more",
  },
} as const;

type Underway = SecretValue & { readonly previous: string; readonly rotation: Rotation };

/**
 * Replaces a secret without a moment in which Genesys signs with one that is not taken:
 *
 * 1. the new secret is written beside the old one, and every receiver reads both;
 * 2. Genesys is switched over to the new one;
 * 3. what was signed with the old one arrives, and the old one is dropped.
 *
 * How far it has come stands in the parameter itself, written after each step, and each step may be done
 * twice: whoever is killed anywhere in between is followed by the next run, which goes on from there.
 *
 * @throws {CommandError} where somebody else has changed the parameter in the meantime
 */
export async function rotate(ports: RotationPorts, plan: RotationPlan): Promise<RotationOutcome> {
  const found = await ports.read();
  const resumed = found.previous !== undefined;
  const words = WORDS[plan.holder ?? "Genesys"];
  let value = await underway(ports, plan, found);
  const { current } = value;
  if (value.rotation.step === "announced") {
    await ports.wait(after(value, plan.readSeconds, ports), words.bothActive);
    await unchanged(ports, value);
    if (!(await ports.switchOver(current))) return { done: false, resumed, secret: current };
    value = { ...value, rotation: { step: "switched", at: iso(ports) } };
    await unchanged(ports, value);
    await ports.write(value);
    ports.note(words.switched);
  }
  await ports.wait(after(value, plan.graceSeconds, ports), words.oldDone);
  await unchanged(ports, value);
  await ports.write({ current });
  return { done: true, resumed, secret: current };
}

/** Begins a rotation, or takes up the one that is under way. */
async function underway(
  { write, note, ...ports }: RotationPorts,
  plan: RotationPlan,
  { current, previous, rotation }: SecretValue,
): Promise<Underway> {
  if (previous !== undefined && rotation !== undefined) {
    note("A rotation is under way: this goes on with it.");
    return { current, previous, rotation };
  }
  const announced = { step: "announced", at: iso(ports) } as const;
  if (previous !== undefined) {
    // Both were written by hand, and nobody knows which of them is known elsewhere: so neither may go yet.
    note("Two secrets are taken already: this goes on with the rotation that somebody has begun by hand.");
    const value = { current, previous, rotation: announced };
    await write(value);
    return value;
  }
  const value = { current: await plan.newSecret(), previous: current, rotation: announced };
  await write(value);
  note("The new secret stands beside the old one.");
  return value;
}

/** A clock that was ahead when the step was written makes nobody wait longer. */
function after({ rotation }: Underway, seconds: number, { now }: Pick<RotationPorts, "now">): number {
  return Math.min(Date.parse(rotation.at), now()) + seconds * 1_000;
}

function iso({ now }: Pick<RotationPorts, "now">): string {
  return new Date(now()).toISOString();
}

async function unchanged(
  { read }: Pick<RotationPorts, "read">,
  { current, previous }: Underway,
): Promise<void> {
  const found = await read();
  if (found.current === current && found.previous === previous) return;
  throw new CommandError(
    "Somebody else has changed the secret in the meantime: this rotation has stopped.",
    "See that nobody else rotates it, and run the same command again: it goes on from what is there.",
  );
}
