/** The widget on the page of a city: WIDGET matrix of states, keyboard, safety, manners. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { COLOURS, WIDTHS, axe, layout_shift, overflow, side_by_side, with_page } from "./support/browser.js";
import { snippet } from "./support/host.js";
import { STATES, change_answers, open_state, open_widget, parts_of, says } from "./support/widget.js";

/** Registers the tests; `house` has the browser, the service's address and the host. */
export function widget_tests({ browser, service, host }) {
  const city = host.put("/", { attributes: `api="${service}/"` });
  const on_page = (options, use) => with_page(browser, options, use);

  test("the widget has no barrier that axe knows, in any state, colours and width", async () => {
    const found = [];
    let cells = 0;
    const look = (state, width) => () =>
      on_page({ viewport: { width, height: 900 } }, async (page) => {
        await open_state(page, city, state);
        for (const [colours, media] of Object.entries(COLOURS)) {
          await page.emulateMedia(media);
          const faults = await axe(page);
          if ((await overflow(page)) > 0) faults.push("the page scrolls sideways");
          found.push(...faults.map((fault) => `${state}, ${colours}, ${width}: ${fault}`));
          cells++;
        }
      });
    await side_by_side(Object.keys(STATES).flatMap((state) => WIDTHS.map((width) => look(state, width))));
    assert.equal(cells, 48);
    assert.deepEqual(found, []);
  });

  test("axe sees into the widget: what is broken there is found", async () => {
    const broken = {
      label: (root) => root.querySelector("label[for=q]").remove(),
      "button-name": (root) => root.querySelector("[part=button]").replaceChildren(),
      "color-contrast": (root) => (root.querySelector("[part=hit] p").style.color = "#999"),
      "heading-order": (root) => root.querySelectorAll("h3").forEach((old) => {
        const h6 = document.createElement("h6");
        h6.append(...old.childNodes);
        old.replaceWith(h6);
      }),
    };
    for (const [rule, damage] of Object.entries(broken)) {
      await on_page({}, async (page) => {
        await open_state(page, city, "results");
        await page.evaluate(`(${damage})(document.querySelector("mitmachbox-suche").shadowRoot)`);
        const faults = await axe(page);
        assert.ok(faults.some((fault) => fault.startsWith(rule)), `${rule} is not among ${faults}`);
      });
    }
  });

  describe("what screen readers hear", () => {
    const tree = async (state, options = {}) =>
      on_page(options, async (page) => {
        await open_state(page, city, state);
        return page.locator("mitmachbox-suche").ariaSnapshot();
      });
    const hears = async (state, ...lines) => {
      const heard = await tree(state);
      let from = 0;
      for (const line of lines) {
        const at = heard.indexOf(line, from);
        assert.ok(at >= 0, `${state}: ${line} is not there, or not in its place, in\n${heard}`);
        from = at + line.length;
      }
      return heard;
    };

    test("idle: a search with a field and a button, and no more", async () => {
      assert.equal(
        await tree("idle"),
        [
          `- search "Beteiligungsformate durchsuchen":`,
          `  - text: Beteiligungsformate durchsuchen`,
          `  - combobox "Beteiligungsformate durchsuchen"`,
          `  - button "Suchen"`,
          `  - status`,
          `  - status`,
          `  - status`,
        ].join("\n"),
      );
    });
    test("suggestions: the list belongs to the field, one is chosen, the number is said", () =>
      hears("suggest", `combobox "Beteiligungsformate durchsuchen" [expanded]`, `listbox "Vorschläge"`, `option "Bürgerrat" [selected]`, `option "Bürgercafé"`, "status: 10 Vorschläge"));
    test("results: number, what was done, filters, order, hits, pages", () =>
      hears("results", `Treffer für „bürgerinenrat“" [level=2]`, "Gesucht wurde „Bürgerrat“ statt „bürgerinenrat“.", `button "Nur so suchen, wie ich es geschrieben habe"`, "group: Filter", `combobox "Reihenfolge"`, "list:", "paragraph: Format/Methode", `heading "Bürgerrat" [level=3]`, `link "Bürgerrat"`, `navigation "Seiten"`, "Seite 1 von", `button "Weiter"`, `link "Diese Suche auf einer eigenen Seite öffnen"`));
    test("no hits: which filter is to blame, and the way out", () =>
      hears("no hits", `heading "Keine Treffer für „World Café“" [level=2]`, `button "Filter entfernen: Digital"`, `button "Alle Filter entfernen"`, "Der Filter ‚Idee‘ schließt alle", `button "Ohne ihn ansehen"`, `button "Alle Einträge ansehen"`));
    test("error: what happened, and where to go on", () =>
      hears("error", `heading "Die Suche antwortet gerade nicht."`, `link "Diese Suche auf einer eigenen Seite öffnen"`));
    test("facets: groups with a name, boxes with their numbers", async () => {
      const heard = await hears("facets open", "Filter (1)", `group "Thema"`, `checkbox "Stadtentwicklung und Bauleitplanung (`, `group "Wie viele Menschen?"`, `radio "egal" [checked]`, `radio "etwa 10 Menschen (`);
      assert.ok(!heard.includes("keine Angabe"), "no choice among numbers");
    });
    test("page 2: where one is", () => hears("page 2", `button "Zurück"`, "Seite 2 von", `button "Weiter"`));
    test("did you mean: a button", () => hears("did you mean", `button "Meinten Sie „Bürgerrat“?"`));
  });

  test("everything works with the keyboard alone", () =>
    on_page({}, async (page) => {
      const parts = await open_widget(page, city);
      const { field, options, headline, hits } = parts;
      const active = () => field.getAttribute("aria-activedescendant");
      await page.keyboard.press("Tab");
      await page.keyboard.type("bürger", { delay: 10 });
      await options.first().waitFor();
      assert.equal(await active(), null, "nothing is chosen by itself");
      const last = (await options.count()) - 1;
      await page.keyboard.press("ArrowUp");
      assert.equal(await options.nth(last).getAttribute("id"), await active(), "up from the field goes to the last");
      await page.keyboard.press("ArrowDown");
      assert.equal(await options.first().getAttribute("aria-selected"), "true", "down from the last goes to the first");
      await page.keyboard.press("End");
      assert.equal(await active(), null, "the caret moves, and the choice is given up");
      assert.equal(await field.inputValue(), "bürger", "what was typed stays");
      await page.keyboard.press("Escape");
      assert.equal(await options.count(), 0);
      assert.equal(await field.inputValue(), "bürger", "the first Escape closes the list");
      await page.keyboard.press("Alt+ArrowDown");
      await options.first().waitFor();
      assert.equal(await active(), null, "opened without a choice");
      await page.keyboard.press("Escape");
      await page.keyboard.press("Escape");
      assert.equal(await field.inputValue(), "", "the second clears the field");
      // On a slow machine a list for half of the word comes first, and a newer one gives up what was chosen in it.
      const answered = page.waitForResponse((answer) => decodeURIComponent(answer.url()).endsWith("q=bürgerra"));
      await page.keyboard.type("bürgerra", { delay: 10 });
      await (await answered).finished();
      await page.waitForTimeout(200);
      await options.first().waitFor();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await says(parts, "für „Bürgerrat“");
      assert.equal(await field.inputValue(), "Bürgerrat");
      assert.ok(await field.evaluate((it) => it.matches(":focus")), "the focus stays in the field");
      assert.match(page.url(), /\?mb-q=B%C3%BCrgerrat$/);
      const spoken = await page.locator("mitmachbox-suche [role=status].unseen").allTextContents();
      assert.deepEqual(spoken, ["", ""], "nothing is said of suggestions any more");

      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      assert.ok(await headline.evaluate((it) => it.matches(":focus")), "skipped to the hits");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      const focused = () => page.evaluate(() => document.activeElement.shadowRoot.activeElement.outerHTML);
      const box = await focused();
      assert.match(box, /checkbox/);
      await page.keyboard.press("Space");
      await page.waitForURL(/mb-f\.format_type=analog/);
      await parts.button("Filter entfernen: Vor Ort").waitFor();
      assert.equal(await focused(), box, "the box that was ticked keeps the focus");

      const length = await page.evaluate(() => history.length);
      await page.keyboard.press("Shift+Tab");
      await parts.button("Weiter").focus();
      await page.keyboard.press("Enter");
      await page.waitForURL(/mb-p=2/);
      await says(parts, "Treffer");
      await page.waitForFunction(() => document.activeElement.shadowRoot.activeElement?.matches(".headline"));
      assert.equal(await page.evaluate(() => history.length), length + 1, "a page is a step, a filter is none");
      await page.goBack();
      await page.waitForURL((url) => !url.searchParams.has("mb-p"));
      await page.goBack();
      await page.waitForURL((url) => !url.search);
      await hits.first().waitFor({ state: "detached" });
    }));

  test("suggestions come late, once, and not for a search that was sent already", () =>
    on_page({}, async (page) => {
      await page.clock.install({ time: 0 });
      const { field, options, hits } = await open_widget(page, city);
      await page.clock.pauseAt(3_600_000);
      const asked = () => page.requests.filter((url) => url.includes("/suggest?")).length;
      await field.focus();
      for (const letter of "bürgerrat") {
        await page.keyboard.type(letter);
        await page.clock.runFor(140);
      }
      assert.equal(asked(), 0, "nobody is asked while somebody types");
      await page.clock.runFor(10);
      await options.first().waitFor();
      assert.equal(asked(), 1, "one request for nine letters");
      await field.fill("stadt");
      await field.press("Enter");
      await hits.first().waitFor();
      await page.clock.runFor(1_000);
      assert.equal(asked(), 1);
      assert.equal(await options.count(), 0, "no list over the hits");
    }));

  test("a filter that one adds to counts as the service counts it", () =>
    on_page({}, async (page) => {
      const parts = await open_state(page, city, "facets open");
      const box = page.locator("mitmachbox-suche").getByRole("checkbox", { name: /^Wohnen \(\d+\)$/ });
      const [, count] = (await box.locator("..").textContent()).match(/\((\d+)\)/);
      await box.check();
      await says(parts, `${count} Treffer für „rat“`);
      await parts.button("Alle Filter entfernen").click();
      await page.waitForURL((url) => ![...url.searchParams.keys()].some((key) => key.includes("mb-f")));
      await page.waitForFunction(() => document.activeElement.shadowRoot?.activeElement?.matches(".headline"));
    }));

  test("another order is chosen without losing one's place", () =>
    on_page({}, async (page) => {
      const parts = await open_state(page, city, "results");
      const first = await parts.hits.first().textContent();
      await page.getByRole("combobox", { name: "Reihenfolge" }).focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowDown");
      await page.waitForURL(/mb-s=title/);
      await page.waitForFunction((old) => document.querySelector("mitmachbox-suche").shadowRoot.querySelector("[part=hit]").textContent !== old, first);
      const focused = await page.evaluate(() => document.activeElement.shadowRoot.activeElement.localName);
      assert.equal(focused, "select");
    }));

  test("corrections can be undone, and done again", () =>
    on_page({}, async (page) => {
      const parts = await open_state(page, city, "results");
      await parts.button("Nur so suchen, wie ich es geschrieben habe").click();
      await page.getByText("Gesucht wurde genau so, wie Sie es geschrieben haben.").waitFor();
      await parts.button("Wieder mit Hilfe suchen").click();
      await says(parts, "Treffer für „bürgerinenrat“");
    }));

  test("a page that names filters gets only what passes them", () =>
    on_page({}, async (page) => {
      const address = host.put("/nur-leitfaeden", { attributes: `api="${service}" kind="guide" heading-level="4" lang="en" per-page="3"` });
      const parts = await open_widget(page, `${address}?mb-q=beteiligung`);
      await says(parts, "results for “beteiligung”");
      assert.deepEqual([...new Set(await page.locator("mitmachbox-suche .kind").allTextContents())], ["Guide"]);
      assert.equal(await parts.hits.count(), 3);
      assert.equal(await page.locator("mitmachbox-suche h5").count(), 3, "hits are one level below the heading");
      assert.equal(await parts.facet("What are you looking for?").count(), 0, "what is fixed is not offered");
      assert.equal(await page.locator("mitmachbox-suche h5").first().getAttribute("lang"), "de", "entries say their language");
      const link = await page.locator("mitmachbox-suche [part=more] a").getAttribute("href");
      assert.equal(link, `${service}/suche?q=beteiligung&kind=guide`);
    }));

  test("a page can use words of its own", () =>
    on_page({}, async (page) => {
      const strings = `{"search": "Los", "hits": "{0} Funde{1}"}`;
      const parts = await open_widget(page, `${host.put("/worte", { attributes: `api="${service}"`, strings })}?mb-q=fishbowl`);
      await parts.button("Los").waitFor();
      await says(parts, "Funde für „fishbowl“");
    }));

  test("a hostile style sheet reaches nothing", () =>
    on_page({ viewport: { width: 320, height: 900 } }, async (page) => {
      const { field, hits } = await open_widget(page, `${host.put("/altlast", { attributes: `api="${service}"`, hostile: true })}?mb-q=rat`);
      await hits.first().waitFor();
      const box = await field.boundingBox();
      assert.ok(box.height >= 44 && box.width > 150, `the field is ${box.width} × ${box.height}`);
      const style = await hits.first().evaluate((hit) => {
        const { textTransform, letterSpacing, textAlign, whiteSpace, pointerEvents, opacity, color } = getComputedStyle(hit);
        return { textTransform, letterSpacing, textAlign, whiteSpace, pointerEvents, opacity, color };
      });
      assert.deepEqual(style, {
        textTransform: "none", letterSpacing: "normal", textAlign: "start", whiteSpace: "normal", pointerEvents: "auto",
        opacity: "1", color: "rgb(0, 0, 0)",
      });
      const targets = await page.locator("mitmachbox-suche").evaluate(({ shadowRoot }) =>
        [...shadowRoot.querySelectorAll("button, input, select, summary, label:has(input)")]
          .filter((it) => it.checkVisibility() && !it.matches(".skip, label > input"))
          .map((it) => ({ what: it.outerHTML.slice(0, 60), height: it.getBoundingClientRect().height }))
          .filter(({ height }) => height < 44));
      assert.deepEqual(targets, [], "targets are 44 pixels high");
    }));

  test("text of 200 % fits", () =>
    on_page({ viewport: { width: 640, height: 900 } }, async (page) => {
      await open_state(page, city, "facets open");
      await page.addStyleTag({ content: "body { font-size: 200% }" }).catch(() => {});
      await page.evaluate(() => (document.body.style.fontSize = "200%"));
      assert.equal(await overflow(page), 0);
    }));

  test("the right hash runs, a wrong one leaves the plain form", async () => {
    // As the page for city webmasters says it.
    const page_of_lines = await (await fetch(`${service}/einbetten`)).text();
    const [, source, integrity] = page_of_lines.match(/(\/widget\/[\d.]+\/mitmachbox\.js).*?(sha384-[A-Za-z0-9+/=]+)/s);
    await on_page({}, (page) =>
      open_widget(page, host.put("/hash", { attributes: `api="${service}"`, source: service + source, integrity })));
    await on_page({}, async (page) => {
      const wrong = integrity.replace(/.$/, (last) => (last === "A" ? "B" : "A"));
      await page.goto(host.put("/falsch", { source: service + source, integrity: wrong }));
      await page.waitForTimeout(300);
      await plain_form_works(page);
    });
  });

  test("without JavaScript the plain form is there", () =>
    on_page({ javaScriptEnabled: false }, async (page) => {
      await page.goto(city);
      await plain_form_works(page);
    }));

  async function plain_form_works(page) {
    await page.getByLabel("Beteiligungsformate durchsuchen").fill("fishbowl");
    await page.getByRole("button", { name: "Suchen" }).click();
    await page.waitForURL(`${service}/suche?q=fishbowl`);
    assert.match(await page.title(), /fishbowl/);
  }

  test("a service that is silent is given up after four seconds, one that refuses at once", () =>
    on_page({}, async (page) => {
      await page.route("**/api/v1/search?*", () => {});
      const parts = await open_widget(page, city);
      const started = Date.now();
      await parts.field.fill("rat");
      await parts.field.press("Enter");
      await says(parts, "Die Suche antwortet gerade nicht.");
      const waited = Date.now() - started;
      assert.ok(waited > 3_500 && waited < 6_000, `${waited} ms`);
      const link = await page.locator("mitmachbox-suche [part=more] a").getAttribute("href");
      assert.equal(link, `${service}/suche?q=rat`);
      await page.unroute("**/api/v1/search?*");
      await page.route("**/api/v1/search?*", (route) => route.fulfill({ status: 503, body: "{}" }));
      await parts.field.press("Enter");
      await says(parts, "Die Suche antwortet gerade nicht.");
      await page.unroute("**/api/v1/search?*");
      await parts.field.press("Enter");
      await says(parts, "Treffer für „rat“");
    }));

  test("nothing is kept, nobody else is asked, nobody is told who asks, and the policy is never broken", () =>
    on_page({}, async (page) => {
      const headers = [];
      page.on("request", (request) => request.url().includes("/api/") && headers.push(request.headers()));
      const parts = await open_state(page, city, "results");
      await parts.field.fill("stadt");
      await parts.field.press("Enter");
      await says(parts, "„stadt“");
      await parts.button("Weiter").click();
      await page.waitForURL(/mb-p=2/);
      const kept = await page.evaluate(async () => ({
        cookie: document.cookie,
        local: { ...localStorage },
        session: { ...sessionStorage },
        databases: await indexedDB.databases(),
        caches: await caches.keys().catch(() => []),
      }));
      assert.deepEqual(kept, { cookie: "", local: {}, session: {}, databases: [], caches: [] });
      assert.deepEqual(await page.context().cookies(), []);
      const foreign = page.requests.filter((url) => !url.startsWith(service) && !url.startsWith(host.url));
      assert.deepEqual(foreign, []);
      assert.ok(headers.length >= 3);
      for (const { referer, cookie, authorization } of headers) {
        assert.ok(!referer && !cookie && !authorization, `${referer} ${cookie} ${authorization}`);
      }
      assert.deepEqual(page.faults, [], "the console is silent: no violation of policy or Trusted Types");
    }));

  test("two widgets on one page keep apart", () =>
    on_page({}, async (page) => {
      const body = snippet(service, { attributes: `api="${service}" kind="format"` }) + snippet(service, { attributes: `api="${service}" kind="guide"` })
        .replaceAll(`"mb"`, `"mb-zwei"`).replace("Beteiligungsformate", "Leitfäden");
      await page.goto(`${host.put("/zwei", { body })}?mb-q=rat&mb2-q=jugend`);
      const [one, two] = [0, 1].map((at) => parts_of(page.locator("mitmachbox-suche").nth(at)));
      await says(one, "„rat“");
      await says(two, "„jugend“");
      await two.field.fill("kinder");
      await two.field.press("Enter");
      await page.waitForURL(/\?mb-q=rat&mb2-q=kinder$/);
      await says(two, "„kinder“");
      assert.match(await one.headline.textContent(), /„rat“/);
      assert.deepEqual(await axe(page), []);
    }));

  test("a foreign <base> leads nothing astray", () =>
    on_page({}, async (page) => {
      const address = host.put("/cms", { attributes: `api="${service}"`, base: true });
      const parts = await open_widget(page, address);
      await parts.field.fill("fishbowl");
      await parts.field.press("Enter");
      await says(parts, "„fishbowl“");
      assert.equal(page.url(), `${address}?mb-q=fishbowl`);
      const href = await page.locator("mitmachbox-suche [part=hit] a").first().evaluate((it) => it.href);
      assert.equal(href, `${service}/eintrag/fishbowl`);
      assert.deepEqual(page.requests.filter((url) => url.includes("elsewhere")), []);
    }));

  test("without `api` the script finds its service; without an address it leaves the page's alone", () =>
    on_page({}, async (page) => {
      const address = host.put("/schlicht", { attributes: "no-url" });
      const parts = await open_widget(page, address);
      await parts.field.fill("fishbowl");
      await parts.field.press("Enter");
      await says(parts, "„fishbowl“");
      assert.equal(page.url(), address);
    }));

  test("HTML in data is text", () =>
    on_page({}, async (page) => {
      const attack = `<img src=x onerror="document.title='geknackt'"><script>document.title='geknackt'</script>`;
      await change_answers(page, (answer) => {
        const [hit] = answer.hits;
        Object.assign(hit, { title: [{ t: attack }, { t: attack, m: 1 }], snippet: [{ t: attack }], municipality: attack, slug: `../"><b>` });
        answer.facets.topic[0].label = attack;
        answer.query.did_you_mean = attack;
      });
      const parts = await open_widget(page, `${city}?mb-q=rat`);
      await parts.hits.first().waitFor();
      assert.ok((await parts.hits.first().textContent()).includes(attack), "shown as it is");
      const made = await page.locator("mitmachbox-suche").evaluate(({ shadowRoot }) => shadowRoot.querySelectorAll("img, script, b").length);
      assert.equal(made, 0);
      assert.doesNotMatch(await page.title(), /geknackt/);
      const href = await parts.hits.first().getByRole("link").evaluate((it) => it.href);
      assert.ok(href.startsWith(`${service}/`), href);
    }));

  test("nothing moves while the widget takes the form's place", () =>
    on_page({ viewport: { width: 390, height: 844 } }, async (page) => {
      await open_widget(page, city);
      assert.ok((await layout_shift(page)) < 0.01);
    }));

  test("a lazy widget waits until it is seen", () =>
    on_page({}, async (page) => {
      const body = `<p>Weit oben</p>` + `<p>…</p>`.repeat(200) + snippet(service, { attributes: `api="${service}" loading="lazy"` });
      await page.goto(`${host.put("/lang", { body })}?mb-q=rat`);
      await page.waitForFunction(() => customElements.get("mitmachbox-suche"));
      assert.equal(await page.locator("mitmachbox-suche").evaluate((it) => it.shadowRoot), null);
      await page.locator("mitmachbox-suche").scrollIntoViewIfNeeded();
      await says(parts_of(page.locator("mitmachbox-suche")), "„rat“");
    }));

  test("loaded twice, taken out and put back, the widget stays one", () =>
    on_page({}, async (page) => {
      const body = snippet(service, { attributes: `api="${service}"` }) + `<script type="module" src="${service}/widget/0/mitmachbox.js?again"></script>`;
      const parts = await open_widget(page, `${host.put("/doppelt", { body })}?mb-q=rat`);
      await says(parts, "„rat“");
      await page.evaluate(() => document.querySelector("main").append(document.querySelector("mitmachbox-suche")));
      await says(parts, "„rat“");
      assert.deepEqual(page.faults, []);
    }));

  test("the page around hears what was found, by an event", () =>
    on_page({}, async (page) => {
      const parts = await open_widget(page, city);
      const heard = page.evaluate(() => new Promise((done) => document.addEventListener("mb-results", (event) => done(event.detail))));
      await parts.field.fill("fishbowl");
      await parts.field.press("Enter");
      const { q, total, mode } = await heard;
      assert.equal(q, "fishbowl");
      assert.equal(mode, "strict");
      assert.ok(total > 0);
    }));

  test("the iframe says how high it is and leads out of itself", () =>
    on_page({}, async (page) => {
      const address = host.put("/rahmen", { body: `<iframe src="${service}/embed?kind=format&lang=de" title="Suche"></iframe>` });
      await page.goto(address);
      const heard = page.evaluate(() => new Promise((done) => addEventListener("message", (event) => event.data.height > 1_000 && done({ ...event.data, origin: event.origin }))));
      const frame = page.frameLocator("iframe");
      const parts = parts_of(frame.locator("mitmachbox-suche"));
      await parts.field.fill("rat");
      await parts.field.press("Enter");
      await says(parts, "Treffer für „rat“");
      const { type, origin } = await heard;
      assert.equal(type, "mitmachbox-height");
      assert.equal(origin, service);
      await parts.hits.first().getByRole("link").click();
      await page.waitForURL(`${service}/eintrag/**`);
    }));

  test("on paper: hits with their addresses, no form", () =>
    on_page({}, async (page) => {
      const { hits, field } = await open_state(page, city, "results");
      await page.emulateMedia({ media: "print" });
      assert.equal(await field.isVisible(), false);
      assert.equal(await hits.first().isVisible(), true);
      const after = await hits.first().getByRole("link").evaluate((it) => getComputedStyle(it, "::after").content);
      assert.match(after, /eintrag\/buergerrat/);
    }));
}
