/** Folders of the overflow bucket: the functions write and read under them, and their roles reach no further. */

/** Claim-checked events. */
export const CLAIM_CHECK_PREFIX = "claim-checks/";

/** Everything that waits to be re-queued. */
export const SPILL_PREFIX = "spill/";
