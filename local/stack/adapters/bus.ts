import type { ResourceAdapter } from "../resource-adapter.ts";

/** A bus of a partner event source; whoever calls `PutPartnerEvents` names the source, and with it the bus. */
export const bus: ResourceAdapter = {
  uses: ["name", "event_source_name"],
  noEffect: {
    description: "for people",
    kms_key_identifier: "data lies on this machine, as safe as its owner keeps it",
  },
  outputs(resource, { region, account }) {
    const name = resource.text("name");
    return { id: name, name, arn: `arn:aws:events:${region}:${account}:event-bus/${name}` };
  },
  add(resource) {
    const [name, source] = [resource.text("name"), resource.optionalText("event_source_name")];
    if (source !== name) resource.refuse("is no partner event source's bus, and only those run here");
  },
};
