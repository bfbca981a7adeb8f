import type { TerraformResourceLifecycle } from "cdktf";
import type { EnvironmentSettings } from "./settings.ts";

/**
 * The lifecycle of what holds events, or what an event cannot be taken in or delivered without. Unless the
 * environment is disposable, Terraform refuses every plan that would destroy or replace it. A construct that is
 * renamed or taken out is no longer protected, so a test pins its address: docs/decisions/0012-protect-data.md
 */
export function dataLifecycle(
  { disposable }: EnvironmentSettings,
  lifecycle: TerraformResourceLifecycle = {},
): { readonly lifecycle?: TerraformResourceLifecycle } {
  const whole = disposable ? lifecycle : { ...lifecycle, preventDestroy: true };
  return Object.keys(whole).length > 0 ? { lifecycle: whole } : {};
}
