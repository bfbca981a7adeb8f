import { type Attributes, block, type SynthesisedStack } from "./stack.ts";

/** The addresses that Terraform refuses to destroy. */
export function protectedAddresses({ resource }: SynthesisedStack): string[] {
  return Object.entries(resource).flatMap(([type, named]) =>
    Object.entries(named)
      .filter(([, attributes]) => block(attributes["lifecycle"])?.["prevent_destroy"] === true)
      .map(([name]) => `${type}.${name}`),
  );
}

/** Those of `addresses` that Terraform names where it says why it destroys nothing. It breaks lines as it likes. */
export function refusedAddresses(addresses: readonly string[], said: string): string[] {
  const line = said.replace(/[\s│]+/g, " ");
  return addresses.filter((address) =>
    line.includes(`Resource ${address} has lifecycle.prevent_destroy set`),
  );
}

/** The stack as it is with `disposable: true`, as far as destroying goes: what takes it down on purpose. */
export function withoutProtection(stack: SynthesisedStack): SynthesisedStack {
  const resource = Object.entries(stack.resource).map(([type, named]) => [
    type,
    Object.fromEntries(
      Object.entries(named).map(([name, attributes]) => [name, unprotected(type, attributes)]),
    ),
  ]);
  return { ...stack, resource: Object.fromEntries(resource) };
}

function unprotected(type: string, attributes: Attributes): Attributes {
  const { prevent_destroy: _, ...lifecycle } = block(attributes["lifecycle"]) ?? {};
  return {
    ...attributes,
    ...("lifecycle" in attributes ? { lifecycle } : {}),
    ...(type === "aws_dynamodb_table" ? { deletion_protection_enabled: false } : {}),
    ...(type === "aws_s3_bucket" ? { force_destroy: true } : {}),
  };
}
