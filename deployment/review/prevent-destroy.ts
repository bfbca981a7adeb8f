import { isObject } from "../../terraform/plan-json.ts";
import type { Loss } from "./loss.ts";
import type { Snapshots } from "./snapshots.ts";

/** What holds events, or what an event cannot be taken in or delivered without: infra/lifecycle.ts. A team's own is not meant. */
const PROTECTED =
  /^aws_(sqs_queue\.queues|s3_bucket\.overflow|dynamodb_table\.state|ssm_parameter\.(receiver|processor))(_|$)/;
const TYPES = ["aws_sqs_queue", "aws_s3_bucket", "aws_dynamodb_table", "aws_ssm_parameter"];

/**
 * What the stack no longer lets Terraform refuse to destroy. No plan tells what protected it before. But an environment
 * is disposable as a whole or not at all: where the bucket may not be deleted with what is in it, all have to be protected.
 */
export function unprotected({ before, after }: Snapshots): Loss[] {
  const buckets = after.all("aws_s3_bucket").filter((bucket) => after.asksFor(bucket, "force_destroy"));
  if (buckets.length === 0 || buckets.some(({ values }) => values["force_destroy"] === true)) return [];
  return after
    .all(...TYPES)
    .filter((resource) => PROTECTED.test(resource.address) && before.get(resource.address) !== undefined)
    .filter((resource) => {
      const lifecycle = after.asked(resource, "lifecycle");
      return !isObject(lifecycle) || lifecycle["prevent_destroy"] !== true;
    })
    .map(({ address }) => ({
      address,
      how: "unprotected",
      because: ["lifecycle.prevent_destroy: not there"],
      lost: "nothing yet: the next plan may destroy it with what is in it",
      remedy: "Leave it protected: dataLifecycle in infra/lifecycle.ts.",
    }));
}
