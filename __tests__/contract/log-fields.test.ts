import { readLine } from "../../cli/events/read-line.ts";
import { acceptedFields, deliveredFields, eventFields } from "../../contract/log-fields.ts";

const id = "webhook@2026-11-24T12:00:00Z+120~0123456789abcdef0123456789abcdef";
const receivedAt = "2026-11-24T12:00:01.000Z";
const fields = eventFields({ id, source: "webhook", eventType: "end", conversationId: "c-1", receivedAt });
const at = (seconds: number) => new Date(Date.parse(receivedAt) + seconds * 1_000);

/** What is read in the line of an event that was delivered so many seconds after it was received. */
function read(seconds: number, attempt = 1) {
  const about = deliveredFields({ ...fields, attempt }, at(seconds));
  const line = { message: "Event delivered", timestamp: at(seconds).toISOString(), ...about };
  const [step] = readLine({ function: "processor", text: JSON.stringify(line) });
  return [Object.keys(JSON.parse(JSON.stringify(line))), step?.event, step?.step.attempt] as const;
}

test("a delivered event's line leaves out what can be told from the rest", () => {
  const [names, event] = read(3);
  expect(names).toEqual(["message", "timestamp", "event_id", "short_id", "event_type", "conversation_id"]);
  const late = at(3).toISOString();
  expect(event).toEqual({ id, source: "webhook", type: "end", conversation: "c-1", receivedAt: late });
});

test("which attempt it was is said from the second on, and read in any case", () => {
  const [names, , attempt] = read(3);
  expect(names).not.toContain("attempt");
  expect(attempt).toBe(1);
  const [namesOfSecond, , second] = read(3, 2);
  expect(namesOfSecond).toContain("attempt");
  expect(second).toBe(2);
});

test("an accepted event's line leaves its source to its id", () => {
  const line = { message: "Event accepted", timestamp: receivedAt, ...acceptedFields(fields) };
  expect(Object.keys(line)).toEqual(expect.arrayContaining(["event_id", "short_id", "event_type"]));
  expect(line).not.toHaveProperty("source");
  const [step] = readLine({ function: "receiver", text: JSON.stringify(line) });
  expect(step?.event.source).toBe("webhook");
});

test("one that has waited says since when", () => {
  const [names, event] = read(60);
  expect(names).toContain("received_at");
  expect(event).toEqual({ id, source: "webhook", type: "end", conversation: "c-1", receivedAt });
});

test("one of which nobody knows when it came says nothing of it", () => {
  expect(deliveredFields({ event_id: id }, at(0))).not.toHaveProperty("received_at");
});
