import { join } from "node:path";
import { type LocalRun, startLocal } from "../../local/run.ts";
import { runCommand } from "../support/command.ts";
import { openWorkshop, quickInput, type Workshop } from "../support/local-run.ts";
import { switched } from "../support/watch.ts";

let workshop: Workshop;
let run: LocalRun;
let data: string;

beforeAll(async () => {
  workshop = await openWorkshop();
  data = join(workshop.folder, "data");
  run = await startLocal({ stackFile: workshop.synthesise("stack", quickInput), dataDirectory: data });
}, 120_000);
afterAll(async () => {
  await run?.stop();
  await workshop.close();
});

const breaker = (...args: string[]) => runCommand(["breaker", ...args, "--data", data]);

test("a person opens the breaker, sees it open with the reason, and closes it", async () => {
  const fresh = await breaker("status");
  expect(fresh).toMatchObject({ code: 0, stderr: "" });
  expect(fresh.stdout).toMatch(
    /^breaker of the local run of test: closed, and never was otherwise\n {2}mapping +Enabled\n$/,
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
