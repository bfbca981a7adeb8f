import { existsSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { forAllTests } from "./hooks.ts";

const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

const executablePath = [process.env["CHROMIUM_PATH"] ?? "", ...PLACES].find((path) => existsSync(path));

/**
 * Tests in a real browser, one for all of them. Where there is none they are skipped with a line that says so; in CI
 * that is a failure.
 */
export function inBrowser(name: string, define: (browser: Browser) => void): void {
  if (executablePath !== undefined) {
    describe(name, () => define(forAllTests(launchBrowser, (browser) => browser.close())));
    return;
  }
  const why = `${name}: not tested, there is no Chromium on this machine (CHROMIUM_PATH names one)`;
  process.stderr.write(`${why}\n`);
  if (process.env["CI"] === "true") {
    test(name, () => {
      throw new Error(why);
    });
  } else test.skip(why, () => {});
}

/** @throws where there is none */
export async function launchBrowser(): Promise<Browser> {
  const { chromium } = await import("playwright-core");
  return chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update"],
  });
}

export interface OpenOptions {
  readonly width?: number;
  readonly scheme?: "light" | "dark";
}

/** A tab of its own. What goes wrong in it is kept: every request that leaves its origin, every error. */
export async function openTab(
  browser: Browser,
  { width = 1_280, scheme = "light" }: OpenOptions = {},
): Promise<{ readonly page: Page; readonly troubles: string[] }> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on("pageerror", ({ message }) => troubles.push(message));
  page.on("console", (message) => {
    if (message.type() === "error") troubles.push(message.text());
  });
  page.on("request", (request) => {
    const { hostname } = new URL(request.url());
    if (hostname !== "127.0.0.1") troubles.push(`asked ${request.url()}`);
  });
  return { page, troubles };
}
