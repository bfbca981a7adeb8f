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
 * @param leftToOthers actions that no policy has, since they are for somebody else to do
 * @returns by role, the actions of its policy that it has never called
 * @throws {Error} naming each call that is not allowed, by action and resource
 */
export function requireAllowed(
  calls: readonly NotedCall[],
  roles: readonly RehearsedRole[],
  leftToOthers: readonly string[] = [],
): ReadonlyMap<string, readonly string[]> {
  const known: KnownRoles = { arns: new Map(), boundaries: new Map() };
  const asked = new Map(roles.map((role) => [role.accessKey, new Map<string, Call>()]));
  for (const call of calls) {
    const own = asked.get(call.accessKey);
    if (own === undefined) continue;
    for (const question of questionsOf(call, known)) own.set(JSON.stringify(question), question);
  }
  return new Map(
    roles.map((role) => {
      const questions = [...(asked.get(role.accessKey)?.values() ?? [])];
      return [role.name, requireOf(role, questions, leftToOthers)];
    }),
  );
}

function requireOf(
  { name, documents }: RehearsedRole,
  questions: readonly Call[],
  leftToOthers: readonly string[],
): string[] {
  if (questions.length === 0 && documents.length > 0)
    throw new Error(`Nothing was called that ${name} could be held to.`);
  const statements = statementsOf(name, documents);
  const refused = questions.filter(
    (question) => !leftToOthers.includes(question.action) && !isAllowed(question, statements),
  );
  requireEqual(
    name,
    Object.fromEntries(
      refused.map(({ action, resource }) => [`${action} on ${resource}`, ["allowed", "not allowed"]]),
    ),
  );
  const called = new Set(questions.map(({ action }) => action));
  const allowed = new Set(statements.flatMap(({ actions }) => actions));
  return [...allowed].filter((action) => !called.has(action));
}

/** Each once: stacks one after the other differ in little. */
function statementsOf(address: string, documents: readonly PolicyDocument[]): Statement[] {
  const texts = documents.flatMap(({ Statement }) => Statement.map((one) => JSON.stringify(one)));
  const document = `{"Version":"2012-10-17","Statement":[${[...new Set(texts)].join(",")}]}`;
  return readPolicy({ address, document });
}

const ROLE = { kind: "AWS", name: "*" } as const;

/** What a call does not tell of itself, an id's tags for one, is taken for what a policy asks. */
function isAllowed(call: Call, statements: readonly Statement[]): boolean {
  return statements.some((statement) => {
    const wanted = statement.conditions.map(({ key, values }) => [key, values[0] ?? ""] as const);
    const context = { ...Object.fromEntries(wanted), ...call.context };
    return evaluatePolicy({ ...call, context }, ROLE, [statement]).allowed;
  });
}
