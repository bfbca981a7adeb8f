import { ListFunctionsCommand } from "@aws-sdk/client-lambda";
import type { Cloud } from "./cloud.ts";
import { requireEqual } from "./require.ts";
import type { SynthesisedStack } from "./stack.ts";

/**
 * Wants every function to have the code that was synthesised: a plan compares that with what Terraform has noted,
 * not with the cloud.
 *
 * @throws {Error} naming each function that has other code
 */
export async function requireCode({ resource }: SynthesisedStack, { lambda }: Cloud): Promise<void> {
  const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
  const found = new Map(Functions.map(({ FunctionName, CodeSha256 }) => [FunctionName, CodeSha256]));
  const functions = Object.values(resource["aws_lambda_function"] ?? {});
  requireEqual(
    "the functions' code",
    Object.fromEntries(
      functions.map(({ function_name: name, source_code_hash: hash }) => [
        String(name),
        [hash, found.get(String(name))],
      ]),
    ),
  );
}
