import { functionEnvironment } from "../contract/environment.ts";
import type { DestinationSettings } from "../contract/settings.ts";
import type { FunctionModel } from "./stack/model.ts";

/**
 * The function, delivering to `url`: nothing else of its destination changes. Private addresses are allowed,
 * for whoever named this one sits at the keyboard. A function without a destination, or with handlers of the
 * team's own, stays as it is.
 */
export function withDestination(model: FunctionModel, url: string): FunctionModel {
  const name = functionEnvironment.processor.destination;
  const value = model.variables[name];
  if (value === undefined) return model;
  const destination = JSON.parse(value) as DestinationSettings;
  if (destination.kind !== "http") return model;
  const named: DestinationSettings = { ...destination, url, allowPrivateAddresses: true };
  return { ...model, variables: { ...model.variables, [name]: JSON.stringify(named) } };
}
