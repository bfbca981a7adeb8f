import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { EventSourceMapping, type MappingSettings } from "../../../simulation/aws/event-source-mapping.ts";
import { Lambda } from "../../../simulation/aws/lambda.ts";
import type { Queue } from "../../../simulation/aws/queue.ts";
import { arnOf, errorOf, MINUTE, SECOND, Simulated } from "../../support/simulated.ts";

let world: Simulated;
let main: Queue;
let dead: Queue;
let mapping: EventSourceMapping;
let lambda: Lambda;
let results: string[];
let batches: { at: number; bodies: string[]; counts: string[] }[];
/** Invocations under way, and the most of them. */
let running: number;
let most: number;

beforeEach(() => {
  world = new Simulated();
  results = [];
  batches = [];
  running = most = 0;
});

interface Setting {
  readonly mapping?: Partial<MappingSettings>;
  readonly queue?: Parameters<Simulated["queues"]>[0];
  readonly timeoutSeconds?: number;
  readonly allowsRecursion?: boolean;
  readonly reservedConcurrency?: number;
}

type Answer = (event: SQSEvent) => Promise<SQSBatchResponse | undefined> | SQSBatchResponse | undefined;

function start(answer: Answer, setting: Setting = {}): void {
  ({ main, dead } = world.queues(setting.queue));
  lambda = new Lambda(world.clock, world.random, world.trace, {
    onInvocation: (_, kind) => results.push(kind),
  });
  lambda.add({
    name: "processor",
    arn: "arn:processor",
    timeoutSeconds: setting.timeoutSeconds ?? 10,
    allowsRecursion: setting.allowsRecursion ?? true,
    asynchronous: { maximumRetryAttempts: 0, maximumEventAgeSeconds: 60 },
    ...(setting.reservedConcurrency === undefined
      ? {}
      : { reservedConcurrency: setting.reservedConcurrency }),
    load: () => async (event: SQSEvent) => {
      const { Records } = event;
      batches.push({
        at: world.clock.elapsed,
        bodies: Records.map(({ body }) => body),
        counts: Records.map(({ attributes }) => attributes.ApproximateReceiveCount),
      });
      running++;
      most = Math.max(most, running);
      try {
        return await answer(event);
      } finally {
        running--;
      }
    },
  });
  mapping = new EventSourceMapping(
    {
      uuid: "mapping",
      functionName: "processor",
      batchSize: 10,
      batchWindowSeconds: 0,
      maximumConcurrency: undefined,
      reportsBatchItemFailures: true,
      ...setting.mapping,
    },
    { queue: main, lambda, clock: world.clock, random: world.random, trace: world.trace },
  );
}

const done = () => undefined;
const failing =
  (...bodies: string[]): Answer =>
  ({ Records }) => ({
    batchItemFailures: Records.filter(({ body }) => bodies.includes(body)).map(({ messageId }) => ({
      itemIdentifier: messageId,
    })),
  });
const send = (...bodies: string[]) => bodies.map((body) => main.send(body));
const left = (queue: Queue) => [...queue.all()].map(({ body }) => body).sort();
const delivered = () => batches.flatMap(({ bodies }) => bodies).sort();
/** Longer than a start and a batch take. */
const SOON = 5 * SECOND;

describe("batches", () => {
  /** One poller: several share what there is. */
  const alone = { maximumConcurrency: 1 };

  test("are what one receive brings without a window, ten at most", async () => {
    start(done);
    send(...Array.from({ length: 25 }, (_, i) => String(i)));
    await world.pass(SOON);
    expect(delivered()).toHaveLength(25);
    expect(Math.max(...batches.map(({ bodies }) => bodies.length))).toBe(10);
    expect(left(main)).toEqual([]);
  });

  test("are filled by several receives within the window", async () => {
    start(done, { mapping: { ...alone, batchSize: 40, batchWindowSeconds: 2 } });
    send(...Array.from({ length: 35 }, (_, i) => String(i)));
    world.clock.after(SECOND, () => send("late"));
    await world.pass(10 * SECOND);
    expect(batches.map(({ bodies }) => bodies.length)).toEqual([36]);
    expect(batches[0]?.at).toBeGreaterThanOrEqual(2 * SECOND);
  });

  test("go off before the window ends once they are full", async () => {
    start(done, { mapping: { ...alone, batchSize: 20, batchWindowSeconds: 60 } });
    send(...Array.from({ length: 20 }, (_, i) => String(i)));
    await world.pass(SOON);
    expect(batches.map(({ bodies }) => bodies.length)).toEqual([20]);
  });

  test("are split where an event would have more than 6 MB", async () => {
    start(done);
    send(...Array.from({ length: 10 }, () => "x".repeat(1_000_000)));
    await world.pass(MINUTE);
    expect(batches.map(({ bodies }) => bodies.length)).toEqual([6, 4]);
  });

  test("hold records as Lambda hands them over", async () => {
    let event: SQSEvent | undefined;
    start((given) => {
      event = given;
      return undefined;
    });
    const [message] = [main.send("a", { source: { DataType: "String", StringValue: "webhook" } })];
    await world.pass(SOON);
    expect(event?.Records).toEqual([
      {
        messageId: message?.id,
        receiptHandle: expect.any(String),
        body: "a",
        attributes: {
          ApproximateReceiveCount: "1",
          ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
          SentTimestamp: expect.stringMatching(/^\d{13}$/),
          SenderId: expect.any(String),
        },
        messageAttributes: {
          source: { dataType: "String", stringValue: "webhook", stringListValues: [], binaryListValues: [] },
        },
        md5OfBody: expect.any(String),
        eventSource: "aws:sqs",
        eventSourceARN: arnOf("main"),
        awsRegion: "eu-west-1",
      },
    ]);
  });
});

describe("what comes again", () => {
  test("is what the answer names, when its visibility timeout ends, with a higher count", async () => {
    start(failing("b"), { queue: { visibilityTimeoutSeconds: 60 } });
    send("a", "b", "c");
    await world.pass(SOON);
    expect(left(main)).toEqual(["b"]);
    await world.pass(MINUTE);
    expect(batches.slice(1).map(({ bodies, counts }) => [bodies, counts])).toEqual([[["b"], ["2"]]]);
  });

  test("is all of the batch where the function throws, and then the redrive policy has it", async () => {
    start(() => Promise.reject(new Error("crash")), { queue: { visibilityTimeoutSeconds: 20 } });
    send("a", "b");
    await world.pass(5 * MINUTE);
    expect(results).toEqual(["failed", "failed", "failed", "failed", "failed"]);
    expect([left(main), left(dead)]).toEqual([[], ["a", "b"]]);
  });

  test("is all of the batch where the function's time is up: a partial answer never comes", async () => {
    start(() => world.clock.sleep(11 * SECOND).then(() => undefined), {
      queue: { visibilityTimeoutSeconds: 60 },
    });
    send("a");
    await world.pass(MINUTE);
    expect(results[0]).toBe("failed");
    expect(left(main)).toEqual(["a"]);
    expect(world.lines.some((line) => line.includes("timed out"))).toBe(true);
  });
});

describe("concurrency", () => {
  const slow = () => world.clock.sleep(8 * SECOND).then(() => undefined);
  const many = (count: number) => send(...Array.from({ length: count }, (_, i) => String(i)));

  test.each([2, 4])("is never above the maximum of %d, and receives nothing beyond it", async (maximum) => {
    start(slow, { mapping: { maximumConcurrency: maximum, batchSize: 1 } });
    many(50);
    await world.pass(MINUTE);
    expect(most).toBe(maximum);
    expect(Math.max(...[...main.all()].map(({ receiveCount }) => receiveCount))).toBe(1);
    expect([...main.all()].filter(({ receiveCount }) => receiveCount > 0).length).toBeLessThanOrEqual(
      maximum,
    );
  });

  test("begins with five, and has up to 300 more for each minute in which there was more to do", async () => {
    start(slow, { mapping: { batchSize: 1 } });
    many(3_000);
    const seen: number[] = [];
    for (const until of [MINUTE - SECOND, MINUTE, MINUTE]) {
      most = 0;
      await world.pass(until);
      seen.push(most);
    }
    expect(seen).toEqual([5, 305, 605]);
  });

  test("begins anew once there was nothing to do", async () => {
    start(slow, { mapping: { batchSize: 1 } });
    many(300);
    await world.pass(5 * MINUTE);
    expect(left(main)).toEqual([]);
    most = 0;
    many(20);
    await world.pass(6 * SECOND);
    expect(most).toBe(5);
  });

  test("grows no more while the function fails", async () => {
    start(() => world.clock.sleep(8 * SECOND).then(() => Promise.reject(new Error("x"))), {
      mapping: { batchSize: 1 },
      queue: { visibilityTimeoutSeconds: 3_600 },
    });
    many(500);
    await world.pass(5 * MINUTE);
    expect(most).toBe(5);
  });

  test("a throttled batch is tried again until its messages come again: only then is a receive lost", async () => {
    start(slow, {
      reservedConcurrency: 1,
      mapping: { batchSize: 1 },
      queue: { visibilityTimeoutSeconds: 60 },
    });
    many(3);
    await world.pass(50 * SECOND);
    expect(results.filter((kind) => kind === "throttled").length).toBeGreaterThan(0);
    expect(delivered()).toEqual(["0", "1", "2"]);
    expect(batches.every(({ counts }) => counts[0] === "1")).toBe(true);
  });

  test("reserved concurrency alone burns receives, down to the dead-letter queue", async () => {
    start(() => world.clock.sleep(9.9 * SECOND).then(() => undefined), {
      reservedConcurrency: 1,
      mapping: { batchSize: 1 },
      queue: { visibilityTimeoutSeconds: 10 },
    });
    many(100);
    await world.pass(10 * MINUTE);
    expect(left(dead).length).toBeGreaterThan(10);
  });
});

describe("states", () => {
  const until = async (state: string) => {
    for (let i = 0; mapping.state !== state && i < 30; i++) await world.pass(SECOND);
    expect(mapping.state).toBe(state);
  };

  test("disabling takes a while, and nothing is delivered after it; nor is anything received", async () => {
    start(done);
    mapping.setEnabled(false);
    expect(mapping.state).toBe("Disabling");
    await until("Disabled");
    send("a");
    await world.pass(10 * MINUTE);
    expect([batches.length, [...main.all()].map(({ receiveCount }) => receiveCount)]).toEqual([0, [0]]);
    mapping.setEnabled(true);
    expect(mapping.state).toBe("Enabling");
    await until("Enabled");
    await world.pass(SOON);
    expect(delivered()).toEqual(["a"]);
  });

  test("its pollers go on while it is being disabled", async () => {
    start(done);
    mapping.setEnabled(false);
    send("a");
    await world.pass(900); // a change takes a second at least
    expect([mapping.state, delivered()]).toEqual(["Disabling", ["a"]]);
  });

  test("a change is refused while the last one is under way; one that is none is not", async () => {
    start(done);
    mapping.setEnabled(true);
    mapping.setEnabled(false);
    expect(errorOf(() => mapping.setEnabled(true))).toEqual({ name: "ResourceInUseException", status: 400 });
    await until("Disabled");
    mapping.setEnabled(false);
    expect(mapping.state).toBe("Disabled");
  });

  test("tell who made the last change", async () => {
    start(done);
    expect(mapping.transitionReason).toBe("USER_INITIATED");
    mapping.setEnabled(false, "LAMBDA_INITIATED");
    await until("Disabled");
    expect(mapping.transitionReason).toBe("LAMBDA_INITIATED");
  });

  test("a problem stops it, and it stays enabled; without it, it goes on", async () => {
    start(done);
    mapping.setProblem("The function's role may not receive from the queue");
    send("a");
    await world.pass(10 * MINUTE);
    expect([mapping.state, delivered()]).toEqual(["Enabled", []]);
    expect(mapping.transitionReason).toMatch(/^PROBLEM: /);
    expect(results).toEqual([]); // no invocation, and no error
    mapping.setProblem(undefined);
    await world.pass(SOON);
    expect([mapping.transitionReason, delivered()]).toEqual(["USER_INITIATED", ["a"]]);
  });
});

describe("recursion", () => {
  /** Puts each message on the queue again, as the function that it is at. */
  const again: Answer = ({ Records }) => {
    for (const { body, messageId } of Records) {
      const hops = [...main.all()].find(({ id }) => id === messageId)?.hops ?? 0;
      main.send(`${Number(body) + 1}`, {}, { hops: hops + 1 });
    }
    return undefined;
  };

  test("is stopped after sixteen hops, and the redrive policy has the message", async () => {
    start(again, { allowsRecursion: false, queue: { visibilityTimeoutSeconds: 10 } });
    send("0");
    await world.pass(10 * MINUTE);
    expect(delivered()).toHaveLength(16);
    expect([left(main), left(dead)]).toEqual([[], ["16"]]);
    expect(world.lines.some((line) => line.includes("recursion stopped"))).toBe(true);
  });

  test("goes on where the function's configuration allows it", async () => {
    start(again, { allowsRecursion: true });
    send("0");
    await world.pass(MINUTE);
    expect(delivered().length).toBeGreaterThan(50);
  });

  test("holds up nothing else of the batch", async () => {
    start(done, { allowsRecursion: false });
    main.send("looping", {}, { hops: 16 });
    main.send("fresh");
    await world.pass(SOON);
    expect([delivered(), left(main)]).toEqual([["fresh"], ["looping"]]);
  });

  test("an invocation has one hop more than the longest chain of its batch", async () => {
    const hops: number[] = [];
    start(done);
    const { invoke } = lambda;
    lambda.invoke = (name, event, given) => {
      hops.push(given ?? 0);
      return invoke.call(lambda, name, event, given);
    };
    main.send("a", {}, { hops: 7 });
    main.send("b", {}, { hops: 2 });
    await world.pass(SOON);
    expect(hops).toEqual([8]);
  });
});

test("with too many in flight it waits, and goes on when there is room again", async () => {
  start(done, { queue: { visibilityTimeoutSeconds: 3_600 } });
  mapping.setEnabled(false);
  await world.pass(MINUTE);
  for (let i = 0; i < 120_000; i++) main.send("hidden");
  for (let i = 0; i < 12_000; i++) main.receive(10);
  send("healthy");
  mapping.setEnabled(true);
  await world.pass(10 * MINUTE);
  expect(delivered()).toEqual([]);
  const [hidden] = [...main.all()];
  main.delete(hidden?.handle ?? "");
  await world.pass(MINUTE);
  expect(delivered()).toEqual(["healthy"]);
});
