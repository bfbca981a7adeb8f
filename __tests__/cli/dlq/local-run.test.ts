import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { LOCAL_RUN_FILE } from "../../../contract/local-run.ts";
import { runInProcess } from "../../support/in-process.ts";
import { localRun } from "../../support/local-bench.ts";
import { postUntilTaken, quickInput, webhookEvent } from "../../support/local-run.ts";
import { depth, times } from "../../support/watch.ts";

/** Of the main queue; the dead-letter queue has no limit of its own. */
const MAX_RECEIVES = 2;
const bench = localRun({
  input: { ...quickInput, queue: { ...quickInput.queue, maxReceiveCount: MAX_RECEIVES } },
  scheduleEverySeconds: 86_400,
});
const { run, destination } = bench;

const dlq = (...args: string[]) => runInProcess(["dlq", ...args, "--data", bench.data, "--json"], {});

test("looked at more often than the limit of receives, a dead letter is where it was; redriven, it starts afresh", async () => {
  destination.answer = () => ({ status: 422 });
  const event = webhookEvent("conversation.ended", { text: "🙂 \uFFFF", big: 1 });
  expect((await postUntilTaken(run, event)).status).toBe(200);
  await times(run, "deadLettered", 1);

  for (let look = 0; look <= MAX_RECEIVES; look++) {
    const { code, stdout } = await dlq("list");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      class: "permanent",
      status: 422,
      redrives: 0,
      attempts: 1,
      receives: look + 1,
      eventType: "conversation.ended",
    });
  }
  expect(await depth(run, "dead-letter-queue")).toBe(1);
  const { eventId } = JSON.parse((await dlq("list")).stdout) as { eventId: string };
  const shown = JSON.parse((await dlq("show", eventId)).stdout) as { payload: string };
  expect(Buffer.from(shown.payload)).toEqual(event);

  // It dies once more: its second attempt, after one redrive, on the first receive of a new message.
  const redriven = await dlq("redrive", "--class", "permanent");
  expect(JSON.parse(redriven.stdout)).toMatchObject({ chosen: 1, redriven: 1 });
  await times(run, "deadLettered", 2);
  expect(JSON.parse((await dlq("list")).stdout)).toMatchObject({ attempts: 2, redrives: 1, receives: 1 });

  destination.answer = () => ({ status: 200 });
  await dlq("redrive");
  await times(run, "delivered", 1);
  expect(await dlq("list")).toEqual({ code: 0, stdout: "", stderr: "" });
  const keys = destination.requests.map(({ headers }) => headers["idempotency-key"]);
  expect(new Set(keys).size).toBe(1);
  expect(destination.requests.at(-1)?.body).toEqual(event);
});

test("a run writes down where it is for as long as it is there", async () => {
  const path = join(bench.data, LOCAL_RUN_FILE);
  const facts = JSON.parse(await readFile(path, "utf8")) as object;
  expect(facts).toMatchObject({ pid: process.pid, environment: "test", url: run.url, region: "eu-west-1" });
  await run.stop();
  await expect(readFile(path)).rejects.toThrow("ENOENT");
  const { code, stderr } = await dlq("list");
  expect(code).toBe(2);
  expect(JSON.parse(stderr)).toEqual({
    error: {
      message: expect.stringMatching(/^There is no local run in /),
      remedy: "Start one with npm start.",
      exitCode: 2,
    },
  });
});
