import { runCommand } from "../support/command.ts";
import { localRun } from "../support/local-bench.ts";
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
