import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { MAPPING_NOTE_KEY } from "../../contract/overflow.ts";
import type { Objects } from "../runtime/objects.ts";

/**
 * That the breaker, and no person, has disabled the mapping. It lies in the bucket, beside the state table: whoever
 * empties the table, or restores it, leaves a mapping disabled of which it knows nothing.
 */
export interface MappingNote {
  /** ISO 8601, UTC. */
  readonly disabledAt: string;
  /** When it was enabled again; absent while we hold it. ISO 8601, UTC. */
  readonly enabledAt?: string;
}

/** A call that disables may take effect this long after its caller has given up, or another run has enabled again. */
const LATE_MILLISECONDS = 15 * 60_000;

export function isOurs(note: MappingNote | undefined, now: Date): boolean {
  if (note === undefined) return false;
  return note.enabledAt === undefined || now.getTime() - Date.parse(note.enabledAt) < LATE_MILLISECONDS;
}

export async function readNote(objects: Objects, bucket: string): Promise<MappingNote | undefined> {
  // Listed first: S3 calls what is not there forbidden, to those who may not list it.
  const list = new ListObjectsV2Command({ Bucket: bucket, Prefix: MAPPING_NOTE_KEY, MaxKeys: 1 });
  const { Contents: found = [] } = await objects.client.send(list);
  if (found.length === 0) return undefined;
  return JSON.parse((await objects.get({ bucket, key: MAPPING_NOTE_KEY })).toString()) as MappingNote;
}

export async function writeNote(objects: Objects, bucket: string, note: MappingNote): Promise<void> {
  await objects.put({
    bucket,
    key: MAPPING_NOTE_KEY,
    bytes: Buffer.from(JSON.stringify(note)),
    contentType: "application/json",
  });
}
