import type { Grant, Scope } from "./grant.ts";

/**
 * The use of a key of the team's own, by way of one service and no other; nothing where there is no such key. A key
 * that the stack makes has its own entry.
 */
export function viaService(
  key: unknown,
  service: string,
  { region, dnsSuffix }: Pick<Scope, "region" | "dnsSuffix">,
  actions: Pick<Grant, "read" | "change">,
): Grant[] {
  if (typeof key !== "string" || !key.startsWith("arn:")) return [];
  const condition = { StringEquals: { "kms:ViaService": `${service}.${region}.${dnsSuffix}` } };
  return [{ ...actions, resources: [key], condition }];
}
