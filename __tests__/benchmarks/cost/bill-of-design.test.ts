import { type Item, total } from "../../support/bill.ts";
import { billOfDesign, type Design, type FunctionFigures } from "./bill-of-design.ts";
import { billedMilliseconds, OVERHEAD_MILLISECONDS } from "./billed-milliseconds.ts";
import { platformBytes } from "./platform-lines.ts";
import { costTable } from "./table.ts";

const CORE = 1_769;

const figures: FunctionFigures = {
  name: "receiver",
  events: 1,
  cpu: 1,
  waiting: 5 - OVERHEAD_MILLISECONDS,
  megabytes: CORE / 2,
  gigabyteSecond: "gigabyteSecond",
  units: { sqsRequest: 1 },
  ownLogBytes: 800,
  platformLogBytes: 428,
};

const processor: FunctionFigures = {
  ...figures,
  name: "processor",
  events: 10,
  units: { dynamodbWrite: 11 },
  ownLogBytes: 4_000,
};

const design: Design = {
  name: "measured",
  batch: 10,
  units: { httpApiRequest: 1 },
  receiver: figures,
  processor,
  messageBytes: 4_500,
  accessLogBytes: 500,
};

const quantities = (of: Design) =>
  Object.fromEntries(billOfDesign(of).map(({ what, quantity }) => [what, Number(quantity.toFixed(3))]));

test("half a core computes twice as long, and waits as long", () => {
  expect(billedMilliseconds({ cpu: 3, waiting: 100 }, CORE)).toBe(OVERHEAD_MILLISECONDS + 103);
  expect(billedMilliseconds({ cpu: 3, waiting: 100 }, CORE / 2)).toBe(OVERHEAD_MILLISECONDS + 106);
  expect(billedMilliseconds({ cpu: 3, waiting: 100 }, 2 * CORE)).toBe(OVERHEAD_MILLISECONDS + 103);
});

test("a million events are a million of the receiver's invocations, and as many of the processor's as batches", () => {
  const gigabyteSeconds = (1e6 + 1e5) * 0.007 * (CORE / 2 / 1_024);
  expect(quantities(design)).toEqual({
    "HTTP API: requests": 1e6,
    "Lambda: requests": 1e6 + 1e5,
    "Lambda: GB-seconds": Number(gigabyteSeconds.toFixed(3)),
    // Each is sent; a batch is received, and deleted.
    "SQS requests": 1e6 + 2 * 1e5,
    "DynamoDB writes": 11 * 1e5,
    "logs: the functions' own": 800 * 1e6 + 4_000 * 1e5,
    "logs: Lambda's": 428 * (1e6 + 1e5),
    "logs: access log": 500 * 1e6,
  });
});

test("a batch over 64 KB is received as several requests", () => {
  expect(quantities({ ...design, messageBytes: 10_000 })["SQS requests"]).toBe(1e6 + 3 * 1e5);
});

test("a batch over ten messages is received and deleted ten by ten", () => {
  const of25 = { ...design, batch: 25, processor: { ...processor, events: 25 } };
  expect(quantities(of25)["SQS requests"]).toBe(1e6 + (6 * 1e6) / 25);
});

test("what has no functions costs what its services cost", () => {
  const { receiver: _, processor: __, ...rest } = design;
  const units = { eventBusEvent: 1, apiDestinationRequest: 1 };
  expect(total(billOfDesign({ ...rest, units, accessLogBytes: 0 }))).toBeCloseTo(1.2);
});

test("the table has a line for what any of them costs, and nothing where one does not cost it", () => {
  const { receiver: _, ...rest } = design;
  const other: Design = { ...rest, name: "without a receiver", accessLogBytes: 0 };
  const lines = costTable([design, other]).split("\n");
  expect(lines[0]).toMatch(/^\| a million events +\| measured +\| without a receiver \|$/);
  expect(lines.find((line) => line.includes("access log"))).toMatch(/\| \$0\.25 +\| +\|$/);
  const sum = [design, other].map((one) => `**$${total(billOfDesign(one)).toFixed(2)}**`);
  expect(
    lines
      .at(-1)
      ?.split("|")
      .slice(2, 4)
      .map((cell) => cell.trim()),
  ).toEqual(sum);
});

test("x86_64 has its own price", () => {
  const x86 = { ...figures, gigabyteSecond: "gigabyteSecondX86" } as const;
  const line = ({ what }: Item) => what === "Lambda: GB-seconds";
  const item = billOfDesign({ ...design, receiver: x86, processor: x86 }).find(line);
  expect(item).toMatchObject({ price: "gigabyteSecondX86" });
  expect(() => billOfDesign({ ...design, receiver: x86 })).toThrow("Lambda: GB-seconds have several prices.");
});

test("Lambda writes of each invocation unless the function says otherwise", () => {
  expect(platformBytes()).toBeGreaterThan(300);
  expect(platformBytes({ log_format: "Text" })).toBe(platformBytes());
  expect(platformBytes({ log_format: "JSON" })).toBe(platformBytes());
  expect(platformBytes({ log_format: "JSON", system_log_level: "WARN" })).toBe(0);
});

test("what an invocation takes itself is not polled for it", () => {
  const of200 = quantities({
    ...design,
    processor: { ...processor, events: 200, units: { sqsRequest: 39 } },
  });
  expect(of200["Lambda: requests"]).toBe(1e6 + 5_000);
  expect(of200["SQS requests"]).toBe(1e6 + (39 + 2) * 5_000);
});
