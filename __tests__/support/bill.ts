import { type Price, prices } from "../../contract/prices.ts";
import type { Units } from "./billed-units.ts";
import type { Synthesised } from "./synthesise.ts";

/** A line of a bill. */
export interface Item {
  readonly what: string;
  /** How much of it, in the price's unit. */
  readonly quantity: number;
  readonly price: Price;
}

export const dollars = ({ quantity, price }: Item) => quantity * prices[price];

export const total = (items: readonly Item[]) => items.reduce((sum, item) => sum + dollars(item), 0);

/** The lines of what is called, in their order. */
const LINES: Readonly<Partial<Record<Price, string>>> = {
  httpApiRequest: "HTTP API: requests",
  eventBusEvent: "EventBridge: events",
  apiDestinationRequest: "EventBridge: API destination",
  sqsRequest: "SQS requests",
  dynamodbRead: "DynamoDB reads",
  dynamodbWrite: "DynamoDB writes",
  s3Request: "S3 lists",
};

/** @param times how often all of it is called in what the bill is for */
export function billOfUnits(units: Units, times: number): Item[] {
  return (Object.entries(LINES) as [Price, string][]).flatMap(([price, what]) => {
    const quantity = (units[price] ?? 0) * times;
    return quantity === 0 ? [] : [{ what, price, quantity }];
  });
}

/** Lines of the same thing as one, in the order in which they first come. @throws where they have several prices */
export function summed(items: readonly Item[]): Item[] {
  const byName = new Map<string, Item>();
  for (const item of items) {
    const known = byName.get(item.what);
    if (known !== undefined && known.price !== item.price)
      throw new Error(`${item.what} have several prices.`);
    byName.set(item.what, { ...item, quantity: item.quantity + (known?.quantity ?? 0) });
  }
  return [...byName.values()];
}

interface AlarmAttributes {
  readonly metric_query?: readonly { readonly metric?: unknown }[];
}

/** What a stack costs as it stands there, a month. */
export function standingBill(stack: Synthesised): Item[] {
  const alarms = Object.values(stack.resources("aws_cloudwatch_metric_alarm")) as AlarmAttributes[];
  const metrics = alarms.map(
    ({ metric_query: queries }) => queries?.filter(({ metric }) => metric).length ?? 1,
  );
  const count = (type: string) => Object.keys(stack.resources(type)).length;
  return [
    {
      what: "metrics that alarms look at",
      quantity: metrics.reduce((a, b) => a + b, 0),
      price: "alarmMetric",
    },
    { what: "dashboard", quantity: count("aws_cloudwatch_dashboard"), price: "dashboard" },
    { what: "KMS key of the alarms' topic", quantity: count("aws_kms_key"), price: "kmsKey" },
  ];
}
