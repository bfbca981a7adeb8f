import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { jest } from "@jest/globals";
import { runCommand } from "../support/command.ts";
import { startDestination } from "../support/destination.ts";
import { forAllTests } from "../support/hooks.ts";
import { runInProcess } from "../support/in-process.ts";
import { keepLedger, type Ledger, textOf } from "../support/ledger.ts";
import { localRun } from "../support/local-bench.ts";
import { quickInput } from "../support/local-run.ts";

jest.setTimeout(120_000);

const BUS = "aws.partner/genesys.com/cloud/2e4f/events";

/** Where --url leads: nothing that the run still delivers comes in between. */
const target = forAllTests(startDestination);
let ledger: Ledger;

const bench = localRun({
  input: {
    ...quickInput,
    sources: {
      webhook: { authentication: { kind: "signature", encoding: "hex" } },
      "open-messaging": { integrations: { one: { kind: "signature" }, two: { kind: "signature" } } },
      "data-action": { authentication: { kind: "shared-secret" } },
      eventbridge: { partnerEventSource: BUS, detailTypes: ["v2.detail.events.conversation.*"] },
    },
  },
});
const { workshop, run, destination } = bench;
beforeEach(() => {
  destination.reset();
  target.reset();
  ledger = keepLedger(destination);
});

// With retries, and few at a time: on a busy machine a function's first answer may be a 503.
const RETRYING = ["--retry", "0.5", "--concurrency", "2"];
const send = (...args: string[]) => runInProcess(["send", ...args, ...RETRYING, "--data", bench.data], {});
const file = async (name: string, content: string | Buffer) => {
  const path = join(workshop.folder, name);
  await writeFile(path, content);
  return path;
};

test.each([
  [["webhook"]],
  [["open-messaging", "--integration", "one"]],
  [["open-messaging", "--integration", "two"]],
  [["data-action"]],
  [["eventbridge"]],
])("%j: samples, each of its own, are accepted and delivered", async (args) => {
  const { code, stdout, stderr } = await send(...args, "--count", "20", "--json");
  expect({ code, stdout, stderr }).toMatchObject({ code: 0, stderr: "" });
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({ source: args[0], sent: 20, accepted: 20, answers: { 200: 20 } });
  const { p50, p99, max } = report.latencyMilliseconds;
  expect(p50 > 0 && p50 <= p99 && p99 <= max).toBe(true);
  await ledger.keys(20);
});

test("by itself, it sends one webhook event, and says how that went", async () => {
  const { code, stdout, stderr } = await send();
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(
    /^1 of 1 accepted by webhook of the local run of test\nANSWER.*\n200 +1\n(?:503.*\n)?latency {2}p50 [\d.]+ ms, p99 .*\nin all .*\n\n[0-9a-f]{12} {2}\w+.*\n$/,
  );
  await ledger.keys(1);
});

test("one seed gives the same bytes again, and so the same events", async () => {
  for (let round = 0; round < 2; round++) {
    expect(await send("--seed", "s", "--count", "3", "--type", "seeded")).toMatchObject({ code: 0 });
  }
  expect(await send("--seed", "t", "--count", "3", "--type", "seeded")).toMatchObject({ code: 0 });
  await ledger.keys(6);
  expect(ledger.bodies()).toHaveLength(6);
});

test.each([
  ["list.json", (events: string[]) => ` [ ${events.join(" , ")} ]\n`],
  ["lines.jsonl", (events: string[]) => `${events.join("\r\n")}\n\n`],
])("the events of %s arrive byte for byte", async (name, write) => {
  const events = [
    `{"webhookName":"a","big":12345678901234567890,"n":"${name}"}`,
    `{"webhookName": "b", "n":"${name}"}`,
  ];
  const path = await file(name, write(events));
  expect(await send("--file", path)).toMatchObject({ code: 0 });
  await ledger.keys(2);
  expect(ledger.bodies()).toEqual(events.map((event) => textOf(Buffer.from(event))).sort());
});

test("a file is one event as it is with --raw; what is no JSON is refused without it, by its line", async () => {
  const path = await file("raw.txt", '{"webhookName":"raw"}\n{"webhookName"');
  const refused = await send("--file", path);
  expect(refused).toMatchObject({ code: 2, stdout: "" });
  expect(refused.stderr).toMatch(/raw\.txt is no JSON, and line 2 is none either\./);
  const accepted = await send("--raw", "--file", path, "--count", "2", "--json");
  expect(JSON.parse(accepted.stdout)).toMatchObject({ accepted: 2 }); // malformed, and kept
});

test("an address is enough, with the secret in a variable; a wrong one is exit code 1, and no secret is said", async () => {
  const parameter = run.stack.parameters.find(({ name }) => name.endsWith("/webhook"));
  const secret = JSON.parse(run.cloud.parameters.value(parameter?.name ?? "") ?? "").current;
  const args = ["send", "webhook", "--url", `${run.url}/webhook`, "--encoding", "hex"];
  const right = await runInProcess(args, { env: { GENESYS_DLQ_SECRET: secret } });
  expect(right).toMatchObject({ code: 0, stderr: "" });
  const wrong = await runInProcess(args, { env: { GENESYS_DLQ_SECRET: "wrong-secret" } });
  expect(wrong).toMatchObject({ code: 1, stderr: "" });
  expect(wrong.stdout).toMatch(
    /^0 of 1 accepted.*\n.*\n401 +1 +the signature or secret is not the receiver's\n/,
  );
  const none = await runInProcess(args, {});
  expect(none).toMatchObject({ code: 2, stdout: "" });
  expect(none.stderr).toMatch(/^error: The secret for .* is not given\.\nSet GENESYS_DLQ_SECRET/);
  expect(right.stdout + wrong.stdout).not.toMatch(new RegExp(`wrong-secret|${secret}`));
});

test("503 and a broken connection are sent again with --retry, and told apart", async () => {
  const taken: number[] = [];
  target.answer = () => {
    taken.push(0);
    if (taken.length === 1) return "reset";
    return { status: [503, 429, 200][taken.length - 2] ?? 400 };
  };
  const env = { GENESYS_DLQ_SECRET: "s" };
  const args = ["send", "--url", target.url, "--retry", "0.01", "--json"];
  const { code, stdout } = await runInProcess(args, { env });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    sent: 1,
    accepted: 1,
    answers: { 200: 1, 429: 1, 503: 1, unreachable: 1 },
  });
  const last = await runInProcess(args, { env });
  expect(last.code).toBe(1); // 400 is the last word
  expect(JSON.parse(last.stdout)).toMatchObject({ notAccepted: 1, answers: { 400: 1 } });
});

test("six attempts are all that Genesys makes", async () => {
  target.answer = () => ({ status: 503 });
  const args = ["send", "--url", target.url, "--unsigned", "--retry", "0.01"];
  expect(await runInProcess(args, {})).toMatchObject({ code: 1 });
  expect(target.requests).toHaveLength(6);
  expect(target.requests[0]?.headers).not.toHaveProperty("x-hub-signature-256");
});

test("no more are under way at a time than --concurrency says, and no more begin in a second than --rate", async () => {
  let underWay = 0;
  let most = 0;
  const times: number[] = [];
  target.answer = async () => {
    times.push(Date.now());
    most = Math.max(most, ++underWay);
    await new Promise((resolve) => setImmediate(resolve));
    underWay--;
    return { status: 200 };
  };
  const args = ["send", "--url", target.url, "--unsigned", "--count", "30", "--concurrency", "3"];
  expect(await runInProcess(args, {})).toMatchObject({ code: 0 });
  expect(most).toBeLessThanOrEqual(3);

  times.length = 0;
  const { stdout } = await runInProcess([...args, "--rate", "40", "--json"], {});
  expect(JSON.parse(stdout).seconds).toBeGreaterThan(0.7); // the last of 30 begins after 29/40 s
});

test("a placeholder in the parameter is told before anything is sent", async () => {
  const { parameters } = run.cloud;
  const name = run.stack.parameters.find((each) => each.name.endsWith("/data-action"))?.name ?? "";
  const before = parameters.value(name) ?? "";
  await put(name, '{"current":"REPLACE-ME"}');
  const { code, stdout, stderr } = await send("data-action");
  await put(name, before);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/^error: The secret of data-action has not been set: .*placeholder/);
});

test.each([
  [["open-messaging"], /has several integrations of open-messaging\.\nGive --integration: one, two\./],
  [["open-messaging", "--integration", "three"], /has no integration "three" of open-messaging\./],
  [["webhook", "--integration", "x"], /has no integration "x" of webhook\.\nLeave --integration out\./],
  [["nobody"], /Allowed choices are webhook, open-messaging, data-action, eventbridge/],
  [["--count", "0"], /It has to be a whole number from 1/],
  [["--rate", "-1"], /It has to be a number above 0/],
  [["--raw"], /--raw says how to read a file/],
  [["--file", "/nowhere"], /cannot be read \(ENOENT\)/],
  [["--url", "ftp://x"], /is no http or https URL/],
])("%j: a slip is told, and nothing is sent", async (args, said) => {
  const { code, stdout, stderr } = await send(...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(said);
});

test("what is deployed gets nothing before somebody says yes", async () => {
  const outputs = await file("outputs.json", JSON.stringify({ test: run.stack.outputs }));
  const place = {
    env: {
      AWS_ENDPOINT_URL: run.cloud.url,
      AWS_ACCESS_KEY_ID: run.cloud.accessKeys.operator,
      AWS_SECRET_ACCESS_KEY: "x",
    },
  };
  const asked = await runInProcess(["send", "--outputs", outputs], place);
  expect(asked).toMatchObject({ code: 2, stdout: "" });
  expect(asked.stderr).toMatch(/There is no terminal to ask on\.\nIn a script, give --yes\./);
  expect(await runInProcess(["send", "--outputs", outputs, "--yes"], place)).toMatchObject({ code: 0 });
  await ledger.keys(1);
  const bus = await runInProcess(["send", "eventbridge", "--outputs", outputs, "--yes"], place);
  expect(bus).toMatchObject({ code: 2, stdout: "" });
  expect(bus.stderr).toMatch(/On AWS, nobody but Genesys/);
});

async function put(Name: string, Value: string): Promise<void> {
  const { PutParameterCommand, SSMClient } = await import("@aws-sdk/client-ssm");
  const ssm = new SSMClient(run.cloud.operatorConfig());
  await ssm.send(new PutParameterCommand({ Name, Value, Type: "SecureString", Overwrite: true }));
  ssm.destroy();
}

test("Ctrl-C: no more are begun, what is under way gets its answer, and all is reported", async () => {
  let begun = () => {};
  const interrupt = new Promise<void>((resolve) => {
    begun = resolve;
  });
  target.answer = () => {
    if (target.requests.length === 3) begun();
    return { status: 200 };
  };
  const args = ["send", "--url", target.url, "--unsigned", "--count", "1000", "--rate", "10", "--json"];
  const { code, stdout } = await runCommand(args, { interrupt });
  expect(code).toBe(130);
  const { sent, accepted } = JSON.parse(stdout);
  expect(accepted).toBe(sent);
  expect(sent).toBe(target.requests.length);
  expect(sent).toBeLessThan(1000);
});

describe("--wait", () => {
  interface Event {
    readonly eventId?: string;
    readonly shortId?: string;
    readonly outcome: string;
    readonly status?: number;
  }
  const eventsIn = (stdout: string) => (JSON.parse(stdout) as { events: Event[] }).events;

  test.each([["webhook"], ["data-action"], ["eventbridge"]])(
    "tells of each %s event what became of it, by the id that its delivery has",
    async (source) => {
      const { code, stdout } = await send(source, "--count", "3", "--wait", "--json");
      expect(code).toBe(0);
      const events = eventsIn(stdout);
      expect(events.map(({ outcome, status }) => ({ outcome, status }))).toEqual(
        Array(3).fill({ outcome: "delivered", status: 200 }),
      );
      const keys = destination.requests.map(({ headers }) => headers["idempotency-key"]);
      expect(events.map(({ eventId }) => eventId).sort()).toEqual([...new Set(keys)].sort());
    },
  );

  test("the same bytes again are the same event of a webhook, and another one of a data action", async () => {
    const path = await file("same.json", '{"webhookName":"same","eventType":"same","topicName":"same"}');
    const idsOf = async (source: string) => {
      const { code, stdout } = await send(source, "--file", path, "--count", "3", "--wait", "--json");
      expect(code).toBe(0);
      return new Set(eventsIn(stdout).map(({ eventId }) => eventId));
    };
    expect((await idsOf("data-action")).size).toBe(3);
    expect((await idsOf("webhook")).size).toBeLessThanOrEqual(2); // two, where a window ends between them
  });

  test("a dead letter wants a person, and a person reads which it is", async () => {
    destination.answer = () => ({ status: 422, body: "no such contact" });
    const { code, stdout } = await send("webhook", "--wait");
    expect(code).toBe(3);
    expect(stdout).toMatch(/\n[0-9a-f]{12} {2}dead, after 1 attempt \(422\)\n$/);
  });

  test("it gives up in the end, and says how many are left", async () => {
    destination.answer = () => ({ status: 503 });
    const { code, stdout, stderr } = await send("webhook", "--count", "12", "--wait", "0.5");
    expect(code).toBe(3);
    expect(stdout).toMatch(/\nbecame {3}.*12 (waiting|not in the log yet)/);
    expect(stderr).toContain("12 events are not done after 0.5 s");
  });

  test("ids of a few are told unasked, and those of an address that is no environment's are nobody's", async () => {
    const { stdout } = await send("webhook", "--count", "2");
    expect(stdout).toMatch(/\n\n[0-9a-f]{12} {2}\w+.*\n[0-9a-f]{12} {2}\w+.*\n$/);
    const elsewhere = await send("webhook", "--url", target.url, "--unsigned", "--wait");
    expect(elsewhere).toMatchObject({ code: 2, stderr: expect.stringContaining("Leave --wait out") });
  });
});
