import type { ZodMiniType } from "zod/mini";
import { alarms } from "../settings/alarms.ts";
import { throttling } from "../settings/api.ts";
import { breaker } from "../settings/breaker.ts";
import { timing } from "../settings/destination.ts";
import type { EnvironmentSettings } from "../settings/environment.ts";
import { type Limit, limitOf } from "../settings/number.ts";
import { backOff, idempotency, processor } from "../settings/processor.ts";
import { deadLetterQueue, overflow, queue } from "../settings/queues.ts";
import { receiver } from "../settings/receiver.ts";

/** The settings that a forecast depends on, by their paths in `infra/environments.ts`. Each is declared elsewhere. */
const declared = {
  "throttling.ratePerSecond": throttling.ratePerSecond,
  "receiver.memoryMegabytes": receiver.memoryMegabytes,
  "queue.retentionSeconds": queue.retentionSeconds,
  "deadLetterQueue.retentionSeconds": deadLetterQueue.retentionSeconds,
  "overflow.expirationDays": overflow.expirationDays,
  "processor.timeoutSeconds": processor.timeoutSeconds,
  "processor.memoryMegabytes": processor.memoryMegabytes,
  "processor.batchSize": processor.batchSize,
  "processor.batchWindowSeconds": processor.batchWindowSeconds,
  "processor.maximumConcurrency": processor.maximumConcurrency,
  "processor.batchConcurrency": processor.batchConcurrency,
  "backOff.capSeconds": backOff.capSeconds,
  "destination.timeoutSeconds": timing.timeoutSeconds,
  "idempotency.windowSeconds": idempotency.windowSeconds,
  "breaker.failingEvents": breaker.failingEvents,
  "breaker.probeBaseSeconds": breaker.probeBaseSeconds,
  "breaker.probeCapSeconds": breaker.probeCapSeconds,
  "alarms.oldestEventSeconds": alarms.oldestEventSeconds,
} as const;

/** The one of them that has no default. */
const PACE = "processor.deliveriesPerSecond";

type Path = keyof typeof declared;
export type ForecastPath = Path | typeof PACE;

/** Numbers in each setting's own unit. */
export type ForecastSettings = Readonly<Record<Path, number>> & { readonly [PACE]?: number };

export const forecastPaths: readonly ForecastPath[] = [...(Object.keys(declared) as Path[]), PACE];

export const defaultSettings: ForecastSettings = Object.fromEntries(
  Object.entries(declared).map(([path, setting]) => [path, setting.def.defaultValue]),
) as Record<Path, number>;

/** What a setting's number must be. */
export function limitOfPath(path: ForecastPath): Limit {
  const schema: ZodMiniType =
    path === PACE ? processor.deliveriesPerSecond.def.innerType : (declared[path] as ZodMiniType);
  const limit = limitOf(schema);
  if (limit === undefined) throw new Error(`${path} has no limit: see contract/settings/number.ts`);
  return limit;
}

/** Out of an environment's configuration. Code in place of a destination has the default's timeout here. */
export function forecastSettingsOf(settings: EnvironmentSettings): ForecastSettings {
  const found = forecastPaths.map((path) => [path, numberAt(settings, path)] as const);
  return withSettings(Object.fromEntries(found));
}

/** The defaults, and what is known beside them. */
export function withSettings(known: { readonly [P in ForecastPath]?: number | undefined }): ForecastSettings {
  const given = Object.entries(known).filter(([, value]) => value !== undefined);
  return { ...defaultSettings, ...Object.fromEntries(given) };
}

function numberAt(settings: unknown, path: string): number | undefined {
  const value = path
    .split(".")
    .reduce<unknown>((at, key) => (at as Readonly<Record<string, unknown>> | undefined)?.[key], settings);
  return typeof value === "number" ? value : undefined;
}
