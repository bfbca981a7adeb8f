import type { ResourceAdapter } from "../resource-adapter.ts";

export const parameter: ResourceAdapter = {
  uses: ["name", "type", "value", "value_wo"],
  noEffect: {
    description: "for people",
    tier: "values of any size are kept",
    value_wo_version: "a value that was put here by hand stays",
    key_id: "data lies on this machine, as safe as its owner keeps it",
  },
  outputs(resource, { region, account }) {
    const name = resource.text("name");
    const path = name.startsWith("/") ? name : `/${name}`;
    return { id: name, name, arn: `arn:aws:ssm:${region}:${account}:parameter${path}` };
  },
  add(resource, stack) {
    const value = resource.optionalText("value_wo") ?? resource.text("value");
    stack.parameters.push({ name: resource.text("name"), type: resource.text("type"), value });
  },
};
