import { readFileSync } from "node:fs";
import { join } from "node:path";
import { scenarios } from "../../simulation/scenarios.ts";
import { plant } from "../support/plant.ts";
import { REPOSITORY } from "../support/repository.ts";
import { isFound } from "./find-planted.ts";
import { planted } from "./planted.ts";

// `npm run simulate:planted` plants all of them.
test.each(planted)("$name: its text stands once in $file, and its scenario is there", (fault) => {
  const text = readFileSync(join(REPOSITORY, fault.file), "utf8");
  expect(plant(text, fault)).not.toBe(text);
  expect(scenarios.map(({ name }) => name)).toContain(fault.scenario);
});

test("there are thirty at least, in handlers, settings and models", () => {
  expect(planted.length).toBeGreaterThanOrEqual(30);
  const rooms = new Set(planted.map(({ file }) => file.split("/").slice(0, 2).join("/")));
  expect([...rooms]).toEqual(
    expect.arrayContaining([
      "functions/receiver",
      "functions/recovery",
      "contract/settings",
      "simulation/aws",
    ]),
  );
});

test.each(["acknowledged although nothing took it", "the poller deletes whatever the function says"])(
  "the judge finds: %s",
  async (name) => {
    const fault = planted.find((each) => each.name === name);
    if (fault === undefined) throw new Error(`There is no fault "${name}".`);
    expect(await isFound(fault)).toBeDefined();
  },
);
