import { validateHeaderValue } from "node:http";
import fc from "fast-check";
import { defined } from "../../../contract/defined.ts";
import { deliveryHeaders, headerText } from "../../../contract/event/delivery-headers.ts";

const headersOf = (id: string, eventType?: string) =>
  deliveryHeaders(
    {
      event: {
        id,
        source: "webhook" as const,
        ...defined({ eventType }),
        body: { bytes: Buffer.from("{}") },
      },
      bytes: Buffer.from("{}"),
    },
    7,
  );

test("what a destination gets", () => {
  expect(headersOf("id|1:2", "v2.detail.events.conversation.{id}.end")).toEqual({
    "content-type": "application/json",
    "content-length": "2",
    "idempotency-key": "id|1:2",
    "x-event-id": "id|1:2",
    "x-event-source": "webhook",
    "x-event-type": "v2.detail.events.conversation.{id}.end",
    "x-attempt": "7",
  });
});

test("the integration that has proved itself goes along, whatever its name", () => {
  const event = { id: "i", source: "open-messaging" as const, body: { bytes: Buffer.from("{}") } };
  const bytes = Buffer.from("{}");
  const headers = (integrationId: string) =>
    deliveryHeaders({ event: { ...event, integrationId }, bytes }, 1);
  expect(headers("main")["x-event-integration"]).toBe("main");
  expect(headers("ä\r\n")["x-event-integration"]).toBe("%C3%A4%0D%0A");
});

test("any id becomes a header value of its own: it can be read back", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), (id) => {
      const value = headersOf(id)["idempotency-key"] ?? "";
      expect(() => validateHeaderValue("idempotency-key", value)).not.toThrow();
      expect(value).toMatch(/^[!-~]*$/);
      expect(decodeURIComponent(value)).toBe(id);
    }),
  );
});

test("what is no visible ASCII is percent-encoded", () => {
  expect(headerText("a b\r\n%ü😀")).toBe("a%20b%0D%0A%25%C3%BC%F0%9F%98%80");
});

test("an id too long for a header goes as its hash, a type too long does not go at all", () => {
  const headers = headersOf("x".repeat(513), "y".repeat(513));
  expect(headers["idempotency-key"]).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(headers).not.toHaveProperty("x-event-type");
});
