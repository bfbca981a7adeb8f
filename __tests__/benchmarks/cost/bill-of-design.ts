import type { Price } from "../../../contract/prices.ts";
import { billOfUnits, type Item, summed } from "../../support/bill.ts";
import type { Units } from "../../support/billed-units.ts";
import { billedMilliseconds, type Duration } from "./billed-milliseconds.ts";

export const MILLION = 1e6;
const SQS_CHUNK_BYTES = 65_536;

/** What one invocation of a function does, measured. */
export interface FunctionFigures extends Duration {
  readonly name: string;
  /** That it passes on. */
  readonly events: number;
  readonly megabytes: number;
  /** Of its processor's kind. */
  readonly gigabyteSecond: Price;
  /** What it calls. */
  readonly units: Units;
  /** What it writes itself, as CloudWatch bills it. */
  readonly ownLogBytes: number;
  /** What Lambda writes of it. */
  readonly platformLogBytes: number;
}

/** A way for events from Genesys to a destination. */
export interface Design {
  readonly name: string;
  /** Events that one invocation of the processor is handed. */
  readonly batch: number;
  /** What the services in front cost for each event, but for the functions. */
  readonly units: Units;
  readonly receiver?: FunctionFigures;
  /** Lambda polls a queue for it. */
  readonly processor?: FunctionFigures;
  /** Bytes of a message on that queue. */
  readonly messageBytes: number;
  /** Bytes that CloudWatch bills for the request's line, where there is one. */
  readonly accessLogBytes: number;
}

/** SQS hands over, and deletes, so many messages in one request. */
const SQS_BATCH = 10;

/** Lambda's poller receives what it hands over, and deletes it. */
function polled(batch: number, messageBytes: number): Units {
  const received = Math.ceil((Math.min(batch, SQS_BATCH) * messageBytes) / SQS_CHUNK_BYTES);
  return { sqsRequest: Math.ceil(batch / SQS_BATCH) * (Math.max(1, received) + 1) };
}

function ofFunction(figures: FunctionFigures, times: number): Item[] {
  const seconds = billedMilliseconds(figures, figures.megabytes) / 1_000;
  return [
    { what: "Lambda: requests", price: "invocation", quantity: times },
    {
      what: "Lambda: GB-seconds",
      price: figures.gigabyteSecond,
      quantity: seconds * (figures.megabytes / 1_024) * times,
    },
    ...billOfUnits(figures.units, times),
    {
      what: "logs: the functions' own",
      price: "logByte",
      quantity: figures.ownLogBytes * times,
    },
    { what: "logs: Lambda's", price: "logByte", quantity: figures.platformLogBytes * times },
  ];
}

/** What a million events cost, line by line. */
export function billOfDesign(design: Design): Item[] {
  const { units, receiver, processor, batch, messageBytes, accessLogBytes } = design;
  const invocations = MILLION / (processor?.events ?? 1);
  return summed([
    ...billOfUnits(units, MILLION),
    ...(receiver === undefined ? [] : ofFunction(receiver, MILLION)),
    ...(processor === undefined
      ? []
      : [...ofFunction(processor, invocations), ...billOfUnits(polled(batch, messageBytes), invocations)]),
    { what: "logs: access log", price: "logByte" as const, quantity: accessLogBytes * MILLION },
  ]).filter(({ quantity }) => quantity > 0);
}
