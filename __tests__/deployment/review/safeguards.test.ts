import type { Loss } from "../../../deployment/review/loss.ts";
import { reviewPlan } from "../../../deployment/review/review.ts";
import type { PlanJson, StackJson } from "../../../terraform/plan-json.ts";
import { planBetween } from "../../support/plan-between.ts";
import { guardedInput, leastInput, synthesise } from "../../support/synthesise.ts";
import { changed, losing } from "./losing-changes.ts";

const guarded = synthesise(guardedInput).json as StackJson;
const least = synthesise(leastInput).json as StackJson;

const lossesOf = (plan: PlanJson, stack: StackJson): readonly Loss[] =>
  reviewPlan("test", plan, stack).losses;

const NOTHING = { losses: [], obstacles: [], strangers: [] };

test.each([
  ["guarded", guarded],
  ["least", least],
])("a plan of %s that changes nothing loses nothing", (_, stack) => {
  const review = reviewPlan("test", planBetween(stack, stack), stack);
  expect(review).toMatchObject({ ...NOTHING, exposures: [], changes: [] });
});

test.each([
  ["guarded", guarded],
  ["least", least],
])("the first deployment of %s loses nothing", (_, stack) => {
  expect(reviewPlan("test", planBetween(undefined, stack), stack)).toMatchObject(NOTHING);
});

describe("what a plan takes is seen, by what it takes", () => {
  test.each(losing)("%s", (_, change, because) => {
    const after = changed(guarded, change);
    const found = lossesOf(planBetween(guarded, after), after).flatMap((loss) => loss.because);
    expect(found).toContainEqual(expect.stringMatching(because));
    if (!because.source.includes("→")) return; // what nobody can compare is told in both directions
    const back = lossesOf(planBetween(after, guarded), guarded).flatMap((loss) => loss.because);
    expect(back).not.toContainEqual(expect.stringMatching(because));
  });
});
