import { GetObjectCommand, PutObjectCommand, S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { defined } from "../../contract/defined.ts";

/** What the functions do with the overflow bucket. Imported only through `lazyObjects` in clients.ts. */
export interface Objects {
  readonly client: S3Client;
  put(object: NewObject, signal?: AbortSignal): Promise<void>;
  /** @throws the SDK's error; `NoSuchKey` by name where there is no such object. */
  get(location: ObjectLocation, signal?: AbortSignal): Promise<Buffer>;
}

interface ObjectLocation {
  readonly bucket: string;
  readonly key: string;
}

export interface NewObject extends ObjectLocation {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

export function openObjects(config: S3ClientConfig): Objects {
  return objectsOf(new S3Client(config));
}

export function objectsOf(client: S3Client): Objects {
  return {
    client,
    async put({ bucket, key, bytes, contentType, metadata }, signal) {
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: bytes,
        ContentType: contentType,
        ...defined({ Metadata: metadata && { ...metadata } }),
      });
      await client.send(command, defined({ abortSignal: signal }));
    },
    async get({ bucket, key }, signal) {
      const command = new GetObjectCommand({ Bucket: bucket, Key: key });
      const { Body: body } = await client.send(command, defined({ abortSignal: signal }));
      return body === undefined ? Buffer.alloc(0) : Buffer.from(await body.transformToByteArray());
    },
  };
}
