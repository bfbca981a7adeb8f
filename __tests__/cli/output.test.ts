import { jest } from "@jest/globals";
import { Output } from "../../cli/output.ts";
import { HOSTILE, unseenIn } from "../support/hostile.ts";

/** What a command says, whoever forgot to clean it. */
function said(say: (output: Output) => unknown): string {
  let all = "";
  const spies = (["stdout", "stderr"] as const).map((name) =>
    jest.spyOn(process[name], "write").mockImplementation((text) => {
      all += String(text);
      return true;
    }),
  );
  say(new Output({ json: false, color: true }));
  for (const spy of spies) spy.mockRestore();
  return all;
}

test.each<[string, (output: Output) => unknown]>([
  ["note", (output) => output.note(HOSTILE)],
  ["result", (output) => output.result({}, () => HOSTILE)],
  ["results", (output) => output.results([], () => output.table(["A"], [[HOSTILE]]))],
])("%s lets nothing through that steers a terminal", (_, say) => {
  const text = said(say);
  expect(text).toContain("nothing is wrong");
  expect(unseenIn(text)).toEqual([]);
});
