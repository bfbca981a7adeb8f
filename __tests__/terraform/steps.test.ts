import { step } from "../../terraform/steps.ts";

const { jest } = import.meta;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function told() {
  const lines: string[] = [];
  const controller = new AbortController();
  const context = { say: (line: string) => void lines.push(line), interrupted: controller.signal };
  return { lines, controller, context };
}

test("a step is told when it begins, while it takes long, and when it has ended", async () => {
  const { lines, context } = told();
  const done = step("apply", context, async () => {
    await jest.advanceTimersByTimeAsync(31_000);
    return "applied";
  });
  expect(await done).toBe("applied");
  expect(lines).toEqual(["apply …", "apply … 15 s", "apply … 30 s", "apply: 31 s"]);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(lines).toHaveLength(4);
});

test("one that fails is not told to have ended, and nothing is told of it afterwards", async () => {
  const { lines, context } = told();
  const failing = step("apply", context, () => Promise.reject(new Error("no")));
  await expect(failing).rejects.toThrow("no");
  await jest.advanceTimersByTimeAsync(60_000);
  expect(lines).toEqual(["apply …"]);
});

test("one that comes after an interruption is not begun", async () => {
  const { lines, controller, context } = told();
  controller.abort(new Error("Stopped by SIGINT."));
  const begun: string[] = [];
  const late = step("apply", context, async () => begun.push("work"));
  await expect(late).rejects.toThrow("Stopped by SIGINT.");
  expect([...lines, ...begun]).toEqual([]);
});
