import type { Command } from "commander";
import { shortId } from "../../contract/event/identity.ts";
import { act } from "../act.ts";
import { readDeadLetter } from "../dlq/dead-letter.ts";
import { sweep } from "../dlq/sweep.ts";

/** As `dlq list` shows them. */
const ID_CHARACTERS = 12;
/** More nobody chooses from. */
const MOST = 50;

/**
 * `completion-ids`, for a shell's completion alone: ids of dead letters, one a line. Of a local run: in an account
 * every Tab would cost a look at the queue.
 */
export function addCompletionIds(program: Command): void {
  program.command("completion-ids", { hidden: true }).action(
    act(async ({ environment, output, signal }) => {
      const { kind, clients, outputs } = await environment();
      if (kind !== "local") return;
      const ids = new Set<string>();
      await sweep(
        await clients.sqs(),
        outputs.deadLetterQueueUrl,
        (messages) => {
          for (const message of messages) ids.add(shortId(readDeadLetter(message).eventId, ID_CHARACTERS));
          return Promise.resolve(new Set());
        },
        { signal, receivers: 1, wantsMore: () => ids.size < MOST },
      );
      await output.write([...ids].map((id) => `${id}\n`).join(""));
    }),
  );
}
