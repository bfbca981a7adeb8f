import { explainDisk } from "../contract/explain-disk.ts";
import { sourceError } from "../contract/source-error.ts";
import { ConfigurationError } from "./configuration.ts";

/**
 * What is wrong, for whoever wrote the configuration or a handler: one line for each mistake.
 *
 * @param root the repository's root
 * @throws the error itself, where it is about nothing that they have written, and nothing of their disk
 */
export async function explainError(error: unknown, root: string): Promise<string> {
  if (error instanceof ConfigurationError) return error.message;
  const lines = explainDisk(error) ?? (await sourceError(error, root, "infra/environments.ts"));
  if (lines === undefined) throw error;
  return lines.join("\n");
}
