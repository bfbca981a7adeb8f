import type { TerraformResourceLifecycle } from "cdktf";
import type { EnvironmentSettings } from "./settings.ts";

/**
 * The lifecycle of what holds events, or what an event cannot be taken in or delivered without. Unless the
 * environment is disposable, Terraform refuses every plan that would destroy or replace it: `cdktf destroy`
 * of production ends there, with nothing touched.
 *
 * It takes down on purpose whoever deploys twice: `disposable: true` in `environments.ts` first, which lifts
 * this, the table's deletion protection and the bucket's refusal to go with objects in it; then `destroy`.
 *
 * The protection stands in the resource's own block and goes with it: a construct that is renamed or taken
 * out of the program is no longer protected. A test therefore holds the addresses of all data stores.
 */
export function dataLifecycle(
  { disposable }: EnvironmentSettings,
  lifecycle: TerraformResourceLifecycle = {},
): { readonly lifecycle?: TerraformResourceLifecycle } {
  const whole = disposable ? lifecycle : { ...lifecycle, preventDestroy: true };
  return Object.keys(whole).length > 0 ? { lifecycle: whole } : {};
}
