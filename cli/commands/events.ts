import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { addList } from "./events/list.ts";
import { addShow } from "./events/show.ts";

/** `events show | list`. */
export function addEvents(program: Command): void {
  const events = withExamples(
    program.command("events").description("tells what has become of events, from the functions' logs"),
    "genesys-dlq events show 3f1c9a7b",
    "genesys-dlq events list --outcome waiting",
  );
  for (const add of [addShow, addList]) add(events);
}
