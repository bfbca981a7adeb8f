import { spawn } from "node:child_process";
import { once } from "node:events";
import { isAlive } from "../../contract/is-alive.ts";

test("a process is alive until it has ended, whoever it belongs to", async () => {
  const child = spawn(process.execPath, ["--eval", "process.stdin.resume()"]);
  const pid = child.pid ?? 0;
  expect(isAlive(pid)).toBe(true);
  const ended = once(child, "exit");
  child.stdin.end();
  await ended;
  expect(isAlive(pid)).toBe(false);
  expect(isAlive(process.pid)).toBe(true);
});

test.each([
  ["EPERM", true],
  ["ESRCH", false],
])("%s from a signal that is none", (code, alive) => {
  const { kill } = process;
  process.kill = () => {
    throw Object.assign(new Error(code), { code });
  };
  try {
    expect(isAlive(1)).toBe(alive);
  } finally {
    process.kill = kill;
  }
});
