import { type Price, prices } from "../../contract/prices.ts";
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

/** How AWS bills what a function calls. Another call is an error here: it would cost nothing on paper. */
const BILLED: Readonly<Record<string, readonly [what: string, price: Price] | undefined>> = {
  "sqs SendMessage": ["SQS requests", "sqsRequest"],
  "sqs GetQueueAttributes": ["SQS requests", "sqsRequest"],
  "s3 GET": ["S3 lists", "s3Request"],
  "dynamodb UpdateItem": ["DynamoDB writes", "dynamodbWrite"],
  "dynamodb PutItem": ["DynamoDB writes", "dynamodbWrite"],
  "dynamodb GetItem": ["DynamoDB reads", "dynamodbRead"],
};
const FREE = ["lambda GET"]; // the mapping's state

/** @param times how often that is called in what the bill is for */
export function billOfCalls(counts: ReadonlyMap<string, number>, times: number): Item[] {
  return [...counts].flatMap(([call, count]) => {
    if (FREE.includes(call)) return [];
    const billed = BILLED[call];
    if (billed === undefined) throw new Error(`What ${call} costs is not known here.`);
    const [what, price] = billed;
    return [{ what, price, quantity: count * times }];
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
