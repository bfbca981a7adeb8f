import { runCommand } from "../support/command.ts";
import { startDeadLetters } from "../support/dead-letters.ts";
import { forAllTests } from "../support/hooks.ts";

const deadLetters = forAllTests(startDeadLetters);

test("prints where the page is, alone on stdout, and ends with Ctrl-C", async () => {
  const args = ["console", ...deadLetters.place];
  const { code, stdout, stderr } = await runCommand(args, { interrupt: /until Ctrl-C/ });
  expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}\n$/);
  expect([code, stderr]).toEqual([
    130,
    "The console of the local run of test, until Ctrl-C.\nInterrupted.\n",
  ]);
});

test("a port that is taken is told in a sentence", async () => {
  const port = new URL(deadLetters.cloud.endpoint).port;
  const { code, stdout, stderr } = await runCommand(["console", ...deadLetters.place, "--port", port]);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toBe(
    `error: Port ${port} is taken.\nGive another with --port, or none: any free one is taken.\n`,
  );
});
