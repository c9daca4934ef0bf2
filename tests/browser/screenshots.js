/** Pictures of pages and widget, for the README and for looking at: `node screenshots.js [directory]`. */

import { mkdir } from "node:fs/promises";
import path from "node:path";

import { start_browser, with_page } from "./support/browser.js";
import { snippet, start_host } from "./support/host.js";
import { start_service } from "./support/service.js";
import { open_widget, says } from "./support/widget.js";

const DIRECTORY = path.resolve(process.argv[2] ?? path.join(import.meta.dirname, "../../docs/screenshots"));

/** What is pictured, by the name of the file. */
const PICTURES = {
  start: "/",
  search: "/suche?q=bürgerinenrat",
  "search-filtered": "/suche?q=online&format_type=digital&participants=200&cost_max=k1",
  "search-nothing": "/suche?q=World Café&format_type=digital&kind=idea",
  entry: "/eintrag/world-cafe",
  finder: "/finder?purpose=ideen_sammeln&participants=40",
  compare: "/vergleich?ids=world-cafe,open-space,zukunftswerkstatt",
  topics: "/themen",
  embed: "/einbetten",
};

const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } };
const SCHEMES = ["light", "dark"];

const browser = await start_browser();
const { url: service, stop } = await start_service();
const host = await start_host(service);
await mkdir(DIRECTORY, { recursive: true });

async function take(name, size, scheme, open) {
  const options = { viewport: SIZES[size], colorScheme: scheme, deviceScaleFactor: size === "phone" ? 2 : 1 };
  await with_page(browser, options, async (page) => {
    await open(page);
    await page.screenshot({ path: path.join(DIRECTORY, `${name}-${size}-${scheme}.png`) });
  });
}

for (const [name, address] of Object.entries(PICTURES)) {
  const url = service + encodeURI(address);
  const { status } = await fetch(url);
  if (status === 404) {
    console.log(`${name}: left out, ${address} is not there`);
    continue;
  }
  for (const size in SIZES) for (const scheme of SCHEMES) await take(name, size, scheme, (page) => page.goto(url));
  console.log(`${name}: ${address}`);
}

const widget = host.put("/", { body: snippet(service, { attributes: `api="${service}"` }) });
for (const size in SIZES) {
  for (const scheme of SCHEMES) {
    await take("widget", size, scheme, async (page) => {
      const parts = await open_widget(page, `${widget}?mb-q=${encodeURIComponent("bürgerinenrat")}&mb-f.format_type=digital`);
      await says(parts, "Treffer");
    });
    await take("widget-suggestions", size, scheme, async (page) => {
      const { field, options } = await open_widget(page, widget);
      await field.pressSequentially("bürger");
      await options.first().waitFor();
      await field.press("ArrowDown");
    });
  }
}
console.log("widget");

await browser.close();
await Promise.all([stop(), host.stop()]);
