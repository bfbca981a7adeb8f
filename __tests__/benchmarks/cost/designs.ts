import { defined } from "../../../contract/defined.ts";
import type { Units } from "../../support/billed-units.ts";
import type { Design, FunctionFigures } from "./bill-of-design.ts";
import { messageBytes, type Writer } from "./events.ts";
import { BATCH, oneByOne } from "./functions.ts";

/** A way for events, as a table's column. */
interface Column {
  readonly name: string;
  /** What the services in front cost for each event. */
  readonly units: Units;
  /** Names of functions that were measured. */
  readonly receiver?: string;
  readonly processor?: string;
  readonly writer: Writer;
}

const api: Units = { httpApiRequest: 1 };

const columns: readonly Column[] = [
  { name: "this pipeline", units: api, receiver: "receiver", processor: "processor", writer: "own" },
  {
    name: "this pipeline, no suppression",
    units: api,
    receiver: "receiver",
    processor: "processor, no suppression",
    writer: "own",
  },
  {
    name: "this pipeline, from EventBridge",
    units: { eventBusEvent: 1, sqsRequest: 1 },
    processor: "processor, partner's events",
    writer: "partner",
  },
  {
    name: "the tutorial",
    units: api,
    receiver: "tutorial's receiver",
    processor: "tutorial's processor",
    writer: "tutorial",
  },
  {
    name: "HTTP API to SQS",
    units: { ...api, sqsRequest: 1 },
    processor: "plain processor",
    writer: "plain",
  },
  {
    name: "EventBridge API destination",
    units: { eventBusEvent: 1, apiDestinationRequest: 1 },
    writer: "plain",
  },
];

export const columnNames = columns.map(({ name }) => name);

/** What each of the others does not do, by its column's name. */
export const lacks: Readonly<Record<string, string>> = {
  "the tutorial":
    "The tutorial checks no signature, and answers 200 where the queue did not take the event. Its processor ends well after a failure, so Lambda deletes what failed. It tells no duplicates, and writes no line for an event.",
  "HTTP API to SQS":
    "HTTP API to SQS checks no signature: who knows the address can queue events. An event that is too large for the queue is refused. Its processor tells no duplicates and knows no outage: an event that failed as often as the queue allows is a dead letter without a reason.",
  "EventBridge API destination":
    "EventBridge API destinations take what Genesys sends as a partner; a webhook needs an HTTP API in front, $1.00 more. The destination has 5 s to answer. After 24 hours an event is dropped, or a dead letter that nothing brings back.",
};

/**
 * The designs of a table.
 *
 * @param measured by the function's name; a column without its figures is left out
 * @param accessLogBytes of our access log; the others have none
 */
export function designsOf(
  measured: ReadonlyMap<string, FunctionFigures>,
  batch: number,
  accessLogBytes: number,
): readonly Design[] {
  const called = (name: string) => (batch === BATCH ? name : oneByOne(name));
  return columns.flatMap(({ name, units, receiver, processor, writer }): Design[] => {
    const figures = defined({
      receiver: receiver === undefined ? undefined : measured.get(receiver),
      processor: processor === undefined ? undefined : measured.get(called(processor)),
    });
    if (processor !== undefined && figures.processor === undefined) return [];
    return [
      {
        name,
        batch,
        units,
        ...figures,
        messageBytes: messageBytes(writer),
        accessLogBytes: writer === "own" ? accessLogBytes : 0,
      },
    ];
  });
}
