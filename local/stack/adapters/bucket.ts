import type { Resource } from "../resource.ts";
import type { ResourceAdapter } from "../resource-adapter.ts";

export const bucket: ResourceAdapter = {
  uses: ["bucket", "bucket_prefix"],
  noEffect: { force_destroy: "nothing is ever destroyed here" },
  outputs(resource) {
    const name = nameOf(resource);
    return { id: name, bucket: name, arn: `arn:aws:s3:::${name}` };
  },
  add(resource, stack) {
    stack.buckets.push({ name: nameOf(resource) });
  },
};

function nameOf(resource: Resource): string {
  const prefix = resource.optionalText("bucket_prefix");
  return prefix === undefined ? resource.text("bucket") : `${prefix}local`;
}
