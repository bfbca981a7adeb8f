import type { Activity } from "../../api.ts";
import { call } from "../call.ts";
import { count } from "../format.ts";
import { useLive } from "../live.ts";
import { Command } from "../parts/command.tsx";
import { Panel } from "../parts/panel.tsx";
import { Time } from "../parts/time.tsx";

const WORDS = { running: "running", done: "done", attention: "look at it", failed: "failed" } as const;
const TONES = { running: "accent", done: "good", attention: "busy", failed: "bad" } as const;

/** Who did what with this console since it was started. */
export function ActivityView() {
  const { activity } = useLive();
  return (
    <>
      <h1>Done here</h1>
      <Panel title="Since this console was started" asked={activity}>
        {(all) =>
          all.length === 0 ? (
            <p class="quiet">Nothing yet. What you redrive, export, stop or replay is written down here.</p>
          ) : (
            <ol class="activities">
              {all.map((each) => (
                <li key={each.id}>
                  <One {...each} />
                </li>
              ))}
            </ol>
          )
        }
      </Panel>
    </>
  );
}

function One({ id, state, startedAt, endedAt, operator, command, progress, said }: Activity) {
  return (
    <>
      <p>
        <span class={`chip ${TONES[state]}`}>{WORDS[state]}</span> <Time at={startedAt} />
        {endedAt !== undefined && (
          <>
            {" "}
            to <Time at={endedAt} />
          </>
        )}{" "}
        by {operator}
        {state === "running" && (
          <button type="button" class="small" onClick={() => void call("cancel", { id })}>
            Interrupt
          </button>
        )}
      </p>
      <Command>{command}</Command>
      {progress !== undefined && (
        <p>
          {count(progress.done)} of {count(progress.total)} {progress.doing}
          <progress value={progress.done} max={Math.max(1, progress.total)} aria-label={progress.doing} />
        </p>
      )}
      {said.length > 0 && (
        <p class="said" role={state === "running" ? undefined : "status"}>
          {said.join("\n")}
        </p>
      )}
    </>
  );
}
