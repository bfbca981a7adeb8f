import type { S3Client } from "@aws-sdk/client-s3";
import { objectsOf } from "../../../functions/runtime/objects.ts";

/** A client that answers everything alike, and what it was sent: with which input, and which options. */
function clientThatAnswers(answer: object) {
  const sent: [input: object, options: object][] = [];
  const send = async ({ input }: { input: object }, options: object) => {
    sent.push([input, options]);
    return answer;
  };
  return { client: { send } as unknown as S3Client, sent };
}

const location = { bucket: "overflow", key: "folder/key" };
const bytes = Buffer.from("x");

test("an object goes out with metadata and signal where there are any, and without such members otherwise", async () => {
  const { client, sent } = clientThatAnswers({});
  const { signal } = new AbortController();
  const object = { ...location, bytes, contentType: "application/json" };
  await objectsOf(client).put(object);
  await objectsOf(client).put({ ...object, metadata: { a: "b" } }, signal);
  const input = { Bucket: "overflow", Key: "folder/key", Body: bytes, ContentType: "application/json" };
  expect(sent).toEqual([
    [input, {}],
    [{ ...input, Metadata: { a: "b" } }, { abortSignal: signal }],
  ]);
  expect("Metadata" in (sent[0]?.[0] ?? {})).toBe(false);
});

test("an object without a body is no bytes; it is asked for with the signal", async () => {
  const { client, sent } = clientThatAnswers({});
  const { signal } = new AbortController();
  expect(await objectsOf(client).get(location, signal)).toEqual(Buffer.alloc(0));
  expect(sent).toEqual([[{ Bucket: "overflow", Key: "folder/key" }, { abortSignal: signal }]]);
  expect(objectsOf(client).client).toBe(client);
});
