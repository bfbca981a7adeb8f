import { oneLine } from "../../contract/plain-text.ts";
import type { Context } from "../context.ts";
import { counted } from "../counted.ts";

/** Attributes for which messages that were sent had no room. */
export class LeftOut {
  readonly #names = new Set<string>();
  #messages = 0;

  add(names: readonly string[] = []): void {
    if (names.length > 0) this.#messages++;
    for (const name of names) this.#names.add(name);
  }

  /** Says so on stderr, where there were some. */
  tell({ output }: Context): void {
    if (this.#messages === 0) return;
    const which = [...this.#names]
      .sort()
      .map((name) => oneLine(name))
      .join(", ");
    output.note(
      `${counted(this.#messages, "was", "were")} sent without attributes for which they had no room: ${which}.`,
    );
  }
}
