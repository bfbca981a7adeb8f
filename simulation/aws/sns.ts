import type { Notice } from "../../contract/notice.ts";
import type { Trace } from "../trace.ts";
import type { Caller } from "./calls.ts";
import { ModelError } from "./errors.ts";

/** The topic where alarms are said: what it took, nobody takes back. */
export class Topic {
  readonly notices: Notice[] = [];
  readonly #trace: Trace;

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  readonly operate = (operation: string, input: never, _caller: Caller): unknown => {
    if (operation !== "Publish") throw new ModelError(`SNS's model does not know ${operation}`);
    const notice = input as Notice;
    this.#trace.add("notice", notice.text.replaceAll("\n", " / "));
    this.notices.push(notice);
    return { MessageId: `notice-${this.notices.length}` };
  };
}
