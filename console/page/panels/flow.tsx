import { useMemo } from "preact/hooks";
import type { MetricSeries, SeriesName } from "../../api.ts";
import { count, duration, rate } from "../format.ts";
import { useLive } from "../live.ts";
import { AGES, Graph, type Line } from "../parts/graph.tsx";
import { Panel } from "../parts/panel.tsx";

/** What comes in and goes out, and what waits, over time. */
export function Flow() {
  const { metrics } = useLive();
  return (
    <div class="two">
      <Panel title="In and out, a minute" asked={metrics}>
        {(data) => <InAndOut {...sinceFirstValue(data)} />}
      </Panel>
      <Panel title="Backlog" asked={metrics}>
        {(data) => <Backlog {...sinceFirstValue(data)} />}
      </Panel>
    </div>
  );
}

function InAndOut(data: MetricSeries) {
  const lines = useMemo<Line[]>(() => {
    const perMinute = (name: SeriesName) =>
      data.series[name].map((value) => ((value ?? 0) * 60) / data.periodSeconds);
    return [
      { label: "accepted", colour: "accent", values: perMinute("accepted") },
      { label: "delivered", colour: "good", values: perMinute("delivered") },
      { label: "failed, tried again", colour: "busy", values: perMinute("retried") },
      { label: "dead-lettered", colour: "bad", values: perMinute("deadLettered") },
    ];
  }, [data.series]);
  return (
    <Graph
      label={`Events a minute over ${spanOf(data)}: accepted, delivered, tried again, dead-lettered.`}
      times={data.times}
      lines={lines}
      format={rate}
    />
  );
}

function Backlog(data: MetricSeries) {
  const { backlog, oldestSeconds } = data.series;
  const waiting = useMemo<Line[]>(() => [{ label: "waiting", colour: "accent", values: backlog }], [backlog]);
  const oldest = useMemo<Line[]>(
    () => [{ label: "oldest", colour: "busy", values: oldestSeconds }],
    [oldestSeconds],
  );
  return (
    <div class="graphs">
      <Graph
        label={`Events that waited, over ${spanOf(data)}.`}
        times={data.times}
        lines={waiting}
        format={count}
      />
      <Graph
        label={`Age of the oldest event that waited, over ${spanOf(data)}.`}
        times={data.times}
        lines={oldest}
        format={duration}
        steps={AGES}
      />
    </div>
  );
}

/** Periods that a graph has at least. */
const LEAST_PERIODS = 18;

/** Without the time before there was anything to tell: a run that has just begun fills its graph. */
function sinceFirstValue(data: MetricSeries): MetricSeries {
  const first = data.times.findIndex((_, at) =>
    Object.values(data.series).some((values) => values[at] !== null),
  );
  const from = Math.max(0, Math.min(first, data.times.length - LEAST_PERIODS));
  const series = Object.entries(data.series).map(([name, values]) => [name, values.slice(from)]);
  return {
    ...data,
    times: data.times.slice(from),
    series: Object.fromEntries(series) as MetricSeries["series"],
  };
}

function spanOf({ times, periodSeconds }: MetricSeries): string {
  return `the last ${duration(times.length * periodSeconds)}`;
}
