import type { ExecutionEnvironment } from "../../../simulation/aws/execution-environment.ts";
import {
  type FunctionDefinition,
  type Handler,
  Lambda,
  type LambdaOptions,
} from "../../../simulation/aws/lambda.ts";
import { Random } from "../../../simulation/random.ts";
import { HOUR, MINUTE, SECOND, Simulated } from "../../support/simulated.ts";

let world: Simulated;
let told: string[];
/** Environments in which code was loaded. */
let loaded: ExecutionEnvironment[];
beforeEach(() => {
  world = new Simulated();
  told = [];
  loaded = [];
});

function start(options: Partial<LambdaOptions> = {}, random = world.random): Lambda {
  return new Lambda(world.clock, random, world.trace, {
    onInvocation: (name, kind) => told.push(`${name} ${kind}`),
    ...options,
  });
}

function add(lambda: Lambda, load: () => Handler, more: Partial<FunctionDefinition> = {}): void {
  lambda.add({
    name: "f",
    arn: "arn:f",
    timeoutSeconds: 10,
    allowsRecursion: false,
    asynchronous: { maximumRetryAttempts: 2, maximumEventAgeSeconds: 21_600 },
    load: (environment) => {
      loaded.push(environment);
      return load();
    },
    ...more,
  });
}

/** Tells how often it was invoked in its environment. */
const counting = (): Handler => {
  let count = 0;
  return async () => ++count;
};
const slow =
  (milliseconds: number): (() => Handler) =>
  () =>
  () =>
    world.clock.sleep(milliseconds);

describe("execution environments", () => {
  test("keep their memory from one invocation to the next; two at a time have two", async () => {
    const lambda = start();
    add(lambda, counting);
    const first = await world.settle(lambda.invoke("f", {}));
    const both = await world.settle(Promise.all([lambda.invoke("arn:f", {}), lambda.invoke("f", {})]));
    expect(first).toEqual({ kind: "returned", value: 1 });
    expect(both.map((result) => "value" in result && result.value).sort()).toEqual([1, 2]);
    expect(loaded).toHaveLength(2);
  });

  test.each([
    ["is given up when nobody uses it for a while", 16 * MINUTE, 1],
    ["is there again after a short pause", 4 * MINUTE, 2],
  ])("one %s", async (_, pause, value) => {
    const lambda = start();
    add(lambda, counting);
    await world.settle(lambda.invoke("f", {}));
    await world.pass(pause);
    expect(await world.settle(lambda.invoke("f", {}))).toEqual({ kind: "returned", value });
    expect(loaded[0]?.alive).toBe(value === 2);
  });

  test("one is recycled after some hours, however busy", async () => {
    const lambda = start();
    add(lambda, counting);
    for (let minutes = 0; minutes < 250; minutes += 2) {
      await world.settle(lambda.invoke("f", {}));
      await world.pass(2 * MINUTE - 5 * SECOND);
    }
    expect(loaded.length).toBeGreaterThan(1);
    expect(loaded.length).toBeLessThan(10);
    expect(loaded.slice(0, -1).every(({ alive }) => !alive)).toBe(true);
  });

  test("have clocks that differ, by as much as was said at most", async () => {
    const lambda = start({ skewMilliseconds: 5_000 });
    add(lambda, slow(SECOND));
    await world.settle(Promise.all(Array.from({ length: 50 }, () => lambda.invoke("f", {}))));
    const skews = loaded.map(({ skewMilliseconds }) => skewMilliseconds);
    expect(new Set(skews).size).toBeGreaterThan(40);
    expect(Math.max(...skews.map(Math.abs))).toBeLessThanOrEqual(5_000);
  });
});

describe("an invocation fails, and what was in memory is gone,", () => {
  const again = async (lambda: Lambda) => world.settle(lambda.invoke("f", {}));

  test("when its time is up, not a millisecond before", async () => {
    const lambda = start();
    const left: number[] = [];
    add(lambda, () => async (_, context) => {
      left.push(context.getRemainingTimeInMillis());
      await world.clock.sleep(loaded.length === 1 ? 10_001 : 9_999);
      left.push(context.getRemainingTimeInMillis());
      return "done";
    });
    expect(await again(lambda)).toEqual({ kind: "failed", error: "timed out" });
    expect(loaded[0]?.alive).toBe(false);
    expect(await again(lambda)).toEqual({ kind: "returned", value: "done" });
    await world.pass(SECOND);
    expect(left.toSorted((a, b) => a - b)).toEqual([0, 1, 10_000, 10_000]);
  });

  test("when its environment is killed while it waits", async () => {
    const lambda = start();
    add(lambda, slow(5 * SECOND));
    const result = lambda.invoke("f", {});
    await world.pass(2 * SECOND);
    loaded[0]?.die("killed");
    expect(await world.settle(result)).toEqual({ kind: "failed", error: "killed" });
    await again(lambda);
    expect(loaded).toHaveLength(2);
  });

  test("when the code does not load; the next begins with another environment", async () => {
    const lambda = start({ concurrency: 1 });
    let loads = 0;
    add(lambda, () => {
      if (++loads === 1) throw new Error("A variable is missing");
      return counting();
    });
    expect(await again(lambda)).toEqual({ kind: "failed", error: "Error: A variable is missing" });
    expect(loaded[0]?.alive).toBe(false);
    expect(await again(lambda)).toEqual({ kind: "returned", value: 1 });
    expect(told).toEqual(["f failed", "f returned"]);
  });

  test("when its environment dies while it starts; the next begins with another", async () => {
    const lambda = start({ concurrency: 1 });
    add(lambda, () => {
      if (loaded.length === 1) loaded[0]?.die("killed as it reads ahead");
      return loaded.length === 1 ? () => new Promise(() => {}) : counting();
    });
    expect(await again(lambda)).toEqual({ kind: "failed", error: "died at its start" });
    expect(await again(lambda)).toEqual({ kind: "returned", value: 1 });
  });

  test("but not for an environment that was killed while nobody used it: that one is never used again", async () => {
    const lambda = start({ concurrency: 1 });
    add(lambda, counting);
    await again(lambda);
    loaded[0]?.die("killed while idle");
    expect(await again(lambda)).toEqual({ kind: "returned", value: 1 });
    expect(loaded).toHaveLength(2);
  });
});

test.each<[string, () => Handler]>([
  ["rejects", () => async () => Promise.reject(new Error("x"))],
  [
    "throws at once",
    () => () => {
      throw new Error("x");
    },
  ],
])("a handler that %s fails its invocation, and keeps its environment", async (_, load) => {
  const lambda = start();
  add(lambda, load);
  for (let i = 0; i < 2; i++)
    expect(await world.settle(lambda.invoke("f", {}))).toEqual({ kind: "failed", error: "Error: x" });
  expect(loaded).toHaveLength(1);
});

describe("concurrency", () => {
  const kinds = async (lambda: Lambda, names: string[]) => {
    const results = names.map((name) => lambda.invoke(name, {}));
    return (await world.settle(Promise.all(results))).map(({ kind }) => kind);
  };

  test("of the account is shared; beyond it an invocation is throttled, and later there is room again", async () => {
    const lambda = start({ concurrency: 2 });
    add(lambda, slow(SECOND));
    add(lambda, slow(SECOND), { name: "g", arn: "arn:g" });
    expect(await kinds(lambda, ["f", "g", "f"])).toEqual(["returned", "returned", "throttled"]);
    expect(await kinds(lambda, ["g"])).toEqual(["returned"]);
    expect(told).toContain("f throttled");
  });

  test("that is reserved bounds its function, and is taken from all others", async () => {
    const lambda = start({ concurrency: 3 });
    add(lambda, slow(SECOND), { reservedConcurrency: 2 });
    add(lambda, slow(SECOND), { name: "g", arn: "arn:g" });
    expect(await kinds(lambda, ["g", "g"])).toEqual(["returned", "throttled"]); // though nobody uses f's
    expect(await kinds(lambda, ["f", "f", "f"])).toEqual(["returned", "returned", "throttled"]);
  });

  test("is given back by what fails", async () => {
    const lambda = start({ concurrency: 1 });
    add(lambda, () => async () => Promise.reject(new Error("x")));
    for (let i = 0; i < 3; i++) expect(await kinds(lambda, ["f"])).toEqual(["failed"]);
  });
});

describe("an invocation that nobody waits for", () => {
  const times: number[] = [];
  beforeEach(() => {
    times.length = 0;
  });
  const failing = (): Handler => async () => {
    times.push(Math.round(world.clock.elapsed / MINUTE));
    throw new Error("x");
  };

  test.each([
    [2, 21_600, [0, 1, 3]],
    [1, 21_600, [0, 1]],
    [0, 60, [0]],
    [2, 90, [0, 1]], // the second retry would come when the event is too old
  ])(
    "with %d retries, for %d s, comes at minutes %j when it fails",
    async (maximumRetryAttempts, maximumEventAgeSeconds, at) => {
      const lambda = start();
      add(lambda, failing, { asynchronous: { maximumRetryAttempts, maximumEventAgeSeconds } });
      lambda.invokeLater("f", {});
      await world.pass(HOUR);
      expect(times).toEqual(at);
    },
  );

  test("is kept while it is throttled, for as long as its settings say", async () => {
    const lambda = start({ concurrency: 1 });
    add(lambda, slow(9 * SECOND), { timeoutSeconds: 60 });
    for (let i = 0; i < 5; i++) lambda.invokeLater("f", {});
    await world.pass(10 * MINUTE);
    expect(told.filter((line) => line === "f returned")).toHaveLength(5);
    const impatient = start({ concurrency: 1 });
    told.length = 0;
    add(impatient, slow(50 * SECOND), {
      timeoutSeconds: 60,
      asynchronous: { maximumRetryAttempts: 0, maximumEventAgeSeconds: 20 },
    });
    for (let i = 0; i < 3; i++) impatient.invokeLater("f", {});
    await world.pass(10 * MINUTE);
    expect(told.filter((line) => line === "f returned")).toHaveLength(1);
  });

  test("comes once, and now and then twice", async () => {
    const lambda = start({ concurrency: 10_000 }, new Random("twice"));
    add(lambda, counting);
    const sent = 20_000;
    for (let i = 0; i < sent; i++) lambda.invokeLater("f", {});
    await world.pass(MINUTE);
    const returned = told.filter((line) => line === "f returned").length;
    expect(returned).toBeGreaterThan(sent);
    expect(returned).toBeLessThan(sent + 20);
  });

  test("takes its lineage along", async () => {
    const lambda = start();
    const hops: number[] = [];
    add(lambda, () => async () => void hops.push(loaded[0]?.hops ?? -1));
    lambda.invokeLater("f", {}, 7);
    await world.pass(SECOND);
    expect(hops).toEqual([7]);
  });
});
