import type { Planting } from "../support/plant.ts";

/** A realistic bug: a change to one file, and the tests that have to notice it. Its name is what `--only` takes. */
export interface Bug extends Planting {
  /** Test files, from the repository's root; one that fails is enough. */
  readonly tests: readonly string[];
  /** Why nobody could notice it: then it counts for nothing, and is not planted. */
  readonly equivalent?: string;
}

/** `functions/receiver`, `cli`: what the score is told by. */
export function roomOf({ file }: Pick<Bug, "file">): string {
  const [room = "", inner = ""] = file.split("/");
  return room === "functions" ? `${room}/${inner}` : room;
}
