import { chosen, one_of } from "./address.js";
import { arrange, el, marked } from "./dom.js";
import { facts } from "./facts.js";

/** What the widget shows of an answer. Filters and order stay the same elements, so that what has the focus keeps it. */

/** Orders: value of the parameter and what it is called. */
const SORTS = [["", "relevance"], ["-published", "newest"], ["title", "title"]];

/** Value for "not stated", which is no choice among "at most" values. */
const NONE = "none";

/**
 * A view for one widget, which lends it: `say(key, …)`, its `language`, the `level` of the heading, the `facets` to offer,
 * the `preset` filters, the `target` of links, `go(change, step)`, which searches again with a changed state, and
 * `page_url()`, the address of this search on its own page; `entry_url(slug)` is that of an entry.
 */
export class View {
  constructor(widget) {
    Object.assign(this, widget);
    this.fields = {};
    this.rows = {};
    /** Labels of values, by facet, as far as answers have named them. */
    this.labels = {};
    this.facts_of = facts(this.language, this.say, (facet, value) => this.label(facet, value));
    this.heading = el(`h${this.level}`, { tabindex: "-1", class: "headline" });
    this.status = el("div", { part: "status", role: "status" });
    this.done = el("div");
    this.summary = el("summary");
    this.grid = el("div", { class: "facets" });
    this.filter = el("details", { part: "facets", class: "filter", hidden: true }, this.summary, this.grid);
    const orders = SORTS.map(([value, key]) => el("option", { value }, this.say(key)));
    this.order = el("select", { onchange: () => this.go({ sort: this.order.value }) }, orders);
    this.sort = el("label", { class: "sort", hidden: true }, this.say("sort"), this.order);
    this.results = el("div", { part: "results" });
    this.elements = [this.status, this.done, this.filter, this.sort, this.results];
  }

  clear() {
    this.filter.hidden = this.sort.hidden = true;
    for (const part of [this.status, this.done, this.results]) part.replaceChildren();
  }

  /** Says that the search does not answer, and where to go on. */
  fail() {
    this.clear();
    this.say_found(this.say("failed"));
    this.results.append(this.own_page());
  }

  show(answer) {
    for (const facet in answer.facets) {
      this.labels[facet] ??= {};
      for (const { value, label } of answer.facets[facet]) this.labels[facet][value] = label;
    }
    this.say_found(this.headline(answer));
    this.done.replaceChildren(...this.done_to(answer), ...this.chips());
    this.show_facets(answer.facets);
    this.order.value = this.state.sort;
    this.sort.hidden = !answer.total;
    const found = answer.total ? [this.hits(answer), this.pages(answer.page)] : [this.ways_out(answer)];
    this.results.replaceChildren(...found, this.own_page());
  }

  say_found(text) {
    this.heading.textContent = text;
    this.status.append(this.heading);
  }

  headline({ mode, total, total_strict, query }) {
    const words = !query.notices?.includes("no_words") && this.state.q;
    const about = words ? this.say("about", words) : "";
    const strict = this.say("hits", total_strict, about);
    if (!total) return this.say("none", about);
    if (mode === "strict" || total_strict === total) return strict;
    return total_strict ? this.say("more_partly", total - total_strict, strict) : this.say("partly", total, about);
  }

  /** What was done to the query, each with its undo, and what could be searched instead. */
  done_to({ query: { applied, did_you_mean, offers = [] }, total_strict }) {
    const { verbatim, filters } = this.state;
    const undo = (what) => this.button(this.say(what), { verbatim: [...verbatim, what] });
    const lines = applied.corrections.map(({ from, to }) => [this.say("corrected", to, from), " ", undo("corrections")]);
    if (applied.relaxed && total_strict) lines.push([undo("relaxed")]);
    if (verbatim.length) lines.push([this.say("exactly"), " ", this.button(this.say("helped"), { verbatim: [] })]);
    if (did_you_mean) lines.push([this.button(this.say("meant", did_you_mean), { q: did_you_mean, verbatim: [] })]);
    for (const { q, label, count, filters: more } of offers) {
      if (count) lines.push([this.button(this.say("offer", label, count), { q, filters: { ...filters, ...more } })]);
    }
    return lines.map((parts) => el("p", { class: "done" }, parts));
  }

  chips() {
    const chip = (facet) => (value) => {
      const before = el("span", { class: "unseen" }, this.say("remove"));
      const cross = el("span", { "aria-hidden": "true" }, " ×");
      return this.button([before, this.label(facet, value), cross], this.toggled(facet, value), "chip");
    };
    const chips = Object.keys(this.state.filters).flatMap((facet) => chosen(this.state, facet).map(chip(facet)));
    if (chips.length > 1) chips.push(this.button(this.say("reset"), { filters: {} }));
    return chips.length ? [el("p", { class: "chips" }, chips)] : [];
  }

  show_facets(facets) {
    const fields = this.facets.map((facet) => this.facet(facet, facets[facet] ?? [])).filter(Boolean);
    const active = Object.values(this.state.filters).flat().length;
    this.summary.textContent = this.say("filter") + (active ? ` (${active})` : "");
    this.filter.hidden = !fields.length;
    arrange(this.grid, fields);
  }

  /** One facet with the values that lead somewhere, are ticked, or belong to what the page around has preset. */
  facet(facet, values) {
    const ticked = chosen(this.state, facet);
    const preset = this.preset[facet];
    const rows = values
      .filter(({ value, count }) => count || ticked.includes(value))
      .filter(({ value }) => (preset ? preset.includes(value) : !(one_of(facet) && value === NONE)))
      .map(({ value, label, count }) => this.row(facet, value, label, ticked.includes(value), ` (${count})`));
    if (rows.length < 2 && !ticked.length) return null;
    if (one_of(facet)) rows.unshift(this.row(facet, "", this.say("any"), !ticked.length, ""));
    const name = this.say(facet);
    const field = (this.fields[facet] ??= el(
      "details",
      { part: "facet" },
      el("summary", {}, name),
      el("fieldset", {}, el("legend", { class: "unseen" }, name)),
    ));
    const set = field.lastChild;
    arrange(set, [set.firstChild, ...rows]);
    return field;
  }

  row(facet, value, label, checked, count) {
    const row = (this.rows[`${facet} ${value}`] ??= el(
      "label",
      {},
      el("input", {
        type: one_of(facet) ? "radio" : "checkbox",
        name: facet,
        onchange: () => this.go(this.toggled(facet, value)),
      }),
      el("span", {}, label),
      el("span", { class: "count" }),
    ));
    row.firstChild.checked = checked;
    row.lastChild.textContent = count;
    return row;
  }

  /** The change that ticks a value, or takes it away where it is ticked. */
  toggled(facet, value) {
    const before = chosen(this.state, facet);
    const rest = before.filter((known) => known !== value);
    const after = rest.length < before.length ? rest : one_of(facet) ? [value] : [...before, value];
    return { filters: { ...this.state.filters, [facet]: after.filter(Boolean) } };
  }

  hits({ hits, page, total_strict }) {
    const item = (hit) => {
      // Entries may be in another language than the widget (WCAG 3.1.2).
      const lang = !this.language.startsWith(hit.language) && hit.language;
      const link = this.link(this.entry_url(hit.slug), marked(hit.title));
      return el(
        "li",
        { part: "hit" },
        el("p", { class: "kind" }, this.label("kind", hit.kind)),
        el(`h${this.level + 1}`, { lang }, link),
        el("p", { class: "facts" }, this.facts_of(hit).join(" · ")),
        el("p", { lang }, hit.snippet.length ? marked(hit.snippet) : hit.summary),
        total_strict && !hit.strict ? el("p", { class: "soft" }, this.say("part")) : null,
      );
    };
    return el("ol", { start: (page.number - 1) * page.per_page + 1 }, hits.map(item));
  }

  pages({ number, pages }) {
    const step = (key, to) => to >= 1 && to <= pages && this.button(this.say(key), { page: to }, "", true);
    const here = el("span", { "aria-current": "page" }, this.say("page", number, pages));
    const parts = [step("previous", number - 1), here, step("next", number + 1)];
    return el("nav", { class: "pages", "aria-label": this.say("pages"), hidden: pages < 2 }, parts);
  }

  ways_out({ without }) {
    const { filters } = this.state;
    const ways = [];
    for (const facet in filters) {
      if (!without[facet] || this.preset[facet]) continue;
      const labels = chosen(this.state, facet).map((value) => this.label(facet, value));
      const way = this.button(this.say("without"), { filters: { ...filters, [facet]: [] } });
      ways.push([this.say("shut", without[facet], labels.join(", ")), " ", way]);
    }
    ways.push([this.say("fewer")], [this.button(this.say("everything"), { q: "", filters: {}, verbatim: [] })]);
    return el("ul", {}, ways.map((way) => el("li", {}, way)));
  }

  own_page() {
    return el("p", { part: "more" }, this.link(this.page_url(), this.say("own_page")));
  }

  label(facet, value) {
    return this.labels[facet]?.[value] ?? value;
  }

  link(href, words) {
    return el("a", { href, target: this.target }, words);
  }

  /** A button that searches with a change. It is gone by then itself, so the focus moves to what was found. */
  button(words, change, style = "link", step = false) {
    const search = async () => {
      await this.go(change, step);
      this.heading.focus();
    };
    return el("button", { type: "button", class: style, onclick: search }, words);
  }
}
