import type { Command } from "commander";
import { GENESYS_DLQ } from "../../contract/command-line.ts";
import { defined } from "../../contract/defined.ts";
import { exitCodes } from "../../contract/exit-codes.ts";
import { oneLine } from "../../contract/plain-text.ts";
import { act } from "../act.ts";
import { type BreakerOrder, giveOrder } from "../breaker/order.ts";
import { type BreakerStatus, readBreaker } from "../breaker/status.ts";
import { watchClosed } from "../breaker/watch.ts";
import { ageOf, howItGoes, lastProbe, whenProbed } from "../breaker/words.ts";
import type { Context } from "../context.ts";
import { attributesOf, depthIn, numberIn } from "../doctor/queue-facts.ts";
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
      .description("resumes deliveries, whoever opened the breaker; ends with 3 if it opens again at once")
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

async function order(context: Context, given: BreakerOrder): Promise<number> {
  const environment = await context.environment();
  await giveOrder(environment, given, context.signal);
  const code = given.breaker === "close" ? await watchClosed(context) : exitCodes.done;
  await status(context);
  return code;
}

async function status({ output, environment }: Context): Promise<void> {
  const found = await environment();
  const [breaker, queue] = await Promise.all([
    readBreaker(found),
    attributesOf(found, found.outputs.queueUrl),
  ]);
  const counts = {
    waiting: numberIn(queue, "ApproximateNumberOfMessages"),
    inFlight: numberIn(queue, "ApproximateNumberOfMessagesNotVisible"),
    delayed: numberIn(queue, "ApproximateNumberOfMessagesDelayed"),
  };
  await output.result({ ...breaker, ...counts }, () =>
    describe(breaker, depthIn(queue, ageOf(breaker, Date.now())), found.title, output.colours),
  );
}

const REASON_CHARACTERS = 500;

function describe(breaker: BreakerStatus, depth: string, title: string, colours: Colours): string {
  const { status, by, since, reason, mapping, held } = breaker;
  const coloured = { closed: colours.green, "half-open": colours.yellow, open: colours.red }[status](status);
  const never = Date.parse(since) === 0;
  const probe = lastProbe(breaker);
  const next = whenProbed(breaker, Date.now());
  const lines = [`breaker of ${title}: ${coloured}${never ? ", and never was otherwise" : ""}`];
  if (!never) lines.push(`  since       ${since}, by ${by === "operator" ? "a person" : by}`);
  if (reason !== "") lines.push(`  reason      ${oneLine(reason, REASON_CHARACTERS)}`);
  if (probe !== undefined) lines.push(`  last probe  ${probe}`);
  if (next !== undefined) lines.push(`  next probe  ${next}`);
  if (status === "open" && by === "operator") lines.push(`  stays open until ${GENESYS_DLQ} breaker close`);
  const whose = mapping.startsWith("Disabl") ? (held ? ", by the breaker" : ", not by the breaker") : "";
  lines.push(`  mapping     ${mapping}${whose}`);
  lines.push(`  queue       ${depth}`);
  for (const type of breaker.types) lines.push(`  lately      ${howItGoes(type)}`);
  return lines.join("\n");
}
