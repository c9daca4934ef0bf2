import { Address, FILTERS, nothing, parameters } from "./address.js";
import { combobox } from "./combobox.js";
import { announcer, el } from "./dom.js";
import { spoken, voice } from "./strings.js";
import { STYLE } from "./style.js";
import { View } from "./view.js";

/**
 * `<mitmachbox-suche>`: the search of a Mitmachbox on somebody else's page.
 *
 * The form between its tags works without this script; the element puts a richer one into a shadow root in its place.
 * It keeps nothing, asks nobody but the service, builds no HTML from text and throws nothing at the page around it.
 */

/** Longer than this nobody waits in front of an empty list; there is a link to the search page then. */
const TIMEOUT_MS = 4_000;

/** Facets offered where the page around names no others. */
const FACETS = ["format_type", "topic", "participants", "duration_max", "cost_max", "kind"];

/** Facets whose labels the line of facts needs. */
const LABELS = ["kind", "format_type", "duration_max"];

/** Hits on a page; a widget is a part of a page and should end before the reader forgets that. */
const PER_PAGE = 10;

/** Where this script comes from is where the service lives: two steps above `/widget/1/mitmachbox.js`. */
const HOME = new URL("../../", import.meta.url);

class MitmachboxSuche extends HTMLElement {
  connectedCallback() {
    if (this.view) return this.begin();
    if (this.getAttribute("loading") !== "lazy") return this.set_up();
    this.watch = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      this.watch.disconnect();
      this.set_up();
    });
    this.watch.observe(this);
  }

  disconnectedCallback() {
    this.watch?.disconnect();
    this.request?.abort();
    this.address?.release();
    removeEventListener("popstate", this.restore);
  }

  /** Puts the focus into the field. */
  focus(options) {
    this.input?.focus(options);
  }

  /** Builds everything; should that fail, the form between the tags stays as it was. */
  set_up() {
    try {
      this.read_settings();
      const box = this.build();
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [sheet];
      root.append(box);
      this.restore = () => this.from_address();
      this.begin();
    } catch (error) {
      this.view = null;
      console.warn("mitmachbox-suche:", error);
    }
  }

  begin() {
    this.address?.claim();
    addEventListener("popstate", this.restore);
    this.from_address();
  }

  /** What the page around has said by attributes and by the form between the tags. */
  read_settings() {
    const get = (name) => this.getAttribute(name) ?? "";
    const list = (name) => get(name).split(/[\s,]+/).filter(Boolean);
    const api = get("api");
    this.api = api ? new URL(api.endsWith("/") ? api : `${api}/`, document.baseURI) : HOME;
    this.form = this.querySelector("form");
    this.per_page = Number(get("per-page")) || PER_PAGE;
    this.preset = Object.fromEntries(FILTERS.filter(get).map((name) => [name, list(name)]));
    this.address = this.hasAttribute("no-url") ? null : new Address(get("prefix") || "mb");
    this.language = spoken(this.closest("[lang]")?.lang);
    this.say = voice(this.language, JSON.parse(this.querySelector("script[slot=strings]")?.textContent || "{}"));
    this.view = new View({
      say: this.say,
      language: this.language,
      level: Math.min(Number(get("heading-level")) || 2, 5),
      facets: get("facets") ? list("facets") : FACETS,
      preset: this.preset,
      target: get("target") || null,
      go: (change, step) => this.go(change, step),
      page_url: () => this.page_url(),
      entry_url: (slug) => new URL(`eintrag/${slug}`, this.api).href,
    });
  }

  build() {
    const { say, view, form } = this;
    const name = form?.querySelector("label")?.textContent.trim() || say("label");
    const { regions, say: announce } = announcer();
    this.input = el("input", { id: "q", part: "input", type: "search", maxlength: 500, enterkeyhint: "search" });
    this.input.value = form?.querySelector("[name=q]")?.value ?? "";
    const list = el("ul", { id: "list", part: "suggestions", "aria-label": say("suggestions") });
    this.skip = el("button", { type: "button", class: "skip", onclick: () => view.heading.focus() }, say("skip"));
    this.close = combobox(this.input, {
      list,
      say: announce,
      counted: (number) => say("suggested", number),
      suggest: async (q, signal) => (await this.ask("suggest", new URLSearchParams({ q }), signal)).suggestions,
      choose: () => this.search_typed(),
    });
    const onsubmit = (event) => {
      event.preventDefault();
      this.search_typed();
    };
    const field = el("div", { class: "field" }, this.input, list);
    const row = el("div", { class: "row" }, field, el("button", { part: "button" }, say("search")));
    const label = el("label", { for: "q" }, name);
    return el(
      "div",
      { class: "box", role: "search", "aria-label": name, lang: this.language },
      el("form", { part: "form", onsubmit }, label, row, regions, this.skip),
      view.elements,
    );
  }

  search_typed() {
    this.close();
    // The filters stay; corrections that somebody undid were of another query.
    this.go({ q: this.input.value.trim(), verbatim: [] }, true);
  }

  /** Goes on from the state as it is now; a change that names no page leads to the first one. */
  go(change, step) {
    const state = { ...this.view.state, page: 1, ...change };
    try {
      this.address?.write(state, step);
    } catch {
      // A page that may not change its address (a sandbox, a preview) can still be searched.
    }
    return this.search(state);
  }

  from_address() {
    const state = this.address?.read();
    if (state) return this.search(state);
    this.request?.abort();
    this.view.state = nothing();
    this.view.clear();
    this.skip.hidden = true;
  }

  /** Asks and shows; of two searches under way the later one counts. */
  async search(state) {
    this.request?.abort();
    const { signal } = (this.request = new AbortController());
    this.view.state = state;
    if (this.input.value.trim() !== state.q) this.input.value = state.q;
    const params = parameters(state, this.preset);
    params.set("page", state.page);
    params.set("per_page", this.per_page);
    for (const facet of new Set([...this.view.facets, ...LABELS])) params.append("facets", facet);
    try {
      const answer = await this.ask("search", params, signal);
      if (signal.aborted) return;
      this.view.show(answer);
      // For the statistics of the page around; nothing is sent to anyone.
      const detail = { ...state, total: answer.total, mode: answer.mode };
      this.dispatchEvent(new CustomEvent("mb-results", { bubbles: true, composed: true, detail }));
    } catch {
      if (signal.aborted) return;
      this.view.fail();
    }
    this.skip.hidden = false;
  }

  /** One request to the API, without anything that tells who asks. */
  async ask(what, params, signal) {
    const url = new URL(`api/v1/${what}`, this.api);
    if (this.language !== "de") params.set("lang", this.language);
    url.search = params;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), TIMEOUT_MS);
    signal.addEventListener("abort", () => late.abort());
    try {
      const response = await fetch(url, { signal: late.signal, credentials: "omit", referrerPolicy: "no-referrer" });
      if (!response.ok) throw new Error(response.status);
      return await response.json();
    } finally {
      clearTimeout(timer);
    }
  }

  page_url() {
    const url = new URL(this.form?.getAttribute("action") ? this.form.action : "suche", this.api);
    url.search = parameters(this.view.state, this.preset);
    return url.href;
  }
}

// Browsers that know no shared style sheets keep the plain form, and so does a page that loads the script twice.
if ("adoptedStyleSheets" in Document.prototype && !customElements.get("mitmachbox-suche")) {
  customElements.define("mitmachbox-suche", MitmachboxSuche);
}
