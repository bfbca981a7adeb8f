import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { defined } from "../../../contract/defined.ts";
import { HttpApi, type HttpRequest } from "../../../simulation/aws/http-api.ts";
import { Lambda } from "../../../simulation/aws/lambda.ts";
import { MINUTE, SECOND, Simulated } from "../../support/simulated.ts";

let world: Simulated;
let events: APIGatewayProxyEventV2[];
let told: [number, boolean][];
beforeEach(() => {
  world = new Simulated();
  events = [];
  told = [];
});

const routes = ["POST /webhook", "POST /open-messaging/{integrationId}"].map((routeKey) => ({
  routeKey,
  functionArn: "arn:receiver",
  timeoutMilliseconds: 30_000,
}));

interface Setting {
  readonly routeThrottling?: ReadonlyMap<string, { readonly ratePerSecond: number; readonly burst: number }>;
  readonly ratePerSecond?: number;
  readonly burst?: number;
  readonly timeoutSeconds?: number;
  readonly concurrency?: number;
}

function start(answer: () => unknown = () => ({ statusCode: 200 }), setting: Setting = {}): HttpApi {
  const { ratePerSecond = 100, burst = 100, timeoutSeconds = 60, concurrency = 1_000 } = setting;
  const lambda = new Lambda(world.clock, world.random, world.trace, { concurrency, onInvocation: () => {} });
  lambda.add({
    name: "receiver",
    arn: "arn:receiver",
    timeoutSeconds,
    allowsRecursion: false,
    asynchronous: { maximumRetryAttempts: 0, maximumEventAgeSeconds: 60 },
    load: () => async (event: APIGatewayProxyEventV2) => {
      events.push(event);
      return answer();
    },
  });
  return new HttpApi(world.clock, lambda, world.random, {
    routes,
    ratePerSecond,
    burst,
    ...defined({ routeThrottling: setting.routeThrottling }),
    onAnswer: (status, milliseconds) => told.push([status, milliseconds !== undefined]),
  });
}

const post = (api: HttpApi, more: Partial<HttpRequest> = {}) =>
  api.request({ method: "POST", path: "/webhook", headers: {}, body: Buffer.from("a"), ...more });

describe("an answer", () => {
  test.each<[string, () => unknown, number]>([
    ["of a status", () => ({ statusCode: 202 }), 202],
    ["of a status as text", () => ({ statusCode: "401" }), 401],
    ["without a status is a body with 200", () => ({ status: "accepted" }), 200],
    ["of a text is a body with 200", () => "accepted", 200],
    ["with a status that is none", () => ({ statusCode: "well" }), 500],
    ["of a function that throws", () => Promise.reject(new Error("x")), 500],
  ])("%s", async (_, answer, status) => {
    expect(await world.settle(post(start(answer)))).toBe(status);
    expect(told).toEqual([[status, true]]);
  });

  test.each([
    [29 * SECOND, 200],
    [31 * SECOND, 503],
  ])("after %d ms of the function is %d", async (milliseconds, status) => {
    const answer = () => world.clock.sleep(milliseconds).then(() => ({ statusCode: 200 }));
    expect(await world.settle(post(start(answer)))).toBe(status);
  });

  test("is 500 where the function's time was up before, and 503 where there is no concurrency", async () => {
    const hang = () => new Promise(() => {});
    expect(await world.settle(post(start(hang, { timeoutSeconds: 3 })))).toBe(500);
    expect(await world.settle(post(start(undefined, { concurrency: 0 })))).toBe(503);
  });
});

describe("what does not get to the function:", () => {
  test.each<[string, Partial<HttpRequest>, number]>([
    ["a path without a route", { path: "/other" }, 404],
    ["a path that is longer than its route", { path: "/webhook/more" }, 404],
    ["another method", { method: "GET" }, 404],
    ["more than 10 MB", { body: Buffer.alloc(10 * 1024 * 1024 + 1) }, 413],
    ["more than Lambda takes, once it is base64", { body: Buffer.alloc(4_800_000) }, 413],
    ["headers of more than 10,240 bytes", { headers: { x: "a".repeat(10_240) } }, 431],
  ])("%s", async (_, request, status) => {
    expect(await world.settle(post(start(), request))).toBe(status);
    expect([events, told]).toEqual([[], [[status, false]]]);
  });

  test("but 4.5 MB of bytes do", async () => {
    expect(await world.settle(post(start(), { body: Buffer.alloc(4_500_000) }))).toBe(200);
  });
});

describe("the throttle", () => {
  const statuses = (api: HttpApi, count: number) =>
    world.settle(Promise.all(Array.from({ length: count }, () => post(api))));

  test("of one route is that route's own, where it has one: the others keep theirs", async () => {
    const own = new Map([["POST /open-messaging/{integrationId}", { ratePerSecond: 0, burst: 2 }]]);
    const api = start(undefined, { ratePerSecond: 0, burst: 3, routeThrottling: own });
    const accepted = async (path: string) => {
      const statuses = await Promise.all(Array.from({ length: 5 }, () => world.settle(post(api, { path }))));
      return statuses.filter((status) => status === 200).length;
    };
    expect(await accepted("/open-messaging/main")).toBe(2);
    expect(await accepted("/webhook")).toBe(3);
  });

  test("takes a burst at once, and is 429 beyond it", async () => {
    const found = await statuses(start(undefined, { burst: 5, ratePerSecond: 1 }), 8);
    expect(found.filter((status) => status === 200)).toHaveLength(5);
    expect(found.filter((status) => status === 429)).toHaveLength(3);
    expect(events).toHaveLength(5);
  });

  test("fills up again at its rate, to the burst and no further", async () => {
    const api = start(undefined, { burst: 5, ratePerSecond: 2 });
    await statuses(api, 5);
    const used = world.clock.elapsed;
    await world.pass(MINUTE - used);
    expect((await statuses(api, 10)).filter((status) => status === 200)).toHaveLength(5);
  });

  test("at its rate, lets so many through and no more", async () => {
    const api = start(undefined, { burst: 1, ratePerSecond: 10 });
    const results: Promise<number>[] = [];
    for (let i = 0; i < 1_000; i++) world.clock.after(i * 10, () => results.push(post(api)));
    await world.pass(MINUTE);
    const taken = (await Promise.all(results)).filter((status) => status === 200).length;
    expect(taken).toBeGreaterThan(80);
    expect(taken).toBeLessThanOrEqual(101);
  });
});

test("an event is of format 2.0: text as it is, other bytes in base64, names of headers in lower case", async () => {
  const api = start();
  const headers = { "Content-Type": "application/json", "X-Hub-Signature-256": "sha256=x" };
  await world.settle(post(api, { path: "/open-messaging/a%20b", headers, body: Buffer.from('{"a":"👋"}') }));
  await world.settle(post(api, { body: Buffer.from([0xff, 0xfe]) }));
  expect(events).toMatchObject([
    {
      version: "2.0",
      routeKey: "POST /open-messaging/{integrationId}",
      pathParameters: { integrationId: "a b" },
      headers: { "content-type": "application/json", "x-hub-signature-256": "sha256=x" },
      requestContext: { http: { method: "POST" }, timeEpoch: expect.any(Number) },
      body: '{"a":"👋"}',
      isBase64Encoded: false,
    },
    { body: "//4=", isBase64Encoded: true },
  ]);
});
