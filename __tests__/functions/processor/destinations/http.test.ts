import { createServer } from "node:net";
import tls from "node:tls";
import type { DestinationSettings } from "../../../../contract/variables/destination.ts";
import { openExchange } from "../../../../functions/destination/exchange.ts";
import {
  type DeliveryOutcome,
  outcomeOfAnswer,
  outcomeOfError,
} from "../../../../functions/processor/classify.ts";
import { httpDestination } from "../../../../functions/processor/destinations/http.ts";
import { within } from "../../../../functions/runtime/within.ts";
import { type Script, startDestination, type TestDestination } from "../../../support/destination.ts";
import { selfSignedCertificate } from "../../../support/self-signed.ts";

type HttpSettings = Extract<DestinationSettings, { kind: "http" }>;

const bytes = Buffer.from('\uFEFF{ "n": 1.0, "n": 12345678901234567890, "smile": "😀\uFFFF" }\n');
const delivery = {
  event: { id: "id-1", source: "webhook" as const, body: { bytes } },
  bytes,
  nextAttempt: () => 1,
};
const certificate = selfSignedCertificate();
let plain: TestDestination;
let secure: TestDestination;

beforeAll(async () => {
  plain = await startDestination();
  secure = await startDestination(certificate);
});
afterEach(() => {
  plain.reset();
  secure.reset();
});
afterAll(async () => {
  await plain.stop();
  await secure.stop();
});

/** One delivery with a destination of its own, classified. */
function deliver(changes: Partial<HttpSettings> = {}, milliseconds = 5_000): Promise<DeliveryOutcome> {
  return deliverTo(open(changes), milliseconds);
}

function open(changes: Partial<HttpSettings> = {}) {
  const settings: HttpSettings = {
    kind: "http",
    url: plain.url,
    timeoutMilliseconds: 5_000,
    maxResponseBytes: 1_000,
    allowPrivateAddresses: true,
    ...changes,
  };
  return httpDestination(settings, openExchange(settings));
}

async function deliverTo(
  destination: ReturnType<typeof open>,
  milliseconds = 5_000,
): Promise<DeliveryOutcome> {
  const attempt = within("The delivery", milliseconds, (signal) => destination.deliver(delivery, signal));
  return await attempt.then(outcomeOfAnswer, outcomeOfError);
}

test("the original bytes go out by POST, and nothing of the inbound request", async () => {
  expect(await deliver({ url: `${plain.url}?tenant=1` })).toEqual({ class: "success", status: 200 });
  const [request] = plain.requests;
  expect(request).toMatchObject({ method: "POST", path: "/crm?tenant=1" });
  expect(request?.body.equals(bytes)).toBe(true);
  expect(Object.keys(request?.headers ?? {}).sort()).toEqual([
    "connection",
    "content-length",
    "content-type",
    "host",
    "idempotency-key",
    "x-attempt",
    "x-event-id",
    "x-event-source",
  ]);
});

test("every status from 100 to 599 has its class over a real connection", async () => {
  const destination = open();
  const classes: Record<string, number[]> = {};
  for (let status = 100; status <= 599; status++) {
    plain.answer = () => ({ status, headers: { location: `${plain.url}/elsewhere` } });
    const outcome = await deliverTo(destination);
    classes[outcome.class] = [...(classes[outcome.class] ?? []), status];
    // What comes before an answer is none: the connection ends without one.
    if (status >= 200) expect(outcome.status).toBe(status);
  }
  const range = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const transient = [
    ...[...range(100, 199), ...range(300, 399)],
    ...[401, 403, 404, 405, 407, 408, 410, 421, 425, 426, 429],
    ...range(500, 599),
  ];
  expect(classes).toEqual({
    success: range(200, 299),
    permanent: range(400, 499).filter((status) => !transient.includes(status)),
    transient,
  });
  expect(plain.requests.every(({ path }) => path === "/crm")).toBe(true); // no redirect was followed
});

test.each<[string, Script]>([
  ["a reset without an answer", "reset"],
  ["a reset in the middle of a 200", { halfAnswer: 200, end: "reset" }],
])("%s is transient", async (_, script) => {
  plain.answer = () => script;
  expect(await deliver()).toMatchObject({
    class: "transient",
    message: expect.stringContaining("(ECONNRESET)"),
  });
});

test("no answer in time is transient, and waited for no longer", async () => {
  plain.answer = () => "hang";
  const abandoned = plain.abandoned();
  expect(await deliver({}, 200)).toEqual({
    class: "transient",
    message: "The delivery took longer than 200 ms.",
  });
  await abandoned;
});

test("a refused connection is transient", async () => {
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
  const { port } = closed.address() as { port: number };
  await new Promise((resolve) => closed.close(resolve));
  expect(await deliver({ url: `http://127.0.0.1:${port}/` })).toMatchObject({
    class: "transient",
    message: expect.stringContaining("(ECONNREFUSED)"),
  });
});

test.each([true, false])("a name that does not exist is transient (private allowed: %s)", async (allowed) => {
  const outcome = await deliver({ url: "https://crm.invalid/", allowPrivateAddresses: allowed });
  expect(outcome).toMatchObject({
    class: "transient",
    message: expect.stringMatching(
      /^The delivery failed: the destination's name .* \((ENOTFOUND|EAI_AGAIN)\)\.$/,
    ),
  });
});

test("a certificate that nobody vouches for is transient, and gets nothing", async () => {
  expect(await deliver({ url: secure.url })).toMatchObject({
    class: "transient",
    message:
      "The delivery failed: the destination's certificate is signed by itself, and nobody vouches for it (DEPTH_ZERO_SELF_SIGNED_CERT).",
  });
  expect(secure.requests).toEqual([]);
});

test("a certificate that has expired says so, and so does a port without TLS", async () => {
  const old = selfSignedCertificate("210101000000Z");
  const server = await startDestination(old);
  const trusted = tls.getCACertificates("default");
  tls.setDefaultCACertificates([old.cert]);
  try {
    expect(await deliver({ url: server.url })).toMatchObject({
      class: "transient",
      message: "The delivery failed: the destination's certificate has expired (CERT_HAS_EXPIRED).",
    });
  } finally {
    tls.setDefaultCACertificates(trusted);
    await server.stop();
  }
  expect(await deliver({ url: plain.url.replace("http:", "https:") })).toMatchObject({
    class: "transient",
    message: expect.stringMatching(/TLS.* \((EPROTO|ERR_SSL_\w+)\)\.$/),
  });
});

test("a certificate that somebody vouches for is fine", async () => {
  const trusted = tls.getCACertificates("default");
  tls.setDefaultCACertificates([certificate.cert]);
  try {
    expect(await deliver({ url: secure.url })).toEqual({ class: "success", status: 200 });
    expect(secure.requests[0]?.body.equals(bytes)).toBe(true);
  } finally {
    tls.setDefaultCACertificates(trusted);
  }
});

test.each([
  [200, "success"],
  [422, "permanent"],
  [503, "transient"],
])("an answer of %i over the cap is %s: the status has said it", async (status, expected) => {
  plain.answer = () => ({ status, body: Buffer.alloc(10_000_000, "x") });
  const outcome = await deliver({ maxResponseBytes: 1_000 });
  expect(outcome).toMatchObject({ class: expected, status });
  if (outcome.class !== "success") expect(outcome.detail).toBe("x".repeat(200));
});

test("an endless answer is read no further than the cap", async () => {
  plain.answer = () => ({
    status: 200,
    headers: { "content-length": "1000000000" },
    body: "x".repeat(2_000),
  });
  expect(await deliver({ maxResponseBytes: 1_000 })).toEqual({ class: "success", status: 200 });
});

test("a redirect says where it leads, without what no log may know", async () => {
  const outcomeOf = async (location: string) => {
    plain.answer = () => ({ status: 302, headers: { location } });
    return ((await deliver()) as { message?: string }).message;
  };
  expect(await outcomeOf("https://user:planted@login.example.com/sso;id=planted?token=planted#planted")).toBe(
    "The destination answered 302, and points to https://login.example.com/sso.",
  );
  expect(await outcomeOf("/maintenance?from=planted")).toBe(
    "The destination answered 302, and points to /maintenance.",
  );
  expect(await outcomeOf("javascript:planted")).toBe("The destination answered 302.");
});

test("Retry-After comes along", async () => {
  plain.answer = () => ({ status: 429, headers: { "retry-after": "17" } });
  expect(await deliver()).toMatchObject({ class: "transient", status: 429, retryAfter: "17" });
});

test("connections are kept alive", async () => {
  const destination = open();
  const before = plain.connections();
  for (let n = 0; n < 5; n++) await deliverTo(destination);
  expect(plain.connections() - before).toBe(1);
});

test("a kept connection that the destination has closed meanwhile costs no attempt", async () => {
  const destination = open();
  await deliverTo(destination);
  let closed = false;
  plain.answer = () => {
    if (closed) return { status: 201 };
    closed = true;
    return "reset";
  };
  expect(await deliverTo(destination)).toEqual({ class: "success", status: 201 });
  expect(plain.requests).toHaveLength(3);
});

test("of several kept connections that were all closed, one costs another try, not each", async () => {
  const destination = open();
  let release = () => {};
  const together = new Promise<void>((resolve) => {
    release = resolve;
  });
  plain.answer = async () => {
    if (plain.requests.length === 3) release();
    await together;
    return { status: 200 };
  };
  await Promise.all([1, 2, 3].map(() => deliverTo(destination)));
  plain.reset();
  plain.answer = () => "reset";
  expect(await deliverTo(destination)).toMatchObject({ class: "transient" });
  expect(plain.requests).toHaveLength(2);
});

test("a connection of its own that is reset is not tried twice", async () => {
  plain.answer = () => "reset";
  await deliver();
  expect(plain.requests).toHaveLength(1);
});

test.each([
  ["a literal address", (port: number) => `http://127.0.0.1:${port}/`],
  ["a name that resolves to the loopback", (port: number) => `http://localhost:${port}/`],
  ["an IPv4-mapped address", (port: number) => `http://[::ffff:127.0.0.1]:${port}/`],
])("%s is refused unless the configuration allows it", async (_, url) => {
  expect(await deliver({ url: url(plain.port), allowPrivateAddresses: false })).toMatchObject({
    class: "transient",
    message: expect.stringContaining("no public address"),
  });
  expect(plain.requests).toEqual([]);
});
