import type { FunctionFigures } from "./bill-of-design.ts";
import { columnNames, designsOf, lacks } from "./designs.ts";
import { EVENT_BYTES, requests } from "./events.ts";
import { BATCH, oneByOne } from "./functions.ts";

const figures = (name: string): FunctionFigures => ({
  name,
  events: BATCH,
  cpu: 1,
  waiting: 5,
  megabytes: 128,
  gigabyteSecond: "gigabyteSecond",
  units: {},
  ownLogBytes: 0,
  platformLogBytes: 0,
});
const measured = (...names: string[]) => new Map(names.map((name) => [name, figures(name)]));

const processors = [
  "processor",
  "processor, no suppression",
  "processor, partner's events",
  "plain processor",
  "tutorial's processor",
];
const all = measured(
  "receiver",
  "tutorial's receiver",
  ...processors.flatMap((name) => [name, oneByOne(name)]),
);

test("every column has the functions of its batch, and only what is ours an access log", () => {
  for (const batch of [BATCH, 1]) {
    const designs = designsOf(all, batch, 200);
    expect(designs.map(({ name }) => name)).toEqual(columnNames);
    expect(designs.map(({ processor }) => processor?.name)).toEqual([
      ...processors
        .toSpliced(3, 2, "tutorial's processor", "plain processor")
        .map((name) => (batch === BATCH ? name : oneByOne(name))),
      undefined,
    ]);
    expect(designs.filter(({ accessLogBytes }) => accessLogBytes > 0).map(({ name }) => name)).toEqual(
      designs.filter(({ receiver }) => receiver?.name === "receiver").map(({ name }) => name),
    );
  }
});

test("a column whose functions were not measured is left out, the others stay", () => {
  const names = designsOf(measured("receiver", ...processors.slice(0, 4)), BATCH, 200).map(
    ({ name }) => name,
  );
  expect(names).toEqual(columnNames.filter((name) => name !== "the tutorial"));
});

test("each of the others has a sentence on what it does not do", () => {
  const others = columnNames.filter((name) => !name.startsWith("this pipeline"));
  expect(Object.keys(lacks)).toEqual(others);
  for (const [name, text] of Object.entries(lacks)) expect(text.toLowerCase()).toContain(name.toLowerCase());
});

test("an event has the size that the table says", () => {
  const [request] = requests("own", 1) as [{ readonly body: string }];
  expect(Buffer.byteLength(request.body)).toBe(EVENT_BYTES);
});
