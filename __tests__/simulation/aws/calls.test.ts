import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { AwsCalls, type Caller, type ModelClient } from "../../../simulation/aws/calls.ts";
import { AwsError, ModelError, throttled } from "../../../simulation/aws/errors.ts";
import { ExecutionEnvironment } from "../../../simulation/aws/execution-environment.ts";
import { type Fault, Faults } from "../../../simulation/faults.ts";
import { Random } from "../../../simulation/random.ts";
import { MINUTE, SECOND, Simulated } from "../../support/simulated.ts";

let world: Simulated;
let caller: ExecutionEnvironment;
/** When each call took effect, milliseconds since the run began. */
let effects: number[];
beforeEach(() => {
  world = new Simulated();
  caller = new ExecutionEnvironment("f", 1, 0);
  effects = [];
});

/** Faults one after the other, as they are told. */
class Told extends Faults {
  readonly #faults: (Fault["kind"] | Fault | undefined)[];

  constructor(faults: (Fault["kind"] | Fault | undefined)[]) {
    super({ rate: 0 }, new Random("told"), () => 0);
    this.#faults = [...faults];
  }

  override draw(): Fault | undefined {
    const next = this.#faults.shift();
    return typeof next === "string" ? { kind: next } : next;
  }
}

interface Setting {
  readonly faults?: (Fault["kind"] | Fault | undefined)[];
  readonly attempts?: number;
  readonly caller?: Caller;
}

function client(
  operate: () => unknown,
  { faults = [], attempts = 2, caller: who = caller }: Setting = {},
): ModelClient {
  const calls = new AwsCalls(world.clock, world.random, new Told(faults), world.trace);
  return calls.client("sqs", who, { attemptMilliseconds: SECOND, attempts }, () => {
    effects.push(world.clock.elapsed);
    return operate();
  });
}

class Send {
  readonly input = {};
}

/** What became of it, and when; nothing where it never came to an end. */
async function outcome(sent: Promise<unknown>): Promise<{ result?: unknown; error?: string; at?: number }> {
  let found = {};
  sent.then(
    (result) => (found = { result, at: world.clock.elapsed }),
    (error: Error) => (found = { error: error.name, at: world.clock.elapsed }),
  );
  await world.pass(MINUTE);
  return found;
}

const send = (one: ModelClient) => outcome(one.send(new Send()));

describe("a call with a fault", () => {
  test.each<[string, Setting, { result?: string; error?: string }, number]>([
    ["that is none", {}, { result: "sent" }, 1],
    ["fails, and is tried again", { faults: ["fail"] }, { result: "sent" }, 1],
    ["is refused, and is tried again", { faults: ["refuse"] }, { result: "sent" }, 1],
    ["is throttled, and is tried again", { faults: ["throttle"] }, { result: "sent" }, 1],
    ["hangs, and is tried again", { faults: ["hang"] }, { result: "sent" }, 1],
    ["fails as often as it is tried", { faults: ["fail", "fail"] }, { error: "InternalError" }, 0],
    ["hangs as often as it is tried", { faults: ["hang", "hang"] }, { error: "TimeoutError" }, 0],
    [
      "has effect, and its answer is dropped: it has effect twice",
      { faults: ["drop"] },
      { result: "sent" },
      2,
    ],
    [
      "has its effect when nobody waits for it any more",
      {
        faults: [
          { kind: "delay", delayMilliseconds: 5_000 },
          { kind: "delay", delayMilliseconds: 5_000 },
        ],
      },
      { error: "TimeoutError" },
      2,
    ],
    [
      "is tried no more often than the client's bounds say",
      { faults: ["fail"], attempts: 1 },
      { error: "InternalError" },
      0,
    ],
  ])("%s", async (_, setting, expected, times) => {
    expect(await send(client(() => "sent", setting))).toMatchObject(expected);
    expect(effects).toHaveLength(times);
  });

  test.each<[Fault["kind"], number]>([
    ["kill-before", 0],
    ["kill-after", 1],
  ])("%s takes its caller, who hears nothing any more", async (kind, times) => {
    expect(await send(client(() => "sent", { faults: [kind] }))).toEqual({});
    expect([caller.alive, effects.length]).toEqual([false, times]);
  });
});

test("a call takes its time: there, the effect, and back", async () => {
  const { at = 0 } = await send(client(() => "sent"));
  expect(effects[0]).toBeGreaterThanOrEqual(2);
  expect(at).toBeGreaterThan(effects[0] ?? 0);
  expect(at).toBeLessThanOrEqual(14);
});

describe("a caller", () => {
  test("that is dead calls nobody, and that dies meanwhile hears nothing, though the call takes effect", async () => {
    const one = client(() => "sent");
    const sent = one.send(new Send());
    world.clock.after(1, () => caller.die("killed"));
    expect(await outcome(sent)).toEqual({});
    expect(effects).toHaveLength(1);
    expect(await send(one)).toEqual({});
    expect(effects).toHaveLength(1);
  });

  test("that gives up hears so at once, and the call takes effect all the same", async () => {
    const controller = new AbortController();
    const sent = client(() => "sent").send(new Send(), { abortSignal: controller.signal });
    world.clock.after(1, () => controller.abort());
    expect(await outcome(sent)).toEqual({ error: "AbortError", at: 1 });
    expect(effects).toHaveLength(1);
    expect(
      await outcome(client(() => "sent").send(new Send(), { abortSignal: controller.signal })),
    ).toMatchObject({
      error: "AbortError",
    });
    expect(effects).toHaveLength(1);
  });
});

describe("tried again, as the SDK does it,", () => {
  const failing = (error: () => Error) => () => {
    throw error();
  };
  const unavailable = () => new AwsError("ServiceUnavailable", "x", 503);

  test.each<[string, () => Error, number]>([
    ["what the service could not do", unavailable, 3],
    ["what it throttles", throttled, 3],
    ["SQS's own throttle", () => new AwsError("RequestThrottled", "x"), 3],
    ["S3's own throttle", () => new AwsError("SlowDown", "x", 503), 3],
    ["not what it does not take", () => new AwsError("InvalidParameterValue", "x"), 1],
    ["not a status that says nothing of later", () => new AwsError("NotImplemented", "x", 501), 1],
  ])("is %s", async (_, error, attempts) => {
    expect(await send(client(failing(error), { attempts: 3 }))).toMatchObject({ error: error().name });
    expect(effects).toHaveLength(attempts);
  });

  test.each<[string, () => Error, number]>([
    ["at most 50 ms, then 100 ms, then 200 ms", unavailable, 50],
    ["at most 1 s, then 2 s, then 4 s where it was throttled", throttled, 1_000],
  ])("with pauses of %s", async (_, error, base) => {
    const pauses: number[][] = [[], [], []];
    for (let i = 0; i < 60; i++) {
      world = new Simulated();
      const calls = new AwsCalls(world.clock, new Random(`pauses ${i}`), new Told([]), world.trace);
      effects = [];
      const one = calls.client("sqs", caller, { attemptMilliseconds: SECOND, attempts: 4 }, () => {
        effects.push(world.clock.elapsed);
        throw error();
      });
      await send(one);
      for (const [n, list] of pauses.entries()) list.push((effects[n + 1] ?? 0) - (effects[n] ?? 0));
    }
    for (const [n, list] of pauses.entries()) {
      expect(Math.max(...list)).toBeLessThan(base * 2 ** n + 20);
      expect(Math.max(...list)).toBeGreaterThan((base * 2 ** n) / 2);
      expect(Math.min(...list)).toBeLessThan((base * 2 ** n) / 2 + 20);
    }
  });

  test("is little of what a client does while its service is down, and all again when it is well", async () => {
    let down = true;
    const one = client(() => {
      if (down) throw unavailable();
      return "sent";
    });
    for (let i = 0; i < 100; i++) await send(one);
    expect(effects).toHaveLength(100 + 35); // a quota of 500, and a retry costs 14
    down = false;
    for (let i = 0; i < 14; i++) await send(one);
    down = true;
    effects = [];
    await send(one);
    expect(effects).toHaveLength(2);
  });

  // The model's numbers are those of the SDK that is deployed: the real client, against a service that is down.
  test("is as much as the SDK itself does", async () => {
    let requests = 0;
    const requestHandler = {
      handle: () => {
        requests++;
        return Promise.reject(Object.assign(new Error("reset"), { name: "TimeoutError" }));
      },
    };
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const sdk = new SQSClient({
      endpoint: "https://sqs.invalid",
      region: "eu-west-1",
      credentials,
      maxAttempts: 2,
      requestHandler: requestHandler as never,
    });
    const command = () => new SendMessageCommand({ QueueUrl: "https://sqs.invalid/q", MessageBody: "a" });
    await Promise.all(Array.from({ length: 60 }, () => sdk.send(command()).catch(() => {})));
    expect(requests).toBe(60 + 35);
  });
});

test("an error of the model's own ends the run, and is no answer to the caller", async () => {
  const one = client(() => {
    throw new ModelError("a gap");
  });
  void one.send(new Send());
  await expect(world.pass(SECOND)).rejects.toThrow("a gap");
});
