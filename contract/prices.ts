/** List prices in US dollars, before free tiers and discounts. Other regions cost a little more. */
export const priceList = { region: "us-east-1", asOf: "November 2026" } as const;

const MILLION = 1e6;
const GIGABYTE = 1e9;

/** Of one unit each; the pages are AWS's own. */
export const prices = {
  /** A request of up to 512 KB. https://aws.amazon.com/api-gateway/pricing/ */
  httpApiRequest: 1 / MILLION,
  /** https://aws.amazon.com/lambda/pricing/ */
  invocation: 0.2 / MILLION,
  /** On arm64. */
  gigabyteSecond: 0.0000133334,
  /** On x86_64, Lambda's default. */
  gigabyteSecondX86: 0.0000166667,
  /** A request of up to 64 KB. https://aws.amazon.com/sqs/pricing/ */
  sqsRequest: 0.4 / MILLION,
  /** A custom or a partner's event of up to 64 KB; its rules deliver within the account for nothing. https://aws.amazon.com/eventbridge/pricing/ */
  eventBusEvent: 1 / MILLION,
  /** A request of up to 64 KB to an API destination. */
  apiDestinationRequest: 0.2 / MILLION,
  /** PUT, COPY, POST or LIST. https://aws.amazon.com/s3/pricing/ */
  s3Request: 0.005 / 1_000,
  /** A unit of 1 KB, on demand. https://aws.amazon.com/dynamodb/pricing/on-demand/ */
  dynamodbWrite: 0.625 / MILLION,
  /** A unit of 4 KB, strongly consistent. */
  dynamodbRead: 0.125 / MILLION,
  /** A byte taken in. https://aws.amazon.com/cloudwatch/pricing/ */
  logByte: 0.5 / GIGABYTE,
  /** A byte that CloudWatch Logs Insights looks at. */
  logByteScanned: 0.005 / GIGABYTE,
  /** A month of a metric that an alarm looks at; ten are free in an account. */
  alarmMetric: 0.1,
  /** A month of a metric of one's own; ten are free in an account. */
  customMetric: 0.3,
  /** A month; three are free in an account. */
  dashboard: 3,
  /** A month. https://aws.amazon.com/kms/pricing/ */
  kmsKey: 1,
} as const;

export type Price = keyof typeof prices;
