import { isObject, type Values } from "../../terraform/plan-json.ts";

/** A block that Terraform JSON writes as an object or as a list of one. */
export function block(value: unknown): Values | undefined {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  return isObject(one) ? one : undefined;
}
