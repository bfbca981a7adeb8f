import { defined } from "../../../contract/defined.ts";
import { type Course, changed, type Ending } from "../../../deployment/rehearsal/second-day/course.ts";
import { courses } from "../../../deployment/rehearsal/second-day/courses.ts";
import { LIVED, lived } from "../../../deployment/rehearsal/second-day/lived.ts";
import { reportOn } from "../../../deployment/review/report.ts";
import { reviewPlan } from "../../../deployment/review/review.ts";
import type { EnvironmentInput } from "../../../infra/settings.ts";
import type { PlanJson, StackJson } from "../../../terraform/plan-json.ts";
import { planBetween } from "../../support/plan-between.ts";
import { synthesise } from "../../support/synthesise.ts";

/** What Terraform itself stops, or a region that looks empty: only the rehearsal shows these. */
const BY_TERRAFORM = ["the name of everything", "the region", "credentials of another account"];

const stacks = new Map<string, StackJson>();

function stackOf(input: EnvironmentInput): StackJson {
  const key = JSON.stringify(input);
  const stack = stacks.get(key) ?? (synthesise(input, LIVED).json as StackJson);
  stacks.set(key, stack);
  return stack;
}

interface Change {
  readonly name: string;
  readonly from: EnvironmentInput;
  readonly to: EnvironmentInput;
  readonly ends: Ending;
}

function* changesOf({ steps, back }: Course): Generator<Change> {
  let from = lived;
  for (const { set, ends } of steps) {
    const to = changed(from, set);
    yield { name: JSON.stringify(set), from, to, ends };
    if (ends.kind !== "stopped") from = to;
  }
  if (from !== lived) yield { name: "back", from, to: lived, ends: back };
}

/** Terraform ignores what changes of a secret's parameter. */
function plan(before: StackJson, after: StackJson): PlanJson {
  const made = planBetween(before, after);
  const resource_changes = made.resource_changes?.map((resource) =>
    resource.type === "aws_ssm_parameter" && resource.change.actions.includes("update")
      ? { ...resource, change: { ...resource.change, actions: ["no-op"], after: resource.change.before } }
      : resource,
  );
  return { ...made, ...defined({ resource_changes }) };
}

// The rehearsal takes these ways with Terraform, which takes an hour; what the review says of them is said here.
describe.each(courses.filter(({ title }) => !BY_TERRAFORM.includes(title)))("$title", (course) => {
  test.each([...changesOf(course)])("$name", ({ from, to, ends }) => {
    const after = stackOf(to);
    const review = reviewPlan(LIVED, plan(stackOf(from), after), after);
    const { exitCode, markdown } = reportOn(review, undefined, { allowDataLoss: false });
    expect({ exitCode, losses: exitCode === 0 ? [] : review.losses }).toEqual({
      exitCode: ends.kind === "applied" ? 0 : 3,
      losses: ends.kind === "applied" ? [] : expect.anything(),
    });
    if (ends.kind !== "applied") expect(markdown).toMatch(ends.says);
  });
});
