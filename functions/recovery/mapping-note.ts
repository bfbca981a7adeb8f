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
  try {
    return JSON.parse((await objects.get({ bucket, key: MAPPING_NOTE_KEY })).toString()) as MappingNote;
  } catch (error) {
    // Without the permission to list, S3 calls what is not there forbidden.
    if (["NoSuchKey", "AccessDenied"].includes((error as Error).name)) return undefined;
    throw error;
  }
}

export async function writeNote(objects: Objects, bucket: string, note: MappingNote): Promise<void> {
  await objects.put({
    bucket,
    key: MAPPING_NOTE_KEY,
    bytes: Buffer.from(JSON.stringify(note)),
    contentType: "application/json",
  });
}
