import { stackDirectory, synthesise } from "../../terraform/synthesise.ts";
import { readStack } from "../review/make-plan.ts";
import { type RolePolicy, rolePolicy } from "./role-policy.ts";
import { POLICY_CHARACTERS, type Role, sizeOf } from "./statements.ts";

export interface RolePolicyRequest {
  readonly environment: string;
  readonly role: Role;
  /** Whether plans ask AWS how things are. */
  readonly refresh: boolean;
  /** A folder with a stack that is synthesised already; by default it is synthesised here. */
  readonly stackDir?: string | undefined;
}

/**
 * The policy of a role for an environment as it is configured.
 *
 * @throws {CommandError} where the stack does not synthesise, or has a resource type that is not known here
 * @throws the signal's reason when it is interrupted
 */
export async function writeRolePolicy(
  { environment, role, refresh, stackDir }: RolePolicyRequest,
  interrupted: AbortSignal,
): Promise<RolePolicy> {
  if (stackDir === undefined) await synthesise({ interrupted });
  const stack = await readStack(stackDir ?? stackDirectory(environment));
  const policy = rolePolicy(stack, role, { refresh });
  return { ...policy, notes: [...sizes(policy), ...policy.notes] };
}

function sizes({ documents }: RolePolicy): string[] {
  if (documents.length === 0) return ["It needs no permission of AWS."];
  if (documents.length === 1) return [];
  const characters = documents.map((document) => sizeOf(document).toLocaleString("en")).join(" + ");
  return [
    `${documents.length} documents of ${characters} characters: IAM takes ${POLICY_CHARACTERS.toLocaleString("en")} in one. Attach all of them.`,
  ];
}
