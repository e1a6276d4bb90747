// What a reader does with the report of the sample corpus.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { launch, open, OTHERS, REPORT } from "./browser.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SHOTS = process.env.SCREENSHOTS;

let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser?.close(); });

const visible = (page) => page.locator("#grid tbody tr:visible");
const column = (page, place) => page.locator(`#grid tbody tr:visible > :nth-child(${place})`).allTextContents();

test("it asks for nothing but itself and has nothing to complain about", async () => {
  const { page, requests, complaints, close } = await open(browser);
  await page.waitForFunction(() => document.documentElement.classList.contains("js"));
  assert.deepEqual(requests, [REPORT]);
  assert.deepEqual(complaints, []);
  await close();
});

test("without scripts the tables and pictures are there and the links lead on", async () => {
  const { page, complaints, close } = await open(browser, { javaScriptEnabled: false });
  assert.ok((await page.locator("#grid tbody tr").count()) > 10);
  assert.ok(await page.locator("#overview svg rect.bar").first().isVisible());
  assert.equal(await page.locator("form:visible").count(), 0, "a filter that does nothing is not shown");
  await page.locator("#grid td.d a[href^='#']").first().click();
  assert.ok(await page.locator("#documents li:target, #documents li:has(:target), #documents li.at").first().isVisible());
  assert.deepEqual(complaints, []);
  await close();
});

test("a click on a heading sorts, another turns it round", async () => {
  const { page, close } = await open(browser);
  const head = page.locator("#grid thead th").last();
  await head.getByRole("button").click();
  assert.equal(await head.getAttribute("aria-sort"), "descending");
  const place = await page.locator("#grid thead th").count();
  const down = (await column(page, place)).map(Number);
  assert.deepEqual(down, [...down].sort((a, b) => b - a));
  assert.ok(new Set(down).size > 1, "there is something to sort");
  await head.getByRole("button").press("Enter");
  assert.equal(await head.getAttribute("aria-sort"), "ascending");
  assert.deepEqual((await column(page, place)).map(Number), [...down].sort((a, b) => a - b));
  await close();
});

test("year, industry, kind and words leave the rows they name", async () => {
  const { page, close } = await open(browser);
  const form = page.locator("#grid-filter");
  assert.deepEqual([...new Set(await column(page, 2))], ["2024"], "the latest year comes first");
  await form.locator("[name=y]").selectOption("");
  await page.waitForFunction(() => !document.querySelector("#grid tbody tr[hidden]"));
  const everything = await visible(page).count();
  const only = (text, rows) =>
    page.waitForFunction(
      ([text, rows]) => {
        const shown = [...document.querySelectorAll("#grid tbody tr:not([hidden])")];
        return shown.length === rows && shown.every((row) => row.textContent.includes(text));
      },
      [text, rows],
    );
  await form.locator("[name=i]").selectOption("銀行");
  await only("銀行", 2);
  await form.locator("[name=i]").selectOption("");
  await form.locator("[name=q]").fill("９９０ａ");
  await only("990A", 2);
  await form.locator("[name=q]").fill("");
  await page.waitForFunction((n) => document.querySelectorAll("#grid tbody tr:not([hidden])").length === n, everything);
  const before = await page.locator("#grid tbody").innerHTML();
  await form.locator("[name=k]").selectOption("有価証券報告書");
  await page.waitForFunction((n) => document.querySelectorAll("#grid tbody tr:not([hidden])").length < n, everything);
  const links = page.locator("#grid tbody tr:visible td.d a.p");
  assert.ok((await links.count()) > 3);
  for (const href of await links.evaluateAll((all) => all.map((a) => a.getAttribute("href")))) {
    assert.match(href, /yuho/, "only pages of the kind asked for");
  }
  await form.locator("[name=k]").selectOption("");
  await page.waitForFunction((n) => document.querySelectorAll("#grid tbody tr:not([hidden])").length === n, everything);
  assert.equal(await page.locator("#grid tbody").innerHTML(), before, "and all of it comes back");
  await close();
});

test("a cell leads to its evidence, and the evidence to the page of the PDF", async () => {
  const { page, close } = await open(browser);
  const cell = page.locator("#grid tbody tr:visible td.d").first();
  await cell.locator("a[href^='#']").hover();
  const tip = await page.locator("#tip").textContent();
  await cell.locator("a[href^='#']").click();
  const item = page.locator("#documents li:target, #documents li:has(:target), #documents li.at").first();
  await item.waitFor({ state: "visible" });
  assert.ok(tip.includes(await item.locator("q").textContent()), "the quote was shown before");
  assert.ok((await item.locator("mark").count()) > 0);
  const href = await item.locator("a[href]").first().getAttribute("href");
  const url = new URL(href, REPORT);
  assert.match(url.hash, /^#page=\d+$/);
  assert.ok(existsSync(fileURLToPath(new URL(url.href.replace(/#.*/, "")))), href);
  assert.equal(href, await cell.locator("a.p").getAttribute("href"));
  await close();
});

test("a link to evidence can be sent to others", async () => {
  const { page: first, close } = await open(browser);
  const hash = await first.locator("#grid td.d a[href^='#']").last().getAttribute("href");
  await close();
  const { page, close: done } = await open(browser, {}, hash);
  await page.locator("#documents li:target, #documents li:has(:target), #documents li.at").first().waitFor({ state: "visible" });
  await done();
});

test("evidence is searched by words and category", async () => {
  const { page, close } = await open(browser);
  const form = page.locator("#evidence-filter");
  await form.locator("[name=q]").fill("CSIRT");
  await page.waitForFunction(() => document.querySelectorAll("#documents details[open]").length > 0);
  const texts = await page.locator("#documents li:visible").allTextContents();
  const companies = await page.locator("#documents details:visible > summary").allTextContents();
  assert.ok(texts.length > 0);
  for (const text of texts) assert.match(`${text} ${companies}`.normalize("NFKC"), /csirt/i);
  await form.locator("[name=q]").fill("");
  await form.locator("[name=c]").selectOption("C07");
  await page.waitForFunction(() => document.querySelectorAll("#documents details:not([hidden])").length > 0);
  await page.waitForTimeout(300);
  for (const item of await page.locator("#documents li:visible").all()) {
    assert.ok((await item.locator("b").allTextContents()).includes("C07"));
  }
  await close();
});

test("the heat map tells its counts to the pointer and to the keyboard", async () => {
  const { page, close } = await open(browser);
  const cells = page.locator("#industries svg.heat").first().locator("[role=img]");
  await cells.first().focus();
  const first = await page.locator("#tip").textContent();
  assert.match(first, /\d+\/\d+社/);
  assert.ok(await page.locator("#tip").isVisible());
  await page.keyboard.press("ArrowRight");
  const second = await page.locator("#tip").textContent();
  assert.match(second, /C02/);
  await page.keyboard.press("Escape");
  assert.ok(await page.locator("#tip").isHidden());
  await cells.nth(3).hover();
  assert.match(await page.locator("#tip").textContent(), /C04/);
  await close();
});

test("on a narrow screen every picture fits, and the names of its rows are in sight", async () => {
  const { page, close } = await open(browser, { viewport: { width: 390, height: 900 } });
  for (const figure of await page.locator("figure:visible svg:visible").all()) {
    const { x, width } = await figure.boundingBox();
    assert.ok(x >= 0 && x + width <= 390, `${await figure.getAttribute("aria-label")}: ${x} to ${x + width}`);
  }
  const heat = page.locator("#industries svg.heat:visible").first();
  const cells = heat.locator("[role=img]");
  await cells.first().focus();
  await page.keyboard.press("ArrowDown");
  assert.match(await page.locator("#tip").textContent(), /C01/, "an arrow down leads to the next row");
  await close();
});

/** What axe-core finds on a page, everything on it unfolded. */
async function violations(page) {
  await page.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
  // What is off the screen is not laid out until it is scrolled to; axe takes colours by place.
  await page.addStyleTag({ content: ".doc { content-visibility: visible !important; }" });
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => axe.run({ resultTypes: ["violations"] }));
  return violations.map((v) => `${v.impact} ${v.id}: ${v.nodes.length} × ${v.nodes[0].html} ${v.nodes[0].failureSummary}`);
}

for (const colorScheme of ["light", "dark"]) {
  for (const width of [1280, 390]) {
    test(`at ${width} pixels, ${colorScheme}: axe finds nothing, and nothing but tables is wider than the screen`, async () => {
      const { page, close } = await open(browser, { colorScheme, viewport: { width, height: 900 } });
      assert.deepEqual(await violations(page), []);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
      await page.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = false; }));
      if (SHOTS) {
        mkdirSync(SHOTS, { recursive: true });
        await page.evaluate(() => scrollTo(0, 0));
        await page.screenshot({ path: `${SHOTS}/${width}-${colorScheme}.png`, fullPage: true });
      }
      await close();
    });
  }
}

test("on paper the filters are gone and the pictures are there", async () => {
  const { page, close } = await open(browser);
  await page.emulateMedia({ media: "print" });
  assert.ok(await page.locator("#grid-filter").isHidden());
  assert.ok(await page.locator("nav").isHidden());
  assert.ok(await page.locator("#industries svg").first().isVisible());
  assert.ok(await page.locator("#documents details").first().isHidden(), "evidence that was not opened is not printed");
  await close();
});

for (const report of OTHERS) {
  test(`${new URL(report).pathname}: axe and the console find nothing`, async () => {
    const { page, requests, complaints, close } = await open(browser, { colorScheme: "dark" }, "", report);
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(requests, [report]);
    assert.deepEqual(complaints, []);
    await close();
  });
}

test("the pictures are well-formed files of their own", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  for (const name of ["bars_2024", "heatmap_industry_2024", "heatmap_kind_2024", "slopes"]) {
    await page.goto(new URL(`figures/${name}.svg`, REPORT).href);
    const [root, errors] = await page.evaluate(() => [document.documentElement.nodeName, document.querySelectorAll("parsererror").length]);
    assert.deepEqual([root, errors], ["svg", 0], name);
  }
  await context.close();
});
