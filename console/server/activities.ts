import { defined } from "../../contract/defined.ts";
import type { Activity } from "../api.ts";
import { toErrorInfo } from "./error-info.ts";
import { Said } from "./said.ts";

/** What was done in this session that is kept. */
const MOST = 200;

/** What one action does. @returns whether something of it wants a person */
export type Work = (said: Said, signal: AbortSignal) => Promise<{ readonly attention: boolean }>;

interface Running {
  activity: Activity;
  readonly said: Said;
  readonly controller: AbortController;
}

/** What was done in this session, and what is being done; the last one first. */
export class Activities {
  readonly #signal: AbortSignal;
  readonly #onChange: () => void;
  readonly #all: Running[] = [];
  readonly #ends = new Set<Promise<void>>();
  #count = 0;

  /** @param signal interrupts all of them */
  constructor(signal: AbortSignal, onChange: () => void) {
    this.#signal = signal;
    this.#onChange = onChange;
  }

  get all(): readonly Activity[] {
    return this.#all.map(({ activity, said }) => ({
      ...activity,
      ...defined({ progress: said.state }),
      said: said.lines,
    }));
  }

  begin(command: string, operator: string, work: Work): Activity {
    const id = ++this.#count;
    const startedAt = new Date().toISOString();
    const controller = new AbortController();
    const running: Running = {
      activity: { id, startedAt, operator, command, state: "running", said: [] },
      said: new Said(this.#onChange),
      controller,
    };
    this.#all.unshift(running);
    this.#all.splice(MOST);
    const end = this.#run(running, work, AbortSignal.any([this.#signal, controller.signal]));
    this.#ends.add(end);
    void end.finally(() => this.#ends.delete(end));
    this.#onChange();
    return running.activity;
  }

  /** What is at hand is still seen to, as after Ctrl-C. */
  cancel(id: number): void {
    this.#all.find(({ activity }) => activity.id === id)?.controller.abort(new Error("Interrupted."));
  }

  /** Resolves when none is under way. */
  async atRest(): Promise<void> {
    await Promise.all(this.#ends);
  }

  async #run(running: Running, work: Work, signal: AbortSignal): Promise<void> {
    const { said } = running;
    let state: Activity["state"] = "failed";
    try {
      const { attention } = await work(said, signal);
      state = attention || signal.aborted ? "attention" : "done";
    } catch (error) {
      if (signal.aborted) state = "attention";
      const { message, remedy } = signal.aborted
        ? { message: "Interrupted.", remedy: "" }
        : toErrorInfo(error);
      said.note([message, remedy].filter((text) => text !== "").join(" "));
    }
    running.activity = { ...running.activity, state, endedAt: new Date().toISOString() };
    this.#onChange();
  }
}
