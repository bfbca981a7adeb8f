/** Terraform's lock file as a team commits it, from the repository's root: one provider's version for all stacks. */
export const LOCK_FILE = "infra/terraform.lock.hcl";
/** As Terraform looks for it in a stack's folder. */
export const STACK_LOCK_FILE = ".terraform.lock.hcl";
