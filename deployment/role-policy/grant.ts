import type { Values } from "../../terraform/plan-json.ts";
import type { Scope } from "./scope.ts";

/** Operator, key, values: as IAM writes conditions. All of them have to hold. */
export type Condition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** Actions on resources, and what has to hold for them. */
export interface Grant {
  /** What Terraform calls to see how a resource is. A plan that refreshes needs no more. */
  readonly read?: readonly string[];
  /** What Terraform calls to create, change and delete it. */
  readonly change?: readonly string[];
  /** ARNs, or `*` where the service knows no narrower one; why stands beside it. */
  readonly resources: readonly string[];
  readonly condition?: Condition;
}

/**
 * What a resource type of the stack needs. Which actions take which resources and conditions:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/
 */
export interface ResourceType {
  /** How policies name one of them; a part is named as what it is a part of. */
  readonly arn: (attributes: Values, scope: Scope) => string;
  readonly grants: (arn: string, attributes: Values, scope: Scope) => readonly Grant[];
}

/** Of one service, by Terraform's name of the type. */
export type ResourceTypes = Readonly<Record<string, ResourceType>>;

/** An attribute that is there, and is text. */
export function text(value: unknown): string {
  if (typeof value === "string") return value;
  throw new Error(`A text was expected in the stack, not ${JSON.stringify(value)}.`);
}
