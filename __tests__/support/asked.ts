import { AskedStack, type Attributes } from "../../deployment/rehearsal/asked.ts";
import { type Finding, isMet } from "../../deployment/rehearsal/finding.ts";

/** A stack of the given resources, each of which the cloud has given the identity in `state`. */
export function stackOf(
  resource: Record<string, Record<string, Attributes>>,
  state: Record<string, Attributes> = {},
): AskedStack {
  const resources = Object.entries(state).map(([address, values]) => ({ address, values }));
  return new AskedStack(
    { terraform: {}, provider: {}, resource },
    { values: { root_module: { resources } } },
  );
}

/** The one resource of a type, as the comparison gets it. */
export function only(type: string, attributes: Attributes) {
  const [resource] = stackOf({ [type]: { it: attributes } }).ofType(type);
  if (resource === undefined) throw new Error("unreachable");
  return resource;
}

/** The properties that differ. */
export const different = (findings: readonly Finding[]) =>
  findings.filter((finding) => !isMet(finding)).map((finding) => finding.property);
