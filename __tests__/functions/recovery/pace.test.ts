import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";
import { jest } from "@jest/globals";
import { BreakerStore } from "../../../functions/breaker/store.ts";
import { recover } from "../../../functions/recovery/recover.ts";
import { redriveDeadLetters } from "../../../functions/recovery/redrive.ts";
import { requeueSpilled } from "../../../functions/recovery/spilled.ts";
import { openObjects } from "../../../functions/runtime/objects.ts";
import { type RecoveryBench, startRecoveryBench } from "../../support/recovery.ts";

let bench: RecoveryBench;
beforeEach(async () => {
  bench = await startRecoveryBench();
});
afterEach(() => bench.stop());

/** What a redrive does, in order: it asks, receives, sends, pauses for so many milliseconds. */
async function redrive(redrivesPerSecond: number, mayGoOn = () => true): Promise<string[]> {
  const { sqs, queueUrl, deadLetterQueueUrl } = bench.cloud;
  const steps: string[] = [];
  sqs.middlewareStack.add(
    (next, { commandName = "" }) =>
      (args) => {
        steps.push(commandName.replace("Command", ""));
        return next(args);
      },
    { step: "initialize", name: "steps" },
  );
  const timer = globalThis.setTimeout;
  const spy = jest.spyOn(globalThis, "setTimeout").mockImplementation(((work: () => void, after?: number) => {
    if (!/functions[\\/]runtime[\\/]pause/.test(new Error().stack ?? "")) return timer(work, after);
    steps.push(`pause ${after}`);
    return timer(() => {
      steps.push("paused");
      work();
    }, 0);
  }) as typeof setTimeout);
  try {
    await redriveDeadLetters(
      sqs,
      { queueUrl, deadLetterQueueUrl, maxRedrives: 3, redrivesPerSecond, lookSeconds: 60 },
      () => {
        steps.push("ask");
        return Promise.resolve(mayGoOn());
      },
    );
  } finally {
    spy.mockRestore();
    sqs.middlewareStack.remove("steps");
  }
  return steps;
}

const moved = (count: number) => Array<string[]>(count).fill(["SendMessage", "DeleteMessage"]).flat();

test.each([
  [1, 3_000],
  [2, 1_500],
  [3, 1_000],
  [10, 300],
])("at %i a second, three events take %i ms before the next receive", async (rate, milliseconds) => {
  for (const body of ["a", "b", "c"]) await bench.deadLetter(body);
  expect(await redrive(rate)).toEqual([
    ...["ask", "ReceiveMessage", ...moved(3), `pause ${milliseconds}`, "paused"],
    ...["ask", "ReceiveMessage"],
  ]);
});

test("whether to go on is asked before each receive, and what is left alone costs no time", async () => {
  for (let event = 0; event < 12; event++) await bench.deadLetter(`event-${event}`);
  const asked = [true, true];
  expect(await redrive(2, () => asked.shift() ?? false)).toEqual([
    ...["ask", "ReceiveMessage", ...moved(10), "pause 5000", "paused"],
    ...["ask", "ReceiveMessage", ...moved(2), "pause 1000", "paused"],
    "ask",
  ]);
  await bench.deadLetter("left alone", { class: "permanent" });
  await bench.deadLetter("brought back");
  expect(await redrive(2)).toEqual([
    ...["ask", "ReceiveMessage", ...moved(1), "pause 500", "paused"],
    ...["ask", "ReceiveMessage", "ChangeMessageVisibilityBatch"],
  ]);
});

test.each([
  ["open", { kind: "outage", reason: "503" } as const, false],
  ["open by a person", { kind: "operator-opened", reason: "maintenance" } as const, false],
  ["still closed", undefined, true],
])("the breaker is read anew each time that it is asked: %s", async (_, event, goesOn) => {
  const store = new BreakerStore(bench.state.client, bench.state.table, { baseSeconds: 60, capSeconds: 60 });
  const answers: boolean[] = [];
  await recover(
    {
      logger: new Logger({ logLevel: "SILENT" }),
      metrics: new Metrics({ namespace: "test" }),
      mayRedrive: async () => (await store.read()).status === "closed",
      requeueSpilled: () => Promise.resolve(0),
      async redrive(mayGoOn) {
        answers.push(await mayGoOn());
        if (event) await store.tell(event);
        answers.push(await mayGoOn());
        await store.tell({ kind: "operator-closed" });
        answers.push(await mayGoOn());
        return { redriven: 0, left: 0, complete: true };
      },
    },
    () => true,
  );
  expect(answers).toEqual([true, goesOn, true]);
});

test("more spilled objects than S3 lists at once: all pages are seen, and each object once", async () => {
  const bodies = Array.from({ length: 7 }, (_, index) => `event ${index}`);
  for (const body of bodies) await bench.spilled(body);
  const objects = openObjects({ endpoint: bench.cloud.endpoint, forcePathStyle: true });
  let pages = 0;
  objects.client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        if (commandName === "ListObjectsV2Command") {
          pages++;
          Object.assign(args.input, { MaxKeys: 2 }); // S3's own is 1,000
        }
        return next(args);
      },
    { step: "initialize" },
  );
  const { cloud } = bench;
  const settings = {
    bucket: cloud.bucket,
    queueUrl: cloud.queueUrl,
    deadLetterQueueUrl: cloud.deadLetterQueueUrl,
  };
  const may = () => Promise.resolve(true);
  expect(await requeueSpilled(cloud.sqs, objects, settings, may, () => {})).toBe(7);
  objects.client.destroy();
  expect(pages).toBe(4);
  expect(
    cloud
      .messages()
      .map(({ body }) => body)
      .sort(),
  ).toEqual(bodies);
  expect(await cloud.keys("spill/")).toEqual([]);
});
