import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { defined } from "./defined.ts";
import type { MessageRecord } from "./message-record.ts";
import { PARKED_PREFIX } from "./overflow.ts";
import { type ParkedObject, parkedKey, readParked, readParkedKey, writeParked } from "./parked.ts";

/** What recovery and the operator's command do with parked objects. All of it throws what S3 throws. */

/** All that is parked: each kind from the oldest to the youngest. */
export async function listParked(s3: S3Client, bucket: string): Promise<ParkedObject[]> {
  const all: ParkedObject[] = [];
  let token: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: PARKED_PREFIX,
        ...defined({ ContinuationToken: token }),
      }),
    );
    for (const { Key = "" } of page.Contents ?? []) {
      const object = readParkedKey(Key);
      if (object !== undefined) all.push(object);
    }
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return all;
}

/**
 * What lies in an object; `undefined` where it is gone by now.
 *
 * @throws {NotParkedError} where a line of it is no parked message
 */
export async function readParkedObject(
  s3: S3Client,
  bucket: string,
  key: string,
): Promise<MessageRecord[] | undefined> {
  try {
    const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return readParked((await body?.transformToString()) ?? "");
  } catch (error) {
    if ((error as Error).name === "NoSuchKey") return undefined;
    throw error;
  }
}

/** Stores messages of a kind in one object. @returns its key */
export async function storeParked(
  s3: S3Client,
  bucket: string,
  { kind, oldest }: Pick<ParkedObject, "kind" | "oldest">,
  records: readonly MessageRecord[],
): Promise<string> {
  const key = parkedKey(kind, oldest, records.length);
  const Body = Buffer.from(writeParked(records));
  await s3.send(
    new PutObjectCommand({ Bucket: bucket, Key: key, Body, ContentType: "application/x-ndjson" }),
  );
  return key;
}

/** An object that is not there is no error. */
export async function deleteParked(s3: S3Client, bucket: string, key: string): Promise<void> {
  await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
}
