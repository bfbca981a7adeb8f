import { Fragment } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { ForecastAnswer, ForecastQuestion } from "../../api.ts";
import { count, duration } from "../format.ts";
import { useLive } from "../live.ts";
import { Command } from "../parts/command.tsx";
import { AGES, Graph, type Line } from "../parts/graph.tsx";
import { Panel } from "../parts/panel.tsx";
import { useCall } from "../use-call.ts";

const FIELDS: readonly (readonly [name: keyof ForecastQuestion, label: string, most: number])[] = [
  ["ratePerSecond", "events a second", 100_000],
  ["outageHours", "hours of outage", 9_600],
  ["latencyMilliseconds", "destination's latency, ms", 900_000],
];

/** What an outage would do, asked at the present rate at first. */
export function ForecastView() {
  const perMinute = useLive().metrics.data?.inPerMinute ?? 0;
  const present = perMinute === 0 ? 10 : Math.max(0.1, Math.round(perMinute / 6) / 10);
  const [words, setWords] = useState<Partial<Record<keyof ForecastQuestion, string>>>({});
  const wordOf = (name: keyof ForecastQuestion) =>
    words[name] ?? String({ ratePerSecond: present, outageHours: 24, latencyMilliseconds: 100 }[name]);
  const [question, setQuestion] = useState<ForecastQuestion>();
  const asked = useCall("forecast", question);
  return (
    <>
      <h1>Forecast of an outage</h1>
      <form
        class="panel filters"
        aria-label="Forecast"
        onSubmit={(event) => {
          event.preventDefault();
          const numbers = FIELDS.map(([name]) => [name, Number(wordOf(name))]);
          setQuestion(Object.fromEntries(numbers) as unknown as ForecastQuestion);
        }}
      >
        {FIELDS.map(([name, label, most]) => (
          <label key={name}>
            {label}
            <input
              type="number"
              min="0.1"
              max={most}
              step="any"
              required
              value={wordOf(name)}
              onInput={({ currentTarget }) => setWords({ ...words, [name]: currentTarget.value })}
            />
          </label>
        ))}
        <span class="buttons">
          <button type="submit" class="primary">
            Forecast
          </button>
        </span>
      </form>
      {question !== undefined && (
        <Panel title="What it would do" asked={asked}>
          {(answer) => <Told {...answer} />}
        </Panel>
      )}
    </>
  );
}

function Told({ rows, advice, points, notRead, command }: ForecastAnswer) {
  const { times, waiting, oldest } = useMemo(
    () => ({
      times: points.map(({ at }) => at),
      waiting: [
        line(
          "waiting",
          "accent",
          points.map((point) => point.waiting),
        ),
      ],
      oldest: [
        line(
          "oldest",
          "busy",
          points.map((point) => point.oldestSeconds),
        ),
      ],
    }),
    [points],
  );
  return (
    <>
      <p>{advice}</p>
      <dl class="facts">
        {rows.map(([what, told]) => (
          <Fragment key={what + told}>
            <dt>{what}</dt>
            <dd>{told}</dd>
          </Fragment>
        ))}
      </dl>
      <div class="graphs">
        <Graph
          label="Events that wait, from the outage on."
          times={times}
          lines={waiting}
          format={short}
          clock={duration}
        />
        <Graph
          label="Age of the oldest event that waits."
          times={times}
          lines={oldest}
          format={duration}
          steps={AGES}
          clock={duration}
        />
      </div>
      <p class="quiet">
        From the settings that run. Not read, and taken as by default: {notRead.join(", ")}. Backlog, age and
        drain hold within a tenth of the simulation.
      </p>
      <Command>{command}</Command>
    </>
  );
}

/** A graph has no room for more digits. */
const short = (events: number) =>
  events >= 1e6 ? `${Number((events / 1e6).toPrecision(3))} M` : count(events);

const line = (label: string, colour: string, values: readonly number[]): Line => ({ label, colour, values });
