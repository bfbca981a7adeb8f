import { isProbe } from "../../contract/probe.ts";

test("only an event that says so is a probe", () => {
  const Records: never[] = [];
  const events = [
    { Records, probe: true },
    { Records, probe: false },
    { Records, probe: "true" },
    { Records },
  ];
  expect(events.map(isProbe)).toEqual([true, false, false, false]);
});
