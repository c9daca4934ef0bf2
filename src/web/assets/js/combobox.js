import { el, marked } from "./dom.js";

/**
 * Suggestions under a text field: the "combobox with list autocomplete" of the ARIA Authoring Practices (ARIA 1.2).
 *
 * The focus stays in the field and the list is only pointed at. Nothing is chosen by itself: what was typed stays as it
 * was typed until somebody takes a suggestion.
 */

/** Waiting time after a keystroke in milliseconds: most people type faster, and one request serves them all. */
const DEBOUNCE_MS = 150;

let options_made = 0;

/**
 * Turns `input` and an empty list beside it into a combobox.
 *
 * `suggest(text, signal)` promises `[{ q, text: segments }]`; `choose(suggestion)` is called when one is taken;
 * `say(text)` tells screen readers; `counted(n)` puts a number of suggestions into words.
 * Gives a function that closes the list and drops what is under way.
 */
export function combobox(input, { list, suggest, choose, say, counted }) {
  let found = [];
  let active = -1;
  let timer;
  let request;

  function close() {
    clearTimeout(timer);
    request?.abort();
    point(-1);
    if (list.hidden) return;
    list.hidden = true;
    list.replaceChildren();
    input.setAttribute("aria-expanded", "false");
    say("");
  }

  /** Points at an option; -1 for none. Beyond the ends it begins at the other. */
  function point(to) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = to < 0 ? -1 : to % found.length;
    const option = list.children[active];
    if (!option) return input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  }

  function show(suggestions) {
    if (!suggestions.length) return close();
    point(-1);
    found = suggestions;
    // Ids are never used twice: some screen readers keep the text of the first element that had one.
    const option = ({ text }) =>
      el("li", { role: "option", id: `${list.id}-${++options_made}`, "aria-selected": "false" }, marked(text));
    list.replaceChildren(...found.map(option));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    say(counted(found.length));
  }

  async function look() {
    clearTimeout(timer);
    request?.abort();
    if (!input.value.trim()) return close();
    const { signal } = (request = new AbortController());
    // A search without suggestions is still a search; nobody needs to hear of it.
    const suggestions = await suggest(input.value, signal).catch(() => []);
    if (!signal.aborted && input.matches(":focus")) show(suggestions);
  }

  function take(at) {
    const suggestion = found[at];
    input.value = suggestion.q;
    close();
    choose(suggestion);
  }

  async function arrow(event) {
    event.preventDefault();
    const down = event.key === "ArrowDown";
    const open = !list.hidden;
    if (event.altKey) return down ? open || look() : close();
    if (!open) await look();
    if (list.hidden) return;
    const before = active < 0 ? found.length : active;
    point(down ? active + 1 : before - 1 + (before ? 0 : found.length));
  }

  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") arrow(event);
    else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      take(active);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "Escape") input.value = "";
    // The caret moves, and with it the attention goes back to the text.
    else if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) point(-1);
  });
  input.addEventListener("input", () => {
    point(-1);
    clearTimeout(timer);
    timer = setTimeout(look, DEBOUNCE_MS);
  });
  input.addEventListener("blur", close);
  // A press on the list must not take the focus out of the field; the list would be gone before the click.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const at = [...list.children].indexOf(event.target.closest("[role=option]"));
    if (at >= 0) take(at);
  });

  const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", autocomplete: "off" };
  for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
  input.setAttribute("aria-controls", list.id);
  list.setAttribute("role", "listbox");
  list.hidden = true;
  return close;
}
