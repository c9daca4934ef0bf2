/**
 * What the widget says. `{0}`, `{1}` are filled in; where there is a `|`, the first form is for one, the second for more.
 *
 * A page may replace any of them: `<script type="application/json" slot="strings">{"search": "Los"}</script>` inside the
 * element.
 */

const DE = {
  label: "Beteiligungsformate durchsuchen",
  search: "Suchen",
  suggestions: "Vorschläge",
  suggested: "{0} Vorschlag, mit den Pfeiltasten auswählen|{0} Vorschläge, mit den Pfeiltasten auswählen",
  skip: "Zu den Treffern",
  about: " für „{0}“",
  hits: "{0} Treffer{1}",
  none: "Keine Treffer{0}",
  partly: "Keine Treffer{1} mit allen Wörtern. Einträge mit einem Teil davon: {0}",
  more_partly: "{1}. Weitere mit einem Teil davon: {0}",
  part: "enthält nur einen Teil Ihrer Suche",
  corrected: "Gesucht wurde „{0}“ statt „{1}“.",
  corrections: "Nur so suchen, wie ich es geschrieben habe",
  relaxed: "Nur Treffer mit allen Wörtern",
  exactly: "Gesucht wurde genau so, wie Sie es geschrieben haben.",
  helped: "Wieder mit Hilfe suchen",
  meant: "Meinten Sie „{0}“?",
  offer: "Als Filter setzen: {0} ({1})",
  filter: "Filter",
  any: "egal",
  remove: "Filter entfernen: ",
  reset: "Alle Filter entfernen",
  sort: "Reihenfolge",
  relevance: "Beste zuerst",
  newest: "Neueste zuerst",
  title: "A bis Z",
  pages: "Seiten",
  previous: "Zurück",
  next: "Weiter",
  page: "Seite {0} von {1}",
  own_page: "Diese Suche auf einer eigenen Seite öffnen",
  failed: "Die Suche antwortet gerade nicht.",
  shut: "Der Filter ‚{1}‘ schließt den einzigen Treffer aus.|Der Filter ‚{1}‘ schließt alle {0} Treffer aus.",
  without: "Ohne ihn ansehen",
  fewer: "Probieren Sie weniger oder andere Wörter.",
  everything: "Alle Einträge ansehen",
  people: "{1}\u202fPerson|{1}\u202fPersonen",
  from: "ab {0}",
  up_to: "bis {0}",
  range: "{0} bis {1}",
  free: "kostenlos",
  since: "seit {0}",
  kind: "Was suchen Sie?",
  format_type: "Vor Ort oder digital?",
  topic: "Thema",
  audience: "Wer soll mitmachen?",
  participants: "Wie viele Menschen?",
  duration_max: "Wie lange darf es dauern?",
  cost_max: "Was darf es kosten?",
  district: "Stadtbezirk",
};

const EN = {
  label: "Search ways to take part",
  search: "Search",
  suggestions: "Suggestions",
  suggested: "{0} suggestion, choose with the arrow keys|{0} suggestions, choose with the arrow keys",
  skip: "Go to the results",
  about: " for “{0}”",
  hits: "{0} result{1}|{0} results{1}",
  none: "No results{0}",
  partly: "No results{1} with all words. Entries with some of them: {0}",
  more_partly: "{1}. More with some of the words: {0}",
  part: "has only some of your words",
  corrected: "Searched for “{0}” instead of “{1}”.",
  corrections: "Search only for what I typed",
  relaxed: "Only results with all words",
  exactly: "Searched for exactly what you typed.",
  helped: "Search with help again",
  meant: "Did you mean “{0}”?",
  offer: "Set as filter: {0} ({1})",
  filter: "Filters",
  any: "any",
  remove: "Remove filter: ",
  reset: "Remove all filters",
  sort: "Order",
  relevance: "Best first",
  newest: "Newest first",
  title: "A to Z",
  pages: "Pages",
  previous: "Back",
  next: "Next",
  page: "Page {0} of {1}",
  own_page: "Open this search on a page of its own",
  failed: "The search does not answer right now.",
  shut: "The filter “{1}” leaves out the only result.|The filter “{1}” leaves out all {0} results.",
  without: "See them without it",
  fewer: "Try fewer or other words. Most entries are in German.",
  everything: "See all entries",
  people: "{1} person|{1} people",
  from: "from {0}",
  up_to: "up to {0}",
  range: "{0} to {1}",
  free: "free",
  since: "since {0}",
  kind: "What are you looking for?",
  format_type: "On site or digital?",
  topic: "Topic",
  audience: "Who should take part?",
  participants: "How many people?",
  duration_max: "How long may it take?",
  cost_max: "What may it cost?",
  district: "City district",
};

/** Plain German, where it differs. Nobody has checked it by the rules of Leichte Sprache, so it is not called that. */
const PLAIN = {
  label: "Formate zum Mitmachen suchen",
  part: "Hier steht nur ein Teil von Ihren Wörtern",
  corrected: "Wir haben „{0}“ gesucht. Sie haben „{1}“ geschrieben.",
  corrections: "Nur mein Wort suchen",
  exactly: "Wir haben genau Ihre Wörter gesucht.",
  failed: "Die Suche geht gerade nicht.",
  shut: "Es gibt 1 Treffer. Er passt nicht zum Filter ‚{1}‘.|Es gibt {0} Treffer. Sie passen nicht zum Filter ‚{1}‘.",
  without: "Ohne den Filter ansehen",
};

/** The language the widget speaks for a tag such as `en-GB`; German where it knows none. */
export const spoken = (tag = "") => (/^en/i.test(tag) ? "en" : /^de-x-einfach$/i.test(tag) ? "de-x-einfach" : "de");

/** The voice of a widget: `(key, …values)` gives the text; a key that nobody knows is its own text. */
export function voice(language, own) {
  const strings = { ...(language === "en" ? EN : DE), ...(language === "de-x-einfach" && PLAIN), ...own };
  const number = new Intl.NumberFormat(language);
  return (key, ...values) => {
    const [one, more = one] = (strings[key] ?? key).split("|");
    const shown = (value) => (typeof value === "number" ? number.format(value) : value);
    return (values[0] === 1 ? one : more).replace(/\{(\d)}/g, (_, at) => shown(values[at]));
  };
}
