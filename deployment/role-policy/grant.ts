import type { Values } from "../../terraform/plan-json.ts";

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

/** Where a stack's names become ARNs. */
export interface Scope {
  readonly partition: string;
  readonly region: string;
  /** Of a service's name where a condition asks by which service a key is used. */
  readonly dnsSuffix: string;
  /** Its 12 digits, or `*` where the configuration allows any account, or several. */
  readonly account: string;
  /** Of everything in the stack that can have tags. */
  readonly tags: Readonly<Record<string, string>>;
  /** `arn:aws:sqs:eu-west-1:123456789012:` and what the service calls it. */
  arn(service: string, name: string): string;
  /** Of what a service has once for all regions of an account. */
  globalArn(service: string, name: string): string;
  /** The ARN of what an attribute refers to, whichever attribute of it: `aws_sqs_queue.queues_main.url`; or the ARN that it is. */
  arnOf(reference: unknown): string;
  /** A name as the stack gives it, or as what it refers to has it: `aws_cloudwatch_event_bus.bus.name`. */
  name(value: unknown): string;
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
