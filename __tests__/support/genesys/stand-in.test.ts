import { type Script, startDestination, type TestDestination } from "../destination.ts";
import { OPEN_MESSAGING_SCHEDULE, signatureOf } from "./delivery.ts";
import { outboundMessage } from "./messages.ts";
import { CLIENT, GenesysStandIn } from "./stand-in.ts";

const OPEN = "/api/v2/conversations/messaging/integrations/open";
const SECRET = "skjdhfsjfhjsdsoquwajkad1234";

let genesys: GenesysStandIn;
let destination: TestDestination;

beforeAll(async () => {
  [genesys, destination] = await Promise.all([
    GenesysStandIn.start({ timeFactor: 0.001, timeoutFactor: 0.1 }),
    startDestination(),
  ]);
});
afterEach(() => {
  genesys.reset();
  destination.reset();
});
afterAll(async () => {
  await Promise.all([genesys.stop(), destination.stop()]);
});

function askForToken(clientId: string, secret: string) {
  return fetch(`${genesys.url}/oauth/token`, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString("base64")}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
}

async function accessToken(): Promise<string> {
  const response = await askForToken(CLIENT.id, CLIENT.secret);
  return ((await response.json()) as { access_token: string }).access_token;
}

async function call(method: string, path: string, body?: unknown) {
  return fetch(`${genesys.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${await accessToken()}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

function integration(more: Record<string, unknown> = {}) {
  return {
    name: "events",
    outboundNotificationWebhookUrl: destination.url,
    outboundNotificationWebhookSignatureSecretToken: SECRET,
    ...more,
  };
}

async function created(more: Record<string, unknown> = {}): Promise<string> {
  const response = await call("POST", OPEN, integration(more));
  return ((await response.json()) as { id: string }).id;
}

describe("OAuth", () => {
  test("a token by HTTP Basic, with its lifetime", async () => {
    const response = await askForToken(CLIENT.id, CLIENT.secret);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      access_token: expect.any(String),
      token_type: "bearer",
      expires_in: 86_400,
    });
  });

  test("a token by the form, as the tutorial asks for it", async () => {
    const response = await fetch(`${genesys.url}/oauth/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
      }),
    });
    expect(response.status).toBe(200);
    expect(genesys.oauth.granted.at(-1)).toEqual({ clientId: CLIENT.id, flow: "form" });
  });

  test.each([
    ["a wrong secret", CLIENT.id, "wrong", 401, "authentication failed"],
    ["a client of another region", "elsewhere", "x", 400, "client not found: elsewhere"],
  ])("%s is invalid_client", async (_, id, secret, status, description) => {
    const response = await askForToken(id, secret);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({
      error: "invalid_client",
      description,
      error_description: description,
    });
  });

  test("a token ends", async () => {
    const token = await accessToken();
    const ask = () =>
      fetch(`${genesys.url}/api/v2/tokens/me`, { headers: { authorization: `Bearer ${token}` } });
    expect((await ask()).status).toBe(200);
    genesys.ahead += 86_400_000;
    expect((await ask()).status).toBe(401);
  });

  test("a client without the permission is told which one", async () => {
    const client = genesys.oauth.clients.get(CLIENT.id);
    if (client) client.permissions = ["messaging:integration:view"];
    const response = await call("POST", OPEN, integration());
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      code: "missing.permissions",
      messageParams: { permissions: "messaging:integration:add" },
      contextId: response.headers.get("inin-correlation-id"),
    });
  });
});

test("300 requests a minute for a token, and then a pause that the answer names", async () => {
  const token = await accessToken();
  const statuses: number[] = [];
  let last = new Response();
  for (let count = 0; count < 301; count++) {
    last = await fetch(`${genesys.url}/api/v2/tokens/me`, { headers: { authorization: `Bearer ${token}` } });
    await last.clone().arrayBuffer();
    statuses.push(last.status);
  }
  expect(statuses.filter((status) => status === 200)).toHaveLength(300);
  expect(last.status).toBe(429);
  expect(Number(last.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(await last.json()).toMatchObject({ code: "too.many.requests.retry.after", status: 429 });
});

test.each([
  ["a secret of 15 characters", { outboundNotificationWebhookSignatureSecretToken: "x".repeat(15) }],
  ["a URL on another port", { outboundNotificationWebhookUrl: "https://example.com:8443/x" }],
  ["a URL without TLS", { outboundNotificationWebhookUrl: "http://example.com/x" }],
  ["a field that does not exist", { webhookUrl: "https://example.com" }],
])("an Open Messaging integration with %s is refused, with details", async (_, more) => {
  const response = await call("POST", OPEN, integration(more));
  expect(response.status).toBe(400);
  expect(((await response.json()) as { details: unknown[] }).details).toHaveLength(1);
});

test("a list has pages, each of which names the next", async () => {
  for (let count = 0; count < 5; count++) await created({ name: `events-${count}` });
  const names: string[] = [];
  for (let path: string | undefined = `${OPEN}?pageSize=2`; path !== undefined; ) {
    const page = (await (await call("GET", path)).json()) as {
      entities: { name: string }[];
      nextUri?: string;
    };
    names.push(...page.entities.map(({ name }) => name));
    path = page.nextUri;
  }
  expect(names).toEqual(["events-0", "events-1", "events-2", "events-3", "events-4"]);
});

test("the tutorial's webhooks are not there on the real platform", async () => {
  genesys.webhooks.exist = false;
  const response = await call("GET", "/api/v2/webhooks");
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ code: "not.found" });
});

describe("delivery", () => {
  test("the signature is Genesys' own: the documented vector", () => {
    const body = Buffer.from('{"id":"c327c2078ca056db130c55ce648d9fa2","type":"Text","text":"Hello World"}');
    expect(signatureOf(SECRET, body)).toBe("sha256=fDwJXvBycEo9kutNX77loCt9EIRNIFJMKTjqRWR5KO8=");
  });

  test("85 seconds in all", () => {
    const { timeout, retries, pause } = OPEN_MESSAGING_SCHEDULE;
    expect((retries + 1) * timeout + retries * pause).toBe(85_000);
  });

  test("the bytes arrive, signed, with the integration's headers", async () => {
    const id = await created({ webhookHeaders: { "x-tenant": "a" } });
    const body = outboundMessage(id, "Grüße 👋");
    expect(await genesys.deliver(id, body)).toEqual([{ attempts: [200], delivered: true }]);
    const [request] = destination.requests;
    expect(request?.body.equals(body)).toBe(true);
    expect(request?.headers).toMatchObject({
      "x-hub-signature-256": signatureOf(SECRET, body),
      "x-tenant": "a",
    });
  });

  test.each<[string, Script, readonly unknown[]]>([
    ["a 503", { status: 503 }, [503, 503, 503, 503, 503, 503]],
    ["a 429", { status: 429 }, [429, 429, 429, 429, 429, 429]],
    ["no connection", "reset", Array.from({ length: 6 }, () => "unreachable")],
    ["a 401", { status: 401 }, [401]],
    ["a 404", { status: 404 }, [404]],
  ])("after %s it goes on as Genesys does", async (_, script, attempts) => {
    destination.answer = () => script;
    const id = await created();
    expect(await genesys.deliver(id, outboundMessage(id, "x"))).toEqual([{ attempts, delivered: false }]);
    expect(destination.requests).toHaveLength(attempts.length);
  });

  test("no answer in time is tried again, and what comes through then is delivered", async () => {
    destination.answer = () => (destination.requests.length < 2 ? "hang" : { status: 200 });
    const id = await created();
    const reports = await genesys.deliver(id, outboundMessage(id, "x"));
    expect(reports).toEqual([{ attempts: ["timeout", 200], delivered: true }]);
  });

  test("duplicates on demand", async () => {
    const id = await created();
    expect(await genesys.deliver(id, outboundMessage(id, "x"), 2)).toHaveLength(2);
    expect(destination.requests).toHaveLength(2);
    expect(destination.requests[0]?.body).toEqual(destination.requests[1]?.body);
  });

  test("a webhook of the tutorial's is tried as often as it was created with", async () => {
    destination.answer = () => ({ status: 500 });
    const webhook = {
      name: "w",
      enabled: true,
      eventTypes: ["conversation:analytics:summary"],
      filters: [],
      endpointUrl: destination.url,
      httpMethod: "POST",
      requestType: "JSON",
      retryCount: 3,
      retryInterval: 60,
      timeout: 30,
      secret: SECRET,
    };
    const { id } = (await (await call("POST", "/api/v2/webhooks", webhook)).json()) as { id: string };
    const report = await genesys.deliverWebhook(id, { eventType: "conversation:analytics:summary" });
    expect(report).toEqual({ attempts: [500, 500, 500, 500], delivered: false });
    const [request] = destination.requests;
    const body = request?.body ?? Buffer.of();
    expect(JSON.parse(body.toString())).toMatchObject({ webhookName: "w", webhookId: id });
    expect(request?.headers["x-hub-signature-256"]).toBe(signatureOf(SECRET, body));
  });
});

describe("faults", () => {
  test.each(["hang", "answer-hangs"] as const)("%s: no answer", async (fault) => {
    genesys.faults.plan(/^POST .*open/, fault);
    const token = await accessToken();
    await expect(
      fetch(`${genesys.url}${OPEN}`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify(integration()),
        signal: AbortSignal.timeout(1_000),
      }),
    ).rejects.toThrow(/timeout/);
    expect(genesys.openMessaging.kept.all).toHaveLength(fault === "hang" ? 0 : 1);
  });

  test("a request that is held is done when nobody waits for it any more", async () => {
    let release = () => {};
    const heldUntil = new Promise<void>((resolve) => {
      release = resolve;
    });
    genesys.faults.plan(/^POST .*open/, { heldUntil });
    const token = await accessToken();
    const requested = genesys.requested(/^POST .*open/);
    const asked = fetch(`${genesys.url}${OPEN}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(integration()),
    });
    await requested;
    expect(genesys.openMessaging.kept.all).toHaveLength(0);
    release();
    expect((await asked).status).toBe(200);
    expect(genesys.openMessaging.kept.all).toHaveLength(1);
  });

  test("an answer of one's own, as often as wanted", async () => {
    genesys.faults.plan(/tokens\/me/, { status: 502 }, 2);
    const statuses = [];
    for (let count = 0; count < 3; count++) statuses.push((await call("GET", "/api/v2/tokens/me")).status);
    expect(statuses).toEqual([502, 502, 200]);
  });
});
