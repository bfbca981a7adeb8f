import type { Weakness } from "./safeguards/safeguard.ts";

/** Data or events that a plan loses, or that nothing keeps from being lost after it. */
export interface Loss {
  readonly address: string;
  readonly how:
    | Weakness["how"]
    | "destroyed"
    | "replaced"
    | "forgotten"
    | "gone"
    | "orphaned"
    | "unprotected";
  readonly because: readonly string[];
  readonly lost: string;
  /** What a person does instead. */
  readonly remedy?: string;
  /** What is created of the same type: it may be the same thing under a new address. */
  readonly twin?: string;
}
