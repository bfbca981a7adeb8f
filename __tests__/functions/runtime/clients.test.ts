import { runInNewContext } from "node:vm";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { clientConfig, lazyObjects, sqsClient } from "../../../functions/runtime/clients.ts";
import { errorLocation, errorName, isError } from "../../../functions/runtime/error-name.ts";
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

test("a client gives up a connection that does not come after a second, or when it is told to", () => {
  expect(clientConfig({ attemptMilliseconds: 5_000, attempts: 3, endpoint: "http://here" })).toEqual({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
    endpoint: "http://here",
  });
  const { requestHandler, ...rest } = clientConfig({ attemptMilliseconds: 500, attempts: 1 });
  expect([requestHandler.connectionTimeout, "endpoint" in rest]).toEqual([500, false]);
  const told = clientConfig({ attemptMilliseconds: 5_000, attempts: 1, connectMilliseconds: 2_000 });
  expect(told.requestHandler.connectionTimeout).toBe(2_000);
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
  const withoutPlace = Object.assign(new Error("secret"), { stack: "Error: at secret" });
  expect(errorLocation(withoutPlace)).toBeUndefined();
  const indented = Object.assign(new Error(), {
    stack: "Error: x\n     at y\n  z    at w\n    at here (f.ts:1)  \n",
  });
  expect(errorLocation(indented)).toBe("at here (f.ts:1)");
});

test("an error of another realm, or one that only looks like none, is one all the same", () => {
  const other = runInNewContext("new TypeError('secret')") as unknown;
  expect([errorName(other), isError(other), isError({ name: "Error" })]).toEqual(["TypeError", true, false]);
  expect(errorName(Object.assign(new Error("secret"), { code: 7 }))).toBe("Error");
  expect(errorName(new DOMException("secret", "AbortError"))).toBe("AbortError");
});
