import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readAlarmText } from "../../contract/alarm-text.ts";
import { scenarios } from "../../simulation/scenarios.ts";
import { waysOfWaiting } from "../../simulation/waiting.ts";
import { REPOSITORY } from "../support/repository.ts";
import { sharedInput, synthesise } from "../support/synthesise.ts";

const alarms = synthesise(sharedInput, "production").resources("aws_cloudwatch_metric_alarm");

/** What an alarm says first, and the command that it names. */
function toldBy(name: string): { happened: string; runFirst: string } {
  const { alarm_description: description } = alarms[`alarms_${name.replaceAll("-", "_")}`] ?? {};
  const { happened, runFirst } = readAlarmText(String(description)) ?? { happened: "", runFirst: "" };
  const [first = ""] = /^[^.]+\./.exec(happened) ?? [];
  return { happened: first, runFirst };
}

const rows = waysOfWaiting.map(({ way, alarm, withinMinutes, after }) => {
  const { happened, runFirst } = toldBy(alarm);
  return `| ${way} | \`${alarm}\` | ${after ?? `${withinMinutes} min`} | ${happened} | \`${runFirst}\` |`;
});

test("the table of the ways of waiting is what the simulation makes and the alarms say", () => {
  const page = readFileSync(join(REPOSITORY, "docs/operate.md"), "utf8");
  const [, table = ""] = /\| what happens .+\n\|[ -|]+\n((?:\|.+\n)+)/.exec(page) ?? [];
  const cells = (line: string) => line.replaceAll(/ +/g, " ");
  expect(table.trim().split("\n").map(cells)).toEqual(rows);
});

test("each is a scenario of the gate, and each alarm that tells one is there", () => {
  const names = scenarios.filter(({ seeds }) => seeds > 0).map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(waysOfWaiting.map(({ name }) => name)));
  for (const { alarm } of waysOfWaiting) expect(toldBy(alarm).runFirst).not.toBe("");
});
