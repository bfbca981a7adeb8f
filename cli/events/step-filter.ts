import { type EventFilter, isOfEvent, isStatus } from "./filter.ts";
import { outcomeOf } from "./outcome.ts";
import type { EventStep } from "./step.ts";

/** Whether one step is chosen as it happens: by its event, by where it leaves the event, and by what was answered. */
export function isStepChosen(filter: EventFilter, eventStep: EventStep): boolean {
  const { outcomes, statuses } = filter;
  const { step } = eventStep;
  if (!isOfEvent(filter, eventStep)) return false;
  if (outcomes !== undefined && (step.kind === "told" || !outcomes.includes(outcomeOf([step])))) return false;
  return statuses === undefined || statuses.some((status) => isStatus(status, step.status));
}
