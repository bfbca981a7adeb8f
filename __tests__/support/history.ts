import { type RunEvent, RunEvents } from "../../local/run-events.ts";

/** The stream of what happens in a run, with its past. */
export class History extends RunEvents {
  readonly #past: RunEvent[] = [];

  override add(runEvent: RunEvent): void {
    this.#past.push(runEvent);
    super.add(runEvent);
  }

  /** What has happened so far. */
  get soFar(): readonly RunEvent[] {
    return this.#past;
  }

  /** The first event of the run, past ones included, that `is` accepts. */
  until<T extends RunEvent>(is: (runEvent: RunEvent) => runEvent is T): Promise<T>;
  until(is: (runEvent: RunEvent) => boolean): Promise<RunEvent>;
  until(is: (runEvent: RunEvent) => boolean): Promise<RunEvent> {
    const found = this.#past.find(is);
    if (found) return Promise.resolve(found);
    return new Promise((resolve) => {
      const off = this.on((runEvent) => {
        if (!is(runEvent)) return;
        off();
        resolve(runEvent);
      });
    });
  }
}
