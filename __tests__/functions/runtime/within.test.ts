import { TimeUpError, within } from "../../../functions/runtime/within.ts";

test("what is done in time is what comes back, and its signal stays quiet", async () => {
  let signal: AbortSignal | undefined;
  const result = await within("Work", 10_000, (given) => {
    signal = given;
    return Promise.resolve(7);
  });
  expect([result, signal?.aborted]).toEqual([7, false]);
});

test("what fails in time fails with its own error", async () => {
  const error = new Error("own");
  await expect(within("Work", 10_000, () => Promise.reject(error))).rejects.toBe(error);
});

test("what never ends is aborted and given up, even if it does not listen", async () => {
  let signal: AbortSignal | undefined;
  const work = within("Work", 10, (given) => {
    signal = given;
    return new Promise(() => {});
  });
  await expect(work).rejects.toEqual(new TimeUpError("Work", 10));
  await expect(work).rejects.toHaveProperty("name", "TimeUpError");
  expect(signal?.aborted).toBe(true);
});

test("what fails because it was aborted is still reported as out of time", async () => {
  const work = within(
    "Work",
    10,
    (signal) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(new Error("aborted")));
      }),
  );
  await expect(work).rejects.toThrow("Work took longer than 10 ms.");
});
