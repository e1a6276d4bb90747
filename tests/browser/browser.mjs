// A browser on this machine, and a page of the report in it.

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/** The browser of `CHROMIUM`, or the first that the path has. */
export function executable() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const name of NAMES) {
    for (const folder of (process.env.PATH ?? "").split(delimiter)) {
      const file = join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // Not in this folder.
      }
    }
  }
  throw new Error("no Chromium here: install one, or name it with CHROMIUM");
}

/** The report that is read. */
export const REPORT = pathToFileURL(process.env.REPORT ?? "../../output/report.html").href;

/** Further reports, to be looked at. */
export const OTHERS = (process.env.OTHERS ?? "").split("\n").filter(Boolean).map((file) => pathToFileURL(file).href);

/** Starts the browser; in a container it has no sandbox of its own. */
export function launch() {
  return chromium.launch({ executablePath: executable(), args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}

/** Opens the report, and writes down what it should not do: ask for anything, or complain. */
export async function open(browser, options = {}, hash = "", report = REPORT) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const requests = [];
  const complaints = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(report + hash);
  return { page, requests, complaints, close: () => context.close() };
}
