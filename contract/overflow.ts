/** Folders of the overflow bucket: the functions write and read under them, and their roles reach no further. */

/** Claim-checked events. */
export const CLAIM_CHECK_PREFIX = "claim-checks/";

/** Events that the queue did not take. */
export const SPILL_PREFIX = "spill/";

/** One object: whether the breaker has disabled the event source mapping. */
export const MAPPING_NOTE_KEY = "breaker/mapping.json";

/** Messages that a queue's retention would have deleted. */
export const PARKED_PREFIX = "parked/";
