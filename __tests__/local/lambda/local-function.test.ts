import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jest } from "@jest/globals";
import { AccessKeys } from "../../../local/cloud/access-keys.ts";
import type { InvocationResult } from "../../../local/lambda/invocation-result.ts";
import type { Concurrency } from "../../../local/lambda/invocation-slots.ts";
import { LocalFunction } from "../../../local/lambda/local-function.ts";

jest.setTimeout(30_000); // processes and sockets of their own, on a machine with other things to do

let task: string;
let lines: string[];
const running: LocalFunction[] = [];

beforeEach(async () => {
  task = await mkdtemp(join(tmpdir(), "function-"));
  lines = [];
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()));
  await rm(task, { recursive: true, force: true });
});

async function functionOf(
  code: string,
  { timeoutSeconds = 10, concurrency = { usual: 8, most: 8 }, variables = {} }: Partial<Given> = {},
): Promise<LocalFunction> {
  await writeFile(join(task, "index.mjs"), code);
  const model = {
    address: "aws_lambda_function.under_test",
    name: "under-test",
    arn: "arn:aws:lambda:eu-west-1:000000000000:function:under-test",
    handler: "index.handler",
    runtime: "nodejs22.x",
    roleArn: "role",
    logGroup: "/aws/lambda/under-test",
    zip: "",
    timeoutSeconds,
    memoryMegabytes: 128,
    variables,
    asynchronous: { maximumRetryAttempts: 0, maximumEventAgeSeconds: 60 },
    countedLines: [],
    aliases: [],
  };
  const cloud = { url: "http://127.0.0.1:1", region: "eu-west-1", accessKeys: new AccessKeys() };
  const made = new LocalFunction(model, { task, cloud, concurrency, onLine: (line) => lines.push(line) });
  running.push(made);
  return made;
}

interface Given {
  readonly timeoutSeconds: number;
  readonly concurrency: Concurrency;
  readonly variables: Record<string, string>;
}

function payload(answer: InvocationResult): unknown {
  if (!answer.ok) throw new Error(JSON.stringify(answer.error));
  return JSON.parse(answer.payload);
}

function error(answer: InvocationResult) {
  if (answer.ok) throw new Error(answer.payload);
  return answer.error;
}

/** Answers each caller once as many as `count` have come: only invocations at the same time get through. */
async function startMeetingPoint(count: number): Promise<{ url: string; server: Server }> {
  const waiting: (() => void)[] = [];
  const server = createServer((_, response) => {
    waiting.push(() => response.end());
    if (waiting.length >= count) for (const go of waiting.splice(0)) go();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

test("gives event and context to the handler, and its answer back", async () => {
  const made = await functionOf(`export const handler = async (event, context) => ({
    event, name: context.functionName, id: context.awsRequestId, arn: context.invokedFunctionArn,
    memory: context.memoryLimitInMB, left: context.getRemainingTimeInMillis() });`);
  const event = { text: "Grüße 👋 \uffff", big: "x".repeat(1_000_000) };
  expect(payload(await made.invoke(event))).toMatchObject({
    event,
    name: "under-test",
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    arn: made.model.arn,
    memory: "128",
    left: expect.any(Number),
  });
});

test("a handler that returns nothing answers null", async () => {
  const made = await functionOf("export const handler = async () => {};");
  expect(await made.invoke({})).toEqual({ ok: true, payload: "null" });
});

test("concurrent invocations have a process each, later ones use them again", async () => {
  const { url, server } = await startMeetingPoint(3);
  try {
    const made = await functionOf(`let calls = 0;
      export const handler = async ({ url }) => {
        calls++;
        if (url) await fetch(url);
        return { pid: process.pid, calls };
      };`);
    const first = (await Promise.all([1, 2, 3].map(() => made.invoke({ url })))).map(payload) as Call[];
    const pids = new Set(first.map(({ pid }) => pid));
    expect(pids.size).toBe(3);
    expect(pids.has(process.pid)).toBe(false);
    const again = payload(await made.invoke({})) as Call;
    expect(pids.has(again.pid)).toBe(true);
    expect(again.calls).toBe(2);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});

interface Call {
  readonly pid: number;
  readonly calls: number;
}

test("invocations beyond the limit wait for their turn", async () => {
  const made = await functionOf("export const handler = async () => process.pid;", {
    concurrency: { usual: 1, most: 1 },
  });
  const pids = (await Promise.all([1, 2, 3, 4].map(() => made.invoke({})))).map(payload);
  expect(new Set(pids).size).toBe(1);
});

test("where those that run keep others waiting, more processes come, up to the most, and go again", async () => {
  const { url, server } = await startMeetingPoint(3);
  try {
    const made = await functionOf(
      "export const handler = async ({ url }) => { await fetch(url); return process.pid; };",
      { concurrency: { usual: 1, most: 3 } },
    );
    // Each waits for two others: with the usual one alone this would never end.
    const pids = (await Promise.all([1, 2, 3, 4, 5, 6].map(() => made.invoke({ url })))).map(payload);
    expect(new Set(pids).size).toBe(3);
    expect(made.processIds).toHaveLength(1);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});

test("the environment is Lambda's and the function's own, and nothing else", async () => {
  process.env["PLANTED_BY_THE_TEST"] = "x";
  const made = await functionOf("export const handler = async () => process.env;", {
    variables: { QUEUE_URL: "http://queue" },
  });
  const environment = payload(await made.invoke({})) as Record<string, string>;
  expect(environment).toMatchObject({
    QUEUE_URL: "http://queue",
    AWS_REGION: "eu-west-1",
    AWS_LAMBDA_FUNCTION_NAME: "under-test",
    AWS_ENDPOINT_URL: "http://127.0.0.1:1",
    _HANDLER: "index.handler",
  });
  const foreign = Object.keys(environment).filter(
    (name) => !/^(AWS_|LAMBDA_|_HANDLER$|NODE_CHANNEL)/.test(name),
  );
  expect(foreign.sort()).toEqual(["LANG", "PATH", "QUEUE_URL", "TZ"]);
  delete process.env["PLANTED_BY_THE_TEST"];
});

test("lines of both streams are told", async () => {
  const made = await functionOf(
    "export const handler = async () => { console.log('out'); console.error('err'); };",
  );
  await made.invoke({});
  await made.stop();
  expect(lines.sort()).toEqual(["err", "out"]);
});

test("a function that throws", async () => {
  const made = await functionOf("export const handler = async () => { throw new TypeError('no'); };");
  const first = error(await made.invoke({}));
  expect(first).toMatchObject({ errorType: "TypeError", errorMessage: "no" });
  expect(first.trace?.[0]).toBe("TypeError: no");
  expect(made.processIds).toHaveLength(1); // its environment lives on
});

test.each([
  ["well", []],
  ["throws", [expect.objectContaining({ level: "ERROR" }), platformReport("error")]],
  ["exits", [platformReport("failure")]],
  ["takes too long", [platformReport("timeout")]],
])("Lambda's own lines of an invocation that %s", async (how, expected) => {
  const code = `export const handler = async ({ how }) => {
    if (how === "throws") throw new TypeError("no");
    if (how === "exits") process.exit(3);
    while (how === "takes too long");
  };`;
  const made = await functionOf(code, { timeoutSeconds: 1 });
  await made.invoke({ how });
  expect(lines.map((line) => JSON.parse(line))).toEqual(expected);
});

function platformReport(status: string): unknown {
  return {
    time: expect.any(String),
    type: "platform.report",
    record: { requestId: expect.any(String), status },
  };
}

test("a function that takes too long is killed, even if it blocks, and the next call has a new process", async () => {
  const made = await functionOf(
    "export const handler = async ({ block }) => { while (block); return process.pid; };",
    { timeoutSeconds: 1 },
  );
  const pid = payload(await made.invoke({}));
  const answer = error(await made.invoke({ block: true }));
  expect(answer.errorType).toBe("Sandbox.Timedout");
  expect(answer.errorMessage).toMatch(/^RequestId: [0-9a-f-]+ Error: Task timed out after 1.00 seconds$/);
  expect(() => process.kill(pid as number, 0)).toThrow("ESRCH");
  expect(payload(await made.invoke({}))).not.toBe(pid);
});

test.each([
  ["process.exit(3)", "Runtime.ExitError", /Error: Runtime exited with error: exit status 3$/],
  ["process.kill(process.pid, 'SIGKILL')", "Runtime.ExitError", /exited with error: signal: killed$/],
  ["setImmediate(() => { throw new Error('late'); })", "Error", /^late$/],
  ["Promise.reject(new Error('nobody'))", "Runtime.UnhandledPromiseRejection", /^nobody$/],
])("a crash: %s", async (crash, errorType, message) => {
  const code = `export const handler = async ({ crash }) => {
    if (crash) { ${crash}; await new Promise((resolve) => setTimeout(resolve, 60_000)); }
    return "well";
  };`;
  const made = await functionOf(code);
  const answer = error(await made.invoke({ crash: true }));
  expect(answer.errorType).toBe(errorType);
  expect(answer.errorMessage).toMatch(message);
  expect(payload(await made.invoke({}))).toBe("well");
});

test.each([
  ["throw new Error('The environment is not usable');", "Error", "The environment is not usable"],
  ["export const other = 1;", "Runtime.HandlerNotFound", "index.handler is undefined or not exported"],
])("an error at init: %s", async (code, errorType, errorMessage) => {
  const made = await functionOf(code);
  expect(error(await made.invoke({}))).toMatchObject({ errorType, errorMessage });
  expect(made.processIds).toEqual([]);
  expect(lines.map((line) => JSON.parse(line))).toContainEqual(
    expect.objectContaining({ message: expect.objectContaining({ errorType, errorMessage }) }),
  );
});

test("a process at work that is killed is answered as a crash, and the next call has a new one", async () => {
  const { url, server } = await startMeetingPoint(2);
  const made = await functionOf(
    "export const handler = async ({ url }) => { if (url) await fetch(url); return process.pid; };",
  );
  const idle = payload(await made.invoke({}));
  expect(made.crash(0)).toBeUndefined(); // nothing is at work
  const arrived = new Promise((resolve) => server.once("request", resolve));
  const answer = made.invoke({ url });
  await arrived;
  expect(made.crash(0.99)).toBe(idle);
  expect(error(await answer).errorMessage).toMatch(/signal: killed$/);
  expect(payload(await made.invoke({}))).not.toBe(idle);
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
});

test("another code runs from the next invocation on; what is running finishes as it began, and its process ends", async () => {
  const { url, server } = await startMeetingPoint(2);
  const made = await functionOf(
    'export const handler = async ({ url }) => { if (url) await fetch(url); return ["old", process.pid]; };',
  );
  const idle = Promise.all([made.invoke({}), made.invoke({})]);
  await idle;
  const arrived = new Promise((resolve) => server.once("request", resolve));
  const running = made.invoke({ url });
  await arrived;
  await mkdir(join(task, "new"));
  await writeFile(join(task, "new", "index.mjs"), 'export const handler = async () => ["new", process.pid];');
  made.useCode(join(task, "new"));
  const [code, pid] = payload(await made.invoke({})) as [string, number];
  expect(code).toBe("new");
  await fetch(url); // the second of the two that meet
  expect(payload(await running)).toEqual(["old", expect.any(Number)]);
  expect(payload(await made.invoke({}))).toEqual(["new", pid]);
  expect(made.processIds).toEqual([pid]);
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
});

test("prepared, its code is loaded before the first invocation, which finds that process", async () => {
  const made = await functionOf(
    "const loaded = process.hrtime.bigint(); export const handler = async (at) => [BigInt(at) > loaded, process.pid];",
  );
  await made.prepare();
  const [pid] = made.processIds;
  expect(payload(await made.invoke(String(process.hrtime.bigint())))).toEqual([true, pid]);
});

test("code that does not load is told by the invocation, not by preparing for it", async () => {
  const made = await functionOf("throw new Error('not today');");
  await made.prepare();
  expect(made.processIds).toEqual([]);
  expect(error(await made.invoke({})).errorMessage).toBe("not today");
});

test("stop ends every process; what was running is answered, and nothing is started any more", async () => {
  const { url, server } = await startMeetingPoint(1);
  const made = await functionOf(
    "export const handler = async ({ url }) => { await fetch(url); await new Promise((r) => setTimeout(r, 60_000)); };",
  );
  const arrived = new Promise((resolve) => server.once("request", resolve));
  const answer = made.invoke({ url });
  await arrived;
  const pids = made.processIds;
  await made.stop();
  expect(error(await answer).errorMessage).toMatch(/signal: killed$/);
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  expect(error(await made.invoke({})).errorType).toBe("Runtime.ExitError");
  await new Promise((resolve) => server.close(resolve));
});
