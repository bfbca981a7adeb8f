import type {
  _Object,
  DeleteObjectRequest,
  DeleteObjectsRequest,
  GetObjectRequest,
  HeadObjectRequest,
  ListObjectsV2Request,
  PutObjectRequest,
} from "@aws-sdk/client-s3";
import type { VirtualClock } from "../clock.ts";
import type { Caller } from "./calls.ts";
import { AwsError, ModelError } from "./errors.ts";

interface StoredObject {
  readonly bytes: Buffer;
  readonly metadata: Readonly<Record<string, string>>;
  readonly storedAt: number;
}

/** A rule of the bucket's lifecycle. */
export interface Expiration {
  readonly prefix: string;
  readonly days: number;
}

export interface BucketListeners {
  readonly onExpired: (key: string, bytes: Buffer) => void;
}

const PAGE = 1_000;
const DAY_MILLISECONDS = 86_400_000;

/** One bucket: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html */
export class Bucket {
  readonly name: string;
  readonly #clock: VirtualClock;
  readonly #expirations: readonly Expiration[];
  readonly #listeners: BucketListeners;
  readonly #objects = new Map<string, StoredObject>();
  #sorted: string[] | undefined;

  constructor(
    name: string,
    clock: VirtualClock,
    expirations: readonly Expiration[],
    listeners: BucketListeners,
  ) {
    this.name = name;
    this.#clock = clock;
    this.#expirations = expirations;
    this.#listeners = listeners;
    // Lifecycle rules are carried out once a day, at midnight UTC: an object lives to the first one after its days.
    const expire = () => {
      this.#expire();
      clock.after(untilMidnight(clock.now), expire);
    };
    clock.after(untilMidnight(clock.now), expire);
  }

  /** Keys with their bytes. */
  all(): Iterable<[string, StoredObject]> {
    return this.#objects.entries();
  }

  get size(): number {
    return this.#objects.size;
  }

  readonly operate = (operation: string, input: never, _caller: Caller): unknown => {
    const work = this.#operations[operation];
    if (work === undefined) throw new ModelError(`S3's model does not know ${operation}`);
    if ((input as { Bucket?: string }).Bucket !== this.name)
      throw new AwsError("NoSuchBucket", "The specified bucket does not exist", 404);
    return work(input);
  };

  readonly #operations: Readonly<Record<string, (input: never) => unknown>> = {
    PutObject: ({ Key = "", Body, Metadata, IfMatch, IfNoneMatch }: PutObjectRequest) => {
      if (IfMatch !== undefined || (IfNoneMatch !== undefined && IfNoneMatch !== "*"))
        throw new ModelError("S3's model knows IfNoneMatch: * and no other condition");
      if (IfNoneMatch === "*" && this.#objects.has(Key))
        throw new AwsError("PreconditionFailed", "At least one of the pre-conditions did not hold", 412);
      if (!this.#objects.has(Key)) this.#sorted = undefined;
      const bytes = typeof Body === "string" ? Buffer.from(Body) : Buffer.from(Body as unknown as Uint8Array);
      this.#objects.set(Key, { bytes, metadata: { ...Metadata }, storedAt: this.#clock.now });
      return {};
    },
    GetObject: ({ Key = "" }: GetObjectRequest) => {
      const { bytes, metadata } = this.#find(Key);
      return {
        ContentLength: bytes.length,
        Metadata: { ...metadata },
        Body: {
          transformToByteArray: () => Promise.resolve(Uint8Array.from(bytes)),
          transformToString: () => Promise.resolve(bytes.toString()),
        },
      };
    },
    HeadObject: ({ Key = "" }: HeadObjectRequest) => {
      const { bytes, metadata } = this.#find(Key, "NotFound"); // a HEAD's answer has no body that could say more
      return { ContentLength: bytes.length, Metadata: { ...metadata } };
    },
    DeleteObject: ({ Key = "" }: DeleteObjectRequest) => this.#remove(Key),
    DeleteObjects: ({ Delete }: DeleteObjectsRequest) => {
      const keys = (Delete?.Objects ?? []).map(({ Key = "" }) => Key);
      for (const key of keys) this.#remove(key);
      return { Deleted: keys.map((Key) => ({ Key })) };
    },
    ListObjectsV2: (input: ListObjectsV2Request) => {
      const { Prefix = "", ContinuationToken, StartAfter, MaxKeys = PAGE, Delimiter } = input;
      if (Delimiter !== undefined) throw new ModelError("S3's model lists without a delimiter");
      const after = ContinuationToken ?? StartAfter ?? "";
      const keys = this.#keys();
      const page: string[] = [];
      let more = false;
      const first = after < Prefix ? firstAfter(keys, Prefix, false) : firstAfter(keys, after, true);
      for (let at = first; at < keys.length; at++) {
        const key = keys[at] as string;
        if (!key.startsWith(Prefix)) break;
        if (page.length === Math.min(MaxKeys, PAGE)) {
          more = true;
          break;
        }
        page.push(key);
      }
      return {
        ...(page.length === 0 ? {} : { Contents: page.map((key) => this.#entry(key)) }),
        KeyCount: page.length,
        IsTruncated: more,
        ...(more ? { NextContinuationToken: page.at(-1) } : {}),
      };
    },
  };

  #find(key: string, missing = "NoSuchKey"): StoredObject {
    const found = this.#objects.get(key);
    if (found === undefined) throw new AwsError(missing, "The specified key does not exist.", 404);
    return found;
  }

  #entry(Key: string): _Object {
    const { bytes, storedAt } = this.#find(Key);
    const LastModified = new Date(Math.floor(storedAt / 1000) * 1000); // S3 tells whole seconds
    return { Key, Size: bytes.length, LastModified };
  }

  #remove(key: string): object {
    if (this.#objects.delete(key)) this.#sorted = undefined;
    return {};
  }

  #keys(): string[] {
    this.#sorted ??= [...this.#objects.keys()].sort();
    return this.#sorted;
  }

  #expire(): void {
    for (const [key, { bytes, storedAt }] of this.#objects) {
      const rule = this.#expirations.find(({ prefix }) => key.startsWith(prefix));
      if (rule === undefined || this.#clock.now - storedAt < rule.days * DAY_MILLISECONDS) continue;
      this.#remove(key);
      this.#listeners.onExpired(key, bytes);
    }
  }
}

function untilMidnight(now: number): number {
  return DAY_MILLISECONDS - (now % DAY_MILLISECONDS);
}

/** The index of the first key behind `after`, or at it. */
function firstAfter(keys: readonly string[], after: string, strictly: boolean): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const key = keys[middle] as string;
    if (key < after || (strictly && key === after)) low = middle + 1;
    else high = middle;
  }
  return low;
}
