import { CommandError } from "../../contract/command-error.ts";
import { explainAws } from "../../contract/explain-aws.ts";
import { GenesysError } from "../genesys/genesys-error.ts";
import { type CheckResult, resultsOf } from "./check-result.ts";

const START_AGAIN = "Look at what npm start prints, and start it again.";

/** Runs one look. Its error is a result as well, so that no other look is lost. */
export async function guarded(
  check: string,
  look: () => Promise<CheckResult>,
  kind: "deployed" | "local" = "deployed",
): Promise<CheckResult> {
  try {
    return await look();
  } catch (error) {
    return resultFrom(check, error, kind);
  }
}

/** Not being allowed to look, or asking a platform that knows no such thing, is no fault of what was to be looked at. */
export function resultFrom(check: string, error: unknown, kind: "deployed" | "local"): CheckResult {
  const { failure, warning } = resultsOf(check);
  const isOurs = error instanceof CommandError || error instanceof GenesysError;
  if (kind === "local" && !isOurs) {
    const { message, name } = error as Error;
    return failure(`The local run does not answer: ${message || name}.`, START_AGAIN);
  }
  const { message, remedy } = isOurs ? error : explainAws(error);
  return isDenied(error) ? warning(message, remedy) : failure(message, remedy);
}

/** AWS's services spell it in two ways. */
export function isDenied(error: unknown): boolean {
  if (error instanceof GenesysError) return error.kind === "permission" || error.kind === "not-found";
  const { name } = error as Error;
  return name === "AccessDenied" || name === "AccessDeniedException";
}
