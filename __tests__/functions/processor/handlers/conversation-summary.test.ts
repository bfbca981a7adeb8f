import { PermanentError } from "../../../../contract/event/failure.ts";
import {
  eventType,
  handle as handler,
} from "../../../../functions/processor/handlers/conversation-summary.ts";
import { handlers } from "../../../../functions/processor/handlers/index.ts";

function handle(json: unknown, signal = new AbortController().signal) {
  const bytes = Buffer.from(JSON.stringify(json));
  return handler({ id: "id-1", type: eventType, source: "webhook", attempt: 1, bytes, json }, signal);
}

test("it is the handler of its type", () => {
  expect(handlers.get(eventType)).toBe(handler);
});

test("a summary is taken", async () => {
  await expect(handle({ conversationId: "c-1", summary: "All is well." })).resolves.toBeUndefined();
});

test.each([[{}], [{ conversationId: "" }], [null], ["text"]])(
  "%j names no conversation: permanent",
  async (json) => {
    await expect(handle(json)).rejects.toBeInstanceOf(PermanentError);
  },
);

test("when its time is up it stops, and the event comes again", async () => {
  await expect(handle({ conversationId: "c-1" }, AbortSignal.abort())).rejects.not.toBeInstanceOf(
    PermanentError,
  );
});
