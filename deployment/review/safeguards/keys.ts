import { matchesGlob } from "../../../contract/glob.ts";
import type { Grant } from "../grants.ts";
import { blockOf, type Snapshot } from "../snapshot.ts";
import { covers } from "./covers.ts";
import { functionsIn } from "./grants-in.ts";
import type { Safeguard, Weakness } from "./safeguard.ts";

const READ = "kms:Decrypt";
const WRITE = "kms:GenerateDataKey";

/**
 * What functions may do with keys. Which key an environment encrypts with may change; what is encrypted with the one
 * before stays so, and has to be read.
 */
export const keys: Safeguard = {
  weakened(before, after) {
    const held = new Map(functionsIn(after).map(({ address, grants }) => [address, grants]));
    const inUse = encryptingKeys(after);
    return functionsIn(before).flatMap(({ address, grants }): Weakness[] => {
      const left = held.get(address);
      if (left === undefined) return []; // that the function is gone is told by itself
      const lost = (action: string) =>
        allowed(grants, action).filter((grant) => !left.some((one) => covers(one, grant)));
      const unread = lost(READ).map(({ resource }) => `${READ} with ${resource}: there → gone`);
      const unwritten = lost(WRITE)
        .filter(({ resource }) => inUse.has(resource))
        .map(({ resource }) => `${WRITE} with ${resource}, with which it has to encrypt: there → gone`);
      return [
        ...(unread.length > 0 ? [unreadable(address, unread)] : []),
        ...(unwritten.length > 0 ? [unwritable(address, unwritten)] : []),
      ];
    });
  },
};

function unreadable(address: string, because: readonly string[]): Weakness {
  return {
    address,
    how: "weakened",
    because: [...new Set(because)],
    lost: "whatever still lies encrypted with the key: events on the queues, events in the bucket for as long as it keeps them, secrets",
    remedy:
      "Name the key in formerEncryptionKeyArns until nothing can lie under it any more: the bucket keeps events for overflow.expirationDays, and some for 60 days longer; secrets follow by secret rekey.",
  };
}

function unwritable(address: string, because: readonly string[]): Weakness {
  return {
    address,
    how: "weakened",
    because: [...new Set(because)],
    lost: "events that it takes in or parks: neither queue nor bucket takes them from it",
    remedy: "Keep the right as long as a queue or the bucket is encrypted with the key.",
  };
}

/** What is allowed of one action, whatever else the same statement allows. */
function allowed(grants: readonly Grant[], action: string): Grant[] {
  return grants
    .filter(
      (grant) =>
        grant.effect === "allow" && matchesGlob(grant.action.toLowerCase(), action.toLowerCase(), "?"),
    )
    .map((grant) => ({ ...grant, action }));
}

function encryptingKeys(snapshot: Snapshot): ReadonlySet<string> {
  const ofQueues = snapshot.all("aws_sqs_queue").map(({ values }) => values["kms_master_key_id"]);
  const ofBuckets = snapshot
    .all("aws_s3_bucket_server_side_encryption_configuration")
    .map(
      ({ values }) =>
        blockOf(blockOf(values["rule"])["apply_server_side_encryption_by_default"])["kms_master_key_id"],
    );
  return new Set([...ofQueues, ...ofBuckets].map((key) => snapshot.text(key)).filter((key) => key !== ""));
}
