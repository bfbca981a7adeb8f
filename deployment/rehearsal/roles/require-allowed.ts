import { type Call, evaluatePolicy } from "../../../local/iam/evaluate-policy.ts";
import { readPolicy, type Statement } from "../../../local/iam/statement.ts";
import type { PolicyDocument } from "../../role-policy/statements.ts";
import { requireEqual } from "../require.ts";
import type { NotedCall } from "./noted-call.ts";
import { type KnownRoles, questionsOf } from "./questions.ts";

/** A role of the rehearsal: who it is to the emulator, and what it may do. */
export interface RehearsedRole {
  readonly accessKey: string;
  /** As an error calls it: "the deploy policy". */
  readonly name: string;
  readonly documents: readonly PolicyDocument[];
}

/**
 * Wants every call that a role has made to be allowed by its policy.
 *
 * @param calls those of all roles, from the first on
 * @returns by role, the actions of its policy that it has never called
 * @throws {Error} naming each call that is not allowed, by action and resource
 */
export function requireAllowed(
  calls: readonly NotedCall[],
  roles: readonly RehearsedRole[],
): ReadonlyMap<string, readonly string[]> {
  const known: KnownRoles = { arns: new Map(), boundaries: new Map() };
  const asked = calls.flatMap((call) => {
    const role = roles.find(({ accessKey }) => accessKey === call.accessKey);
    return role === undefined ? [] : questionsOf(call, known).map((question) => ({ role, question }));
  });
  const unused = new Map<string, readonly string[]>();
  for (const role of roles) {
    const statements = role.documents.flatMap((document, place) =>
      readPolicy({ address: `${role.name}, document ${place + 1}`, document: JSON.stringify(document) }),
    );
    const own = asked.filter((each) => each.role === role).map(({ question }) => question);
    if (own.length === 0) throw new Error(`Nothing was called that ${role.name} could be held to.`);
    const refused = own.filter((question) => !isAllowed(question, statements));
    requireEqual(
      role.name,
      Object.fromEntries(
        refused.map(({ action, resource }) => [`${action} on ${resource}`, ["allowed", "not allowed"]]),
      ),
    );
    const called = new Set(own.map(({ action }) => action));
    const allowed = new Set(statements.flatMap(({ actions }) => actions));
    unused.set(
      role.name,
      [...allowed].filter((action) => !called.has(action)),
    );
  }
  return unused;
}

const ROLE = { kind: "AWS", name: "*" } as const;

/** What a call does not tell of itself, an id's tags for one, is taken for what the policy asks. */
function isAllowed(call: Call, statements: readonly Statement[]): boolean {
  const wanted = statements.flatMap(({ conditions }) =>
    conditions.map(({ key, values }) => [key, values[0] ?? ""] as const),
  );
  const context = { ...Object.fromEntries(wanted), ...call.context };
  return evaluatePolicy({ ...call, context }, ROLE, statements).allowed;
}
