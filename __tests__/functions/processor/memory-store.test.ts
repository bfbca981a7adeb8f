import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import type { Memories } from "../../../functions/processor/memory.ts";
import { UNDELIVERED_SECONDS } from "../../../functions/processor/memory-item.ts";
import { MemoryStore } from "../../../functions/processor/memory-store.ts";
import { type StateTable, startStateTable } from "../../support/dynamodb.ts";

/** What two execution environments write at one item, by a real DynamoDB wire. */

let state: StateTable;
let ours: MemoryStore;
let theirs: MemoryStore;
let id = 0;

beforeAll(async () => {
  state = await startStateTable();
  ours = new MemoryStore(state.client, state.table, "ours");
  theirs = new MemoryStore(state.client, state.table, "theirs");
});
afterAll(() => state.stop());
beforeEach(() => id++);

const key = () => `event-${id}`;
const event = { id: "id", attempts: 0, firstAttemptAt: "2026-11-24T12:00:00.000Z" };
const memories = (changes: Partial<Memories["event"]> = {}): Memories => ({
  event: {
    eventId: "id",
    delivered: true,
    heldUntil: Date.now() + 60_000,
    attempts: 1,
    firstAttemptAt: event.firstAttemptAt,
    ...changes,
  },
  later: [],
});

const [OURS, THEIRS] = [expect.stringMatching(/^ours\//), expect.stringMatching(/^theirs\//)];

async function item() {
  const command = new GetItemCommand({ TableName: state.table, Key: { id: { S: key() } } });
  return (await state.client.send(command)).Item ?? {};
}

test("an event that is begun is remembered for longer than it may wait anywhere, and DynamoDB does not delete it", async () => {
  const now = Date.now();
  expect(await ours.begin(key(), event, now, now + 30_000)).toMatchObject({
    written: { memories: { event: { attempts: 1, delivered: false, heldUntil: now + 30_000 } }, revision: 1 },
  });
  const { expiration } = await item();
  expect(Number(expiration?.N)).toBe(Math.ceil(now / 1000) + UNDELIVERED_SECONDS);
  expect(UNDELIVERED_SECONDS).toBeGreaterThan(365 * 24 * 3600);
});

test("one that is delivered lasts as long as it suppresses, and a repetition may wait on the queue", async () => {
  const { event: delivered, later } = memories({ heldUntil: 1_790_000_000_500 });
  await ours.put(key(), { event: delivered, later }, undefined);
  expect((await item())["expiration"]).toEqual({ N: String(1_790_000_001 + 4 * 86_400) });
});

test("who is at an event keeps others off until the lock ends, and is told of himself", async () => {
  const now = Date.now();
  await ours.begin(key(), event, now, now + 30_000);
  expect(await theirs.begin(key(), event, now, now + 40_000)).toMatchObject({ found: { writer: OURS } });
  expect(await ours.begin(key(), event, now, now + 30_000)).toMatchObject({ found: { writer: OURS } });
  expect(await theirs.begin(key(), event, now + 30_000, now + 70_000)).toMatchObject({
    written: { writer: THEIRS, revision: 2, memories: { event: { attempts: 2 } } },
  });
});

test("a writing is found again whose answer was lost: by one of the same call, or of one before", async () => {
  const now = Date.now();
  const writer = ours.newWriter();
  await ours.begin(key(), event, now, now + 30_000, [writer]);
  for (const writers of [[writer], [ours.newWriter(), writer]] as [string, ...string[]][]) {
    expect(await ours.begin(key(), event, now, now + 30_000, writers)).toMatchObject({
      written: { writer, revision: 1, memories: { event: { attempts: 1 } } },
    });
  }
});

test("another event under the same item is told, and nothing is written", async () => {
  const now = Date.now();
  await ours.begin(key(), event, now, now);
  const other = { ...event, id: "other" };
  expect(await theirs.begin(key(), other, now + 1, now + 2)).toMatchObject({
    found: { memories: { event: { eventId: "id" } } },
  });
});

test("an item is written only where it is what it was seen as: not there, or of that revision by that writer", async () => {
  const first = await ours.put(key(), memories(), undefined);
  expect(first).toMatchObject({ written: { revision: 1, writer: OURS } });
  // Theirs has seen nothing there, and something is.
  expect(await theirs.put(key(), memories({ attempts: 9 }), undefined)).toMatchObject({
    found: { revision: 1, writer: OURS, memories: { event: { attempts: 1 } } },
  });
  const seen = "written" in first ? first.written : undefined;
  expect(await theirs.put(key(), memories({ attempts: 2 }), seen)).toMatchObject({
    written: { revision: 2, writer: THEIRS },
  });
  // What ours has seen is not what is there any more.
  expect(await ours.put(key(), memories({ attempts: 3 }), seen)).toMatchObject({
    found: { revision: 2, writer: THEIRS, memories: { event: { attempts: 2 } } },
  });
  expect((await item())["attempts"]).toEqual({ N: "2" });
});
