import { PutObjectCommand } from "@aws-sdk/client-s3";
import { ReceiveMessageCommand, SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { envelopeWithReference } from "../../../contract/event/write-envelope.ts";
import { type DeadLetters, startDeadLetters } from "../../support/dead-letters.ts";
import { headFor, idFor } from "../../support/envelopes.ts";

let deadLetters: DeadLetters;

beforeAll(async () => {
  deadLetters = await startDeadLetters();
});
afterAll(() => deadLetters.stop());
beforeEach(() => deadLetters.reset());

const lines = (text: string) =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** Four deaths of different kinds. */
async function fill(): Promise<void> {
  await deadLetters.put("one");
  await deadLetters.put("two", {
    class: "permanent",
    status: 422,
    message: "The destination answered 422.",
    lastAttemptAt: "2026-11-24T10:00:00.000Z",
    source: "open-messaging",
  });
  await deadLetters.put("three", { lastAttemptAt: "2026-11-24T08:59:59.999Z" }, "conversation:started");
  await deadLetters.putMessage("no envelope");
}

test("list, stats and show see everything once, and nothing is taken, hidden or moved", async () => {
  await fill();
  for (let event = 0; event < 40; event++) await deadLetters.put(`more-${event}`);
  const before = deadLetters.state();
  const list = await deadLetters.dlq("list", "--json");
  expect(list).toMatchObject({ code: 0, stderr: "" });
  const ids = lines(list.stdout).map(({ messageId }) => messageId);
  expect(ids.sort()).toEqual(before.map(({ id }) => id).sort());

  const stats = await deadLetters.dlq("stats", "--json");
  expect(JSON.parse(stats.stdout)).toMatchObject({ total: 44, complete: true, hiddenByOthers: 0 });
  const show = await deadLetters.dlq("show", "id-two", "--json");
  expect(lines(show.stdout)).toMatchObject([
    { eventId: idFor("id-two", "two"), status: 422, payload: "two" },
  ]);

  const after = deadLetters.state();
  const still = ({ id, body }: { id: string; body: string }) => ({ id, body });
  expect(after.map(still).sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
    before.map(still).sort((a, b) => (a.id < b.id ? -1 : 1)),
  );
  // Once for each look: visible to all others, and no more receives than looks.
  expect(new Set(after.map(({ visible, receives }) => `${visible} ${receives}`))).toEqual(
    new Set(["true 3"]),
  );
  expect(deadLetters.cloud.messages("main")).toEqual([]);
});

test("a filter chooses; a wrong one is refused before anything is looked at", async () => {
  await fill();
  const wrong = await deadLetters.dlq("list", "--status", "4x");
  expect(wrong).toMatchObject({ code: 2, stdout: "" });
  expect(wrong.stderr).toContain("Give statuses such as 422, 5xx, or none.");
  expect(new Set(deadLetters.state().map(({ receives }) => receives))).toEqual(new Set([0]));

  const { stdout } = await deadLetters.dlq("stats", "--class", "exhausted");
  expect(stdout).toMatch(
    /^2 dead letters in the local run of test, of 2 causes\.\n.*\n\n1 {2}exhausted 503 conversation:\w+, 50 %\n/,
  );
});

test("a person reads a table; what a stranger wrote does not steer the terminal", async () => {
  await deadLetters.put("one", { message: "no\u0085\u009b31mcolour", class: "permanent" });
  const { stdout } = await deadLetters.dlq("list");
  expect(stdout).toMatch(
    /^DIED +CLASS +STATUS +SOURCE +TYPE +ATTEMPTS +ID +REASON\n2026-11-24T08:30:00Z +permanent +503 +webhook +conversation:ended +5 +[0-9a-f]{12} +no/,
  );
  expect(stdout).not.toMatch(/[\u0080-\u009f]/);
});

test.each([
  ["another bucket", "somebody-elses", "claim-checks/theirs", "theirs", /leads to a bucket that is not/],
  ["another folder of ours", "ours", "spill/events/x", "theirs", /^$/],
  ["another event in its place", "ours", "claim-checks/one", "theirs", /is not the one that was stored/],
])("neither show nor export fetches %s with the operator's credentials", async (_, owner, Key, Body, why) => {
  const { cloud } = deadLetters;
  if (owner !== "ours") cloud.server.createBucket(owner);
  const Bucket = owner === "ours" ? cloud.bucket : owner;
  await cloud.s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  const reference = { bucket: Bucket, key: Key, bytes: Body.length };
  const message = envelopeWithReference(headFor(Buffer.from("ours"), { id: "claimed" }), reference);
  await deadLetters.putMessage(message, { event_id: { DataType: "String", StringValue: "claimed" } });

  const shown = await deadLetters.dlq("show", "claimed", "--json");
  expect(shown.code).toBe(0);
  const [document] = lines(shown.stdout) as { payload?: string; noPayload?: string }[];
  expect(document).not.toHaveProperty("payload");
  expect(document?.noPayload ?? "").toMatch(why);
  expect((await deadLetters.dlq("show", "claimed", "--raw")).code).toBe(1);

  const exported = await deadLetters.dlq("export", "-");
  expect(exported.stdout).not.toContain("theirs".concat('"'));
  expect(JSON.parse(exported.stdout)).not.toHaveProperty("payload");
});

test("show gives the event's very bytes, out of the bucket too, and says what it cannot give", async () => {
  const bytes = Buffer.from([0xff, 0x00, 0x7b, 0x0a]);
  const reference = { bucket: deadLetters.cloud.bucket, key: "claim-checks/one", bytes: bytes.length };
  await deadLetters.putMessage(envelopeWithReference(headFor(bytes, { id: "claimed" }), reference));
  const missing = await deadLetters.dlq("show", "claimed");
  expect(missing.stdout).toMatch(/\n\(Its event is no longer in the overflow bucket\.\)\n$/);

  await deadLetters.cloud.s3.send(
    new PutObjectCommand({ Bucket: reference.bucket, Key: reference.key, Body: bytes }),
  );
  const shown = await deadLetters.dlq("show", "claimed", "--json");
  expect(lines(shown.stdout)).toMatchObject([{ claimCheck: true, payloadBase64: bytes.toString("base64") }]);

  await deadLetters.put('{ "big": 12345678901234567890 }');
  const raw = await deadLetters.dlq("show", "id-{", "--raw");
  expect(raw).toMatchObject({ code: 0, stdout: '{ "big": 12345678901234567890 }' });
  const said = await deadLetters.dlq("show", "id-{");
  expect(said.stdout).toContain("12345678901234567890");
});

test("show wants an id that names one event, and one that is there", async () => {
  await deadLetters.put("one");
  await deadLetters.put("other");
  const ambiguous = await deadLetters.dlq("show", "id-o");
  expect(ambiguous).toMatchObject({ code: 2, stdout: "" });
  expect(ambiguous.stderr).toMatch(/^error: 2 events have an id that begins with id-o\.\nGive more of it: /);
  const nobody = await deadLetters.dlq("show", "nobody");
  expect(nobody).toMatchObject({ code: 1, stdout: "" });
  expect(nobody.stderr).toMatch(/^error: There is no dead letter nobody to be seen\.\n/);
});

test("what somebody else is looking at is not counted, and that is said", async () => {
  await deadLetters.put("one");
  await deadLetters.put("two");
  await deadLetters.cloud.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: deadLetters.cloud.deadLetterQueueUrl, VisibilityTimeout: 600 }),
  );
  const { code, stdout, stderr } = await deadLetters.dlq("stats", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ total: 1, hiddenByOthers: 1 });
  expect(stderr).toBe("About 1 more is hidden: somebody else, recovery for one, is looking there now.\n");
});

test("a queue that would count a look as a delivery is not looked at", async () => {
  const { cloud } = deadLetters;
  await deadLetters.put("one");
  const setPolicy = (policy: string) =>
    cloud.sqs.send(
      new SetQueueAttributesCommand({
        QueueUrl: cloud.deadLetterQueueUrl,
        Attributes: { RedrivePolicy: policy },
      }),
    );
  await setPolicy('{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:000000000000:events","maxReceiveCount":3}');
  const { code, stderr } = await deadLetters.dlq("list");
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^error: events-dead-letters has a redrive policy: looking counts as a receive there/,
  );
  expect(deadLetters.state()).toMatchObject([{ receives: 0 }]);
  await setPolicy("");
});

test("what chooses nothing of what is there is told so, and whoever was to act on it ends with exit code 3", async () => {
  await deadLetters.put("one");
  await deadLetters.put("two");
  const none = "None of 2 dead letters";
  for (const command of [["list"], ["stats"]]) {
    const { code, stdout } = await deadLetters.dlq(...command, "--id", "typo");
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(none) });
  }
  for (const command of [["redrive"], ["redrive", "--dry-run"], ["purge", "--yes"]]) {
    const { code, stdout } = await deadLetters.dlq(...command, "--id", "typo");
    expect({ command, code, stdout }).toEqual({ command, code: 3, stdout: expect.stringContaining(none) });
  }
  expect(deadLetters.state()).toHaveLength(2);
  expect((await deadLetters.dlq("export", "-", "--id", "typo")).code).toBe(3);
});

test("an empty queue is no error", async () => {
  expect(await deadLetters.dlq("list", "--json")).toEqual({ code: 0, stdout: "", stderr: "" });
  expect((await deadLetters.dlq("list")).stdout).toBe("No dead letters.\n");
  expect((await deadLetters.dlq("stats")).stdout).toBe("No dead letters in the local run of test.\n");
});
