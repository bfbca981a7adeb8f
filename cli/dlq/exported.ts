import type { Message } from "@aws-sdk/client-sqs";
import { attributesOf, readRecord } from "../../contract/message-record.ts";
import { readEvent } from "./dead-letter.ts";
import { type DeadLetterRecord, fingerprint, payloadOfRecord } from "./record.ts";

/** What an export holds, to be found again on the queue. */
export class Exported {
  /** What stands in each dead letter, by SQS's id of it. */
  readonly #prints = new Map<string, string>();
  /** Lines whose event lies in the overflow bucket alone: the file would not bring it back. */
  readonly withoutEvent: number;
  /** Lines that no export has written, by number. */
  readonly unreadable: readonly number[];

  private constructor(prints: Map<string, string>, withoutEvent: number, unreadable: readonly number[]) {
    this.#prints = prints;
    this.withoutEvent = withoutEvent;
    this.unreadable = unreadable;
  }

  static async read(lines: AsyncIterable<string>): Promise<Exported> {
    const prints = new Map<string, string>();
    const unreadable: number[] = [];
    let withoutEvent = 0;
    let number = 0;
    for await (const line of lines) {
      number++;
      if (line.trim() === "") continue;
      const record = readRecord<DeadLetterRecord>(line);
      if (record === undefined) unreadable.push(number);
      else if (!holdsEvent(record)) withoutEvent++;
      else prints.set(record.messageId, fingerprint(record.body, attributesOf(record)));
    }
    return new Exported(prints, withoutEvent, unreadable);
  }

  /** How many dead letters it holds with their events. */
  get size(): number {
    return this.#prints.size;
  }

  /**
   * Those of the messages that it holds, by SQS's id: the very message, or one that SQS has given another id since
   * (imported, or parked and brought back) and that is the same to the byte. No more of these than it holds.
   */
  among(messages: readonly Seen[]): Set<string> {
    const chosen = new Set<string>();
    const left = new Map(this.#prints);
    for (const { messageId, print } of messages) {
      if (left.get(messageId) !== print) continue;
      chosen.add(messageId);
      left.delete(messageId);
    }
    const spare = new Map<string, number>();
    for (const print of left.values()) spare.set(print, (spare.get(print) ?? 0) + 1);
    for (const { messageId, print } of messages) {
      const count = spare.get(print) ?? 0;
      if (count === 0 || chosen.has(messageId)) continue;
      chosen.add(messageId);
      spare.set(print, count - 1);
    }
    return chosen;
  }
}

/** A message on the queue, as far as it takes to find it in a file. */
export interface Seen {
  readonly messageId: string;
  readonly print: string;
}

export function seen({ MessageId = "", Body = "", MessageAttributes = {} }: Message): Seen {
  return { messageId: MessageId, print: fingerprint(Body, MessageAttributes) };
}

/** A claim check is no event: the file has to have the event too. */
function holdsEvent(record: DeadLetterRecord): boolean {
  const event = readEvent(record.body);
  return event === undefined || "bytes" in event.body || payloadOfRecord(record) !== undefined;
}
