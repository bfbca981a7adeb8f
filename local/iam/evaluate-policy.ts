import { matchesGlob } from "../../contract/glob.ts";
import type { Condition, Statement } from "./statement.ts";

/** What somebody wants to do. */
export interface Call {
  /** `sqs:SendMessage` */
  readonly action: string;
  /** The ARN that it is done to. */
  readonly resource: string;
  /** What conditions ask for: `aws:SourceArn`, `s3:prefix`. */
  readonly context?: Readonly<Record<string, string>>;
}

/** Who wants to do it. */
export type Principal =
  | { readonly kind: "AWS"; readonly name: string }
  | { readonly kind: "Service"; readonly name: string };

/** What of a statement allows a call: one of its actions on one of its resources. */
export interface MatchedStatement {
  readonly statement: Statement;
  readonly action: string;
  readonly resource: string;
}

export interface Decision {
  readonly allowed: boolean;
  /** Absent where nothing speaks of the call: then it is refused. */
  readonly matched?: MatchedStatement;
}

/**
 * IAM's evaluation within one account: a Deny that matches wins, else an Allow that matches, else no.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluatePolicy(call: Call, principal: Principal, statements: readonly Statement[]): Decision {
  const matching = statements.flatMap((statement) => matchStatement(statement, call, principal) ?? []);
  const denied = matching.find(({ statement }) => statement.effect === "Deny");
  if (denied) return { allowed: false, matched: denied };
  const [allowed] = matching;
  return allowed ? { allowed: true, matched: allowed } : { allowed: false };
}

function matchStatement(
  statement: Statement,
  call: Call,
  principal: Principal,
): MatchedStatement | undefined {
  if (!speaksOf(statement, principal)) return undefined;
  // IAM's action names know no case: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
  const action = statement.actions.find((name) => matches(name.toLowerCase(), call.action.toLowerCase()));
  const resource = statement.resources.find((pattern) => matches(pattern, call.resource));
  if (action === undefined || resource === undefined) return undefined;
  if (!statement.conditions.every((condition) => holds(condition, call))) return undefined;
  return { statement, action, resource };
}

function speaksOf({ principals }: Statement, { kind, name }: Principal): boolean {
  if (principals === "*") return true;
  if (principals === undefined) return kind === "AWS"; // a policy of the role's own
  return (principals[kind] ?? []).some((given) => given === "*" || given === name);
}

/** A key that the call does not have meets no condition of those that are read here. */
function holds({ operator, key, values }: Condition, call: Call): boolean {
  const value = key === SECURE_TRANSPORT ? "true" : call.context?.[key];
  if (value === undefined) return false;
  const like = operator !== "StringEquals" && operator !== "Bool";
  return values.some((wanted) => (like ? matches(wanted, value) : wanted === value));
}

/** This machine's loopback is taken for TLS: what matters is who may call, and nobody listens in. */
const SECURE_TRANSPORT = "aws:SecureTransport";

/** `*` stands for any characters, `?` for one. */
export function matches(pattern: string, text: string): boolean {
  return matchesGlob(pattern, text, "?");
}
