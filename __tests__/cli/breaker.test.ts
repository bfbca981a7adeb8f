import { runCommand } from "../support/command.ts";
import { localRun } from "../support/local-bench.ts";
import { postUntilTaken, quickInput, webhookEvent } from "../support/local-run.ts";
import { switched } from "../support/watch.ts";

const bench = localRun();
const { run } = bench;

const breaker = (...args: string[]) => runCommand(["breaker", ...args, "--data", bench.data]);

test("a person opens the breaker, sees it open with the reason, and closes it", async () => {
  const fresh = await breaker("status");
  expect(fresh).toMatchObject({ code: 0, stderr: "" });
  expect(fresh.stdout).toMatch(
    /^breaker of the local run of test: closed, and never was otherwise\n {2}mapping +Enabled\n {2}queue +empty\n$/,
  );

  const disabled = run.runEvents.until(switched(false));
  const opened = await breaker("open", "--reason", "maintenance of the CRM");
  expect(opened.stdout).toMatch(/: open\n {2}since +\S+, by a person\n {2}reason +maintenance of the CRM\n/);
  expect(opened.code).toBe(0);
  await disabled;
  const status = JSON.parse((await breaker("status", "--json")).stdout);
  expect(status).toMatchObject({ status: "open", by: "operator", held: true });
  expect((await breaker("status")).stdout).toMatch(/mapping +Disabl(ing|ed), by the breaker/);

  const enabled = run.runEvents.until(switched(true));
  const closed = await breaker("close", "--json");
  expect(JSON.parse(closed.stdout)).toMatchObject({ status: "closed", by: "operator" });
  await enabled;
});

test("what recovery does not take is told with what to do, and without a stack", async () => {
  const { code, stdout, stderr } = await breaker("open", "--reason", "x".repeat(501));
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(
    /^error: Recovery could not do all of it: The order is neither .*\nSee what became of it .*\n$/,
  );
});

describe("while the destination is down", () => {
  const down = localRun({ input: { ...quickInput, breaker: { failingEvents: 3 } } });
  const command = (...args: string[]) => runCommand([...args, "--data", down.data]);

  test("a breaker that a person closes opens again, and the command says so; a redrive says that events will wait", async () => {
    down.destination.answer = () => ({ status: 503 });
    const disabled = down.run.runEvents.until(switched(false));
    await command("breaker", "open", "--reason", "maintenance");
    await disabled;
    // Until its last poll has ended: what that takes is deferred, and hidden for longer than the command watches.
    await Promise.all(down.run.mappings.map((mapping) => mapping.disable()));
    for (let event = 0; event < 6; event++) await postUntilTaken(down.run, webhookEvent("type", { event }));
    const closed = await command("breaker", "close");
    expect(closed.code).toBe(3);
    expect(closed.stderr).toContain(
      "It has opened again, since deliveries still fail: The destination answered 503.",
    );
    expect(closed.stdout).toMatch(
      /: open\n(.*\n)* {2}reason +The destination answered 503\.\n {2}next probe +(in|due)/,
    );
    expect(closed.stdout).toMatch(
      / {2}queue +.*, the oldest for \d+ s\n {2}lately +type: 0 % of \d+ attempts succeeded\n/,
    );
    const redriven = await command("dlq", "redrive", "--yes");
    expect(redriven.stderr).toContain("The breaker is open: The destination answered 503.");
    expect(redriven.stderr).toContain("Redriven events wait on the queue until deliveries succeed again.");
  });
});
