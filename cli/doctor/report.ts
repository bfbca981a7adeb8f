import { someLines } from "../../contract/plain-text.ts";
import { counted } from "../counted.ts";
import type { Colours, Output } from "../output.ts";
import type { CheckResult, State } from "./check-result.ts";

const WORDS: Readonly<Record<State, string>> = {
  ok: "ok",
  warning: "warning",
  failure: "FAILURE",
  unchecked: "not checked",
};

/** A finding may quote what others have named, or answered. */
const FINDING_CHARACTERS = 1_000;

/** A row for each finding, with what to do under what was found, and a line that sums them up. */
export function report(findings: readonly CheckResult[], title: string, output: Output): string {
  const { colours } = output;
  const rows = findings.map(({ check, state, found, remedy }) => [
    check,
    colour(state, colours)(WORDS[state]),
    [found, ...(remedy === undefined ? [] : [`→ ${remedy}`])]
      .map((text) => someLines(text, FINDING_CHARACTERS))
      .join("\n"),
  ]);
  const table = output.table(["CHECK", "STATE", "FOUND"], rows, { wrap: true });
  return `${table}\n\n${title}: ${summary(findings)}`;
}

function summary(findings: readonly CheckResult[]): string {
  const number = (wanted: State) => findings.filter(({ state }) => state === wanted).length;
  const parts = [
    ...(number("failure") > 0 ? [counted(number("failure"), "failure")] : []),
    ...(number("warning") > 0 ? [counted(number("warning"), "warning")] : []),
  ];
  const left = number("unchecked") > 0 ? `; ${number("unchecked")} not checked` : "";
  return `${parts.length === 0 ? "nothing is wrong" : parts.join(", ")}${left}.`;
}

function colour(state: State, { green, yellow, red, dim }: Colours): (text: string) => string {
  return { ok: green, warning: yellow, failure: red, unchecked: dim }[state];
}
