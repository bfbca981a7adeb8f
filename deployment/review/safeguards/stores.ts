import { blockOf, numberOf, type Snapshot } from "../snapshot.ts";
import { goesOff, type Held, listedSafeguard, onOff, type Safeguard } from "./safeguard.ts";

/** The bucket that a resource beside it is about: by name before, by address where that is not known yet. */
const bucketOf = (snapshot: Snapshot, value: unknown) =>
  snapshot.resourceOf(value, ["aws_s3_bucket"], ["bucket"]);

const OPEN_TO_ALL = [
  "block_public_acls",
  "block_public_policy",
  "ignore_public_acls",
  "restrict_public_buckets",
];

const privacy: Safeguard = listedSafeguard({
  held: (snapshot) => [
    ...snapshot.all("aws_s3_bucket_public_access_block").flatMap(({ address, values }) =>
      OPEN_TO_ALL.map((name) => ({
        key: `${name} of ${bucketOf(snapshot, values["bucket"])}`,
        address,
        level: onOff(values[name] === true),
      })),
    ),
    ...snapshot.all("aws_s3_bucket_ownership_controls").map(({ address, values }) => ({
      key: `no access lists at ${bucketOf(snapshot, values["bucket"])}`,
      address,
      level: onOff(blockOf(values["rule"])["object_ownership"] === "BucketOwnerEnforced"),
    })),
    ...snapshot.all("aws_s3_bucket_server_side_encryption_configuration").map(({ address, values }) => ({
      key: `encryption of ${bucketOf(snapshot, values["bucket"])}`,
      address,
      level: String(
        blockOf(blockOf(values["rule"])["apply_server_side_encryption_by_default"])["sse_algorithm"] ??
          "none",
      ),
    })),
  ],
  isWorse: (was, is) =>
    was === "on" || was === "off" ? goesOff(was, is) : was === "aws:kms" || is === "none",
  lost: "no event, but what keeps strangers from reading them",
  remedy: "Keep the bucket private and encrypted.",
});

const UNDO = {
  lost: "whatever is deleted or overwritten by mistake from now on",
  remedy: "Keep versions and point-in-time recovery.",
} as const;

/** What brings back objects that somebody has deleted. */
const versions: Safeguard = listedSafeguard({
  held: (snapshot) =>
    snapshot.all("aws_s3_bucket_versioning").map(({ address, values }) => ({
      key: `versions in ${bucketOf(snapshot, values["bucket"])}`,
      address,
      level: onOff(blockOf(values["versioning_configuration"])["status"] === "Enabled"),
    })),
  isWorse: goesOff,
  ...UNDO,
});

/** The seconds to which a table can be brought back. */
const restore: Safeguard = listedSafeguard({
  held: (snapshot) =>
    snapshot.all("aws_dynamodb_table").map(({ address, values }): Held => {
      const { enabled, recovery_period_in_days: days } = blockOf(values["point_in_time_recovery"]);
      const level = enabled === true ? numberOf(days) || 35 : 0;
      return { key: `days of point-in-time recovery of ${address}`, address, level };
    }),
  absenceLoses: false, // that it is destroyed is told
  ...UNDO,
});

/** What AWS or Terraform themselves refuse to delete. */
const protection: Safeguard = listedSafeguard({
  held: (snapshot) => [
    ...snapshot.all("aws_s3_bucket").map(({ address, values }) => ({
      key: `refusal to delete ${address} with what is in it`,
      address,
      level: onOff(values["force_destroy"] !== true),
    })),
    ...snapshot.all("aws_dynamodb_table").map(({ address, values }) => ({
      key: `deletion protection of ${address}`,
      address,
      level: onOff(values["deletion_protection_enabled"] === true),
    })),
    ...snapshot.all("aws_kms_key").map(({ address, values }) => ({
      key: `key ${address} is enabled`,
      address,
      level: onOff(values["is_enabled"] !== false),
    })),
  ],
  isWorse: goesOff,
  lost: "nothing yet: the next plan, or somebody's hand, may delete what holds events",
  remedy: "Leave disposable at false, unless this environment is being taken down.",
  absenceLoses: false, // that it is destroyed is told
});

/** Which attribute of an item says when it may go. */
const itemExpiration: Safeguard = listedSafeguard({
  held: (snapshot) =>
    snapshot.all("aws_dynamodb_table").map(({ address, values }) => {
      const ttl = blockOf(values["ttl"]);
      return {
        key: `ttl of ${address}`,
        address,
        level: ttl["enabled"] === true ? String(ttl["attribute_name"]) : "",
      };
    }),
  isWorse: (was, is) => is !== "" && was !== is,
  lost: "records that have this attribute: which events were delivered, and the breaker's state",
  remedy: "Keep the attribute expiration.",
  absenceLoses: false,
});

export const stores: readonly Safeguard[] = [protection, versions, restore, itemExpiration, privacy];
