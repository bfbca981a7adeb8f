import { CommandError } from "../../contract/command-error.ts";
import { explainAws } from "../../contract/explain-aws.ts";
import type { ErrorInfo } from "../api.ts";

/** An error in the words of the command. */
export function toErrorInfo(error: unknown): ErrorInfo {
  const { message, remedy } = error instanceof CommandError ? error : explainAws(error);
  return { message, remedy };
}
