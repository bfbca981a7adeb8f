import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { publisher } from "../../../functions/runtime/topic.ts";
import { topicApi } from "../../../local/alarms/topic-api.ts";
import { report } from "../../../local/reporter.ts";
import { type RunEvent, RunEvents } from "../../../local/run-events.ts";

const TOPIC = "arn:aws:sns:eu-west-1:000000000000:alarms";
const notice = {
  subject: "dev: deliveries have stopped",
  text: "Deliveries have stopped.\nWhy: Grüße & <302>",
};

const found: RunEvent[] = [];
let server: Server;
let endpoint: string;

beforeAll(async () => {
  const runEvents = new RunEvents();
  runEvents.on((each) => void found.push(each));
  server = createServer(topicApi(runEvents));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  Object.assign(process.env, {
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  });
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

test("what recovery publishes is told by the run, word for word", async () => {
  await publisher(TOPIC, { endpoint, attemptMilliseconds: 10_000, attempts: 1 })(notice);
  expect(found).toEqual([{ kind: "notice", ...notice }]);
});

test("a person sees it on one line", () => {
  const plain = (text: string) => text;
  const colours = { dim: plain, green: plain, yellow: plain, red: plain };
  expect(report({ kind: "notice", ...notice }, new Date(), colours)).toMatch(
    /notice {2}Deliveries have stopped\. Why: Grüße & <302>$/,
  );
});

test("another call is none that the local run knows", async () => {
  const response = await fetch(endpoint, { method: "POST", body: "Action=Subscribe" });
  expect([response.status, await response.text()]).toEqual([400, expect.stringContaining("InvalidAction")]);
});
