import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { z } from "zod";
import { endpointOf } from "../../../cli/genesys/endpoint.ts";
import type { GenesysError } from "../../../cli/genesys/genesys-error.ts";
import { forgetTestClients, type TestClientOptions, testClient } from "../../support/genesys/client.ts";
import { CLIENT, GenesysStandIn } from "../../support/genesys/stand-in.ts";
import { selfSignedCertificate } from "../../support/self-signed.ts";

const OPEN = "/api/v2/conversations/messaging/integrations/open";
const named = z.looseObject({ id: z.string(), name: z.string() });

let genesys: GenesysStandIn;

beforeAll(async () => {
  genesys = await GenesysStandIn.start();
});
afterEach(async () => {
  genesys.reset();
  await forgetTestClients();
});
afterAll(() => genesys.stop());

const get = { method: "GET", path: "/api/v2/organizations/me", doing: "read the organisation" } as const;

async function failure(options: TestClientOptions = {}, url = genesys.url): Promise<GenesysError> {
  const { client } = await testClient(url, options);
  return client.call(get, named).then(
    () => {
      throw new Error("It succeeded.");
    },
    (error: GenesysError) => error,
  );
}

describe("where Genesys Cloud is", () => {
  test("the platform gives tokens at login., the tutorial asks api.", () => {
    expect(endpointOf("Ireland", undefined, "platform")).toMatchObject({
      apiUrl: "https://api.mypurecloud.ie",
      tokenUrl: "https://login.mypurecloud.ie/oauth/token",
    });
    expect(endpointOf("Ireland", undefined, "tutorial")).toMatchObject({
      apiUrl: "https://api.mypurecloud.ie",
      tokenUrl: "https://api.mypurecloud.ie/oauth/token",
    });
  });

  test.each([
    "http://example.com",
    "http://127.0.0.1.example.com",
    "ftp://127.0.0.1",
    "https://u:p@a.b",
    "x",
  ])("%s would carry a secret in the clear, or is no address", (url) => {
    expect(() => endpointOf(undefined, url, "platform")).toThrow(/has to be https/);
  });

  test("no region: it says how to give one", () => {
    expect(() => endpointOf(undefined, undefined, "platform")).toThrow("No Genesys Cloud region is given.");
  });
});

describe("lists", () => {
  test("all pages are read, of either kind", async () => {
    const { client } = await testClient(genesys.url);
    for (let number = 0; number < 230; number++) {
      const webhook = { name: `w${number}`, endpointUrl: "https://a.example.com", enabled: true };
      genesys.webhooks.kept.add(webhook as never);
      genesys.triggers.kept.add({ name: `t${number}` } as never);
    }
    expect(await client.list("/api/v2/webhooks", named, "list")).toHaveLength(230);
    expect(await client.list("/api/v2/processautomation/triggers", named, "list")).toHaveLength(230);
  });

  test("pages without the address of the next are counted", async () => {
    const page = (pageNumber: number) =>
      JSON.stringify({ entities: [{ id: `${pageNumber}`, name: "x" }], pageNumber, pageCount: 3 });
    for (const number of [1, 2, 3]) {
      genesys.faults.plan(/open/, { status: 200, body: page(number) });
    }
    const { client } = await testClient(genesys.url);
    const all = await client.list(OPEN, named, "list");
    expect(all.map(({ id }) => id)).toEqual(["1", "2", "3"]);
    expect(genesys.requests.map(({ url }) => url).slice(1)).toEqual([
      `${OPEN}?pageSize=100`,
      `${OPEN}?pageSize=100&pageNumber=2`,
      `${OPEN}?pageSize=100&pageNumber=3`,
    ]);
  });

  test.each(["https://evil.example.com/api/v2/x", "//evil.example.com/x"])(
    "no token goes to %s, though a page names it as the next",
    async (nextUri) => {
      genesys.faults.plan(/open/, { status: 200, body: JSON.stringify({ entities: [], nextUri }) });
      const { client } = await testClient(genesys.url);
      await expect(client.list(OPEN, named, "list")).rejects.toThrow(/another host/);
    },
  );

  test("a page that names itself as the next is read once", async () => {
    const nextUri = `${OPEN}?pageSize=100`;
    genesys.faults.plan(/open/, { status: 200, body: JSON.stringify({ entities: [], nextUri }) }, 9);
    const { client } = await testClient(genesys.url);
    expect(await client.list(OPEN, named, "list")).toEqual([]);
  });
});

describe("retries", () => {
  const post = { method: "POST", path: OPEN, body: {}, doing: "create" } as const;

  test("a 429 is waited out as long as it asks, and a little longer", async () => {
    genesys.faults.plan(/organizations/, { status: 429, headers: { "retry-after": "7" }, body: "{}" });
    const { client, clock } = await testClient(genesys.url);
    await client.call(get, named);
    expect(clock.pauses).toEqual([7_000 + 250]);
  });

  test("a 429 may name the moment in place of the seconds", async () => {
    const headers = { "retry-after": new Date(Date.now() + 60_000).toUTCString() };
    genesys.faults.plan(/organizations/, { status: 429, headers, body: "{}" });
    const { client, clock } = await testClient(genesys.url);
    await client.call(get, named);
    expect(clock.pauses[0]).toBeGreaterThan(1_000);
  });

  test("pauses double, with jitter, up to six attempts", async () => {
    genesys.faults.plan(/organizations/, { status: 503, body: "{}" }, 9);
    const { client, clock } = await testClient(genesys.url);
    await expect(client.call(get, named)).rejects.toThrow(
      "Genesys Cloud failed (503): it could not read the organisation. 6 attempts were made in 8 s.",
    );
    expect(clock.pauses).toEqual([250, 500, 1_000, 2_000, 4_000]);
  });

  test("a pause that would take too long is not begun", async () => {
    genesys.faults.plan(/organizations/, { status: 429, headers: { "retry-after": "600" }, body: "{}" });
    const { client, clock } = await testClient(genesys.url);
    await expect(client.call(get, named)).rejects.toMatchObject({
      kind: "rate",
      remedy: expect.stringContaining("Wait 600 s"),
    });
    expect(clock.pauses).toEqual([]);
  });

  test.each([500, 502, 503, 504])("what is not repeatable is not repeated after a %d", async (status) => {
    genesys.faults.plan(/^POST .*open/, { status }, 9);
    const { client } = await testClient(genesys.url);
    await expect(client.call(post, named)).rejects.toMatchObject({ kind: "server", unclear: true });
    expect(genesys.requests.filter(({ url }) => url === OPEN)).toHaveLength(1);
  });

  test("but after a 429 it is: nothing was done", async () => {
    genesys.faults.plan(/^POST .*open/, { status: 429, body: "{}" }, 1);
    const { client } = await testClient(genesys.url);
    await expect(client.call(post, named)).rejects.toMatchObject({ kind: "invalid" });
    expect(genesys.requests.filter(({ url }) => url === OPEN)).toHaveLength(2);
  });

  test("a token endpoint that fails is asked six times, and not six times six", async () => {
    genesys.faults.plan(/oauth/, { status: 503 }, 99);
    expect((await failure()).kind).toBe("server");
    expect(genesys.requests).toHaveLength(6);
  });

  test("300 requests a minute, and the next one waits", async () => {
    const { client, clock } = await testClient(genesys.url);
    for (let count = 0; count < 300; count++) await client.call(get, named);
    expect(clock.pauses).toEqual([]);
    genesys.ahead = 60_001; // the stand-in's minute passes with ours
    await client.call(get, named);
    expect(clock.pauses).toEqual([60_000]);
  });

  test("who gives up is not kept waiting", async () => {
    genesys.faults.plan(/organizations/, "hang");
    const end = new AbortController();
    const { client } = await testClient(genesys.url, { signal: end.signal });
    const requested = genesys.requested(/organizations/);
    const asked = client.call(get, named);
    await requested;
    end.abort();
    await expect(asked).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("errors: what happened, what to do, and the correlation id", () => {
  test("a wrong secret", async () => {
    expect(await failure({ secret: "wrong-secret" })).toMatchObject({
      kind: "credentials",
      message: "Genesys Cloud refuses the client id or the client secret (401).",
      remedy: expect.stringContaining("Check both"),
      correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  test("invalid_client with a 400 is the same", async () => {
    genesys.faults.plan(/oauth/, { status: 400, body: '{"error":"invalid_client"}' });
    expect(await failure()).toMatchObject({ kind: "credentials" });
  });

  test("a client of another region", async () => {
    const error = await failure({ clientId: "of-another-region" });
    expect(error.kind).toBe("region");
    expect(error.message).toMatch(/^The OAuth client is not known at 127\.0\.0\.1:\d+: client not found\.$/);
    expect(error.remedy).toContain("--genesys-region");
  });

  test("a missing permission is named", async () => {
    const client = genesys.oauth.clients.get(CLIENT.id);
    if (client) client.permissions = [];
    const { client: ours } = await testClient(genesys.url);
    await expect(ours.list(OPEN, named, "list the integrations")).rejects.toMatchObject({
      kind: "permission",
      message:
        "The OAuth client may not list the integrations: it lacks the permission messaging:integration:view.",
    });
  });

  test.each([
    [
      "in the message alone",
      '{"message":"You are missing the following permission(s): [a:b:c, d:e:f]"}',
      "a:b:c, d:e:f",
    ],
    ["in brackets", '{"messageParams":{"permissions":"[routing:queue:view]"}}', "routing:queue:view"],
  ])("a permission that stands %s is found", async (_, body, permission) => {
    genesys.faults.plan(/organizations/, { status: 403, body });
    expect((await failure()).message).toContain(`the permission ${permission}.`);
  });

  test.each([
    ["404", 404, "not-found", "found nothing there (404)"],
    ["409", 409, "conflict", "(409)"],
    ["400", 400, "invalid", "It says: Explained."],
    ["418", 418, "unexpected", "answered 418"],
  ])("a %s", async (_, status, kind, text) => {
    const body = '{"message":"Explained.","contextId":"c0ffee"}';
    genesys.faults.plan(/organizations/, { status, body });
    const error = await failure();
    expect(error).toMatchObject({ kind, correlationId: expect.any(String) });
    expect(error.message).toContain(text);
  });

  test("a 404 that is not JSON is a 404 all the same", async () => {
    genesys.faults.plan(/organizations/, { status: 404 });
    expect(await failure()).toMatchObject({ kind: "not-found" });
  });

  test("a 200 that is not JSON is somebody else's", async () => {
    genesys.faults.plan(/organizations/, { status: 200, body: "<html>Log in first</html>" }, 9);
    expect(await failure()).toMatchObject({ kind: "unexpected" });
  });

  test("a redirect is not followed", async () => {
    genesys.faults.plan(/organizations/, { status: 302, headers: { location: "https://a.example" } }, 9);
    expect(await failure()).toMatchObject({ kind: "unexpected" });
    expect(genesys.requests).toHaveLength(2);
  });

  test("an answer of another shape", async () => {
    genesys.faults.plan(/organizations/, { status: 200, body: '{"id":7,"name":"x"}' });
    expect((await failure()).message).toContain("is not as known (id)");
  });

  test("what Genesys says cannot steer a terminal", async () => {
    const message = "\u001b]0;owned\u0007\u001b[2Jred";
    genesys.faults.plan(/organizations/, { status: 400, body: JSON.stringify({ message }) });
    expect((await failure()).message).not.toMatch(/\p{Cc}/u);
  });

  test("no answer in time", async () => {
    genesys.faults.plan(/organizations/, "hang", 9);
    const error = await failure({ timeout: 100, retryPolicy: { attempts: 1, total: 0, base: 0, cap: 0 } });
    expect(error).toMatchObject({ kind: "timeout", unclear: true });
    expect(error.message).toMatch(/^127\.0\.0\.1:\d+ did not answer within 0\.1 s\.$/);
  });

  test("nobody there", async () => {
    const server = createTcpServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const error = await failure({}, `http://127.0.0.1:${port}`);
    expect(error).toMatchObject({ kind: "connection", unclear: false });
    expect(error.message).toContain("ECONNREFUSED");
  });

  test("a name that the name service does not know", async () => {
    const error = await failure({}, "https://genesys.invalid");
    expect(error.kind).toBe("name-service");
    expect(error.message).toContain("genesys.invalid");
  });

  test("a certificate that is signed by itself", async () => {
    const tls = await GenesysStandIn.start({ tls: selfSignedCertificate() });
    const error = await failure({}, tls.url);
    await tls.stop();
    expect(error).toMatchObject({ kind: "tls" });
    expect(error.message).toMatch(
      /^The certificate of 127\.0\.0\.1:\d+ is not to be trusted: it is signed by itself\.$/,
    );
  });

  test("a certificate that has expired, from somebody who is trusted", async () => {
    const certificate = selfSignedCertificate("210101000000Z");
    setDefaultCACertificates([...getCACertificates(), certificate.cert]);
    const tls = await GenesysStandIn.start({ tls: certificate });
    const error = await failure({}, tls.url);
    await tls.stop();
    expect(error).toMatchObject({ kind: "tls", message: expect.stringContaining("it has expired") });
  });
});
