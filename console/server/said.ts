import type { Context } from "../../cli/context.ts";
import type { Environment } from "../../cli/environment/environment.ts";
import { Output } from "../../cli/output.ts";

/** Lines of one action that are kept: the last ones. */
const MOST_LINES = 50;

interface Progress {
  readonly done: number;
  readonly total: number;
  readonly doing: string;
}

/** What a command's work says, kept for the page in place of a terminal. */
export class Said extends Output {
  readonly #onChange: () => void;
  #lines: readonly string[] = [];
  #progress: Progress | undefined;

  /** @param onChange told of every line and every step */
  constructor(onChange: () => void = () => {}) {
    super({ json: false, color: false });
    this.#onChange = onChange;
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  get state(): Progress | undefined {
    return this.#progress;
  }

  override note(text: string): void {
    this.#lines = [...this.#lines, ...text.split("\n")].slice(-MOST_LINES);
    this.#onChange();
  }

  override progress(doing: string, total: number) {
    const tell = (progress: Progress | undefined) => {
      this.#progress = progress;
      this.#onChange();
    };
    let last = total;
    tell({ done: 0, total, doing });
    return {
      update: (done: number, given = last) => {
        last = Math.max(given, done);
        tell({ done, total: last, doing });
      },
      stop: () => tell(undefined),
    };
  }
}

/** What a command would work with, for an environment that is found already and a person who has said yes. */
export function contextOf(environment: Environment, output: Output, signal: AbortSignal): Context {
  return {
    options: { color: false },
    output,
    yes: true,
    signal,
    environment: () => Promise.resolve(environment),
  };
}
