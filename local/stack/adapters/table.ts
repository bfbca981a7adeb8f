import type { Resource } from "../resource.ts";
import type { AdapterContext, ResourceAdapter } from "../resource-adapter.ts";

export const table: ResourceAdapter = {
  uses: ["name", "hash_key", "range_key", "attribute", "ttl"],
  noEffect: {
    billing_mode: "nobody is billed",
    deletion_protection_enabled: "nothing is ever destroyed here",
    point_in_time_recovery: "data stays until its folder is deleted",
    server_side_encryption: "data lies on this machine, as safe as its owner keeps it",
  },
  outputs(resource, { region, account }: AdapterContext) {
    const name = resource.text("name");
    return { id: name, name, arn: `arn:aws:dynamodb:${region}:${account}:table/${name}` };
  },
  add(resource, stack) {
    stack.tables.push({
      address: resource.address,
      name: resource.text("name"),
      hashKey: resource.text("hash_key"),
      rangeKey: resource.optionalText("range_key"),
      attributes: attributesOf(resource),
      ...(resource.flag("ttl.enabled", false) ? { expiresBy: resource.text("ttl.attribute_name") } : {}),
    });
  },
};

function attributesOf(resource: Resource): Record<string, string> {
  const blocks = resource.value("attribute");
  return Object.fromEntries(
    (Array.isArray(blocks) ? blocks : [blocks]).map(
      (block: { name?: unknown; type?: unknown } | undefined) => {
        const { name, type } = block ?? {};
        if (typeof name !== "string" || typeof type !== "string") {
          return resource.refuse("has an attribute without name or type");
        }
        return [name, type];
      },
    ),
  );
}
