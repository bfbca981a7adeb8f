import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { findEnvironment } from "../../cli/environment/find.ts";
import { type Console, listenConsole } from "../../console/server/listen.ts";
import { inBrowser, openTab } from "../support/browser.ts";
import { startDeadLetters } from "../support/dead-letters.ts";
import { forAllTests } from "../support/hooks.ts";

const deadLetters = forAllTests(startDeadLetters);
const served = forAllTests<Console>(() =>
  listenConsole({ environment: () => findEnvironment({ data: deadLetters.folder }) }),
);

interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

function ask({ method = "POST", path = "/api/queue", headers = {}, body = "{}" }: Asked) {
  const { host, hostname, port } = new URL(served.url);
  return new Promise<{ status: number; headers: Record<string, unknown>; text: string }>(
    (resolve, reject) => {
      const asked = httpRequest(
        { method, path, hostname, port, headers: { host, ...headers } },
        (response) => {
          let text = "";
          response.on("data", (chunk) => {
            text += chunk;
          });
          response.on("end", () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
          );
        },
      );
      asked.on("error", reject).end(method === "GET" ? undefined : body);
    },
  );
}

const token = () => new URL(served.url).hash.replace("#token=", "");
const own = () => ({ authorization: `Bearer ${token()}`, "content-type": "application/json" });
const NAME = { "x-forwarded-host": "127.0.0.1" };

test("whoever has the token is answered, and only by a POST in JSON to this machine's own name", async () => {
  expect((await ask({ headers: own() })).status).toBe(200);
  const refused: readonly [Asked, number][] = [
    [{ headers: { ...own(), host: "evil.example" } }, 403],
    [{ headers: { ...own(), ...NAME, host: `evil.example:${new URL(served.url).port}` } }, 403],
    [{ headers: { ...own(), origin: "http://127.0.0.1:1" } }, 403],
    [{ headers: { ...own(), origin: "null" } }, 403],
    [{ headers: { ...own(), "sec-fetch-site": "same-site" } }, 403],
    [{ headers: { ...own(), "sec-fetch-site": "cross-site" } }, 403],
    [{ headers: { ...own(), authorization: "" } }, 401],
    [{ headers: { ...own(), authorization: `Bearer ${token().slice(1)}x` } }, 401],
    [{ headers: { ...own(), cookie: `token=${token()}`, authorization: "" } }, 401],
    [{ path: `/api/queue?token=${token()}`, headers: { "content-type": "application/json" } }, 401],
    [{ headers: { ...own(), "content-type": "text/plain" } }, 415],
    [{ headers: { ...own(), "content-type": "application/x-www-form-urlencoded" } }, 415],
    [{ method: "GET", headers: own() }, 405],
    [{ method: "PUT", headers: own() }, 405],
    [{ headers: own(), body: "{" }, 400],
    [{ headers: own(), body: JSON.stringify({ any: "x".repeat(100_000) }) }, 413],
    [{ headers: own(), body: '{"unknown":1}' }, 400],
    [{ path: "/api/__proto__", headers: own() }, 404],
    [{ path: "/api/purge", headers: own() }, 404],
    [{ path: "/", method: "POST", headers: own() }, 405],
    [{ path: "/..%2f..%2fpackage.json", method: "GET" }, 404],
  ];
  for (const [asked, status] of refused) {
    expect([asked, (await ask(asked)).status]).toEqual([asked, status]);
  }
});

test("the page itself holds no secret, and tells a browser to keep it apart", async () => {
  const { status, headers, text } = await ask({ method: "GET", path: "/" });
  expect([status, text.includes(token())]).toEqual([200, false]);
  expect(headers["content-security-policy"]).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
  expect(headers["content-security-policy"]).not.toMatch(/unsafe|\*/);
  expect(headers).toMatchObject({
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
  });
  expect(headers).not.toHaveProperty("access-control-allow-origin");
  expect(
    (await ask({ method: "GET", path: "/page.js", headers: { "sec-fetch-site": "same-site" } })).status,
  ).toBe(403);
});

inBrowser("a page of another site, in a browser", (browser) => {
  /** Tries whatever a page can try on another origin, and writes down what came of it. */
  const hostile = forAllTests(async () => {
    const server = createServer((request, response) => {
      const { searchParams } = new URL(request.url ?? "", "http://127.0.0.1");
      response.setHeader("content-type", "text/html");
      response.end(`<!doctype html><title>hostile</title><body><script>
        const target = ${JSON.stringify(searchParams.get("target"))};
        const act = JSON.stringify({action:{kind:"redrive",filter:{}}});
        const json = {method:"POST",body:act,headers:{"content-type":"application/json",authorization:"Bearer x"}};
        const seen = async (promise) => promise.then(() => "seen", () => "nothing");
        const element = (name, set) => new Promise((resolve, reject) => {
          const made = Object.assign(document.createElement(name), set, {onload: resolve, onerror: reject});
          document.body.append(made);
        });
        const socket = (made) => new Promise((resolve, reject) => { made.onopen = resolve; made.onmessage = resolve; made.onerror = reject; });
        const form = async (enctype) => {
          const frame = Object.assign(document.createElement("iframe"), {name: "f" + enctype});
          const made = Object.assign(document.createElement("form"), {action: target + "/api/act", method: "post", enctype, target: frame.name});
          made.append(Object.assign(document.createElement("input"), {name: act.slice(0, -1) + ',"x":"', value: '"}'}));
          document.body.append(frame, made);
          await new Promise((resolve) => { frame.onload = resolve; made.submit(); });
          return frame.contentWindow.document.body.textContent;
        };
        const tries = {
          fetch: () => fetch(target + "/api/act", json).then((r) => r.text()),
          simple: () => fetch(target + "/api/act", {method: "POST", body: act}).then((r) => r.text()),
          page: () => fetch(target + "/").then((r) => r.text()),
          get: () => fetch(target + "/api/queue").then((r) => r.text()),
          image: () => element("img", {src: target + "/icon.svg"}),
          script: () => element("script", {src: target + "/page.js"}),
          socket: () => socket(new WebSocket(target.replace("http", "ws") + "/api/changes")),
          events: () => socket(new EventSource(target + "/api/changes")),
          form: () => form("text/plain"),
          encoded: () => form("application/x-www-form-urlencoded"),
          frame: async () => {
            const frame = Object.assign(document.createElement("iframe"), {src: target + "/"});
            document.body.append(frame);
            await new Promise((resolve) => { frame.onload = resolve; });
            return frame.contentWindow.document.body.textContent;
          },
          noCors: async () => { await fetch(target + "/api/act", {method: "POST", body: act, mode: "no-cors"}); throw 0; },
          beacon: async () => { navigator.sendBeacon(target + "/api/act", act); throw 0; },
        };
        Promise.all(Object.entries(tries).map(async ([name, attempt]) => [name, await seen(attempt())]))
          .then((all) => { document.title = JSON.stringify(Object.fromEntries(all)); });
      </script>`);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return {
      port: (server.address() as AddressInfo).port,
      stop: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
    };
  });

  // Another port is another origin and the same site; a name is another site.
  test.each(["127.0.0.1", "localhost"])("from %s, it sees nothing and does nothing", async (host) => {
    await deadLetters.put("{}");
    const { page } = await openTab(browser);
    await page.goto(served.url); // with the token in this very browser
    await page.getByRole("heading", { name: "Failures by cause" }).waitFor();
    const target = new URL(served.url).origin;
    await page.goto(`http://${host}:${hostile.port}/?target=${target}`);
    await page.waitForFunction("document.title.startsWith('{')");
    const tries = Object.entries(JSON.parse(await page.title()) as Record<string, string>);
    expect(tries.filter(([, what]) => what === "seen")).toEqual([]);
    expect(tries).toHaveLength(13);
    const activity = await ask({ path: "/api/activity", headers: own() });
    expect(activity.text).toBe("[]");
    expect(deadLetters.cloud.messages("main")).toEqual([]);
    await page.context().close();
  });

  test("a part that cannot be asked says so, and the others stay", async () => {
    const { page } = await openTab(browser);
    await page.goto(served.url); // there is neither a state table nor CloudWatch here
    await page.getByText("Whether events are delivered is not known").waitFor();
    await page.locator(".problem").first().waitFor();
    await page.getByRole("link", { name: /^Dead letters \d/ }).waitFor();
    await page.locator(".causes tr").first().waitFor();
    await page.context().close();
  });

  test("the token is out of the address at once, and no other port's page has it", async () => {
    const { page } = await openTab(browser);
    await page.goto(served.url);
    await page.getByRole("heading", { name: "Failures by cause" }).waitFor();
    expect(page.url()).toBe(`${new URL(served.url).origin}/`);
    expect(await page.context().cookies()).toEqual([]);
    await page.goto(`http://127.0.0.1:${hostile.port}/?target=http://127.0.0.1:1`, { waitUntil: "commit" });
    expect(
      await page.evaluate("JSON.stringify([document.referrer, {...sessionStorage}, {...localStorage}])"),
    ).toBe(JSON.stringify(["", {}, {}]));
    // A tab that was not opened by the address is told what to do.
    const other = await page.context().newPage();
    await other.goto(new URL(served.url).origin);
    await other.getByRole("heading", { name: "This console does not know you" }).waitFor();
    await page.context().close();
  });
});
