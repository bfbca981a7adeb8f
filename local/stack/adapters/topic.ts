import type { ResourceAdapter } from "../resource-adapter.ts";

/** Where alarms are said, which the run itself prints; recovery's notices come here. */
export const topic: ResourceAdapter = {
  uses: ["name"],
  noEffect: { kms_master_key_id: "nothing is kept here" },
  outputs(resource, { region, account }) {
    const arn = `arn:aws:sns:${region}:${account}:${resource.text("name")}`;
    return { id: arn, arn, owner: account };
  },
  add() {},
};

/** Encrypts nothing here: data lies on this machine, as safe as its owner keeps it. */
export const key: ResourceAdapter = {
  uses: [],
  noEffect: {
    description: "for people",
    enable_key_rotation: "nothing is encrypted here",
  },
  outputs(resource, { region, account }) {
    const id = resource.address.replaceAll(/[._]/g, "-");
    return { id, key_id: id, arn: `arn:aws:kms:${region}:${account}:key/${id}` };
  },
  add() {},
};
