import { defined } from "../../contract/defined.ts";
import { exitCodes } from "../../contract/exit-codes.ts";

/** How bad it is: a failure loses events or stops them, a warning wants a person, sooner or later. */
export type State = "ok" | "warning" | "failure" | "unchecked";

export interface CheckResult {
  /** What was looked at. */
  readonly check: string;
  readonly state: State;
  /** One sentence, or a few words. */
  readonly found: string;
  /** What to do; absent where there is nothing to do. */
  readonly remedy?: string;
}

/** Findings of one check, as its code reads best. */
export function resultsOf(check: string) {
  return {
    ok: (found: string): CheckResult => ({ check, state: "ok", found }),
    warning: (found: string, remedy: string): CheckResult => ({ check, state: "warning", found, remedy }),
    failure: (found: string, remedy: string): CheckResult => ({ check, state: "failure", found, remedy }),
    unchecked: (found: string, remedy?: string): CheckResult => ({
      check,
      state: "unchecked",
      found,
      ...defined({ remedy }),
    }),
  };
}

/** By the worst of them; what could not be looked at is no fault. */
export function exitCodeOf(findings: readonly CheckResult[]): number {
  const has = (wanted: State) => findings.some(({ state }) => state === wanted);
  if (has("failure")) return exitCodes.failed;
  return has("warning") ? exitCodes.attention : exitCodes.done;
}
