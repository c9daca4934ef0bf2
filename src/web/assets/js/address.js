/**
 * What is searched, and how it stands in addresses: those of the API and of the search page, and that of the page
 * around the widget (`?mb-q=…&mb-f.topic=a,b&mb-p=2`).
 */

/** Filters of the API. The program's tests compare this list with the program's own. */
export const FILTERS = [
  "format_type", "topic", "kind", "purpose", "phase", "level", "audience", "participants", "duration_max", "cost_max",
  "lead_time_max", "recruitment", "accessibility", "scope", "district", "method_level", "outcome_form", "legal_basis",
  "guide_type", "access", "case_status", "state", "municipality", "language", "keyword",
];

/** Filters with at most one value. */
export const one_of = (facet) => facet === "participants" || facet.endsWith("_max");

const split = (text) => (text ? text.split(",").filter(Boolean) : []);

/** Nothing typed, nothing filtered. */
export const nothing = () => ({ q: "", filters: {}, sort: "", page: 1, verbatim: [] });

/** Values chosen by the visitor. */
export const chosen = (state, facet) => state.filters[facet] ?? [];

/** The state as parameters; `preset` holds where the visitor has chosen nothing. */
export function parameters(state, preset) {
  const params = new URLSearchParams();
  // One parameter for each value: an encoded comma would be part of a value.
  const add = (name, values) => values.forEach((value) => params.append(name, value));
  add("q", [state.q]);
  for (const facet of FILTERS) add(facet, chosen(state, facet).length ? chosen(state, facet) : (preset[facet] ?? []));
  add("sort", [state.sort].filter(Boolean));
  add("verbatim", state.verbatim);
  return params;
}

/** Prefixes in use, so that two widgets on one page keep apart. */
const taken = new Set();

/** Keeps a state in the address of the page around. */
export class Address {
  constructor(wish) {
    this.wish = wish;
  }

  /** Takes a prefix that no other widget of the page has. */
  claim() {
    let number = 1;
    while (taken.has((this.prefix = this.wish + (number > 1 ? number : "")))) number++;
    taken.add(this.prefix);
  }

  release() {
    taken.delete(this.prefix);
  }

  /** The state in the address; none where there is none. */
  read() {
    const params = new URLSearchParams(location.search);
    const get = (key) => params.get(`${this.prefix}-${key}`);
    if (get("q") == null) return null;
    const filters = {};
    for (const facet of FILTERS) {
      const values = split(get(`f.${facet}`));
      if (values.length) filters[facet] = values;
    }
    const page = Math.max(1, Math.trunc(get("p")) || 1);
    return { q: get("q"), filters, sort: get("s") ?? "", page, verbatim: split(get("v")) };
  }

  /** Writes the state, as a step of its own in the history or in place of the one before. */
  write(state, step) {
    // The whole address: a relative one would lead to where the page's <base> points.
    const url = new URL(location.href);
    for (const key of [...url.searchParams.keys()]) {
      if (key.startsWith(`${this.prefix}-`)) url.searchParams.delete(key);
    }
    const set = (key, value) => value && url.searchParams.set(`${this.prefix}-${key}`, value);
    url.searchParams.set(`${this.prefix}-q`, state.q);
    for (const facet of FILTERS) set(`f.${facet}`, chosen(state, facet).join());
    set("p", state.page > 1 && state.page);
    set("s", state.sort);
    set("v", state.verbatim.join());
    if (url.href === location.href) return;
    history[step ? "pushState" : "replaceState"](history.state, "", url);
  }
}
