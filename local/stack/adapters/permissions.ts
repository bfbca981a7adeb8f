import { defined } from "../../../contract/defined.ts";
import { evaluatePolicy } from "../../iam/evaluate-policy.ts";
import { readPolicy } from "../../iam/statement.ts";
import type { AdapterContext, ResourceAdapter } from "../resource-adapter.ts";

/** Kept where Lambda may take it; a function with another one does not run. */
export const role: ResourceAdapter = {
  uses: ["name", "assume_role_policy"],
  noEffect: {
    description: "for people",
    max_session_duration: "a function's credentials do not end here",
    path: "a role is known by its name here",
    permissions_boundary: "a policy of the account's owners, which the stack does not have",
  },
  outputs(resource, { account }) {
    const name = resource.text("name");
    return { id: name, name, arn: `arn:aws:iam::${account}:role/${name}` };
  },
  add(resource, stack, context) {
    const { arn = "", name = "" } = this.outputs(resource, context);
    const document = resource.text("assume_role_policy");
    const trust = readPolicy({ address: resource.address, document });
    const lambda = { kind: "Service", name: "lambda.amazonaws.com" } as const;
    if (!evaluatePolicy({ action: "sts:AssumeRole", resource: arn }, lambda, trust).allowed) return;
    stack.roles.push({ name, arn, policies: [] });
  },
};

export const rolePolicy: ResourceAdapter = {
  uses: ["role", "policy"],
  noEffect: { name: "a role's policies are one" },
  outputs: (resource) => ({ id: resource.address }),
  add(resource, stack) {
    const named = resource.text("role");
    const found = stack.roles.find(({ name }) => name === named);
    found?.policies.push({ address: resource.address, document: resource.text("policy") });
  },
};

function resourcePolicy(named: string): ResourceAdapter {
  return {
    uses: [named, "policy"],
    noEffect: {},
    outputs: (resource) => ({ id: resource.text(named) }),
    add(resource, stack) {
      stack.resourcePolicies.push({ address: resource.address, document: resource.text("policy") });
    },
  };
}

export const queuePolicy = resourcePolicy("queue_url");
export const bucketPolicy = resourcePolicy("bucket");

/** A statement of the function's own policy, as Lambda keeps it. */
export const lambdaPermission: ResourceAdapter = {
  uses: ["action", "function_name", "principal", "source_arn"],
  noEffect: { statement_id: "a function's permissions have no name here" },
  outputs: (resource) => ({ id: resource.address }),
  add(resource, stack, context) {
    const named = resource.text("function_name");
    const source = resource.optionalText("source_arn");
    const statement = {
      Effect: "Allow",
      Principal: { Service: resource.text("principal") },
      Action: resource.text("action"),
      Resource: named.startsWith("arn:") ? named : functionArn(named, context),
      ...defined({ Condition: source && { ArnLike: { "aws:SourceArn": source } } }),
    };
    const document = JSON.stringify({ Statement: [statement] });
    stack.resourcePolicies.push({ address: resource.address, document });
  },
};

/** Its lines are in a file for each function; its ARN is what a function may write to. */
export const logGroup: ResourceAdapter = {
  uses: ["name"],
  noEffect: {
    retention_in_days: "logs stay until their folder is deleted",
    kms_key_id: "data lies on this machine, as safe as its owner keeps it",
    skip_destroy: "nothing is ever destroyed here",
  },
  outputs(resource, context) {
    const name = resource.text("name");
    return { id: name, name, arn: logGroupArn(name, context) };
  },
  add: (resource) => void resource.text("name"),
};

function functionArn(name: string, { region, account }: AdapterContext): string {
  return `arn:aws:lambda:${region}:${account}:function:${name}`;
}

function logGroupArn(name: string, { region, account }: AdapterContext): string {
  return `arn:aws:logs:${region}:${account}:log-group:${name}`;
}
