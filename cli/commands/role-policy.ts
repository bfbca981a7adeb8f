import type { Command } from "commander";
import type { Role } from "../../deployment/role-policy/statements.ts";
import { act } from "../act.ts";
import { configuredEnvironment, environmentArgument } from "../configured-environment.ts";
import { withExamples } from "../examples.ts";
import { withExitCodes } from "../exit-codes.ts";

interface RolePolicyOptions {
  readonly refresh?: boolean;
  readonly stackDir?: string;
}

/** `role-policy deploy | plan`. */
export function addRolePolicy(program: Command): void {
  const group = withExamples(
    program
      .command("role-policy")
      .description("writes the IAM policy of a pipeline's role, from the stack as it would be deployed"),
    "genesys-dlq role-policy deploy production",
    "genesys-dlq role-policy plan production --no-refresh",
  );
  const deploy = group.command("deploy").description("what a role needs that deploys an environment");
  withExamples(
    finish(deploy, "deploy"),
    "genesys-dlq role-policy deploy production",
    "genesys-dlq role-policy deploy production > policies.jsonl",
    "genesys-dlq role-policy deploy production --json",
  );
  const plan = group
    .command("plan")
    .description("what a role needs that only plans it: it reads, and writes nothing but the state's lock")
    .option("--no-refresh", "what plan --no-refresh needs: the state, and no more");
  withExamples(
    finish(plan, "plan"),
    "genesys-dlq role-policy plan production",
    "genesys-dlq role-policy plan production --no-refresh",
  );
}

function finish(command: Command, role: Role): Command {
  command
    .addArgument(environmentArgument())
    .option("--stack-dir <folder>", "of a stack that is synthesised already")
    .addHelpText("after", DOCUMENTS)
    .action(
      act<RolePolicyOptions>(async (context, { refresh = true, stackDir }, given) => {
        const environment = configuredEnvironment(context, given);
        const { output, signal } = context;
        // Loaded here: help and completion need none of it.
        const { writeRolePolicy } = await import("../../deployment/role-policy/write.ts");
        const { documents, notes } = await writeRolePolicy({ environment, role, refresh, stackDir }, signal);
        if (output.json) await output.result({ environment, role, documents, notes }, () => "");
        else for (const document of documents) await output.write(`${JSON.stringify(document)}\n`);
        for (const note of notes) output.note(note);
      }),
    );
  return withExitCodes(command, {
    done: "the policy is written",
    failed: "there is none: the message says why",
  });
}

const DOCUMENTS = `
Each line is a policy document for aws iam create-policy. Several are one policy that is too long for one document:
attach all of them.`;
