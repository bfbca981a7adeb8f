import { code } from "./escape.ts";
import type { Exposure } from "./exposures.ts";
import type { Loss } from "./loss.ts";
import type { Obstacle } from "./obstacles.ts";
import type { Review } from "./review.ts";
import type { Stranger } from "./strangers.ts";

export interface ReportOptions {
  /** Somebody has said that the plan may delete data. */
  readonly dataLossAllowed: boolean;
  /** Addresses whose changes are not those that were reviewed; `undefined` where nothing was compared. */
  readonly notReviewed?: readonly string[];
}

/** What a person has to see before anything else, the worst first. */
export function warnings(review: Review, options: ReportOptions): string[] {
  return [
    ...notReviewed(options.notReviewed ?? []),
    ...obstacles(review.obstacles),
    ...losses(review.losses, options.dataLossAllowed),
    ...strangers(review.strangers),
    ...exposures(review.exposures),
    ...unchecked(review.unchecked),
  ];
}

function notReviewed(addresses: readonly string[]): string[] {
  if (addresses.length === 0) return [];
  return [
    "> [!CAUTION]",
    "> **This is not the plan that was reviewed.** Since then something else differs:",
    ...addresses.map((address) => `> - ${code(address)}`),
    "",
  ];
}

function obstacles(found: readonly Obstacle[]): string[] {
  return admonition(
    "CAUTION",
    "This plan cannot be applied: it would stop half-way.",
    found.map(
      ({ address, because: reasons, why, remedy }) =>
        `${code(address)}${reasonsOf(reasons)}: ${why}. ${remedy}`,
    ),
  );
}

function losses(found: readonly Loss[], allowed: boolean): string[] {
  return admonition(
    allowed ? "WARNING" : "CAUTION",
    `This plan loses data or events${allowed ? ", and that is allowed" : ""}.`,
    found.map(lossOf),
  );
}

function lossOf({ address, how, because: reasons, lost, remedy, twin }: Loss): string {
  const twinHint =
    twin === undefined
      ? ""
      : ` Is ${code(twin)} the same one under a new address? Then move it in the state (${code("terraform state mv")}), and nothing is lost.`;
  const hint = remedy === undefined ? "" : ` ${remedy}`;
  return `${code(address)} is ${how}${reasonsOf(reasons)}. Lost: ${lost}.${hint}${twinHint}`;
}

function strangers(found: readonly Stranger[]): string[] {
  const line = ({ address, policy, added }: Stranger) =>
    `${code(address)} has the policy ${code(policy)}: ${added.map(code).join(", ") || "nothing that can be read"}.`;
  return [
    ...admonition(
      "CAUTION",
      "Somebody has added permissions by hand, and this plan leaves them there.",
      found
        .filter(({ isRemoved }) => !isRemoved)
        .map((one) => `${line(one)} Remove it, or make it part of the stack.`),
    ),
    ...admonition(
      "WARNING",
      "Somebody has added permissions by hand. This plan takes them away.",
      found.filter(({ isRemoved }) => isRemoved).map(line),
    ),
  ];
}

function exposures(found: readonly Exposure[]): string[] {
  return admonition(
    "WARNING",
    "This plan lets somebody in, or tells somebody.",
    found.map(({ address, what }) => `${code(address)}: ${code(what)}`),
  );
}

function unchecked(found: readonly string[]): string[] {
  return admonition(
    "NOTE",
    "Whether the account has what this plan creates could not be looked for.",
    found.map((what) => code(what)),
  );
}

function admonition(kind: string, what: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return [`> [!${kind}]`, `> **${what}**`, ...lines.map((line) => `> - ${line}`), ""];
}

export function reasonsOf(reasons: readonly string[]): string {
  return reasons.length > 0 ? `, because of ${reasons.map(code).join(", ")}` : "";
}
