/** The pages of the service itself: barriers, width, weight, markup, paper, and life without JavaScript. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { HtmlValidate } from "html-validate";

import { COLOURS, WIDTHS, axe, layout_shift, overflow, side_by_side, with_page } from "./support/browser.js";

/** The pages that are looked at; `sheets` is the number of A4 sheets on paper, where that is a promise. */
export const PAGES = [
  { path: "/" },
  { path: "/suche?q=bürgerinenrat" },
  { path: "/suche?q=rat&topic=verkehr&kind=format&page=2" },
  { path: "/suche?q=World Café&format_type=digital&kind=idea", what: "no hits" },
  { path: "/eintrag/world-cafe", sheets: 1 },
  { path: "/eintrag/aachen-buergerrat" },
  { path: "/themen" },
  { path: "/themen/topics/verkehr" },
  { path: "/a-z" },
  { path: "/daten" },
  { path: "/vergleich?ids=world-cafe,fishbowl,open-space" },
  { path: "/merkliste?ids=world-cafe,fishbowl" },
  { path: "/ablauf?ids=world-cafe,fishbowl" },
  { path: "/api" },
  { path: "/embed?kind=format", embedded: true },
  { path: "/?lang=en" },
  { path: "/suche?q=rat&lang=en" },
  { path: "/gibt-es-nicht", status: 404 },
];

/** What a page may weigh on first view, everything that the browser fetches for it as it comes over the wire. */
const BYTES_MAX = 60_000;

/** What moves by itself; Google calls below 0.1 good, we want none. */
const SHIFT_MAX = 0.01;

const RULES = {
  extends: ["html-validate:standard", "html-validate:a11y", "html-validate:document"],
  rules: {
    // How the file is written, not what it says.
    "no-trailing-whitespace": "off",
    "attribute-boolean-style": "off",
    "void-style": ["error", { style: "omit" }],
    "doctype-style": ["error", { style: "lowercase" }],
    // Titles carry what people typed, which may be long.
    "long-title": "off",
    // The hash stands in the address; these files come from the same origin as the page.
    "require-sri": "off",
    // Pages name the landmark for browsers older than <search>.
    "prefer-native-element": ["error", { exclude: ["search"] }],
  },
};

export function page_tests({ browser, service }) {
  const here = PAGES.map((page) => ({ status: 200, ...page, url: service + encodeURI(page.path) }));

  test("each page answers with the status it should", async () => {
    for (const { url, status } of here) assert.equal((await fetch(url)).status, status, url);
  });

  test("no page has a barrier that axe knows, scrolls sideways, moves or complains", async () => {
    const found = [];
    const look = (at, colours, width) => async () =>
      with_page(browser, { ...COLOURS[colours], viewport: { width, height: 900 } }, async (page) => {
        await page.goto(at.url, { waitUntil: "load" });
        const faults = [...(await axe(page)), ...page.faults.filter((it) => !it.includes(`status of ${at.status}`))];
        if ((await overflow(page)) > 0) faults.push(`wider than the window by ${await overflow(page)} pixels`);
        const shift = await layout_shift(page);
        if (shift > SHIFT_MAX) faults.push(`things move: ${shift}`);
        found.push(...faults.map((fault) => `${at.path}, ${colours}, ${width}: ${fault}`));
      });
    const cells = here.flatMap((at) =>
      Object.keys(COLOURS).flatMap((colours) => WIDTHS.map((width) => look(at, colours, width))),
    );
    await side_by_side(cells);
    assert.deepEqual(found, []);
  });

  test("axe sees what is broken on a page", () =>
    with_page(browser, {}, async (page) => {
      await page.goto(service);
      await page.evaluate(() => document.querySelector("label[for=q]").remove());
      const faults = await axe(page);
      assert.ok(faults.some((fault) => fault.startsWith("label ")), `${faults}`);
    }));

  test("letters twice as big fit on a phone and at a desk", async () => {
    const found = [];
    const look = ({ url, path }) => async () => {
      for (const width of WIDTHS) {
        await with_page(browser, { viewport: { width, height: 900 } }, async (page) => {
          await page.goto(url);
          await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
          const wider = await overflow(page);
          if (wider > 0) found.push(`${path}: wider than ${width} by ${wider} pixels`);
        });
      }
    };
    await side_by_side(here.map(look));
    assert.deepEqual(found, []);
  });

  test("the markup is valid", async () => {
    const validator = new HtmlValidate(RULES);
    const found = [];
    for (const { url, path } of here) {
      const report = await validator.validateString(await (await fetch(url)).text());
      const faults = report.results.flatMap((result) => result.messages);
      found.push(...faults.map(({ ruleId, message, line, selector }) => `${path}:${line} ${ruleId}: ${message} (${selector})`));
    }
    assert.deepEqual(found, []);
    const broken = await validator.validateString(`<!doctype html><html lang="de"><head><title>x</title></head><body><img src="x"></body></html>`);
    assert.ok(!broken.valid, "a picture without a text is found");
  });

  test("no page weighs more than 60 kB on first view, and all of it comes from here", async () => {
    for (const { url, path } of here) {
      await with_page(browser, {}, async (page) => {
        const session = await page.context().newCDPSession(page);
        await session.send("Network.enable");
        let bytes = 0;
        session.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
        await page.goto(url, { waitUntil: "networkidle" });
        assert.ok(bytes > 1_000 && bytes <= BYTES_MAX, `${path} weighs ${bytes} bytes`);
        assert.deepEqual(page.requests.filter((request) => !request.startsWith(service)), []);
        assert.deepEqual(await page.context().cookies(), []);
      });
    }
  });

  test("without JavaScript one searches, filters, and reads", () =>
    with_page(browser, { javaScriptEnabled: false, viewport: { width: 390, height: 844 } }, async (page) => {
      await page.goto(service);
      await page.getByRole("searchbox").fill("bürgerinenrat");
      await page.getByRole("button", { name: "Suchen" }).click();
      await page.waitForURL(/\/suche\?q=/);
      await page.locator("summary", { hasText: /^Filter/ }).click();
      await page.getByRole("checkbox", { name: /^Digital/ }).check();
      await page.getByRole("button", { name: "Filter anwenden" }).click();
      await page.waitForURL(/format_type=digital/);
      await page.locator(".hits").getByRole("link", { name: "Bürgerrat", exact: true }).click();
      await page.waitForURL(`${service}/eintrag/buergerrat`);
      assert.match(await page.getByRole("heading", { level: 1 }).textContent(), /Bürgerrat/);
    }));

  test("the field suggests, and what is taken is searched", () =>
    with_page(browser, { viewport: { width: 320, height: 700 } }, async (page) => {
      await page.goto(service);
      const field = page.getByRole("combobox", { name: "Beteiligung finden" });
      const shift = await layout_shift(page);
      await field.pressSequentially("plan", { delay: 20 });
      await page.getByRole("option").first().waitFor();
      assert.equal(await layout_shift(page), shift, "the list moves nothing");
      assert.equal(await overflow(page), 0);
      assert.deepEqual(await axe(page), []);
      await field.press("ArrowDown");
      const taken = await page.locator("[role=option][aria-selected=true]").textContent();
      await field.press("Enter");
      await page.waitForURL(/\/suche\?q=/);
      assert.equal(await page.getByRole("combobox").first().inputValue(), taken);
      assert.deepEqual(page.faults, []);
    }));

  test("the field suggests in English on an English page", () =>
    with_page(browser, {}, async (page) => {
      await page.goto(`${service}/?lang=en`);
      await page.getByRole("combobox").pressSequentially("bürger", { delay: 20 });
      await page.getByRole("listbox", { name: "Suggestions" }).waitFor();
      await page.keyboard.press("Enter");
      await page.waitForURL(/lang=en/);
    }));

  test("what is printed has as many sheets as it should", async () => {
    for (const { url, path, sheets } of here.filter((page) => page.sheets)) {
      await with_page(browser, {}, async (page) => {
        await page.goto(url);
        const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
        assert.equal(pdf.match(/\/Type\s*\/Page\b(?!s)/g)?.length, sheets, path);
      });
    }
  });
}
