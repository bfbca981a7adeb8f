import { HeadObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { MessageRecord } from "../../contract/message-record.ts";
import { deleteParked, listParked, readParkedObject, storeParked } from "../../contract/parked-objects.ts";
import { startCloud } from "../support/fauxqs.ts";
import { forAllTests } from "../support/hooks.ts";

const cloud = forAllTests(() => startCloud());
beforeEach(() => cloud.reset());

const record: MessageRecord = { messageId: "m", body: "b", attributes: {}, system: {} };
const oldest = new Date("2026-11-26T05:10:00Z");
const put = (Key: string, Body: string) =>
  cloud.s3.send(new PutObjectCommand({ Bucket: cloud.bucket, Key, Body }));

test("what was parked is listed, read and deleted; other objects are left alone", async () => {
  const parked = { kind: "events", oldest } as const;
  const key = await storeParked(cloud.s3, cloud.bucket, parked, [record, record]);
  await put("parked/something-else", "x");
  await put("spill/events/2026/11/26/x.json", "x");
  expect(await listParked(cloud.s3, cloud.bucket)).toEqual([{ ...parked, key, count: 2 }]);
  expect(await readParkedObject(cloud.s3, cloud.bucket, key)).toEqual([record, record]);
  const head = new HeadObjectCommand({ Bucket: cloud.bucket, Key: key });
  expect((await cloud.s3.send(head)).ContentType).toBe("application/x-ndjson");
  await deleteParked(cloud.s3, cloud.bucket, key);
  await deleteParked(cloud.s3, cloud.bucket, key);
  expect(await readParkedObject(cloud.s3, cloud.bucket, key)).toBeUndefined();
  expect((await cloud.keys()).sort()).toEqual(["parked/something-else", "spill/events/2026/11/26/x.json"]);
});

test("an object with a line that is no message is an error, and so is a bucket that is not there", async () => {
  await put("parked/x", "{}\n");
  await expect(readParkedObject(cloud.s3, cloud.bucket, "parked/x")).rejects.toThrow("Line 1");
  await expect(readParkedObject(cloud.s3, "no-such-bucket", "parked/x")).rejects.toMatchObject({
    name: "NoSuchBucket",
  });
});

test("a list of several pages is read to its end", async () => {
  const key = (number: number) => `parked/events/20261126T05100${number}Z-1-x.jsonl`;
  const pages = [{ Contents: [{ Key: key(1) }, {}], NextContinuationToken: "more" }, {}];
  const inputs: object[] = [];
  const send = async ({ input }: { input: object }) => {
    inputs.push(input);
    return pages[inputs.length - 1];
  };
  const found = await listParked({ send } as unknown as S3Client, "overflow");
  expect(found.map((object) => object.key)).toEqual([key(1)]);
  const page = { Bucket: "overflow", Prefix: "parked/" };
  expect(inputs).toStrictEqual([page, { ...page, ContinuationToken: "more" }]);
});
