import { type DeadLetters, startDeadLetters } from "../../support/dead-letters.ts";
import { runOnTerminal } from "../../support/terminal.ts";

const QUEUE = "events-dead-letters";

let letters: DeadLetters;

beforeAll(async () => {
  letters = await startDeadLetters();
});
afterAll(() => letters.stop());
beforeEach(() => letters.reset());

test("purge says how many, and wants the queue's name; anything else deletes nothing", async () => {
  await letters.put("one");
  await letters.put("two");
  const wrong = runOnTerminal(["dlq", "purge", ...letters.place]);
  await wrong.until(/about 2, for good\..*Type the queue's name, events-dead-letters, to go on: /s);
  wrong.type("yes\r");
  expect(await wrong.exitCode).toBe(2);
  expect(letters.state()).toHaveLength(2);

  const interrupted = runOnTerminal(["dlq", "purge", ...letters.place]);
  await interrupted.until(/to go on: /);
  interrupted.type("\x03");
  expect(await interrupted.exitCode).toBe(130);
  expect(letters.state()).toHaveLength(2);

  const right = runOnTerminal(["dlq", "purge", ...letters.place]);
  await right.until(/to go on: /);
  right.type(`${QUEUE}\r`);
  expect(await right.exitCode).toBe(0);
  expect(right.shown()).toContain("2 dead letters deleted.");
  expect(letters.state()).toEqual([]);
});

test("a script gives the name; without it, or with a wrong one, nothing is deleted", async () => {
  await letters.put("one");
  await letters.put("two", { class: "permanent" });
  for (const args of [[], ["--yes"], ["--yes", "--name", "events"]]) {
    const { code, stderr } = await letters.dlq("purge", ...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/give --yes --name events-dead-letters|nothing was deleted/);
  }
  expect(letters.state()).toHaveLength(2);
  const chosen = await letters.dlq("purge", "--class", "permanent", "--yes", "--name", QUEUE, "--json");
  expect(JSON.parse(chosen.stdout)).toEqual({ purged: 1 });
  expect(letters.state()).toMatchObject([{ visible: true, body: expect.stringContaining("id-one") }]);
  expect((await letters.dlq("purge", "--yes", "--name", QUEUE)).stdout).toBe("1 dead letter deleted.\n");
  expect(letters.state()).toEqual([]);
});
