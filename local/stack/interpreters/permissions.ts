import { judge } from "../../iam/evaluate-policy.ts";
import { readPolicy } from "../../iam/statement.ts";
import type { Interpreter, Place } from "../interpreter.ts";

/** Kept where Lambda may take it; a function with another one does not run. */
export const role: Interpreter = {
  uses: ["name", "assume_role_policy"],
  noEffect: { description: "for people", max_session_duration: "a function's credentials do not end here" },
  outputs(resource, { account }) {
    const name = resource.text("name");
    return { id: name, name, arn: `arn:aws:iam::${account}:role/${name}` };
  },
  add(resource, stack, place) {
    const { arn = "", name = "" } = this.outputs(resource, place);
    const document = resource.text("assume_role_policy");
    const trust = readPolicy({ address: resource.address, document });
    const lambda = { kind: "Service", name: "lambda.amazonaws.com" } as const;
    if (!judge({ action: "sts:AssumeRole", resource: arn }, lambda, trust).allowed) return;
    stack.roles.push({ name, arn, policies: [] });
  },
};

export const rolePolicy: Interpreter = {
  uses: ["role", "policy"],
  noEffect: { name: "a role's policies are one" },
  outputs: (resource) => ({ id: resource.address }),
  add(resource, stack) {
    const named = resource.text("role");
    const found = stack.roles.find(({ name }) => name === named);
    found?.policies.push({ address: resource.address, document: resource.text("policy") });
  },
};

function resourcePolicy(named: string): Interpreter {
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
export const lambdaPermission: Interpreter = {
  uses: ["action", "function_name", "principal", "source_arn"],
  noEffect: { statement_id: "a function's permissions have no name here" },
  outputs: (resource) => ({ id: resource.address }),
  add(resource, stack, place) {
    const named = resource.text("function_name");
    const source = resource.optionalText("source_arn");
    const statement = {
      Effect: "Allow",
      Principal: { Service: resource.text("principal") },
      Action: resource.text("action"),
      Resource: named.startsWith("arn:") ? named : functionArn(named, place),
      ...(source === undefined ? {} : { Condition: { ArnLike: { "aws:SourceArn": source } } }),
    };
    const document = JSON.stringify({ Statement: [statement] });
    stack.resourcePolicies.push({ address: resource.address, document });
  },
};

/** Its lines are in a file for each function; its ARN is what a function may write to. */
export const logGroup: Interpreter = {
  uses: ["name"],
  noEffect: {
    retention_in_days: "logs stay until their folder is deleted",
    kms_key_id: "data lies on this machine, as safe as its owner keeps it",
    skip_destroy: "nothing is ever destroyed here",
  },
  outputs(resource, place) {
    const name = resource.text("name");
    return { id: name, name, arn: logGroupArn(name, place) };
  },
  add: (resource) => void resource.text("name"),
};

function functionArn(name: string, { region, account }: Place): string {
  return `arn:aws:lambda:${region}:${account}:function:${name}`;
}

function logGroupArn(name: string, { region, account }: Place): string {
  return `arn:aws:logs:${region}:${account}:log-group:${name}`;
}
