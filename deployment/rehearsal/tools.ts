import { type FoundTerraform, findTerraform } from "../../terraform/terraform.ts";
import { findMoto } from "./moto.ts";

/** What a rehearsal needs on the machine beside Node. */
export interface Tools {
  readonly terraform: Extract<FoundTerraform, { command: string }>;
  readonly motoVersion: string;
}

/**
 * Looks for Terraform, Python and moto.
 *
 * @param directory a folder of the caller's, for Terraform's own configuration
 */
export async function findTools(directory: string): Promise<Tools | { readonly missing: readonly string[] }> {
  const terraform = await findTerraform(directory);
  const moto = findMoto();
  if ("command" in terraform && "version" in moto) return { terraform, motoVersion: moto.version };
  return { missing: [terraform, moto].flatMap((found) => ("missing" in found ? [found.missing] : [])) };
}

/** One line for a machine that cannot rehearse, and whether that is a failure there. */
export function cannotRehearse(
  missing: readonly string[],
  ci: string | undefined,
): { readonly line: string; readonly exitCode: 0 | 1 } {
  const required = ci === "true";
  return {
    line: `${required ? "Rehearsal failed" : "Rehearsal skipped"}: ${missing.join("; ")}.`,
    exitCode: required ? 1 : 0,
  };
}
