import { exitCodes } from "../../contract/exit-codes.ts";
import { counted } from "../counted.ts";
import type { Filter } from "./filter.ts";
import type { Look } from "./look.ts";

/** Says that a look has found nothing: that there is nothing, or that nothing of what is there was chosen. */
export function noneOf({ lookedAt }: Pick<Look, "lookedAt">, where = ""): string {
  if (lookedAt === 0) return `No dead letters${where}.`;
  return `None of ${counted(lookedAt, "dead letter")}${where} is chosen by what was given.`;
}

/** How a command ends that acts on dead letters: one that was told which, and found none of them, wants a person. */
export function endOfNone(filter: Filter | undefined, chosen: number): number {
  return filter !== undefined && chosen === 0 ? exitCodes.attention : exitCodes.done;
}
