import { resolve } from "node:path";
import type { Interpreter, Place } from "../interpreter.ts";
import type { Resource } from "../resource.ts";

export const lambdaFunction: Interpreter = {
  uses: ["function_name", "runtime", "handler", "filename", "timeout", "memory_size", "environment"],
  noEffect: {
    description: "for people",
    role: "calls do not leave this machine and carry no identity",
    architectures: "the code is JavaScript, which runs on either",
    source_code_hash: "the zip is read anew at every start",
    logging_config: "logs go to a file for each function",
  },
  outputs(resource, place) {
    const { name, arn } = identity(resource, place);
    return { id: name, function_name: name, arn, invoke_arn: arn, qualified_arn: `${arn}:$LATEST` };
  },
  add(resource, stack, place) {
    const runtime = resource.text("runtime");
    if (!runtime.startsWith("nodejs")) resource.refuse(`runs on ${runtime}, and only Node.js runs here`);
    stack.functions.push({
      address: resource.address,
      ...identity(resource, place),
      handler: resource.text("handler"),
      runtime,
      zip: resolve(place.folder, resource.text("filename")),
      timeoutSeconds: resource.number("timeout", 3), // Lambda's own default
      memoryMegabytes: resource.number("memory_size", 128), // Lambda's own default
      variables: resource.textMap("environment.variables"),
    });
  },
};

function identity(resource: Resource, { region, account }: Place) {
  const name = resource.text("function_name");
  return { name, arn: `arn:aws:lambda:${region}:${account}:function:${name}` };
}
