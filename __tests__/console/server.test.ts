import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { findEnvironment } from "../../cli/environment/find.ts";
import type { Activity, Calls } from "../../console/api.ts";
import { type Console, listenConsole } from "../../console/server/listen.ts";
import { startDeadLetters } from "../support/dead-letters.ts";
import { forEachTest } from "../support/hooks.ts";

const deadLetters = forEachTest(startDeadLetters);
const served = forEachTest<Console>(() =>
  listenConsole({ environment: () => findEnvironment({ data: deadLetters.folder }) }),
);

async function post(name: string, input: unknown): Promise<Response> {
  const { origin, hash } = new URL(served.url);
  return fetch(`${origin}/api/${name}`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${hash.replace("#token=", "")}` },
    body: JSON.stringify(input),
  });
}

async function call<Name extends keyof Calls>(name: Name, input: Calls[Name]["input"]) {
  const response = await post(name, input);
  expect([name, response.status]).toEqual([name, 200]);
  return (await response.json()) as Calls[Name]["output"];
}

/** Resolves once the server has said so, and what is asked for is as it should be. */
async function until<T>(change: string, ask: () => Promise<T>, is: (value: T) => boolean): Promise<T> {
  const { body } = await post("changes", {});
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const value = await ask();
    if (is(value)) {
      await reader?.cancel();
      return value;
    }
    for (let told = ""; !told.includes(change); ) told += (await reader?.read())?.value ?? "";
  }
}

async function looked() {
  await call("look", {});
  return until(
    "snapshot",
    () => call("snapshot", {}),
    ({ running, at }) => running === undefined && at !== undefined,
  );
}

function ended(): Promise<Activity | undefined> {
  return until(
    "activity",
    async () => (await call("activity", {}))[0],
    (latest) => latest?.endedAt !== undefined,
  );
}

const REFUSED = { class: "permanent", status: 422, message: "Order 4711 is unknown." } as const;

test("what somebody else hides is told as not seen", async () => {
  await deadLetters.put("{}");
  await deadLetters.put("{}", REFUSED);
  const { sqs, deadLetterQueueUrl: QueueUrl } = deadLetters.cloud;
  await sqs.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 600 }));
  expect(await looked()).toMatchObject({ count: 1, unseen: 1 });
});

test("dead letters are looked at once, and given by the page from then on, as the command's filters choose", async () => {
  for (let each = 0; each < 60; each++)
    await deadLetters.put(`{"n":${each}}`, { message: `Down for ${each} s.` });
  for (let each = 0; each < 5; each++)
    await deadLetters.put(`{"m":${each}}`, { ...REFUSED, message: `Order ${each} is unknown.` });
  expect(await call("snapshot", {})).toEqual({ count: 0, notes: [], unseen: 0 });
  expect(await looked()).toMatchObject({ count: 65, notes: [] });

  const { causes, chosen } = await call("causes", { filter: {} });
  expect(chosen).toBe(65);
  expect(causes.map(({ count, status }) => [count, status])).toEqual([
    [60, 503],
    [5, 422],
  ]);
  const first = await call("deadLetters", { filter: {}, page: 0 });
  expect([first.rows.length, first.pages]).toEqual([50, 2]);
  const second = await call("deadLetters", { filter: {}, page: 99 });
  expect([second.rows.length, second.page]).toEqual([15, 1]);
  const refused = await call("deadLetters", {
    filter: { cause: causes[1]?.id ?? "", status: "4xx" },
    page: 0,
  });
  expect([refused.chosen, refused.lookedAt, refused.rows.every(({ status }) => status === 422)]).toEqual([
    5,
    65,
    true,
  ]);

  const id = first.rows[0]?.messageId ?? "";
  const found = await call("deadLetter", { id });
  expect(found).toMatchObject({ deadLetter: { messageId: id }, payload: { cut: false } });
  expect(found.envelope).not.toContain('"payload"');
  expect(found.curl).toMatch(/^curl http:\/\/localhost:3000 .*idempotency-key: .*--data-raw '\{/s);
  // Everything is where it was.
  expect(deadLetters.state().every(({ visible }) => visible)).toBe(true);
});

test("the dead letters of one cause go back, and no others; who did it, and by which command, is written down", async () => {
  for (const each of [1, 2]) await deadLetters.put(`{"n":${each}}`, REFUSED);
  await deadLetters.put('{"n":3}', { message: "Another reason." });
  await looked();
  const { causes } = await call("causes", { filter: {} });
  const filter = { cause: causes[0]?.id ?? "" };
  expect(await call("dryRun", { filter })).toEqual({ said: "2 would be redriven: 2 permanent." });
  expect(deadLetters.cloud.messages("main")).toEqual([]);

  const begun = await call("act", { action: { kind: "redrive", filter } });
  expect(begun.command).toBe(`npm run genesys-dlq -- dlq redrive --cause=${filter.cause} --local`);
  expect(await ended()).toMatchObject({
    state: "done",
    said: ["2 of 2 redriven."],
    operator: expect.stringMatching(/.+ on this machine/),
  });
  expect(deadLetters.cloud.messages("main")).toHaveLength(2);
  expect(deadLetters.state()).toHaveLength(1);
  // The page looks anew by itself.
  await until(
    "snapshot",
    () => call("snapshot", {}),
    ({ count, running }) => count === 1 && running === undefined,
  );
});

test("what the command would refuse is refused in its words, before anything is done", async () => {
  await deadLetters.put("{}");
  await looked();
  const refusals: readonly [string, unknown, RegExp][] = [
    ["deadLetters", { filter: { class: "nonsense" }, page: 0 }, /Allowed choices are/],
    ["act", { action: { kind: "redrive", filter: { since: "yesterday" } } }, /2026-11-24T08:00Z/],
    ["act", { action: { kind: "redrive", filter: { colour: "red" } } }, /there is not/],
    ["act", { action: { kind: "purge", filter: {} } }, /there is not/],
    ["act", { action: { kind: "replay", id: "x", to: "http://example.com" } }, /another machine/],
    ["deadLetter", { id: "nobody" }, /no dead letter nobody/],
  ];
  for (const [name, input, message] of refusals) {
    const response = await post(name, input);
    const { error } = (await response.json()) as { error: { message: string } };
    expect([input, response.ok, error.message]).toEqual([input, false, expect.stringMatching(message)]);
  }
  expect(await call("activity", {})).toEqual([]);
  expect(deadLetters.state()).toHaveLength(1);
});

test("a part that cannot be asked says so, and the others answer", async () => {
  const response = await post("breaker", {}); // there is no state table here
  expect(response.status).toBe(502);
  expect(((await response.json()) as { error: object }).error).toEqual({
    message: expect.any(String),
    remedy: expect.any(String),
  });
  expect(await call("queue", {})).toMatchObject({ waiting: 0, deadLetters: 0 });
});
