import { ScanMark } from "../../../functions/recovery/scan-mark.ts";
import { startStateTable } from "../../support/dynamodb.ts";
import { forEachTest } from "../../support/hooks.ts";

const now = new Date("2026-03-01T12:00:00.000Z");
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const dynamodb = forEachTest(startStateTable);
const mark = forEachTest(() => new ScanMark(dynamodb.client, dynamodb.table));

test("an empty queue is not worth a look, one that nobody has looked at is", async () => {
  expect(await mark.isWorthALook(0, now)).toBe(false);
  expect(await mark.isWorthALook(1, now)).toBe(true);
});

test("what the last scan left alone is not read again until the count changes or half an hour is over", async () => {
  await mark.save(7, now);
  expect(await mark.isWorthALook(7, later(60))).toBe(false);
  expect(await mark.isWorthALook(8, later(60))).toBe(true);
  expect(await mark.isWorthALook(6, later(60))).toBe(true);
  expect(await mark.isWorthALook(7, later(1800))).toBe(true);
});
