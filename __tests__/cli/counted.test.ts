import { counted } from "../../cli/counted.ts";

test.each([
  [0, "0 dead letters", "0 are left"],
  [1, "1 dead letter", "1 is left"],
  [2, "2 dead letters", "2 are left"],
  [0.5, "0.5 dead letters", "0.5 are left"],
  [21, "21 dead letters", "21 are left"],
])("%d of a thing: %s; %s", (count, things, left) => {
  expect(counted(count, "dead letter")).toBe(things);
  expect(`${counted(count, "is", "are")} left`).toBe(left);
});
