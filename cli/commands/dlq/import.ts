import { type Command, Option } from "commander";
import { exitCodes } from "../../../contract/exit-codes.ts";
import { act } from "../../act.ts";
import { counted } from "../../counted.ts";
import { bringIn, type Imported } from "../../dlq/bring-in.ts";
import { linesOf } from "../../dlq/lines.ts";
import { withExamples } from "../../examples.ts";

export function addImport(dlq: Command): void {
  withExamples(
    dlq
      .command("import")
      .description(
        "puts exported dead letters back: what lies on the dead-letter queue already is passed over",
      )
      .argument("<file>", "from where; - is stdin")
      .addOption(
        new Option("--to <where>", "the dead-letter queue, or the main queue as a redrive")
          .choices(["dlq", "queue"])
          .default("dlq"),
      )
      .action(
        act<{ to: "dlq" | "queue" }>(async (context, { to }, file = "-") => {
          const imported = await bringIn(context, await linesOf(file), to);
          await context.output.result(imported, () => summary(imported));
          context.output.note(to === "dlq" ? UNKNOWN_TO_DLQ : UNKNOWN_TO_QUEUE);
          return imported.refused + imported.unreadable.length > 0 ? exitCodes.attention : exitCodes.done;
        }),
      ),
    "genesys-dlq dlq import kept.jsonl",
    "jq -c 'select(.attributes.reason_class.text == \"exhausted\")' kept.jsonl | genesys-dlq dlq import - --to queue",
  );
}

const UNKNOWN_TO_DLQ =
  "Not known: whether an event that is not on the dead-letter queue has been redriven since it was exported.";
const UNKNOWN_TO_QUEUE =
  "Not known: whether an event is on the main queue or delivered already; all of its deliveries have one Idempotency-Key.";

function summary({ imported, alreadyThere, refused, unreadable, payloadsRestored }: Imported): string {
  return [
    `${counted(imported, "dead letter")} imported.`,
    alreadyThere > 0 && `${counted(alreadyThere, "was", "were")} there already.`,
    payloadsRestored > 0 &&
      `${counted(payloadsRestored, "event is", "events are")} in the overflow bucket again.`,
    refused > 0 &&
      counted(
        refused,
        "is left out: SQS does not take it as it is.",
        "are left out: SQS does not take them as they are.",
      ),
    unreadable.length > 0 &&
      `No export wrote line ${unreadable.slice(0, 10).join(", ")}${unreadable.length > 10 ? ", …" : ""}.`,
  ]
    .filter((line) => line !== false)
    .join("\n");
}
