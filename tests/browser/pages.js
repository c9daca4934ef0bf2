/** The pages of the service itself: barriers, width, weight, markup, paper, and life without JavaScript. */

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";

import { HtmlValidate } from "html-validate";

import { COLOURS, COLOUR_RULES, WIDTHS, axe, layout_shift, overflow, side_by_side, with_page } from "./support/browser.js";

/** The pages that are looked at; `sheets` is the number of A4 sheets on paper, where that is a promise. */
const PAGES = [
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
  { path: "/einbetten" },
  { path: "/einbetten?kind=format&topic=verkehr&widget-lang=en&heading-level=3" },
  { path: "/embed?kind=format" },
  { path: "/finder" },
  { path: "/finder?purpose=diskutieren&participants=40&audience=anwohnende&cost_max=k1" },
  { path: "/hinweis?eintrag=world-cafe&art=fehlt" },
  { path: "/hinweis/danke?eintrag=world-cafe" },
  { path: "/impressum" },
  { path: "/datenschutz" },
  { path: "/barrierefreiheit" },
  { path: "/leichte-sprache" },
  { path: "/gebaerdensprache" },
  { path: "/?lang=en" },
  { path: "/suche?q=rat&lang=en" },
  { path: "/hinweis?eintrag=world-cafe&lang=en" },
  { path: "/barrierefreiheit?lang=en" },
  { path: "/gibt-es-nicht", status: 404 },
];

/** What a page may weigh on first view, everything that the browser fetches for it as it comes over the wire. */
const BYTES_MAX = 60_000;

/** How far things may move by themselves; 0.1 is called good, we want none. */
const SHIFT_MAX = 0.01;

const RULES = {
  extends: ["html-validate:standard", "html-validate:a11y", "html-validate:document"],
  rules: {
    // How the file is written, not what it says.
    "no-trailing-whitespace": "off",
    "attribute-boolean-style": "off",
    "no-implicit-button-type": "off",
    "no-redundant-for": "off",
    "void-style": ["error", { style: "omit" }],
    "doctype-style": ["error", { style: "lowercase" }],
    // Titles carry what people typed, which may be long.
    "long-title": "off",
    // Said twice on purpose: styles that make blocks of a table take its meaning away.
    "no-redundant-role": "off",
    "aria-label-misuse": ["error", { allowAnyNamable: true }],
    // The hash stands in the address; these files come from the same origin as the page.
    "require-sri": "off",
    // Pages name the landmark for browsers older than <search>.
    "prefer-native-element": ["error", { exclude: ["search", "region"] }],
  },
};

/** Opens a page in a window of this width and notes what is wrong with it. */
const look = (browser, { url, path, status, service }, width, found) =>
  with_page(browser, { ...COLOURS.light, viewport: { width, height: 900 } }, async (page) => {
    const where = `${path}, ${width} pixels`;
    const session = await page.context().newCDPSession(page);
    await session.send("Network.enable");
    let bytes = 0;
    session.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
    await page.goto(url, { waitUntil: "load" });

    const barriers = (colours, faults) => found.barriers.push(...faults.map((it) => `${where}, ${colours}: ${it}`));
    barriers("light", await axe(page));
    for (const colours of ["dark", "forced"]) {
      await page.emulateMedia(COLOURS[colours]);
      barriers(colours, await axe(page, COLOUR_RULES));
    }
    const wider = await overflow(page);
    if (wider > 0) found.sideways.push(`${where}: ${wider} too wide`);
    const shift = await layout_shift(page);
    if (shift > SHIFT_MAX) found.moves.push(`${where}: ${shift}`);
    await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
    const wider_big = await overflow(page);
    if (wider_big > 0) found.big.push(`${where}: ${wider_big} too wide`);

    const own_status = `status of ${status}`;
    found.complaints.push(...page.faults.filter((it) => !it.includes(own_status)).map((it) => `${where}: ${it}`));
    if (bytes < 1_000 || bytes > BYTES_MAX) found.heavy.push(`${where}: ${bytes} bytes`);
    found.foreign.push(...page.requests.filter((request) => !request.startsWith(service)));
    found.foreign.push(...(await page.context().cookies()).map(({ name }) => `${where}: cookie ${name}`));
  });

export function page_tests({ browser, service }) {
  const here = PAGES.map((page) => ({ status: 200, ...page, service, url: service + encodeURI(page.path) }));

  test("each page answers with the status it should", async () => {
    for (const { url, status } of here) assert.equal((await fetch(url)).status, status, url);
  });

  describe("looked at once, phone and desk", () => {
    const found = { barriers: [], sideways: [], moves: [], complaints: [], big: [], heavy: [], foreign: [] };
    before(() => side_by_side(here.flatMap((at) => WIDTHS.map((width) => () => look(browser, at, width, found)))));

    test("no page has a barrier that axe knows, in light, dark and forced colours", () =>
      assert.deepEqual(found.barriers, []));
    test("no page scrolls sideways", () => assert.deepEqual(found.sideways, []));
    test("letters twice as big fit", () => assert.deepEqual(found.big, []));
    test("nothing moves by itself", () => assert.deepEqual(found.moves, []));
    test("no page complains: no policy is broken, no script fails", () => assert.deepEqual(found.complaints, []));
    test("no page weighs more than 60 kB on first view", () => assert.deepEqual(found.heavy, []));
    test("all of it comes from here, and nothing is kept", () => assert.deepEqual(found.foreign, []));
  });

  test("axe sees what is broken on a page", () =>
    with_page(browser, {}, async (page) => {
      await page.goto(service);
      await page.evaluate(() => document.querySelector("label[for=q]").remove());
      const faults = await axe(page);
      assert.ok(faults.some((fault) => fault.startsWith("label ")), `${faults}`);
    }));

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

  test("a notice is written with the keyboard alone, and what is wrong with it is said where one is", async () => {
    const focused = (page) => page.evaluate(() => document.activeElement.id || document.activeElement.className);
    for (const colours of Object.values(COLOURS)) {
      await with_page(browser, { ...colours, viewport: { width: 320, height: 700 } }, async (page) => {
        await page.goto(`${service}/hinweis?eintrag=world-cafe`);
        await page.getByRole("textbox", { name: "E-Mail-Adresse" }).fill("anna@");
        await page.keyboard.press("Enter");
        await page.getByRole("heading", { name: "Bitte noch einmal" }).waitFor();
        assert.match(await page.title(), /^Fehler: /);
        assert.match(await focused(page), /again/, "one is where it is said");
        assert.deepEqual(await axe(page), []);
        assert.equal(await overflow(page), 0);
        await page.keyboard.press("Tab");
        await page.keyboard.press("Enter");
        assert.equal(await focused(page), "art", "the link leads to the field");
        await page.keyboard.press("Space");
        await page.keyboard.press("Tab");
        assert.equal(await focused(page), "text");
        await page.keyboard.type("Hier stimmt etwas nicht.");
        // Past the link in the hint.
        for (const key of ["Tab", "Tab", "End"]) await page.keyboard.press(key);
        await page.keyboard.type("example.org");
        // Nobody types so quickly.
        await page.waitForTimeout(3_500);
        await page.keyboard.press("Enter");
        await page.waitForURL(`${service}/hinweis/danke?eintrag=world-cafe`);
      });
    }
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const refused = await fetch(`${service}/hinweis`, { method: "POST", headers, body: "email=x&homepage=y" });
    assert.equal(refused.status, 422);
    const report = await new HtmlValidate(RULES).validateString(await refused.text());
    assert.deepEqual(report.results.flatMap((result) => result.messages), []);
  });

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
