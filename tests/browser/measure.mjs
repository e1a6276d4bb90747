// How long a report takes a browser: `node measure.mjs REPORT`. Times in milliseconds, the median of three; processor time
// is that of the page's process and does not depend on what else the machine does.

import { pathToFileURL } from "node:url";
import { launch } from "./browser.mjs";

const url = pathToFileURL(process.argv[2] ?? process.env.REPORT).href;
const browser = await launch();

async function once() {
  const page = await browser.newPage();
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  await page.goto(url);
  await page.waitForFunction(() => document.documentElement.classList.contains("js"));
  const { metrics } = await session.send("Performance.getMetrics");
  const processor = 1000 * metrics.find(({ name }) => name === "ProcessTime").value;
  const figures = await page.evaluate(async () => {
    const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const time = async (act) => {
      const begun = performance.now();
      await act();
      await painted();
      return performance.now() - begun;
    };
    await painted();
    const [load] = performance.getEntriesByType("navigation");
    const pick = (form, name, value) => {
      const field = document.querySelector(`${form} [name=${name}]`);
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      return new Promise((done) => setTimeout(done, 130));
    };
    return {
      interactive: load.domInteractive,
      ready: performance.now(),
      sort: await time(() => document.querySelector("#grid thead th:last-child button").click()),
      "one kind of report": await time(() => pick("#grid-filter", "k", "統合報告書")),
      "search evidence": await time(() => pick("#evidence-filter", "q", "委託先")),
      "leave search": await time(() => pick("#evidence-filter", "q", "")),
      elements: document.querySelectorAll("*").length,
    };
  });
  await page.close();
  return { ...figures, "processor, till ready": processor };
}

const runs = [await once(), await once(), await once()];
for (const name of Object.keys(runs[0])) {
  const [, median] = runs.map((run) => run[name]).sort((a, b) => a - b);
  console.log(`${name.padEnd(22)} ${median.toFixed(0)}`);
}
await browser.close();
