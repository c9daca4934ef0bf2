/** The widget on the city's page, and the states in which people meet it. */

/** Opens a page of the host and waits until the widget has taken the place of the form. */
export async function open_widget(page, address) {
  await page.goto(address);
  await page.waitForFunction(() => document.querySelector("mitmachbox-suche")?.shadowRoot);
  return parts_of(page.locator("mitmachbox-suche").first());
}

/** What people do things with. */
export function parts_of(widget) {
  return {
    field: widget.getByRole("combobox").first(),
    options: widget.locator("[role=option]"),
    headline: widget.locator(".headline"),
    hits: widget.locator("[part=hit]"),
    filter: widget.locator("details[part=facets] > summary"),
    facet: (name) => widget.locator("details[part=facet] > summary", { hasText: name }),
    button: (name) => widget.getByRole("button", { name, exact: true }),
  };
}

/** Waits until the headline says something like this. */
export const says = (parts, text) => parts.headline.filter({ hasText: text }).waitFor();

/** Changes the answers of the search before the widget gets them. */
export const change_answers = (page, change) =>
  page.route("**/api/v1/search?*", async (route) => {
    const response = await route.fetch();
    const answer = await response.json();
    change(answer);
    await route.fulfill({ response, json: answer });
  });

/** The states of the test matrix: what comes behind the address, and what is done then. */
export const STATES = {
  idle: {},
  suggest: {
    async act(page, { field, options }) {
      await field.fill("bürger");
      await options.first().waitFor();
      await field.press("ArrowDown");
    },
  },
  results: { query: "?mb-q=bürgerinenrat", says: "Treffer für „bürgerinenrat“" },
  "no hits": { query: "?mb-q=World Café&mb-f.format_type=digital&mb-f.kind=idea", says: "Keine Treffer" },
  error: { query: "?mb-q=rat", before: (page) => page.route("**/api/v1/search?*", (route) => route.abort()), says: "antwortet" },
  "facets open": {
    query: "?mb-q=rat&mb-f.format_type=digital",
    says: "Treffer",
    async act(page, { filter, facet }) {
      await filter.click();
      await facet("Thema").click();
      await facet("Wie viele Menschen?").click();
    },
  },
  "page 2": { query: "?mb-q=rat&mb-p=2", says: "Treffer" },
  "did you mean": {
    query: "?mb-q=rat",
    before: (page) => change_answers(page, (answer) => (answer.query.did_you_mean = "Bürgerrat")),
    says: "Treffer",
  },
};

/** Opens the host's page `address` in a state. */
export async function open_state(page, address, state) {
  const { query = "", before, says: text, act } = STATES[state];
  await before?.(page);
  const parts = await open_widget(page, address + encodeURI(query));
  if (text) await says(parts, text);
  await act?.(page, parts);
  return parts;
}
