/**
 * What stands in a secret's parameter until a person puts the real one there. Nothing is ever authenticated
 * with it, however well it is signed.
 */
export const PLACEHOLDER_SECRET = "REPLACE-ME";

/** The value with which a secret's parameter is created; Terraform ignores it from then on. */
export const PLACEHOLDER_PARAMETER_VALUE = JSON.stringify({ current: PLACEHOLDER_SECRET });
