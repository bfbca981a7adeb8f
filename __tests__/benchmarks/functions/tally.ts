import { added, billedUnits, type Units } from "../../support/billed-units.ts";

/** What was called since the count began. */
export interface Used {
  /** By operation, `AmazonSQS.SendMessage`. */
  readonly calls: Readonly<Record<string, number>>;
  readonly units: Units;
  /** Of the bodies of all calls. */
  readonly requestBytes: number;
  /** Requests to the destination. */
  readonly deliveries: number;
  /** The last body that was sent to a queue. */
  readonly message: string;
}

const NOTHING: Used = { calls: {}, units: {}, requestBytes: 0, deliveries: 0, message: "" };

/** Counts what AWS would bill. */
export class Tally {
  #used = NOTHING;

  call(target: string, body: Buffer): void {
    const input = JSON.parse(body.toString()) as { readonly MessageBody?: string };
    const { calls, units, requestBytes, message } = this.#used;
    this.#used = {
      ...this.#used,
      calls: { ...calls, [target]: (calls[target] ?? 0) + 1 },
      units: added([units, billedUnits(target, input)]),
      requestBytes: requestBytes + body.length,
      message: input.MessageBody ?? message,
    };
  }

  delivery(): void {
    this.#used = { ...this.#used, deliveries: this.#used.deliveries + 1 };
  }

  /** What was counted; the next count begins. */
  take(): Used {
    const used = this.#used;
    this.#used = NOTHING;
    return used;
  }
}
