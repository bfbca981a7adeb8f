import { bearableConcurrency } from "../../../local/lambda/bearable-concurrency.ts";

const GB = 1024 ** 3;

test.each([
  ["two cores", { cores: 2, memory: 8 * GB }, 4],
  ["a laptop", { cores: 8, memory: 16 * GB }, 10],
  ["a workstation", { cores: 32, memory: 128 * GB }, 16],
  ["one core and little memory", { cores: 1, memory: GB }, 2],
])("%s: as many processes as it bears", (_, machine, expected) => {
  expect(bearableConcurrency(3, machine)).toEqual({ usual: 2, most: expected });
});
