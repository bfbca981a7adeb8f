import { variableOf } from "../contract/environment.ts";
import type { DestinationSettings } from "../contract/variables/destination.ts";
import type { FunctionModel, LocalStack } from "./stack/model.ts";

const VARIABLE = variableOf("processor", "destination");

/** Whether the stack delivers over HTTP; otherwise it has handlers of the team's own. */
export function deliversOverHttp({ functions }: LocalStack): boolean {
  return functions.some((model) => destinationOf(model)?.kind === "http");
}

/**
 * The function, delivering to `url`: nothing else of its destination changes. Private addresses are allowed,
 * for whoever named this one sits at the keyboard. A function without a destination, or with handlers of the
 * team's own, stays as it is.
 */
export function withDestination(model: FunctionModel, url: string): FunctionModel {
  const destination = destinationOf(model);
  if (destination?.kind !== "http") return model;
  const named: DestinationSettings = { ...destination, url, allowPrivateAddresses: true };
  return { ...model, variables: { ...model.variables, [VARIABLE]: JSON.stringify(named) } };
}

function destinationOf({ variables }: FunctionModel): DestinationSettings | undefined {
  const value = variables[VARIABLE];
  return value === undefined ? undefined : (JSON.parse(value) as DestinationSettings);
}
