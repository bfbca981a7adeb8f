import { requireEqual } from "../require.ts";

const KEY_POLICY = /^aws_iam_role_policy\.\w+_key_(\S+): (.*)$/;
const QUEUE = /^aws_sqs_queue\.\w+: Modif/;
const BUCKET = /^aws_s3_bucket_server_side_encryption_configuration\.\w+: Modif/;

/**
 * Holds an apply to the order in which a key may change: every role's right to the new one, then the queues, then
 * the bucket, and then what takes a right away.
 *
 * @param said what `terraform apply` printed, in the order of what happened
 * @param keyArn the key that encrypts from now on, where there is one
 */
export function requireKeyOrder(said: string, keyArn: string | undefined): void {
  const lines = said.split("\n");
  const at = (fits: (line: string) => boolean) => lines.flatMap((line, i) => (fits(line) ? [i] : []));
  const buckets = at((line) => BUCKET.test(line));
  if (buckets.length === 0) return;
  const queues = at((line) => QUEUE.test(line));
  const id = keyArn?.split("/").at(-1);
  const policies = (ofCurrent: boolean, does: RegExp) =>
    at((line) => {
      const [, key, done = ""] = KEY_POLICY.exec(line) ?? [];
      return key !== undefined && (key === id) === ofCurrent && does.test(done);
    });
  const given = Math.max(...policies(true, /^(Creation|Modifications) complete/));
  const taken = Math.min(...policies(false, /^(Modifying|Destroying)/));
  requireEqual("the order in which the key changed", {
    "rights come before the queues": [true, given < Math.min(...queues)],
    "the queues come before the bucket": [true, Math.max(...queues) < Math.min(...buckets)],
    "the bucket comes before what is taken": [true, Math.max(...buckets) < taken],
  });
}
