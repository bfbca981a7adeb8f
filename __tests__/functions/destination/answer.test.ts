import { Redaction } from "../../../contract/redaction/redaction.ts";
import { type Outgoing, openExchange } from "../../../functions/destination/exchange.ts";
import { startDestination } from "../../support/destination.ts";
import { forAllTests } from "../../support/hooks.ts";

const target = forAllTests(startDestination);
beforeEach(() => target.reset());

/** More than a socket hands over at once. */
const MAX_BYTES = 200_000;
const open = () =>
  openExchange({
    kind: "http",
    url: target.url,
    timeoutMilliseconds: 5_000,
    maxResponseBytes: MAX_BYTES,
    allowPrivateAddresses: true,
  });
const request = (): Outgoing => ({
  method: "POST",
  headers: {},
  signal: new AbortController().signal,
  redaction: undefined,
});
const ask = (outgoing: Partial<Outgoing> = {}) => open()({ ...request(), ...outgoing });

function knowing(...secrets: readonly string[]): Redaction {
  const redaction = new Redaction();
  for (const secret of secrets) redaction.add(secret);
  return redaction;
}

test("an answer is its status, what it says of later, and its beginning", async () => {
  target.answer = () => ({ status: 503, headers: { "retry-after": "7" }, body: `${"x".repeat(200)}y` });
  expect(await ask()).toEqual({ status: 503, retryAfter: "7", excerpt: "x".repeat(200) });
  target.answer = () => ({ status: 204 });
  expect(await ask()).toEqual({ status: 204 }); // what a success says is of no use to anybody
});

test.each([299, 300, 302, 399, 400])("only a redirect's Location is kept (%i)", async (status) => {
  target.answer = () => ({ status, headers: { location: "https://elsewhere.example/a?planted" } });
  const redirect = status >= 300 && status <= 399;
  expect(await ask()).toEqual({
    status,
    ...(status < 300 ? {} : { excerpt: "" }),
    ...(redirect ? { location: "https://elsewhere.example/a" } : {}),
  });
});

test("neither a Location nor a text that repeats any of the secrets is kept", async () => {
  target.answer = () => ({ status: 302, headers: { location: "/a/planted" }, body: "said planted" });
  expect(await ask({ redaction: knowing("other", "planted") })).toEqual({
    status: 302,
    location: "/a/[secret]",
    excerpt: "said [secret]",
  });
  expect(await ask({ redaction: knowing("other") })).toEqual({
    status: 302,
    location: "/a/planted",
    excerpt: "said planted",
  });
});

test.each([
  ["as many bytes as are allowed is read to its end, and leaves its connection to the next", MAX_BYTES, 1],
  ["more than that is given up, and its connection with it", MAX_BYTES + 1, 3],
])("an answer of %s", async (_, bytes, connections) => {
  target.answer = () => ({ status: 500, body: "x".repeat(bytes) });
  const exchange = open();
  const before = target.connections();
  for (let i = 0; i < 3; i++) {
    expect(await exchange(request())).toEqual({ status: 500, excerpt: "x".repeat(200) });
  }
  expect(target.connections() - before).toBe(connections);
});

test("what lies beyond the cap is not looked at, even where it came along", async () => {
  target.answer = () => ({ status: 500, body: `${"x".repeat(MAX_BYTES)}planted` });
  expect(await ask({ redaction: knowing("planted") })).toEqual({ status: 500, excerpt: "x".repeat(200) });
});
