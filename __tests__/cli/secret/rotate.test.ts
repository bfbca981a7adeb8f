import fc from "fast-check";
import { type RotationPorts, rotate } from "../../../cli/secret/rotate.ts";
import type { SecretValue } from "../../../contract/secret.ts";

const READ_SECONDS = 300;
const GRACE_SECONDS = 180;
/** Genesys tries one event again for so long, signed as it was at first. */
const RETRY_SECONDS = 85;

/** The process is killed. */
class Killed extends Error {}

/** A parameter, Genesys and a clock; and all that has ever been in the first two. */
class World {
  now = Date.parse("2026-11-24T12:00:00Z");
  readonly parameter: { readonly at: number; readonly value: SecretValue }[];
  readonly genesys: { readonly at: number; readonly secret: string }[];
  readonly notes: string[] = [];
  secrets = 0;
  /** Effects until the process dies, and whether the last of them is done. */
  #lives = Number.POSITIVE_INFINITY;
  #lastIsDone = true;

  constructor(value: SecretValue, genesys = value.current) {
    this.parameter = [{ at: 0, value }];
    this.genesys = [{ at: 0, secret: genesys }];
  }

  get value(): SecretValue {
    return (this.parameter.at(-1) as { value: SecretValue }).value;
  }

  readonly ports: RotationPorts = {
    read: async () => this.value,
    write: async (value) => this.#effect(() => this.parameter.push({ at: this.now, value })),
    switchOver: async (secret) => {
      this.#effect(() => this.genesys.push({ at: this.now, secret }));
      return true;
    },
    wait: async (until) =>
      this.#effect(() => {
        this.now = Math.max(this.now, until);
      }),
    note: (text) => this.notes.push(text),
    now: () => this.now,
  };

  run(lives = Number.POSITIVE_INFINITY, lastIsDone = true) {
    this.#lives = lives;
    this.#lastIsDone = lastIsDone;
    return rotate(this.ports, {
      newSecret: async () => `secret ${++this.secrets}`,
      readSeconds: READ_SECONDS,
      graceSeconds: GRACE_SECONDS,
    });
  }

  /** Whether, at every moment, every receiver would take whatever may arrive. */
  refusesNothing(): boolean {
    const ends = [...this.parameter, ...this.genesys].map(({ at }) => at);
    // What changes, changes at a change, or where its traces end.
    const moments = ends.flatMap((at) => [at, at + READ_SECONDS * 1_000 - 1, at + RETRY_SECONDS * 1_000]);
    return moments.every((moment) =>
      during(this.parameter, moment - READ_SECONDS * 1_000 + 1, moment).every(({ value }) =>
        during(this.genesys, moment - RETRY_SECONDS * 1_000, moment).every(
          ({ secret }) => secret === value.current || secret === value.previous,
        ),
      ),
    );
  }

  #effect(work: () => unknown): void {
    if (--this.#lives > 0) return void work();
    if (this.#lastIsDone) work();
    throw new Killed();
  }
}

/** What was there at any moment from `from` to `to`. */
function during<T extends { readonly at: number }>(history: readonly T[], from: number, to: number): T[] {
  return history.filter(
    ({ at }, index) => at <= to && (history[index + 1]?.at ?? Number.POSITIVE_INFINITY) > from,
  );
}

test("the new secret is taken everywhere before Genesys has it, and the old one as long as it may arrive", async () => {
  const world = new World({ current: "old" });
  expect(await world.run()).toEqual({ done: true, resumed: false, secret: "secret 1" });
  expect(
    world.parameter.map(({ value: { current, previous, rotation } }) => [current, previous, rotation?.step]),
  ).toEqual([
    ["old", undefined, undefined],
    ["secret 1", "old", "announced"],
    ["secret 1", "old", "switched"],
    ["secret 1", undefined, undefined],
  ]);
  expect(world.genesys.at(-1)?.secret).toBe("secret 1");
  expect(world.refusesNothing()).toBe(true);
});

test("killed anywhere, any number of times, and run again at any time, it refuses nothing and comes to its end", async () => {
  const life = fc.record({
    lives: fc.integer({ min: 1, max: 8 }),
    lastIsDone: fc.boolean(),
    /** Until somebody runs it again. */
    pauseSeconds: fc.integer({ min: 0, max: 1_000 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(life, { maxLength: 6 }), async (lifetimes) => {
      const world = new World({ current: "old" });
      for (const { lives, lastIsDone, pauseSeconds } of lifetimes) {
        await world.run(lives, lastIsDone).catch((error: unknown) => {
          if (!(error instanceof Killed)) throw error;
        });
        world.now += pauseSeconds * 1_000;
        expect([world.value.current, world.value.previous]).toContain(world.genesys.at(-1)?.secret);
      }
      const { done, secret } = await world.run();
      expect({ done, value: world.value }).toEqual({ done: true, value: { current: secret } });
      expect(world.genesys.at(-1)?.secret).toBe(secret);
      expect(world.refusesNothing()).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test("a run that goes on waits for what is left only, and no longer where the other clock was ahead", async () => {
  const world = new World({ current: "old" });
  const begun = world.now;
  await world.run(1).catch(() => {});
  world.now = begun + 200_000;
  await world.run(1).catch(() => {}); // the wait's end
  expect(world.now).toBe(begun + READ_SECONDS * 1_000);

  const ahead = new World({
    current: "new",
    previous: "old",
    rotation: { step: "switched", at: "2027-01-01T00:00:00Z" },
  });
  const before = ahead.now;
  await ahead.run();
  expect(ahead.now).toBe(before + GRACE_SECONDS * 1_000);
});

test.each(["old", "new"])(
  "one that was begun by hand is gone on with, Genesys having the %s secret",
  async (genesys) => {
    const world = new World({ current: "new", previous: "old" }, genesys);
    expect(await world.run()).toEqual({ done: true, resumed: true, secret: "new" });
    expect(world.secrets).toBe(0);
    expect(world.genesys.at(-1)?.secret).toBe("new");
    expect(world.refusesNothing()).toBe(true);
  },
);

test("what is left to a person stays as it is: both secrets are taken", async () => {
  const world = new World({ current: "old" });
  const left = { ...world.ports, switchOver: async () => false };
  const plan = { newSecret: async () => "new", readSeconds: READ_SECONDS, graceSeconds: GRACE_SECONDS };
  expect(await rotate(left, plan)).toEqual({ done: false, resumed: false, secret: "new" });
  expect(world.value).toMatchObject({ current: "new", previous: "old", rotation: { step: "announced" } });
});

test.each([0, 1])(
  "it stops where somebody else has written another secret during wait %i, and overwrites nothing",
  async (which) => {
    const world = new World({ current: "old" });
    const theirs = { current: "theirs", previous: "old" };
    let waits = 0;
    const wait = async () => {
      if (waits++ === which) world.parameter.push({ at: world.now, value: theirs });
    };
    const plan = { newSecret: async () => "new", readSeconds: READ_SECONDS, graceSeconds: GRACE_SECONDS };
    await expect(rotate({ ...world.ports, wait }, plan)).rejects.toThrow(/Somebody else/);
    expect(world.value).toBe(theirs);
    expect(world.genesys.at(-1)?.secret).toBe(which === 0 ? "old" : "new");
  },
);
