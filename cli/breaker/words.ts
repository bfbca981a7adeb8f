import { oneLine } from "../../contract/plain-text.ts";
import { counted } from "../counted.ts";
import { duration } from "../doctor/words.ts";
import { type BreakerStatus, successShare, type TypeStatus } from "./status.ts";

/** `due`, or `in 40 s, at 2026-…` */
export function whenProbed({ nextProbeAt }: BreakerStatus, now: number): string | undefined {
  if (nextProbeAt === undefined) return undefined;
  const seconds = (Date.parse(nextProbeAt) - now) / 1_000;
  return seconds <= 0 ? "due" : `in ${duration(seconds)}, at ${nextProbeAt}`;
}

/** What the last probe met; the reason of the outage stands beside it. */
export function lastProbe({ lastProbe: last, status }: BreakerStatus): string | undefined {
  return last === undefined || status === "closed"
    ? undefined
    : `failed at ${last.at}: ${oneLine(last.reason, 500)}`;
}

const TYPE_CHARACTERS = 90;

/** `bad.type: 0 % of 120 attempts succeeded` */
export function howItGoes(type: TypeStatus): string {
  const { succeeded, failed, refused } = type;
  const percent = Math.floor(successShare(type) * 100);
  const attempts = counted(succeeded + failed + refused, "attempt");
  return `${oneLine(type.type, TYPE_CHARACTERS)}: ${percent} % of ${attempts} succeeded${refused > 0 ? `, ${refused} refused for good` : ""}`;
}

/** How long ago the oldest event was received that is known to wait. */
export function ageOf({ oldestReceivedAt }: BreakerStatus, now: number): number | undefined {
  return oldestReceivedAt === undefined ? undefined : (now - Date.parse(oldestReceivedAt)) / 1_000;
}
