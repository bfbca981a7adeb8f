import { type Outgoing, openExchange } from "../../../functions/destination/exchange.ts";
import { startDestination } from "../../support/destination.ts";
import { forEachTest } from "../../support/hooks.ts";

const target = forEachTest(startDestination);

const open = () =>
  openExchange({
    kind: "http",
    url: target.url,
    timeoutMilliseconds: 5_000,
    maxResponseBytes: 1_000,
    allowPrivateAddresses: true,
  });
const request = (): Outgoing => ({
  method: "POST",
  headers: {},
  signal: new AbortController().signal,
  redaction: undefined,
});

test("a kept connection that was closed meanwhile is no reason to keep none from then on", async () => {
  const exchange = open();
  await exchange(request());
  const answers = ["reset", { status: 201 }] as const;
  let asked = 0;
  target.answer = () => answers[asked++] ?? { status: 200 };
  expect(await exchange(request())).toMatchObject({ status: 201 });
  for (let i = 0; i < 3; i++) await exchange(request());
  // The first, the one of its own that the second attempt had, and one for all that came after.
  expect([target.requests.length, target.connections()]).toEqual([6, 3]);
});

test("a request is sent again once at most, and never one on a fresh connection", async () => {
  const exchange = open();
  target.answer = () => "reset";
  await expect(exchange(request())).rejects.toMatchObject({ code: "ECONNRESET" });
  expect(target.requests).toHaveLength(1);
  target.answer = () => ({ status: 200 });
  await exchange(request());
  target.answer = () => "reset";
  await expect(exchange(request())).rejects.toMatchObject({ code: "ECONNRESET" });
  expect(target.requests).toHaveLength(4);
});

test("what goes out is just what was handed over", async () => {
  await open()({ ...request(), headers: { "x-a": "b", "content-length": "2" }, bytes: Buffer.from("{}") });
  await open()({ ...request(), method: "HEAD" });
  expect(target.requests.map(({ method, body, headers }) => [method, String(body), headers["x-a"]])).toEqual([
    ["POST", "{}", "b"],
    ["HEAD", "", undefined],
  ]);
});

test("an answer that hangs ends with its signal, and what was aborted before goes out no second time", async () => {
  const exchange = open();
  await exchange(request());
  target.answer = () => "hang";
  const abandoned = target.abandoned();
  const controller = new AbortController();
  const asked = exchange({ ...request(), signal: controller.signal });
  const failed = expect(asked).rejects.toMatchObject({ name: "AbortError" });
  while (target.requests.length < 2) await new Promise((resolve) => setImmediate(resolve));
  controller.abort();
  await failed;
  await abandoned;
  expect(target.requests).toHaveLength(2);
});
