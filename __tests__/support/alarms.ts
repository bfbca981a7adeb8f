import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { countedIn } from "../../contract/counted-lines.ts";
import { METRIC_NAMESPACE } from "../../contract/metrics.ts";
import { Alarm, type AlarmState } from "../../local/alarms/alarm.ts";
import { type EmittedMetric, emittedMetrics } from "../../local/alarms/emf.ts";
import { MetricStore } from "../../local/alarms/metric-store.ts";
import { adaptStack } from "../../local/stack/adapt-stack.ts";
import type { AlarmModel, MetricName } from "../../local/stack/model.ts";
import { readStack } from "../../local/stack/read.ts";
import type { Synthesised } from "./synthesise.ts";

const MINUTE = 60_000;
/** Longer than any alarm looks back. */
const KEPT_MINUTES = 130;
const NOW = Date.parse("2026-11-24T12:00:00Z");

/** The alarms of a synthesised stack, as CloudWatch would evaluate them. */
export async function alarmsOf(stack: Synthesised): Promise<AlarmModel[]> {
  const folder = mkdtempSync(join(tmpdir(), "alarms-"));
  try {
    const file = join(folder, "cdk.tf.json");
    writeFileSync(file, JSON.stringify(stack.json));
    const { alarms } = adaptStack(await readStack(file), {
      region: "eu-west-1",
      account: "000000000000",
      cloudUrl: "http://127.0.0.1:4566",
      apiUrl: "http://127.0.0.1:8080",
      folder,
    });
    return alarms;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A value in each of the last minutes, the latest first; nothing where a minute has none. */
export interface Series extends MetricName {
  readonly minutes: readonly (number | readonly number[] | undefined)[];
}

/** The state of an alarm that has been there for long, after these values and no others. */
export function stateAfter(model: AlarmModel, series: readonly Series[]): AlarmState {
  const metrics = new MetricStore(KEPT_MINUTES * MINUTE);
  for (const { minutes, ...name } of series) {
    for (const [ago, values] of [...minutes.entries()].reverse()) {
      for (const value of [values ?? []].flat()) metrics.add(name, value, NOW - ago * MINUTE - 1);
    }
  }
  return evaluated(model, metrics);
}

/** The state of an alarm after what functions have written into their logs in the last minute. */
export function stateAfterLog(model: AlarmModel, log: string, minutes = 1): AlarmState {
  const metrics = new MetricStore(KEPT_MINUTES * MINUTE);
  for (let ago = minutes - 1; ago >= 0; ago--) {
    const lines = log.split("\n");
    for (const { values, ...name } of [...lines.flatMap(emittedMetrics), ...lines.flatMap(counted)]) {
      for (const value of values) metrics.add(name, value, NOW - ago * MINUTE - 1);
    }
  }
  return evaluated(model, metrics);
}

/** What CloudWatch counts in a line. */
function counted(line: string): EmittedMetric[] {
  if (!line.startsWith("{")) return [];
  const {
    message = "",
    service = "",
    environment = "",
    ...fields
  } = JSON.parse(line) as Record<string, string>;
  return countedIn(message, fields).map(({ metric, unit, value }) => {
    const dimensions = { service, environment };
    return { namespace: METRIC_NAMESPACE, metric, dimensions, unit, values: [value] };
  });
}

function evaluated(model: AlarmModel, metrics: MetricStore): AlarmState {
  const time = { periodMilliseconds: model.periodSeconds * 1_000, startedAt: NOW - KEPT_MINUTES * MINUTE };
  const alarm = new Alarm(model, metrics, time);
  alarm.evaluate(NOW);
  return alarm.state;
}
