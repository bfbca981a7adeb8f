import type { AlarmInfo } from "../../api.ts";
import { counted } from "../format.ts";
import { useLive } from "../live.ts";
import { Command } from "../parts/command.tsx";
import { Panel } from "../parts/panel.tsx";
import { Time } from "../parts/time.tsx";

/** Which alarms are in ALARM, with what each says; the others by their names. */
export function Alarms() {
  const { alarms } = useLive();
  return (
    <Panel title="Alarms" asked={alarms}>
      {(all) => <All alarms={all} />}
    </Panel>
  );
}

function All({ alarms }: { readonly alarms: readonly AlarmInfo[] }) {
  const loud = alarms.filter(({ state }) => state === "ALARM");
  const quiet = alarms.filter(({ state }) => state !== "ALARM");
  const silenced = alarms.filter(({ silenced }) => silenced).length;
  if (alarms.length === 0) return <p class="quiet">This environment has no alarms.</p>;
  return (
    <>
      {silenced > 0 && (
        <p class="problem">
          {counted(silenced, "alarm would", "alarms would")} tell nobody: somebody has switched the actions
          off.
        </p>
      )}
      {loud.map(({ name, since, happened, runFirst }) => (
        <div key={name} class="alarm">
          <p>
            <span class="chip bad">{name}</span> <Time at={since} />
          </p>
          <p>
            {firstSentence(happened)}{" "}
            <span class="quiet">{happened.slice(firstSentence(happened).length)}</span>
          </p>
          {runFirst !== "" && <Command>{runFirst}</Command>}
        </div>
      ))}
      <details open={false}>
        <summary>
          {loud.length === 0
            ? `${counted(quiet.length, "alarm")}, none in ALARM`
            : `${quiet.length} more, not in ALARM`}
        </summary>
        <ul class="names">
          {quiet.map(({ name, state }) => (
            <li key={name} title={state === "OK" ? "OK" : "Too little is known"}>
              {name}
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}

function firstSentence(text: string): string {
  return /^.*?[.](?= |$)/s.exec(text)?.[0] ?? text;
}
