import { requireEqual } from "../../../deployment/rehearsal/require.ts";

test("what is as it has to be ends nothing, whatever the order of its keys", () => {
  requireEqual("doctor", {
    queue: ["ok", "ok"],
    alarms: [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    none: [undefined, undefined],
  });
});

test("everything that differs is named, with both sides", () => {
  const examine = () =>
    requireEqual("doctor", { queue: ["ok", "ok"], alarms: ["ok", undefined], left: [0, 2] });
  expect(examine).toThrow(
    "doctor is not as it has to be:\n  alarms: expected ok, found nothing\n  left: expected 0, found 2",
  );
});
