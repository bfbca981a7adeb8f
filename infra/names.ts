import type { FunctionName } from "../contract/environment.ts";
import type { HttpSource } from "../contract/sources/index.ts";
import type { EnabledSource } from "./sources.ts";

/** Every name that this project gives in one environment. Changing one replaces what bears it. */
export function namesFor(namePrefix: string, environment: string) {
  const base = `${namePrefix}-${environment}`;
  return {
    /** What most of the others begin with. */
    base,
    queue: `${base}-queue`,
    deadLetterQueue: `${base}-dead-letter-queue`,
    /** S3 adds 26 characters of its own: bucket names are unique in the world, not in the account. */
    overflowBucketPrefix: `${base}-overflow-`,
    api: `${base}-api`,
    /** This prefix spares the account's log resource policy, which is short of room, an entry. */
    accessLog: `/aws/vendedlogs/apigateway/${base}-api`,
    alarmTopic: `${base}-alarms`,
    /** Of whoever says alarms in a chat. */
    chatRole: `${base}-chat`,
    dashboard: base,
    stateTable: `${base}-state`,
    recoverySchedule: `${base}-recovery-schedule`,
    eventRule: `${base}-genesys-events`,
    alarm: (name: string) => `${base}-${name}`,
    /** What CloudWatch counts in a log. */
    logCount: (metric: string) => `${base}-${metric}`,
    function: (name: FunctionName) => `${base}-${name}`,
    /** The secret of a source, or of one of its integrations. */
    sourceSecret: (source: HttpSource, integration: string) =>
      ["", namePrefix, environment, source, integration]
        .filter((part, i) => i === 0 || part !== "")
        .join("/"),
    destinationSecret: `/${namePrefix}/${environment}/destination`,
    destinationSigning: `/${namePrefix}/${environment}/destination-signing`,
  };
}

/** Every name of an environment, written out: no other environment may have one of them. */
export function allNames(
  namePrefix: string,
  environment: string,
  sources: readonly Pick<EnabledSource, "source" | "authentication">[],
): string[] {
  const {
    function: functionName,
    alarm: _,
    logCount: __,
    sourceSecret,
    ...names
  } = namesFor(namePrefix, environment);
  const functions: readonly FunctionName[] = ["receiver", "processor", "recovery"];
  return [
    ...Object.values(names),
    ...functions.map(functionName),
    ...sources.flatMap(({ source, authentication }) =>
      [...authentication.keys()].map((integration) => sourceSecret(source, integration)),
    ),
  ];
}

export type Names = ReturnType<typeof namesFor>;
