/** Folders of the overflow bucket: the functions write and read under them, and their roles reach no further. */

/** Claim-checked events. */
export const CLAIM_CHECK_PREFIX = "claim-checks/";

/** Everything that waits to be re-queued. */
export const SPILL_PREFIX = "spill/";

/** One object: whether the breaker has disabled the event source mapping. */
export const MAPPING_NOTE_KEY = "breaker/mapping.json";
