import { defined } from "../../../../contract/defined.ts";
import { PermanentError } from "../../../../contract/event/failure.ts";
import type { EventHandler, HandledEvent } from "../../../../functions/processor/destinations/handlers.ts";
import { handlersDestination, handlersOf } from "../../../../functions/processor/destinations/handlers.ts";

const signal = new AbortController().signal;

function deliver(handlers: Record<string, EventHandler>, json: string, eventType?: string) {
  const bytes = Buffer.from(json);
  const event = {
    id: "id-1",
    source: "webhook" as const,
    receivedAt: "2026-11-24T12:00:00.000Z",
    conversationId: "c-1",
    ...defined({ eventType }),
    body: { bytes },
  };
  const destination = handlersDestination(new Map(Object.entries(handlers)));
  return destination.deliver({ event, bytes, nextAttempt: () => 3 }, signal);
}

test("the handler of its type takes the event, parsed, with the signal that ends its time", async () => {
  const seen: [HandledEvent, AbortSignal][] = [];
  const handler: EventHandler = (...call) => Promise.resolve(void seen.push(call));
  expect(await deliver({ ended: handler }, '\uFEFF{"a":1}', "ended")).toBeUndefined();
  expect(seen).toEqual([
    [
      {
        id: "id-1",
        type: "ended",
        source: "webhook",
        receivedAt: "2026-11-24T12:00:00.000Z",
        conversationId: "c-1",
        attempt: 3,
        bytes: Buffer.from('\uFEFF{"a":1}'),
        json: { a: 1 },
      },
      signal,
    ],
  ]);
});

test.each([
  ["no handler", "{}", "unknown"],
  ["a name that every object knows", "{}", "constructor"],
  ["no type", "{}", undefined],
  ["no JSON", "{", "ended"],
])("an event with %s is never a silent success", async (_, json, type) => {
  const handlers = { ended: () => Promise.resolve() };
  await expect(deliver(handlers, json, type)).rejects.toBeInstanceOf(PermanentError);
});

test("what a handler throws is what comes out", async () => {
  const error = new Error("the database is busy");
  await expect(deliver({ ended: () => Promise.reject(error) }, "{}", "ended")).rejects.toBe(error);
});

test("a type that two files take fails, and comes again: no event is lost, and other types are delivered", async () => {
  const taken: string[] = [];
  const handle: EventHandler = async ({ type }) => void taken.push(type);
  const handlers = handlersOf([
    ["a.ts", { eventType: "both", handle }],
    ["b.ts", { eventType: ["both", "mine"], handle }],
  ]);
  const failure = deliver(Object.fromEntries(handlers), "{}", "both");
  await expect(failure).rejects.toThrow("Two handlers take events of type both: a.ts and b.ts.");
  await expect(failure).rejects.not.toBeInstanceOf(PermanentError);
  await deliver(Object.fromEntries(handlers), "{}", "mine");
  expect(taken).toEqual(["mine"]);
});
