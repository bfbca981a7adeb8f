import { capturedLogs } from "../../support/captured-logs.ts";
import { httpEvent, signed } from "../../support/lambda-events.ts";
import { apiKey, receiverBench, secret } from "../../support/receiver.ts";

const bench = receiverBench();
const logs = capturedLogs();

const refused = "http://127.0.0.1:1";
const marker = "planted-customer-text";
const body = JSON.stringify({ webhookName: "ended", eventType: "end", text: marker });

const emf = () => logs.lines().filter((line) => "_aws" in line);

test("an accepted event is one line, which has what CloudWatch counts in it, and no metrics beside", async () => {
  await bench.start()(httpEvent({ body, headers: signed(body, secret) }));
  expect(emf()).toEqual([]);
  expect(logs.lines()).toEqual([
    expect.objectContaining({
      message: "Event accepted",
      service: "receiver",
      environment: "test",
      duration_ms: expect.any(Number),
    }),
  ]);
  expect(logs.metric("EventsAccepted")).toBe(1);
  expect(logs.metric("TimeToDurable")).toBe(logs.lines()[0]?.["duration_ms"]);
});

test("where accepted events have no line, they are counted all the same", async () => {
  await bench.start({ logLevel: "WARN" })(httpEvent({ body, headers: signed(body, secret) }));
  expect(logs.lines()).toEqual([
    {
      _aws: {
        Timestamp: expect.any(Number),
        CloudWatchMetrics: [
          {
            Namespace: "GenesysEvents",
            Dimensions: [["service", "environment"]],
            Metrics: [
              { Name: "EventsAccepted", Unit: "Count" },
              { Name: "TimeToDurable", Unit: "Milliseconds" },
            ],
          },
        ],
      },
      environment: "test",
      service: "receiver",
      TimeToDurable: expect.any(Number),
      EventsAccepted: 1,
    },
  ]);
});

test("a malformed event's metrics stand in its line", async () => {
  const text = "[]";
  await bench.start()(httpEvent({ body: text, headers: signed(text, secret) }));
  expect(logs.lines()).toEqual([
    expect.objectContaining({
      message: "Malformed event kept as a dead letter",
      EventsAccepted: 1,
      EventsMalformed: 1,
      TimeToDurable: expect.any(Number),
    }),
  ]);
});

test("a rejected request counts as a whole and by its reason, and leaves no dimension behind", async () => {
  const receive = bench.start();
  await receive(httpEvent({ body }));
  const malformed = "[]";
  await receive(httpEvent({ body: malformed, headers: signed(malformed, secret) }));
  const dimensions = emf().map(
    (line) =>
      (line["_aws"] as { CloudWatchMetrics: [{ Dimensions: string[][] }] }).CloudWatchMetrics[0].Dimensions,
  );
  expect(dimensions).toEqual([
    [
      ["service", "environment"],
      ["service", "environment", "reason"],
    ],
    [["service", "environment"]],
  ]);
  expect(emf()[0]).toMatchObject({ EventsRejected: 1, reason: "signature-missing" });
});

test.each([
  ["accepted", signed(body, secret), {}],
  ["rejected", {}, {}],
  ["spilled", signed(body, secret), { queue: refused }],
])(
  "each line of a request that was %s has the API's id of it, and Lambda's where something is wrong",
  async (_, headers, down) => {
    const event = httpEvent({ body, headers });
    await bench.start({}, down)(event, { awsRequestId: "of-lambda" });
    const { requestId } = event.requestContext;
    expect(requestId).not.toBe("");
    const lines = logs.logs();
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      const ofLambda = line["level"] === "INFO" ? undefined : "of-lambda";
      expect([line["request_id"], line["function_request_id"]]).toEqual([requestId, ofLambda]);
    }
  },
);

test("where the caller has no id of its own, each line has Lambda's", async () => {
  const event = httpEvent({ body, headers: signed(body, secret) });
  const requestContext = { ...event.requestContext, requestId: undefined };
  await bench.start()({ ...event, requestContext }, { awsRequestId: "of-lambda" });
  expect(logs.logs()).toEqual([expect.objectContaining({ function_request_id: "of-lambda" })]);
});

test("an id that is none is left out, and a long one is cut: whoever calls may have made it up", async () => {
  const event = httpEvent({ body });
  const called = async (requestId: unknown) => {
    logs.clear();
    await bench.start()({ ...event, requestContext: { ...event.requestContext, requestId } });
    return logs.logs()[0]?.["request_id"];
  };
  expect(await called(7)).toBeUndefined();
  expect(await called("x".repeat(1_000))).toBe("x".repeat(80));
});

test("a whole run's output holds no body, signature, secret or credential, and every event's line its id", async () => {
  const planted = [
    secret,
    apiKey,
    marker,
    "planted-aws-secret-access-key",
    "planted-previous",
    "planted-wrong",
  ];
  bench.parameters.values.set("/webhook", JSON.stringify({ current: secret, previous: "planted-previous" }));
  const bodies = [
    body,
    JSON.stringify({ webhookName: "ended", text: marker.repeat(20_000) }),
    JSON.stringify({ text: marker }),
    `{"webhookName":"${marker}`,
  ];
  const loud = { logLevel: "DEBUG" } as const;
  const receivers = [
    bench.start(loud),
    bench.start(loud, { queue: refused }),
    bench.start(loud, { queue: refused, bucket: refused }),
    bench.start(loud, { secrets: refused }),
    bench.start({ ...loud, onOversize: { kind: "drop-fields", paths: ["text"] } }),
    bench.start({ ...loud, queueUrl: `${bench.cloud.endpoint}/000000000000/gone` }),
  ];
  const statuses = new Set<number | undefined>();
  for (const receive of receivers) {
    for (const text of bodies) {
      for (const key of [secret, "planted-previous", "planted-wrong"]) {
        const headers: Record<string, string> = { ...signed(text, key), "x-api-key": "planted-wrong" };
        planted.push(headers["x-hub-signature-256"]?.slice(7) ?? "");
        statuses.add((await receive(httpEvent({ body: text, headers }))).statusCode);
        const action = { path: "/data-action", body: text, headers: { authorization: `Bearer ${key}` } };
        statuses.add((await receive(httpEvent(action))).statusCode);
      }
    }
  }
  bench.parameters.values.set("/webhook", `planted-wrong ${secret}`);
  await bench.start(loud)(httpEvent({ body, headers: signed(body, secret) }));

  expect(statuses).toEqual(new Set([200, 401, 503]));
  const output = logs.text();
  for (const text of planted) expect(output.includes(text)).toBe(false);
  const aboutEvents = logs
    .logs()
    .filter(
      ({ message }) =>
        !["Request rejected", "Secret is missing", "Secret could not be read"].includes(String(message)),
    );
  expect(new Set(aboutEvents.map(({ message }) => message))).toEqual(
    new Set([
      "Event accepted",
      "Event spilled to the overflow bucket",
      "Malformed event kept as a dead letter",
      "Event could not be stored",
    ]),
  );
  for (const line of aboutEvents)
    expect(line).toHaveProperty(
      "event_id",
      expect.stringMatching(/^(webhook@|data-action!).*~[0-9a-f]{32}$/),
    );
});
