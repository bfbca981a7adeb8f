import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { launchBrowser } from "../support/browser.ts";
import { COMMAND } from "../support/command.ts";
import { startDestination } from "../support/destination.ts";
import { REPOSITORY } from "../support/repository.ts";

/** Takes the pictures of docs/console.md, of a local run in which things go well, and then do not. Two minutes. */

const IMAGES = join(REPOSITORY, "docs", "images");
const WIDTH = 1_180;
let sent = 0;

const data = await mkdtemp(join(tmpdir(), "screenshots-"));
const destination = await startDestination();
const run = start(
  "local/main.ts",
  "--data",
  data,
  "--destination",
  destination.url,
  "--port",
  "0",
  "--no-samples",
  "--alarm-period",
  "20",
);
const browser: Browser = await launchBrowser();
try {
  const url = await printed(run, /http:\S+#token=\S+/);
  destination.answer = ({ body }) =>
    body.includes('"order.created"')
      ? { status: 422, body: `unknown customer ${body.length * 37}` }
      : body.includes('"survey.answered"')
        ? { status: 400, body: "the survey's form is not known here" }
        : { status: 200 };
  const page = await open(url, "light");
  const sending = Promise.all([
    send(180, 3, "conversation.ended"),
    send(60, 1, "conversation.summary.ready"),
    send(12, 0.2, "order.created"),
    send(4, 0.1, "survey.answered"),
  ]);
  await sending;
  await page.locator(".causes tr", { hasText: "survey.answered" }).waitFor();
  await page.waitForTimeout(12_000); // the last ten seconds are a point of the graphs then
  await shoot(page, "console-overview", 720);
  await page.getByRole("link", { name: /unknown customer/ }).click();
  await page.locator("tbody a").first().waitFor();
  await page.locator("tbody a").first().click();
  await page.getByLabel("The envelope").waitFor();
  await shoot(page, "console-dead-letter", 720);

  destination.answer = () => ({ status: 503, body: "down for maintenance" });
  const dark = await open(url, "dark");
  await Promise.all([send(60, 6, "conversation.ended"), send(60, 6, "conversation.summary.ready")]);
  await dark.getByText(/^Held back since/).waitFor({ timeout: 120_000 });
  await dark.waitForTimeout(12_000);
  await shoot(dark, "console-outage", 720);
} finally {
  await browser.close();
  run.kill("SIGTERM");
  await destination.stop();
  await rm(data, { recursive: true, force: true });
}

async function open(url: string, colorScheme: "light" | "dark"): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: WIDTH, height: 900 }, colorScheme });
  const page = await context.newPage();
  await page.goto(url);
  await page.getByRole("heading", { name: "Failures by cause" }).waitFor();
  return page;
}

async function shoot(page: Page, name: string, height: number): Promise<void> {
  await page.setViewportSize({ width: WIDTH, height });
  await page.mouse.move(0, 0);
  await page.waitForTimeout(500); // a new size is drawn
  await page.screenshot({ path: join(IMAGES, `${name}.png`) });
}

function start(...words: string[]): ChildProcess {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...words], {
    cwd: REPOSITORY,
  });
  child.stderr?.pipe(process.stderr);
  return child;
}

function printed(child: ChildProcess, pattern: RegExp): Promise<string> {
  let said = "";
  return new Promise((resolve, reject) => {
    child.once("exit", () => reject(new Error(said)));
    child.stdout?.on("data", (chunk) => {
      said += chunk;
      const [found] = pattern.exec(said) ?? [];
      if (found !== undefined) resolve(found);
    });
  });
}

function send(count: number, rate: number, type: string): Promise<void> {
  const child = spawn(process.execPath, [
    ...COMMAND,
    "send",
    "--data",
    data,
    "--count",
    String(count),
    "--rate",
    String(rate),
    "--type",
    type,
    "--seed",
    `pictures ${++sent}`,
  ]);
  return new Promise((resolve) => void child.once("exit", () => resolve()));
}
