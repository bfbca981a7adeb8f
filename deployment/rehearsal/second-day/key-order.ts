import { requireEqual } from "../require.ts";

/**
 * Holds an apply to the order in which a key may change: every role's right to the new one, then the queues, then
 * the bucket, and then what takes a right away.
 *
 * @param said what `terraform apply` printed, in the order of what happened
 */
export function requireKeyOrder(said: string): void {
  const lines = said.split("\n");
  const at = (pattern: RegExp) => lines.flatMap((line, i) => (pattern.test(line) ? [i] : []));
  const first = (pattern: RegExp) => Math.min(...at(pattern));
  const last = (pattern: RegExp) => Math.max(...at(pattern));
  const given = last(/^aws_iam_role_policy\.\w+_key_\S+: Creation complete/);
  const queues = /^aws_sqs_queue\.\w+: Modif/;
  const bucket = /^aws_s3_bucket_server_side_encryption_configuration\.\w+: Modif/;
  const taken = first(/^aws_iam_role_policy\.\w+_key_\S+: (Modifying|Destroying)/);
  const keyed = [bucket].some((pattern) => at(pattern).length > 0);
  if (!keyed) return;
  requireEqual("the order in which the key changed", {
    "rights come before the queues": [true, given < first(queues)],
    "the queues come before the bucket": [true, last(queues) < first(bucket)],
    "the bucket comes before what is taken": [true, last(bucket) < taken],
  });
}
