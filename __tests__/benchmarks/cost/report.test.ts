import { designsOf } from "./designs.ts";
import { BATCH } from "./functions.ts";
import { asJson, asText, type Measured, type Report } from "./report.ts";

const figures = (name: string): Measured => ({
  name,
  events: BATCH,
  batch: BATCH,
  cpu: 1.234,
  waiting: 5,
  calls: { "AmazonSQS.SendMessage": 1 },
  units: { sqsRequest: 1 },
  requestBytes: 4_000,
  ownLogBytes: 500,
  megabytes: 512,
  gigabyteSecond: "gigabyteSecond",
  platformLogBytes: 0,
});
const functions = ["receiver", "processor"].map(figures);
const byName = new Map(functions.map((each) => [each.name, each]));
const tables = [{ batch: BATCH, designs: designsOf(byName, BATCH, 200) }];
const report: Report = { rounds: 3, accessLogBytes: 200, functions, tables };

test("machines get the money that people read, by its lines", () => {
  const { designs } = JSON.parse(asJson(report)) as {
    designs: { name: string; dollars: number; items: { dollars: number }[] }[];
  };
  expect(designs.map(({ name }) => name)).toEqual(["this pipeline", "EventBridge API destination"]);
  for (const { dollars, items } of designs) {
    expect(items.reduce((sum, item) => sum + item.dollars, 0)).toBeCloseTo(dollars);
    expect(asText(report)).toContain(`**$${dollars.toFixed(2)}**`);
  }
});

test("what is assumed, what was measured and what those in the table do not do is said", () => {
  const text = asText(report);
  expect(text).toContain("Assumed: Lambda bills 1 ms");
  expect(text).toMatch(/\| processor +\| 10 +\| 1\.23 ms \| 5\.0 ms/);
  expect(text).toContain("EventBridge API destinations take");
  expect(text).not.toContain("The tutorial");
});
