import type { Queue } from "../../../simulation/aws/queue.ts";
import { toSdkMessage } from "../../../simulation/aws/sqs.ts";
import { SQS_LIMITS } from "../../../simulation/aws/sqs-limits.ts";
import { Random } from "../../../simulation/random.ts";
import { arnOf, DAY, errorOf, HOUR, MINUTE, SECOND, Simulated } from "../../support/simulated.ts";

let world: Simulated;
beforeEach(() => {
  world = new Simulated();
});

const bodies = (queue: Queue) => [...queue.all()].map(({ body }) => body);
const handleOf = (queue: Queue, visibilitySeconds?: number) =>
  queue.receive(1, visibilitySeconds)[0]?.handle ?? "";
const once = { redrive: { deadLetterArn: arnOf("dead"), maxReceiveCount: 1 } };

describe("retention", () => {
  test.each([
    ["lies there", () => {}],
    ["is in flight", (queue: Queue) => void queue.receive(1, SQS_LIMITS.visibilitySeconds)],
    [
      "has been shown again",
      (queue: Queue) => queue.changeVisibility(handleOf(queue, SQS_LIMITS.visibilitySeconds), 0),
    ],
  ])("counts from the send and deletes in silence what %s", async (_, act) => {
    const queue = world.queue();
    queue.send("a");
    await world.pass(4 * DAY - HOUR);
    act(queue);
    await world.pass(HOUR - 1);
    expect(bodies(queue)).toEqual(["a"]);
    await world.pass(1);
    expect(bodies(queue)).toEqual([]);
    expect(world.expired.map(({ body }) => body)).toEqual(["a"]);
    expect(world.moved).toEqual([]);
    expect(queue.depth).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  // The example of AWS's own page: a day on the queue, four days of retention on the dead-letter queue.
  test("deletes first what was sent first, though it came later", async () => {
    const { main, dead } = world.queues(once, { retentionSeconds: 4 * 86_400 });
    main.send("older");
    main.receive(1, SQS_LIMITS.visibilitySeconds);
    await world.pass(DAY);
    dead.send("younger");
    main.receive(1);
    expect(bodies(dead)).toEqual(["younger", "older"]);
    await world.pass(3 * DAY);
    expect(bodies(dead)).toEqual(["younger"]);
  });

  test("of what a redrive policy moves goes on from the first send, and the age metric begins anew", async () => {
    const { main, dead } = world.queues(once, { retentionSeconds: 4 * 86_400 });
    const { id } = main.send("a");
    main.receive(1, SQS_LIMITS.visibilitySeconds);
    await world.pass(DAY);
    expect(main.receive(1)).toEqual([]);
    expect([...dead.all()]).toMatchObject([
      { id, movedFrom: arnOf("main"), enqueuedAt: world.clock.now - DAY },
    ]);
    expect(dead.ageSeconds).toBe(0);
    await world.pass(3 * DAY - 1);
    expect(bodies(dead)).toEqual(["a"]);
    expect(dead.ageSeconds).toBeCloseTo(3 * 86_400, 0);
    await world.pass(1);
    expect(bodies(dead)).toEqual([]);
    expect(world.expired).toHaveLength(1);
  });
});

describe("visibility", () => {
  test("hides what is received until its time is up", async () => {
    const queue = world.queue({ visibilityTimeoutSeconds: 30 });
    queue.send("a");
    expect(queue.receive(10)).toHaveLength(1);
    expect(queue.depth).toMatchObject({ visible: 0, inFlight: 1 });
    await world.pass(30 * SECOND - 1);
    expect(queue.receive(10)).toEqual([]);
    await world.pass(1);
    expect(queue.receive(10)).toHaveLength(1);
  });

  test("a receive of no seconds shows each message once, and leaves it", () => {
    const queue = world.queue();
    queue.send("a");
    queue.send("b");
    expect(
      queue
        .receive(10, 0)
        .map(({ body }) => body)
        .sort(),
    ).toEqual(["a", "b"]);
    expect(queue.depth).toMatchObject({ visible: 2, inFlight: 0 });
  });

  test("is changed anew from now on; no seconds show the message at once", async () => {
    const queue = world.queue();
    queue.send("a");
    queue.changeVisibility(handleOf(queue), 100);
    await world.pass(99 * SECOND);
    expect(queue.depth.inFlight).toBe(1);
    await world.pass(SECOND);
    expect(queue.depth.visible).toBe(1);
    queue.changeVisibility(handleOf(queue), 0);
    expect(queue.depth.visible).toBe(1);
  });

  test("ends twelve hours after the receive: more than is left of them is an error and changes nothing", async () => {
    const queue = world.queue();
    queue.send("a");
    const handle = handleOf(queue, 2 * 3_600);
    await world.pass(HOUR);
    expect(errorOf(() => queue.changeVisibility(handle, 11 * 3_600 + 1))).toEqual({
      name: "InvalidParameterValue",
      status: 400,
    });
    await world.pass(HOUR - 1);
    expect(queue.depth.inFlight).toBe(1);
    await world.pass(1);
    expect(queue.depth.visible).toBe(1);
    queue.changeVisibility(handleOf(queue, 3_600), 12 * 3_600);
  });

  test.each([
    [
      "of a message that is visible again",
      (queue: Queue, handle: string) => {
        queue.changeVisibility(handle, 0);
        return handle;
      },
      "MessageNotInflight",
    ],
    [
      "of a message that is deleted",
      (queue: Queue, handle: string) => {
        queue.delete(handle);
        return handle;
      },
      "MessageNotInflight",
    ],
    [
      "of an earlier receive",
      (queue: Queue, handle: string) => {
        queue.changeVisibility(handle, 0);
        queue.receive(1);
        return handle;
      },
      "MessageNotInflight",
    ],
    ["that is none", () => "nonsense", "ReceiptHandleIsInvalid"],
  ])("is not changed by a handle %s", (_, handleAfter, name) => {
    const queue = world.queue();
    queue.send("a");
    const handle = handleAfter(queue, handleOf(queue));
    expect(errorOf(() => queue.changeVisibility(handle, 10))).toEqual({ name, status: 400 });
  });
});

describe("redrive policy", () => {
  test("moves a message at the receive after its last one, with its attributes and its count", async () => {
    const { main, dead } = world.queues({ redrive: { deadLetterArn: arnOf("dead"), maxReceiveCount: 3 } });
    const sentAt = String(world.clock.now);
    main.send("a", { source: { DataType: "String", StringValue: "webhook" } });
    for (let receive = 1; receive <= 3; receive++) {
      expect(main.receive(1).map(({ receiveCount }) => receiveCount)).toEqual([receive]);
      await world.pass(30 * SECOND);
    }
    expect(bodies(dead)).toEqual([]); // it is still the main queue's until somebody asks
    expect(main.receive(1)).toEqual([]);
    const [message] = dead.receive(1);
    expect(message && toSdkMessage(message)).toMatchObject({
      MessageAttributes: { source: { StringValue: "webhook" } },
      Attributes: {
        ApproximateReceiveCount: "4",
        SentTimestamp: sentAt,
        DeadLetterQueueSourceArn: arnOf("main"),
      },
    });
  });

  test("does not spend itself on what is deleted, and a change of visibility lowers no count", async () => {
    const { main, dead } = world.queues(once);
    main.send("a");
    main.send("b");
    const [first, second] = main.receive(2);
    main.delete(first?.handle ?? "");
    main.changeVisibility(second?.handle ?? "", 0);
    expect(main.receive(10)).toEqual([]);
    expect(bodies(dead)).toEqual([second?.body]);
  });
});

describe("in flight", () => {
  let queue: Queue;
  beforeEach(() => {
    queue = world.queue({ visibilityTimeoutSeconds: 600 });
    for (let i = 0; i < SQS_LIMITS.inFlight + 10; i++) queue.send("a");
    for (let i = 0; i < SQS_LIMITS.inFlight / 10; i++) queue.receive(10);
  });

  test("beyond 120,000 a short poll fails, a long one gets nothing, and healthy messages wait", () => {
    expect(queue.depth).toMatchObject({ visible: 10, inFlight: SQS_LIMITS.inFlight });
    expect(errorOf(() => queue.receive(10, undefined, "short"))).toEqual({ name: "OverLimit", status: 403 });
    expect(queue.receive(10, undefined, "long")).toEqual([]);
    expect(queue.send("b").state).toBe("visible"); // what is only sent is not in flight
  });

  test("is less again once something is deleted", () => {
    const [message] = [...queue.all()];
    queue.delete(message?.handle ?? "");
    expect(queue.receive(10, undefined, "short")).toHaveLength(10);
  });
});

describe("the age metric", () => {
  test.each([
    [0, 100],
    [1, 100],
    [2, 100],
    [3, 40],
    [4, 40],
  ])("with the oldest message received %d times and not deleted is %d s", async (receives, seconds) => {
    const queue = world.queue();
    queue.send("oldest");
    for (let i = 0; i < receives; i++) queue.receive(1, 0);
    await world.pass(MINUTE);
    queue.send("younger");
    await world.pass(40 * SECOND);
    expect(queue.ageSeconds).toBe(seconds);
  });

  test("is none on an empty queue", () => expect(world.queue().ageSeconds).toBe(0));
});

test("a delay hides a message before its first receive, the message's own before the queue's", async () => {
  const queue = world.queue({ delaySeconds: 10 });
  queue.send("a");
  queue.send("b", {}, { delaySeconds: 900 });
  queue.send("c", {}, { delaySeconds: 0 });
  expect(queue.depth).toEqual({ visible: 1, inFlight: 0, delayed: 2 });
  await world.pass(10 * SECOND);
  expect(
    queue
      .receive(10)
      .map(({ body }) => body)
      .sort(),
  ).toEqual(["a", "c"]);
  await world.pass(890 * SECOND);
  expect(queue.depth.delayed).toBe(0);
});

describe("whoever waits is woken", () => {
  test.each([
    ["by a send", (queue: Queue) => void queue.send("b"), 0],
    [
      "by a message that is shown again",
      (queue: Queue, handle: string) => queue.changeVisibility(handle, 0),
      0,
    ],
    ["by the end of a visibility timeout", () => {}, 30 * SECOND],
    [
      "by the end of a shorter one",
      (queue: Queue, handle: string) => queue.changeVisibility(handle, 7),
      7 * SECOND,
    ],
  ])("%s", async (_, act, after) => {
    const queue = world.queue();
    queue.send("a");
    const handle = handleOf(queue);
    let wokenAfter: number | undefined;
    queue.whenVisible(() => {
      wokenAfter = world.clock.elapsed;
    });
    act(queue, handle);
    await world.pass(MINUTE);
    expect(wokenAfter).toBe(after);
  });

  test("but not after the wait was taken back", () => {
    const queue = world.queue();
    let woken = false;
    queue.whenVisible(() => {
      woken = true;
    })();
    queue.send("a");
    expect(woken).toBe(false);
  });
});

describe("now and then, by the seed", () => {
  const receives = 60_000;

  test("a message is handed out that another receive has just got", () => {
    const queue = world.queue({}, new Random("duplicates"));
    queue.send("a");
    let duplicates = 0;
    for (let i = 0; i < receives; i++) {
      queue.receive(1, 30);
      duplicates += queue.receive(1, 30).length;
      const [message] = [...queue.all()];
      if (message?.state === "hidden") queue.changeVisibility(message.handle, 0);
    }
    expect(duplicates).toBeGreaterThan(0);
    expect(duplicates).toBeLessThan(20);
  });

  test("a message that was deleted comes back", async () => {
    const queue = world.queue({}, new Random("copies"));
    for (let i = 0; i < receives; i++) {
      queue.send("a");
      queue.delete(handleOf(queue));
    }
    const left = bodies(queue).length;
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(20);
    await world.pass(30 * SECOND);
    expect(queue.depth.visible).toBe(left);
  });

  test("an older receive's handle deletes, or does not", () => {
    const queue = world.queue({}, new Random("handles"));
    for (let i = 0; i < 100; i++) {
      queue.send("a");
      const older = handleOf(queue, 0);
      for (let n = 0; n < 20; n++) queue.receive(10, 0);
      queue.delete(older);
    }
    expect(bodies(queue).length).toBeGreaterThan(20);
    expect(bodies(queue).length).toBeLessThan(80);
  });

  test("a receive gets fewer than there are; only a short poll gets none", () => {
    const queue = world.queue({}, new Random("samples"));
    for (let i = 0; i < 10; i++) queue.send("a");
    const counts = (poll: "short" | "long" | "all") =>
      new Set(Array.from({ length: 2_000 }, () => queue.receive(10, 0, poll).length));
    const [short, long] = [counts("short"), counts("long")];
    expect([...short].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect([...long].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect([...counts("all")]).toEqual([10]);
  });

  test("messages come out of their order, and none stays behind", () => {
    const queue = world.queue({}, new Random("order"));
    const sent = Array.from({ length: 200 }, (_, i) => String(i));
    for (const body of sent) queue.send(body);
    const received: string[] = [];
    while (received.length < sent.length) received.push(...queue.receive(10).map(({ body }) => body));
    expect(received).not.toEqual(sent);
    expect(received.toSorted((a, b) => Number(a) - Number(b))).toEqual(sent);
  });
});
