import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import type { BreakerState } from "../../contract/breaker.ts";
import type { FunctionRunEvent, RunEvent } from "../../local/run-events.ts";
import type { TestRun } from "./local-bench.ts";
import { happened } from "./local-run.ts";

/** What has happened to events so far, of one kind. */
export function all(run: TestRun, what: FunctionRunEvent["what"]): FunctionRunEvent[] {
  return run.runEvents.soFar.filter(happened(what));
}

/** Resolves once `count` of a kind have happened. */
export function times(run: TestRun, what: FunctionRunEvent["what"], count: number): Promise<void> {
  let left = count - all(run, what).length;
  if (left <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    const off = run.runEvents.on((runEvent) => {
      if (!happened(what)(runEvent) || --left > 0) return;
      off();
      resolve();
    });
  });
}

/** The event source mapping has been switched. */
export function switched(enabled: boolean): (runEvent: RunEvent) => boolean {
  return (runEvent) => runEvent.kind === "mapping" && runEvent.enabled === enabled;
}

/** Recovery has run and found, or left, the breaker so. */
export function recoveredWith(breaker: BreakerState["status"]): (runEvent: RunEvent) => boolean {
  return (runEvent) => happened("recovered")(runEvent) && runEvent.fields["breaker"] === breaker;
}

/** Messages of a queue, hidden and delayed ones too, by the end of its name. */
export async function depth(run: TestRun, queue: string): Promise<number> {
  const { Attributes: attributes = {} } = await run.cloud.sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: run.stack.queues.find(({ name }) => name.endsWith(queue))?.url,
      AttributeNames: ["All"],
    }),
  );
  return (
    Number(attributes["ApproximateNumberOfMessages"]) +
    Number(attributes["ApproximateNumberOfMessagesNotVisible"]) +
    Number(attributes["ApproximateNumberOfMessagesDelayed"])
  );
}

/** Resolves once the main queue holds nothing any more. */
export function drained(run: TestRun): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () =>
      depth(run, "test-queue").then((left) => {
        if (left > 0) return;
        off();
        resolve();
      }, reject);
    const off = run.runEvents.on(({ kind }) => {
      if (kind === "batch") void look();
    });
    void look();
  });
}

/** The keys in the overflow bucket, under a prefix. */
export async function objectKeys(run: TestRun, prefix: string): Promise<string[]> {
  const { Contents: contents = [] } = await run.cloud.s3.send(
    new ListObjectsV2Command({ Bucket: run.stack.buckets[0]?.name, Prefix: prefix }),
  );
  return contents.map(({ Key: key = "" }) => key);
}

/** The breaker as the state table has it. */
export async function breaker(run: TestRun): Promise<BreakerState | undefined> {
  const { Item: item } = await run.cloud.dynamodb.send(
    new GetItemCommand({ TableName: run.stack.tables[0]?.name, Key: { id: { S: "breaker" } } }),
  );
  const text = item?.["state"]?.S;
  return text === undefined ? undefined : (JSON.parse(text) as BreakerState);
}
