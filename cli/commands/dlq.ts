import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { addExport } from "./dlq/export.ts";
import { addImport } from "./dlq/import.ts";
import { addList } from "./dlq/list.ts";
import { addPurge } from "./dlq/purge.ts";
import { addRedrive } from "./dlq/redrive.ts";
import { addReplay } from "./dlq/replay.ts";
import { addShow } from "./dlq/show.ts";
import { addStats } from "./dlq/stats.ts";

/** `dlq stats | list | show | redrive | replay | export | import | purge`. */
export function addDlq(program: Command): void {
  const dlq = withExamples(
    program.command("dlq").description("looks into the dead-letter queue, and brings events back"),
    "genesys-dlq dlq stats",
    "genesys-dlq dlq list --class permanent --since 2h",
    "genesys-dlq dlq redrive --status 5xx --dry-run",
  );
  for (const add of [addStats, addList, addShow, addRedrive, addReplay, addExport, addImport, addPurge])
    add(dlq);
}
