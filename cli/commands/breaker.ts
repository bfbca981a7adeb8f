import type { Command } from "commander";
import { GENESYS_DLQ } from "../../contract/command-line.ts";
import { defined } from "../../contract/defined.ts";
import { act } from "../act.ts";
import { type BreakerOrder, giveOrder } from "../breaker/order.ts";
import { type BreakerStatus, readBreaker } from "../breaker/status.ts";
import type { Context } from "../context.ts";
import { withExamples } from "../examples.ts";
import type { Colours } from "../output.ts";

/** `breaker open | close | status`. */
export function addBreaker(program: Command): void {
  const breaker = withExamples(
    program.command("breaker").description("stops deliveries, or resumes them"),
    'genesys-dlq breaker open --reason "maintenance of the CRM"',
    "genesys-dlq breaker status",
  );
  withExamples(
    breaker
      .command("open")
      .description("stops deliveries until somebody closes the breaker; events wait in the queue")
      .option("--reason <text>", "why, for whoever asks for the status")
      .action(
        act<{ reason?: string }>((context, { reason }) =>
          order(context, { breaker: "open", ...defined({ reason }) }),
        ),
      ),
    'genesys-dlq breaker open --reason "maintenance of the CRM" --environment production',
  );
  withExamples(
    breaker
      .command("close")
      .description("resumes deliveries, whoever opened the breaker")
      .action(act((context) => order(context, { breaker: "close" }))),
    "genesys-dlq breaker close --environment production",
  );
  withExamples(
    breaker
      .command("status")
      .description("says whether deliveries are stopped, since when and why")
      .action(act(status)),
    "genesys-dlq breaker status",
    "genesys-dlq breaker status --json | jq -r .status",
  );
}

async function order(context: Context, given: BreakerOrder): Promise<void> {
  const environment = await context.environment();
  await giveOrder(environment, given, context.signal);
  await status(context);
}

async function status({ output, environment }: Context): Promise<void> {
  const found = await environment();
  const breaker = await readBreaker(found);
  await output.result(breaker, () => describe(breaker, found.title, output.colours));
}

function describe(breaker: BreakerStatus, title: string, colours: Colours): string {
  const { status, by, since, reason, mapping, held, nextProbeAt } = breaker;
  const coloured = { closed: colours.green, "half-open": colours.yellow, open: colours.red }[status](status);
  const never = Date.parse(since) === 0;
  const lines = [`breaker of ${title}: ${coloured}${never ? ", and never was otherwise" : ""}`];
  if (!never) lines.push(`  since       ${since}, by ${by === "operator" ? "a person" : by}`);
  if (reason !== "") lines.push(`  reason      ${reason}`);
  if (nextProbeAt !== undefined) lines.push(`  next probe  ${nextProbeAt}`);
  if (status === "open" && by === "operator") lines.push(`  stays open until ${GENESYS_DLQ} breaker close`);
  const whose = mapping.startsWith("Disabl") ? (held ? ", by the breaker" : ", not by the breaker") : "";
  lines.push(`  mapping     ${mapping}${whose}`);
  return lines.join("\n");
}
