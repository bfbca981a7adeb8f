import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { type DeadLetters, startDeadLetters } from "../../support/dead-letters.ts";
import { runOnTerminal } from "../../support/terminal.ts";

const QUEUE = "events-dead-letters";

let deadLetters: DeadLetters;

beforeAll(async () => {
  deadLetters = await startDeadLetters();
});
afterAll(() => deadLetters.stop());
beforeEach(() => deadLetters.reset());

test("purge says how many, and wants the queue's name; anything else deletes nothing", async () => {
  await deadLetters.put("one");
  await deadLetters.put("two");
  const wrong = runOnTerminal(["dlq", "purge", ...deadLetters.place]);
  await wrong.until(/about 2, for good\..*Type the queue's name, events-dead-letters, to go on: /s);
  wrong.type("yes\r");
  expect(await wrong.exitCode).toBe(2);
  expect(deadLetters.state()).toHaveLength(2);

  const interrupted = runOnTerminal(["dlq", "purge", ...deadLetters.place]);
  await interrupted.until(/to go on: /);
  interrupted.type("\x03");
  expect(await interrupted.exitCode).toBe(130);
  expect(deadLetters.state()).toHaveLength(2);

  const right = runOnTerminal(["dlq", "purge", ...deadLetters.place]);
  await right.until(/to go on: /);
  right.type(`${QUEUE}\r`);
  expect(await right.exitCode).toBe(0);
  expect(right.shown()).toContain("2 dead letters deleted.");
  expect(deadLetters.state()).toEqual([]);
});

test("a script gives the name; without it, or with a wrong one, nothing is deleted", async () => {
  await deadLetters.put("one");
  await deadLetters.put("two", { class: "permanent" });
  for (const args of [[], ["--yes"], ["--yes", "--name", "events"]]) {
    const { code, stderr } = await deadLetters.dlq("purge", ...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/give --yes --name events-dead-letters|nothing was deleted/);
  }
  expect(deadLetters.state()).toHaveLength(2);
  const chosen = await deadLetters.dlq("purge", "--class", "permanent", "--yes", "--name", QUEUE, "--json");
  expect(JSON.parse(chosen.stdout)).toEqual({ purged: 1 });
  expect(deadLetters.state()).toMatchObject([{ visible: true, body: expect.stringContaining("id-one") }]);
  expect((await deadLetters.dlq("purge", "--yes", "--name", QUEUE)).stdout).toBe("1 dead letter deleted.\n");
  expect(deadLetters.state()).toEqual([]);
});

test("what somebody else hides while it asks stays, and is told with what to do", async () => {
  await deadLetters.put("one");
  await deadLetters.put("two");
  const purge = runOnTerminal(["dlq", "purge", "--class", "exhausted", ...deadLetters.place]);
  await purge.until(/deletes 2 dead letters for good.*to go on: /s);
  const { sqs, deadLetterQueueUrl: QueueUrl } = deadLetters.cloud;
  await sqs.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 600 }));
  purge.type(`${QUEUE}\r`);
  expect(await purge.exitCode).toBe(3);
  expect(purge.shown()).toMatch(
    /1 dead letter deleted\.\s+1 was hidden: somebody else.*The same command goes on from here\./s,
  );
  expect(deadLetters.state()).toHaveLength(1);
}, 60_000);
