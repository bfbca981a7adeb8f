import { startDestination, type TestDestination } from "../support/destination.ts";
import { runOnTerminal } from "../support/terminal.ts";

let destination: TestDestination;
beforeAll(async () => {
  destination = await startDestination();
});
afterAll(() => destination.stop());
beforeEach(() => {
  destination.requests.length = 0;
});

const BAR = /█.* \d+ of \d+ sent \|/;
/** Cursor and line wrap are there again, and the bar's line is empty. */
const CLEAN = "\u001b[?25h\u001b[?7h\u001b8\u001b[1G\u001b[2K";

function send(count: number) {
  const how = ["--unsigned", "--count", String(count), "--rate", "10", "--no-color"];
  return runOnTerminal(["send", "--url", destination.url, ...how]);
}

test("send that takes long shows how far it is, and leaves nothing of that behind", async () => {
  const run = send(35);
  await run.until(BAR);
  expect(await run.exitCode).toBe(0);
  const [bar = "", report = "", ...rest] = run.shown().split(CLEAN);
  expect(bar).toMatch(BAR);
  expect(rest).toEqual([]);
  expect(report).toMatch(/^35 of 35 accepted by /);
  expect(report).not.toContain("\u001b");
});

test("Ctrl-C: the bar goes, what was sent is reported, and it ends as interrupted", async () => {
  const run = send(1_000);
  await run.until(BAR);
  run.type("\x03");
  expect(await run.exitCode).toBe(130);
  const sent = destination.requests.length;
  expect(sent).toBeLessThan(1_000);
  const [, report = ""] = run.shown().split(CLEAN);
  expect(report.startsWith(`${sent} of ${sent} accepted by `)).toBe(true);
  expect(report).toMatch(/\nInterrupted\.\r\n$/);
});

test("what is over in a moment shows no bar", async () => {
  const run = send(1);
  expect(await run.exitCode).toBe(0);
  expect(run.shown()).toMatch(/^1 of 1 accepted by /);
});
