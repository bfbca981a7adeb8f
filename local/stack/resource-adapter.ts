import type { LocalStack } from "./model.ts";
import type { Resource } from "./resource.ts";

/** What an adapter knows of where the stack runs. */
export interface AdapterContext {
  readonly region: string;
  readonly account: string;
  /** Where the AWS services answer: `http://127.0.0.1:4566`. */
  readonly cloudUrl: string;
  /** Where the HTTP API answers. */
  readonly apiUrl: string;
  /** The folder that asset paths start from: the one of `cdk.tf.json`. */
  readonly folder: string;
}

/** What one resource type means here. */
export interface ResourceAdapter {
  /** The attributes that change what runs. */
  readonly uses: readonly string[];
  /** The attributes that change nothing here, each with the reason. Any other one stops the run. */
  readonly noEffect: Readonly<Record<string, string>>;
  /** The attributes that other resources can name. */
  outputs(resource: Resource, context: AdapterContext): Readonly<Record<string, string>>;
  /** Adds what it asks for. Resources come in the order of `adapters`, so that a policy finds its queue. */
  add(resource: Resource, stack: LocalStack, context: AdapterContext): void;
}

/** What every resource may have. */
export const metaAttributes: Readonly<Record<string, string>> = {
  "//": "cdktf's own notes",
  depends_on: "everything is there before anything runs",
  lifecycle: "nothing is ever planned, replaced or destroyed here",
  tags: "nobody is billed",
};
