/** One headless Chromium for all tests, and what they ask of a page. */

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const require = createRequire(import.meta.url);
const AXE = await readFile(require.resolve("axe-core/axe.min.js"), "utf8");

/** The rules of WCAG 2.2 A and AA, and axe's own advice. */
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** The rules that look at colours: all that is left to ask when nothing but the colours has changed. */
export const COLOUR_RULES = ["color-contrast", "link-in-text-block"];

/** Phone and desk. */
export const WIDTHS = [320, 1280];
/** How people see colours. */
export const COLOURS = {
  light: { colorScheme: "light", forcedColors: "none" },
  dark: { colorScheme: "dark", forcedColors: "none" },
  forced: { colorScheme: "dark", forcedColors: "active" },
};

/** How long a page and something on it may take. Machines of a continuous integration are slow and busy. */
const PAGE_MS_MAX = 60_000;
const PART_MS_MAX = 20_000;

/** Starts the browser; `CHROMIUM` names another one. */
export function start_browser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      // Containers of the continuous integration give no user namespaces; nothing foreign is ever opened here.
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/**
 * A page in a context of its own, closed when `use` ends. `page.faults` collects whatever the page complains of,
 * `page.requests` all addresses it asks for.
 */
export async function with_page(browser, options, use) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "de-DE", ...options });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(PART_MS_MAX);
    page.setDefaultNavigationTimeout(PAGE_MS_MAX);
    page.faults = [];
    page.requests = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) page.faults.push(message.text());
    });
    page.on("pageerror", (error) => page.faults.push(error.message));
    page.on("request", (request) => page.requests.push(request.url()));
    return await use(page);
  } finally {
    await context.close();
  }
}

/** What axe finds, by all rules or only these. It runs in a world of its own, which no policy of the page reaches. */
export async function axe(page, runOnly = RULES) {
  const session = await page.context().newCDPSession(page);
  try {
    const { frameTree } = await session.send("Page.getFrameTree");
    const world = { frameId: frameTree.frame.id, worldName: "axe" };
    const { executionContextId: contextId } = await session.send("Page.createIsolatedWorld", world);
    await session.send("Runtime.evaluate", { expression: AXE, contextId });
    const options = JSON.stringify({ runOnly, resultTypes: ["violations"] });
    const expression = `axe.run(document, ${options}).then((result) => JSON.stringify(result.violations))`;
    const { result } = await session.send("Runtime.evaluate", { expression, contextId, awaitPromise: true });
    if (result.type !== "string") throw new Error(`axe did not run: ${JSON.stringify(result)}`);
    return JSON.parse(result.value).flatMap(({ id, impact, help, nodes }) =>
      nodes.map((node) => `${id} (${impact}): ${help}: ${JSON.stringify(node.target)} ${node.failureSummary}`),
    );
  } finally {
    await session.detach();
  }
}

/** How far things have moved by themselves since the page was opened: the sum of all layout shifts. */
export const layout_shift = (page) =>
  page.evaluate(
    () =>
      new Promise((done) => {
        let sum = 0;
        const observer = new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) sum += entry.hadRecentInput ? 0 : entry.value;
        });
        observer.observe({ type: "layout-shift", buffered: true });
        setTimeout(() => done(sum), 100);
      }),
  );

/** Width in pixels by which the page is wider than the window. */
export const overflow = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Runs jobs side by side, so many at a time: axe is a matter of the processor, pages mostly wait. */
export async function side_by_side(jobs, at_once = 3) {
  const waiting = [...jobs];
  const worker = async () => {
    for (let job = waiting.shift(); job; job = waiting.shift()) await job();
  };
  await Promise.all(Array.from({ length: at_once }, worker));
}
