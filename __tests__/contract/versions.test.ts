import { isAtLeast } from "../../contract/versions.ts";

test.each([
  ["6.21.0", "6.21.0", true],
  ["6.8.0", "6.21.0", false],
  ["5.100.0", "6.8.0", false],
  ["5.100.0", "5.99.9", true],
  ["10.0.0", "9.9.9", true],
])("%s is %s or newer: %s", (version, than, expected) => {
  expect(isAtLeast(version, than)).toBe(expected);
});
