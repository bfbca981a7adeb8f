import { isThrottled, patientRead } from "../../../functions/receiver/patient-read.ts";
import type { ReadSecrets } from "../../../functions/receiver/secret-value.ts";
import { TimeUpError } from "../../../functions/runtime/within.ts";

const throttling = Object.assign(new Error("Rate exceeded"), { name: "ThrottlingException" });
const hang = (milliseconds: number) => new TimeUpError("Reading the secret", milliseconds);
const { jest } = import.meta;
beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** A store that does what it is told, one after the other, and then has a secret. */
function storeWith(...answers: ((milliseconds: number) => Error)[]) {
  const given: number[] = [];
  const read: ReadSecrets = async (_, milliseconds) => {
    given.push(milliseconds);
    const answer = answers.shift();
    if (answer !== undefined) throw answer(milliseconds);
    return ["secret"];
  };
  return { given, patiently: patientRead(read, () => 0.5) };
}

test("a store that hangs holds the first request for long, and none after it until it has answered", async () => {
  const { given, patiently } = storeWith(hang, hang, hang);
  for (let i = 0; i < 3; i++) await expect(patiently("p", false)).rejects.toThrow(TimeUpError);
  await patiently("p", false);
  await patiently("p", false);
  expect(given).toEqual([2_500, 800, 800, 800, 2_500]);
});

test("one that is throttled is asked again until its turn comes, but not for ever", async () => {
  const some = storeWith(...Array.from({ length: 5 }, () => () => throttling));
  const secrets = some.patiently("p", false);
  await jest.advanceTimersByTimeAsync(4_000);
  expect(await secrets).toEqual(["secret"]);

  const all = storeWith(...Array.from({ length: 1_000 }, () => () => throttling));
  const refused = expect(all.patiently("p", false)).rejects.toBe(throttling);
  await jest.advanceTimersByTimeAsync(10_000);
  await refused;
  expect(all.given.length).toBeLessThanOrEqual(9);
});

test("what comes after a throttling is what counts; with a secret at hand nobody waits", async () => {
  const { patiently } = storeWith(
    () => throttling,
    () => new Error("gone"),
  );
  const refused = expect(patiently("p", false)).rejects.toThrow("gone");
  await jest.advanceTimersByTimeAsync(2_000);
  await refused;
  await expect(storeWith(() => throttling).patiently("p", true)).rejects.toBe(throttling);
});

test.each<[unknown, boolean]>([
  [throttling, true],
  [{ name: "Throttling" }, true],
  [{ name: "TooManyRequestsException" }, true],
  [{ name: "Busy", $retryable: { throttling: true } }, true],
  [{ name: "Busy", $retryable: { throttling: false } }, false],
  [{ name: "Busy", $retryable: {} }, false],
  [{ name: "NotThrottled" }, false],
  [{ name: "AccessDeniedException" }, false],
  [new Error("Throttling"), false],
  [{}, false],
  [undefined, false],
  [null, false],
])("%p is a throttling: %p", (error, isOne) => {
  expect(isThrottled(error)).toBe(isOne);
});
