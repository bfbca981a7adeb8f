import { LOCAL_DATA_FOLDER } from "./local-run.ts";

/** What an alarm says to whoever it wakes. */
export interface AlarmText {
  /** What happened: one sentence, and the first thing that a person reads. */
  readonly happened: string;
  /** What it means for events. */
  readonly means: string;
  /** What happens if nobody acts, and by when. */
  readonly otherwise: string;
  /** The command to run first. */
  readonly runFirst: string;
  /** Why its threshold is where it is. */
  readonly because: string;
}

/** An alarm's description. */
export function writeAlarmText({ happened, means, otherwise, runFirst, because }: AlarmText): string {
  return `${happened} ${means} If nobody acts: ${otherwise} Run first: ${runFirst}. It is set there because ${because}.`;
}

/** What happened, what it means and what follows, and the command to run first; nothing of a description that is not ours. */
export function readAlarmText(text: string): { happened: string; runFirst: string } | undefined {
  const [, happened, runFirst] = /^(.+) Run first: (.+)\. It is set there because /s.exec(text) ?? [];
  return happened === undefined || runFirst === undefined ? undefined : { happened, runFirst };
}

/** Where AWS keeps a function's log. */
export function logCommand(functionName: string): string {
  return `aws logs tail /aws/lambda/${functionName} --since 15m`;
}

/**
 * The command of an alarm as it is typed where a local run is at work: its logs are files, of requests it tells itself.
 *
 * @param data the folder of a run that keeps its data somewhere else than in the project
 */
export function toLocalCommand(runFirst: string, data?: string): string {
  const logs = `${data ?? `${LOCAL_DATA_FOLDER}/*`}/logs`;
  return runFirst
    .replace(/ --environment \S+$/, data === undefined ? " --local" : ` --data ${data}`)
    .replace(/^aws logs tail \/aws\/lambda\/(\S+) .*$/, `tail -n 50 ${logs}/$1.jsonl`)
    .replace(/^aws logs tail .*$/, "look at what npm start prints");
}
