import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { lazyObjects, sqsClient } from "../../../functions/runtime/clients.ts";
import { errorLocation, errorName } from "../../../functions/runtime/error-name.ts";
import { startBlackHole } from "../../support/black-hole.ts";
import { type Cloud, startCloud } from "../../support/fauxqs.ts";

const bounds = { attemptMilliseconds: 150, attempts: 2 };
let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud();
});
afterAll(() => cloud.stop());

test("a service that never answers is given up, after as many attempts as are allowed", async () => {
  const hole = await startBlackHole();
  const client = sqsClient({ ...bounds, endpoint: hole.endpoint });
  const send = client.send(new SendMessageCommand({ QueueUrl: `${hole.endpoint}/0/q`, MessageBody: "x" }));
  await expect(send).rejects.toMatchObject({ name: "TimeoutError" });
  expect(hole.connections()).toBe(2);
  client.destroy();
  await hole.stop();
});

test("the bucket's client is made once, and takes and gives bytes and metadata", async () => {
  const objects = lazyObjects({ attemptMilliseconds: 5_000, attempts: 2, endpoint: cloud.endpoint });
  expect(await objects()).toBe(await objects());
  const place = { bucket: cloud.bucket, key: "folder/key" };
  const bytes = Buffer.from([0, 255, 10, 13]);
  const { put, get } = await objects();
  await put({ ...place, bytes, contentType: "application/octet-stream", metadata: { "body-sha256": "x" } });
  expect(await get(place)).toEqual(bytes);
  expect((await cloud.object(place.key)).metadata).toEqual({ "body-sha256": "x" });
  await expect(get({ ...place, key: "missing" })).rejects.toMatchObject({ name: "NoSuchKey" });
});

test("an error is named by its code or name, and placed, but never quoted", () => {
  expect(errorName(Object.assign(new Error("secret"), { code: "ECONNREFUSED" }))).toBe("ECONNREFUSED");
  expect(errorName(new RangeError("secret"))).toBe("RangeError");
  expect(errorName("secret")).toBe("string");
  expect(errorLocation(new Error("secret\n    in two lines"))).toMatch(/^at .*clients\.test\.ts/);
  expect(errorLocation("secret")).toBeUndefined();
});
