import { combobox } from "./combobox.js";
import { announcer, el } from "./dom.js";

/** Suggestions under the search field of the pages. Everything else on them works without any script. */

const WORDS = {
  de: { list: "Vorschläge", one: "1 Vorschlag", many: "Vorschläge", how: "Mit den Pfeiltasten auswählen." },
  en: { list: "Suggestions", one: "1 suggestion", many: "suggestions", how: "Choose with the arrow keys." },
};

const input = document.getElementById("q");
if (input) {
  const language = document.documentElement.lang.startsWith("en") ? "en" : "de";
  const words = WORDS[language];
  const { regions, say } = announcer();
  const list = el("ul", { id: "q-suggestions", class: "suggestions", "aria-label": words.list });
  input.after(list);
  input.form.append(...regions);
  combobox(input, {
    list,
    say,
    counted: (number) => `${number === 1 ? words.one : `${number} ${words.many}`}. ${words.how}`,
    suggest: async (q, signal) => {
      // The form leads to …/suche; the API lives beside it.
      const url = new URL("api/v1/suggest", input.form.action);
      url.search = new URLSearchParams(language === "de" ? { q } : { q, lang: language });
      const response = await fetch(url, { signal });
      return response.ok ? (await response.json()).suggestions : [];
    },
    choose: () => input.form.requestSubmit(),
  });
}
