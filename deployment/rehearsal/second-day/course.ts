/** Settings by their path (`queue.retentionSeconds`); `undefined` takes one out. */
export type Values = Readonly<Record<string, unknown>>;

/** How a change has to end. Whatever way: what follows is an empty plan, with secrets, messages and objects there. */
export type Ending =
  /** The review has nothing against it, and it is applied. */
  | { readonly kind: "applied" }
  /** The review ends with 3 and says why. Somebody allows it, and it is applied. */
  | { readonly kind: "asked"; readonly says: RegExp }
  /** It does not come to an apply: the review, or the synthesis, says why and what to do. */
  | { readonly kind: "stopped"; readonly says: RegExp };

export interface Step {
  /** On top of the steps before. */
  readonly set: Values;
  readonly ends: Ending;
  /** The settings that it is about, where `set` has others too, that go along. @default those of `set` */
  readonly about?: readonly string[];
  /** What a person does after it. */
  readonly person?: "rekeys secrets";
}

/** Changes that follow each other, one setting at a time; at its end, all is taken back at once. */
export interface Course {
  readonly title: string;
  readonly steps: readonly Step[];
  readonly back: Ending;
  /** A part of every rehearsal, though without the way back. @default only where the second day is rehearsed whole */
  readonly always?: true;
}

/** A setting that this emulator, or this provider, cannot show, and what does. */
export interface Elsewhere {
  readonly setting: string;
  readonly because: string;
  readonly shownBy: string;
}

export const applied: Ending = { kind: "applied" };
export const asked = (says: RegExp): Ending => ({ kind: "asked", says });
export const stopped = (says: RegExp): Ending => ({ kind: "stopped", says });

/** A course of settings that nothing speaks against, one step each. */
export function plain(title: string, values: Values, back: Ending = applied): Course {
  const steps = Object.entries(values).map(
    ([path, value]): Step => ({ set: { [path]: value }, ends: applied }),
  );
  return { title, steps, back };
}

/** The settings that a step changes on purpose, as the table of settings has them. */
export function settingsOf({ about, set }: Step): readonly string[] {
  return about ?? Object.keys(set);
}

/** Settings with some of them changed. */
export function changed<T extends object>(settings: T, values: Values): T {
  const copy = structuredClone(settings);
  for (const [path, value] of Object.entries(values)) {
    const keys = path.split(".");
    const last = keys.pop() ?? "";
    let owner = copy as Record<string, unknown>;
    for (const key of keys) {
      owner[key] ??= {};
      owner = owner[key] as Record<string, unknown>;
    }
    if (value === undefined) delete owner[last];
    else owner[last] = value;
  }
  return copy;
}
