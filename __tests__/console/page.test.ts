import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { jest } from "@jest/globals";
import type { Page } from "playwright-core";
import { findEnvironment } from "../../cli/environment/find.ts";
import { type Console, listenConsole } from "../../console/server/listen.ts";
import { inBrowser, type OpenOptions, openTab } from "../support/browser.ts";
import { startDestination } from "../support/destination.ts";
import { forAllTests } from "../support/hooks.ts";
import { runInProcess } from "../support/in-process.ts";
import { localRun } from "../support/local-bench.ts";
import { postUntilTaken, quickInput, webhookEvent } from "../support/local-run.ts";
import { all, times } from "../support/watch.ts";

jest.setTimeout(120_000);

inBrowser("the console's page", (browser) => {
  const bench = localRun({
    input: {
      ...quickInput,
      breaker: { failingEvents: 3, probeBaseSeconds: 2, probeCapSeconds: 2, settleSeconds: 1 },
    },
    scheduleEverySeconds: 1,
  });
  const { run, destination } = bench;
  const served = forAllTests<Console>(async () => {
    const it = await listenConsole({ environment: () => findEnvironment({ data: bench.data }) });
    run.runEvents.on(() => it.changed("state"));
    return it;
  });
  let page: Page;
  let tries = 0;
  let troubles: string[];
  const open = async (options?: OpenOptions, hash = "") => {
    await page?.context().close();
    ({ page, troubles } = await openTab(browser, options));
    await page.goto(served.url);
    await page.getByRole("heading", { name: "Failures by cause" }).waitFor();
    if (hash !== "") await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
  };
  const state = (text: string | RegExp) => page.getByLabel("State").getByText(text).waitFor();
  const figure = (name: string) =>
    page.locator(".figures > div", { has: page.getByText(name, { exact: true }) }).locator("strong");
  const refuse = (...types: string[]) => {
    destination.answer = ({ body }) => ({
      status: types.some((type) => body.includes(`"${type}"`)) ? 422 : 200,
      body: "not a type of ours",
    });
  };

  afterEach(() => {
    expect(troubles).toEqual([]);
    destination.reset();
  });
  afterAll(() => page?.context().close());

  test("a newcomer sees that it delivers, an event that died, why, and what it was; and tries it at home", async () => {
    await open();
    await state("Delivering");
    await state(/No event waits\./);
    await page.getByText("No dead letters.").waitFor();
    refuse("order.unknown");
    await postUntilTaken(
      run,
      webhookEvent("order.unknown", { note: "<b>\u202e🙂</b>", conversationId: "c-1" }),
    );
    await postUntilTaken(run, webhookEvent("order.known"));
    // Nobody asks the page to look again.
    await page.getByRole("link", { name: /The destination answered 422/ }).click();
    await page.getByText("1 of 1 dead letter").waitFor();
    await page.locator("tbody a").click();
    await page.getByText(/"note": "<b>\\u\{202e\}🙂<\/b>"/).waitFor();
    await page.getByText("1 attempt").waitFor();
    await page.getByRole("button", { name: "Copy as curl" }).click();
    await page.getByText("Copied").waitFor();
    expect(await page.evaluate("navigator.clipboard.readText()")).toMatch(/^curl .*idempotency-key: /s);

    const home = await startDestination();
    await page.getByRole("button", { name: "Replay to my machine…" }).click();
    await page.getByLabel("Where it listens").fill(home.url);
    await page.getByRole("button", { name: "Replay", exact: true }).click();
    await page.getByText(/ answered 200 after /).waitFor();
    expect(home.requests[0]?.headers).toMatchObject({ "x-attempt": "2", "x-event-type": "order.unknown" });
    await home.stop();
  });

  test("an outage from its beginning to its end, without a key being pressed", async () => {
    await open();
    destination.answer = () => ({ status: 503, body: "maintenance" });
    for (let each = 0; each < 12; each++) await postUntilTaken(run, webhookEvent(`outage-${each}`));
    await state(/^Held back since .*The destination answered 503/);
    await page.locator(".figures strong", { hasText: /^1[0-2]$/ }).waitFor();
    await state(/\d\s% of the last \d+ attempts succeeded\./);
    await state(/1[0-2] events wait, the oldest for/);
    await page.getByText("open", { exact: true }).waitFor();
    destination.reset();
    await state(/^Delivering/);
    await state(/No event waits\./);
    expect(await figure("Waiting").textContent()).toBe("0");
  });

  test("one cause is redriven, after a dry run; the others stay", async () => {
    await open();
    const strange = `order.strange-${tries++}`; // a second try finds what the first has left
    const before = all(run, "deadLettered").length;
    refuse("order.unknown", strange);
    for (const type of ["order.unknown", strange, strange])
      await postUntilTaken(run, webhookEvent(type, { at: Math.random() }));
    await times(run, "deadLettered", before + 3);
    const cause = page.locator(".causes tr", { hasText: strange });
    await cause.getByText("2", { exact: true }).waitFor();
    refuse();
    await cause.getByRole("button", { name: "Redrive…" }).click();
    const both = page.getByText("2 would be redriven: 2 permanent.");
    // What recovery looks at meanwhile is hidden, and no part of a dry run: then once more.
    while (!(await both.isVisible())) {
      await page.getByRole("button", { name: "Dry run" }).click();
      await page
        .getByText(/ would be redriven/)
        .first()
        .waitFor();
    }
    await page.getByText(/npm run genesys-dlq -- dlq redrive --cause=\w{8} --local/).waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Redrive", exact: true }).click();
    await page.getByText("2 of 2 redriven.").first().waitFor();
    await cause.waitFor({ state: "detached" });
    await page.locator(".causes tr", { hasText: "order.unknown" }).waitFor();
  });

  test("deliveries are stopped and resumed by keyboard alone, and it is written down who did it", async () => {
    await open();
    await page.getByRole("button", { name: "Stop deliveries…" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape"); // thought better of it
    // The element, not the role: a dialog that is closed has none, and is there for a moment.
    await page.locator("dialog").waitFor({ state: "detached" });
    await page.keyboard.press("Enter");
    await page.getByLabel("Reason, for whoever asks").fill("maintenance of 'the CRM'");
    await page
      .getByText(`npm run genesys-dlq -- breaker open '--reason=maintenance of '\\''the CRM'\\''' --local`)
      .waitFor();
    await page.keyboard.press("Enter");
    await state(/^Stopped by a person since .*maintenance of 'the CRM'/);
    await page.getByRole("button", { name: "Resume deliveries…" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByRole("button", { name: "Resume deliveries" }).press("Enter");
    await state(/^Delivering/);
    await page.getByRole("link", { name: "Done here" }).first().press("Enter");
    await page.getByText("The breaker is closed.").waitFor();
    await page
      .getByText(/ by .+ on this machine/)
      .first()
      .waitFor();
  });

  test("a thousand events are seen live, and none of them is left out", async () => {
    await open({}, "#/events");
    await page.locator(".total").waitFor();
    const live = `live-${tries++}`; // a second try finds what the first has left
    const posted = Array.from({ length: 1_000 }, (_, each) => each);
    const sender = async () => {
      for (let each = posted.pop(); each !== undefined; each = posted.pop()) {
        await postUntilTaken(run, webhookEvent("live", { each, conversationId: `${live}-${each}.` }));
      }
    };
    await Promise.all(Array.from({ length: 10 }, sender));
    await page.getByRole("textbox", { name: "search" }).fill(`${live}-`);
    await page.getByLabel("outcome").selectOption("delivered");
    await page.getByText("1\u202f000 events").waitFor();
    const seen = new Set<string>();
    for (let number = 1; ; number++) {
      await page.getByText(`Page ${number} of 20`).waitFor();
      for (const title of await page.locator("tbody a").all())
        seen.add((await title.getAttribute("title")) ?? "");
      if (number === 20) break;
      await page.getByRole("link", { name: "Older" }).click();
    }
    expect(seen.size).toBe(1_000);
    // The way of one of them.
    await page.locator("tbody a").first().click();
    await page.getByText("accepted", { exact: true }).waitFor();
    await page.getByText(/^attempt 1, answered 200/).waitFor();
    await page.getByText("Nothing: it is delivered.").waitFor();
  });

  async function askForForecast(): Promise<void> {
    await page.getByLabel("hours of outage").fill("72");
    await page.getByLabel("events a second").fill("50");
    await page.getByRole("button", { name: "Forecast" }).click();
    await page.getByText(/^What would help most: /).waitFor();
  }

  test("an outage is forecast from the settings that run, with the command that tells the same", async () => {
    await open({}, "#/forecast");
    await askForForecast();
    const facts = page.locator("dl.facts");
    expect(await facts.textContent()).toContain("0: an outage is no event's fault");
    const [command = ""] = await page.locator(".command code").allTextContents();
    expect(command).toContain("forecast --rate 50 --outage 72h --latency 100ms --local");
    const words = ["forecast", "--rate", "50", "--outage", "72h", "--latency", "100ms"];
    const { code, stdout } = await runInProcess([...words, "--data", bench.data, "--json"], {});
    expect(code).toBe(0);
    const { outlook } = JSON.parse(stdout) as { outlook: { backlog: number } };
    expect(outlook.backlog).toBeGreaterThan(10_000_000);
    expect(await facts.textContent()).toContain("million events");
  });

  const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  const looks: OpenOptions[] = [{}, { scheme: "dark" }, { width: 400 }, { width: 400, scheme: "dark" }];
  test.each(looks)(
    "%j: every view passes an accessibility checker, and none is wider than the screen",
    async (look) => {
      await open(look);
      const row = "#/dead-letters?class=permanent";
      for (const hash of ["#/", row, "#/events", "event", "#/forecast", "#/activity", "letter", "dialog"]) {
        if (hash === "letter") {
          await page.evaluate(`location.hash = "${row}"`);
          await page.locator("tbody a").first().click();
          await page.getByLabel("The envelope").waitFor();
        } else if (hash === "event") {
          await page.locator("tbody a").first().click();
          await page.getByRole("heading", { name: "One event" }).waitFor();
          await page.getByText("accepted", { exact: true }).waitFor();
        } else if (hash === "dialog") {
          await page.getByRole("button", { name: "Redrive…" }).first().click();
          await page.getByRole("dialog").waitFor();
        } else {
          await page.evaluate(`location.hash = "${hash}"`);
          await page.locator("main h1, main h2").first().waitFor();
          if (hash === "#/forecast") await askForForecast();
        }
        // Past the page's CSP: the checker is ours, and not the page's.
        const session = await page.context().newCDPSession(page);
        await session.send("Runtime.evaluate", { expression: axe });
        const found = (await page.evaluate(
          `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes.map((node) => node.html).join(" ")))`,
        )) as string[];
        const isWide = await page.evaluate("document.documentElement.scrollWidth > innerWidth");
        expect([hash, found, isWide]).toEqual([hash, [], false]);
      }
    },
  );
});
