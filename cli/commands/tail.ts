import type { Command } from "commander";
import { shortId } from "../../contract/event/identity.ts";
import { oneLine } from "../../contract/plain-text.ts";
import { act } from "../act.ts";
import type { Context } from "../context.ts";
import { type EventFilter, lineFilter } from "../events/filter.ts";
import { logsOf } from "../events/logs-of.ts";
import { addEventFilterOptions, type EventFilterOptions, readEventFilter } from "../events/options.ts";
import { readLine } from "../events/read-line.ts";
import type { EventStep } from "../events/step.ts";
import { isStepChosen } from "../events/step-filter.ts";
import { describeStep } from "../events/words.ts";
import { withExamples } from "../examples.ts";

const ID_CHARACTERS = 8;
const TYPE_CHARACTERS = 60;

export function addTail(program: Command): void {
  withExamples(
    addEventFilterOptions(
      program
        .command("tail")
        .description(
          "tells what becomes of events as it happens, until Ctrl-C; costs nothing, on AWS neither",
        ),
    ).action(
      act<EventFilterOptions>((context, options) => tail(context, readEventFilter(options)), {
        endsByCtrlC: true,
      }),
    ),
    "genesys-dlq tail",
    "genesys-dlq tail --outcome dead,waiting --environment production",
    "genesys-dlq tail --conversation 7e0c5b0e --json | jq -c .step",
  );
}

async function tail(context: Context, filter: EventFilter): Promise<void> {
  const { output, signal } = context;
  const environment = await context.environment();
  const source = logsOf(environment);
  output.note(`What becomes of events in ${environment.title}. ${source.about} Ctrl-C ends it.`);
  for await (const line of source.follow(lineFilter(filter), signal)) {
    if ("note" in line) {
      output.note(line.note);
      continue;
    }
    for (const eventStep of readLine(line)) {
      if (signal.aborted) return;
      if (isStepChosen(filter, eventStep))
        await output.results([eventStep], () => describe(context, eventStep));
    }
  }
}

function describe({ output }: Context, { event, step }: EventStep): string {
  const { dim, green, yellow, red } = output.colours;
  const paint = { delivered: green, accepted: green, dead: red, failed: yellow }[step.kind as string];
  const text = describeStep(step);
  const type = event.type === undefined ? "" : `  ${dim(oneLine(event.type, TYPE_CHARACTERS))}`;
  return `${dim(step.at.slice(11, 23))}  ${shortId(event.id, ID_CHARACTERS)}  ${paint?.(text) ?? text}${type}`;
}
