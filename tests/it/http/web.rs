//! Pages: words, safety, and that they work without any script.

use askama::Template;
use mitmachbox::model::id::{EntryId, PublicSeq};
use mitmachbox::{
    config::Config,
    index::sheet::Facts,
    model::kind::Kind,
    model::vocabulary::Language,
    search::{
        request::SearchRequest,
        response::{
            Applied, Hit, How, IndexState, Match, Mode, Page, QueryReport, Relaxed, Replacement, SearchResponse,
            Segment,
        },
    },
    web::{
        markdown::to_html,
        search_page::{results::page_numbers, search_page},
        ui::Ui,
    },
};

use super::support::vocabularies;

/// Pages in German.
const DE: Ui = Ui { language: Language::German };
/// Pages in English.
const EN: Ui = Ui { language: Language::English };

fn shown(text: Option<String>) -> String {
    text.unwrap_or_default().replace('\u{202f}', " ")
}

#[test]
fn numbers_read_as_people_write_them() {
    for (number, text) in [(0, "0"), (999, "999"), (1_000, "1.000"), (12_345, "12.345"), (1_234_567, "1.234.567")] {
        assert_eq!(DE.number(number), text);
    }
    assert_eq!(DE.entries(1), "1 Eintrag");
    for (min, max, text) in [
        (Some(12), Some(30), "12–30 Personen"),
        (Some(12), None, "ab 12 Personen"),
        (None, Some(30), "bis 30 Personen"),
        (Some(5), Some(5), "5 Personen"),
        (Some(1), Some(1), "1 Person"),
        (Some(1), None, "ab 1 Person"),
        (Some(500), Some(2_000), "500–2.000 Personen"),
        (None, None, ""),
    ] {
        assert_eq!(shown(DE.people(min, max)), text);
    }
    for (min, max, text) in [
        (Some(500), Some(3_000), "500–3.000 €"),
        (Some(500), None, "ab 500 €"),
        (Some(0), Some(500), "bis 500 €"),
        (Some(0), Some(0), "kostenlos"),
        (None, None, ""),
    ] {
        assert_eq!(shown(DE.euros(min, max)), text);
    }
}

#[test]
fn times_read_as_people_say_them() {
    for (min, max, text) in [
        (Some(20), Some(30), "20–30 Min."),
        (Some(60), Some(60), "1 Std."),
        (Some(90), Some(240), "1½–4 Std."),
        (Some(240), Some(240), "halber Tag"),
        (Some(240), Some(480), "½–1 Tag"),
        (Some(240), Some(960), "½–2 Tage"),
        (Some(480), Some(480), "1 Tag"),
        (Some(480), Some(960), "1–2 Tage"),
        (Some(720), Some(960), "1½–2 Tage"),
        (Some(45), Some(120), "45 Min. bis 2 Std."),
        (Some(480), None, "ab 1 Tag"),
        (Some(960), None, "ab 2 Tagen"),
        (Some(240), None, "ab einem halben Tag"),
        (Some(2_400), Some(9_600), "1–4 Wochen"),
        (Some(31_200), Some(62_400), "3–6 Monate"),
        (Some(124_800), None, "ab 1 Jahr"),
        (None, Some(120), "bis 2 Std."),
        (None, None, ""),
    ] {
        assert_eq!(shown(DE.duration(min, max)), text, "{min:?} {max:?}");
    }
    for (min, max, text) in [
        (Some(4), Some(8), "4–8 Wochen"),
        (Some(1), Some(1), "1 Woche"),
        (Some(0), Some(2), "bis 2 Wochen"),
        (Some(0), Some(0), "ohne Vorlauf"),
        (Some(26), Some(52), "6 Monate bis 1 Jahr"),
        (Some(12), Some(26), "12 Wochen bis 6 Monate"),
    ] {
        assert_eq!(shown(DE.weeks(min, max)), text, "{min:?} {max:?}");
    }
    assert_eq!(DE.date("2026-03-03".parse().unwrap()), "3. März 2026");
    for (date, text) in
        [("2021", "2021"), ("2021-06", "Juni 2021"), ("2021-06-15", "15. Juni 2021"), ("2021-13", "2021-13")]
    {
        assert_eq!(DE.partial_date(date), text);
    }
    assert_eq!(DE.day_of("2026-03-02T23:30:00Z".parse().unwrap()), "3. März 2026", "in Germany it is the next day");
    assert_eq!(DE.listed(&["a".into(), "b".into(), "c".into()]), "a, b und c");
}

#[test]
fn numbers_and_times_read_as_in_english() {
    assert_eq!(EN.number(12_345), "12,345");
    for (text, expected) in [
        (EN.people(Some(12), Some(30)), "12–30 people"),
        (EN.people(Some(1), Some(1)), "1 person"),
        (EN.people(None, Some(30)), "up to 30 people"),
        (EN.euros(Some(500), Some(3_000)), "€500–3,000"),
        (EN.euros(Some(500), None), "from €500"),
        (EN.euros(Some(0), Some(0)), "free of charge"),
        (EN.duration(Some(240), Some(240)), "half a day"),
        (EN.duration(Some(90), Some(240)), "1½–4 hrs"),
        (EN.duration(Some(45), Some(120)), "45 min to 2 hrs"),
        (EN.duration(Some(960), None), "from 2 days"),
        (EN.weeks(Some(1), Some(1)), "1 week"),
    ] {
        assert_eq!(shown(text), expected);
    }
    assert_eq!(EN.date("2026-03-03".parse().unwrap()), "3 March 2026");
    assert_eq!(EN.listed(&["a".into(), "b".into()]), "a and b");
    assert_eq!((EN.quoted("a"), DE.quoted("a")), ("“a”".into(), "„a“".into()));
    assert_eq!((EN.foreign("de-DE"), EN.foreign("en"), DE.foreign("")), (Some("de-DE".into()), None, None));
}

#[test]
fn markdown_becomes_plain_html() {
    assert_eq!(
        to_html("# Eins\n\n*zwei* **drei**").trim(),
        "<h3>Eins</h3>\n<p><em>zwei</em> <strong>drei</strong></p>"
    );
    assert!(to_html("[Stadt](https://dortmund.de)").contains("<a href=\"https://dortmund.de\" rel=\"noopener\">"));
    assert!(to_html("1 < 2 & 3").contains("1 &lt; 2 &amp; 3"));
}

/// After OWASP's cheat sheet, DOMPurify's and ammonia's test cases.
const VECTORS: &[&str] = &[
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//x.example/a.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<img src=\"javascript:alert(1)\">",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a></svg>",
    "<math><mtext></p><style><img src=x onerror=alert(1)>",
    "<math href=\"javascript:alert(1)\">x</math>",
    "<iframe src=\"javascript:alert(1)\"></iframe>",
    "<iframe srcdoc=\"<script>alert(1)</script>\">",
    "<object data=\"javascript:alert(1)\">",
    "<embed src=\"javascript:alert(1)\">",
    "<body onload=alert(1)>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<a href=\"JaVaScRiPt:alert(1)\">x</a>",
    "<a href=\"java\nscript:alert(1)\">x</a>",
    "<a href=\"&#106;avascript:alert(1)\">x</a>",
    "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>",
    "<a href=\"vbscript:x\">x</a>",
    "[x](javascript:alert(1))",
    "[x](JAVASCRIPT:alert(1))",
    "[x](java\\nscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:alert(1))",
    "![x](javascript:alert(1))",
    "![x](https://tracker.example/pixel.gif)",
    "<https://x.example/\" onclick=alert(1)>",
    "[x](https://x.example/\"onclick=\"alert(1))",
    "[x](https://x.example 'a\" onmouseover=\"alert(1)')",
    "<style>@import '//x.example/a.css';</style>",
    "<link rel=stylesheet href=//x.example/a.css>",
    "<div style=\"background:url(javascript:alert(1))\">x</div>",
    "<p style=\"position:fixed\">x</p>",
    "<meta http-equiv=refresh content=\"0;url=//x.example\">",
    "<base href=//x.example>",
    "<form action=//x.example><input name=a></form>",
    "<button formaction=\"javascript:alert(1)\">x</button>",
    "<input onfocus=alert(1) autofocus>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<!--<img src=\"--><img src=x onerror=alert(1)>\">",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml-stylesheet href=\"javascript:alert(1)\"?>",
    "</p><script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</script>",
    "<<script>alert(1);//<</script>",
    "<img \"\"\"><script>alert(1)</script>\">",
    "<img src=`x`onerror=alert(1)>",
    "<xss id=x tabindex=1 onfocus=alert(1)></xss>",
    "<x:script xmlns:x=\"http://www.w3.org/1999/xhtml\">alert(1)</x:script>",
    "`<script>alert(1)</script>`",
    "```html\n<script>alert(1)</script>\n```",
    "``` \" onload=\"alert(1)\nx\n```",
    "    <script>alert(1)</script>",
    "* <script>alert(1)</script>",
    "> <script>alert(1)</script>",
    "|a|\n|-|\n|<script>alert(1)</script>|",
    "# <img src=x onerror=alert(1)>",
    "[<img src=x onerror=alert(1)>](https://x.example)",
    "<a name=getElementById>x</a>",
    "<a id=q>x</a>",
    "<p class=skip>x</p>",
    "<a href=\"/redaktion\">x</a>",
    "[x](/redaktion?delete=1)",
    "[x](//x.example)",
    "<table background=javascript:alert(1)>",
    "\u{0}<script>alert(1)</script>",
    "<sc\u{0}ript>alert(1)</script>",
    "<a href=\"\u{1}javascript:alert(1)\">x</a>",
    "<a\u{a0}href=javascript:alert(1)>x</a>",
];

#[test]
fn no_html_gets_through() {
    assert!(VECTORS.len() > 70);
    for vector in VECTORS {
        // Alone, within a text, and after something that is left open.
        for text in [(*vector).to_owned(), format!("Vorher *x* {vector} nachher"), format!("**offen\n\n{vector}\n\n`")]
        {
            harmless(&to_html(&text), &text);
        }
    }
}

/// Reads tags and attributes as a browser would and allows only ours.
#[track_caller]
fn harmless(html: &str, source: &str) {
    const TAGS: &[&str] = &[
        "p",
        "br",
        "em",
        "strong",
        "a",
        "ul",
        "ol",
        "li",
        "blockquote",
        "code",
        "pre",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    ];
    for piece in html.split('<').skip(1) {
        let (tag, _) = piece.split_once('>').unwrap_or_else(|| panic!("{source:?}: open tag in {html}"));
        let mut words = tag.trim_start_matches('/').trim_end_matches('/').splitn(2, ' ');
        let name = words.next().unwrap_or_default();
        assert!(TAGS.contains(&name), "{source:?}: <{name}> in {html}");
        for attribute in words.next().unwrap_or_default().split("\" ").filter(|attribute| !attribute.trim().is_empty())
        {
            let (key, value) = attribute.split_once("=\"").unwrap_or((attribute, ""));
            match key.trim() {
                "href" => assert!(
                    ["https://", "http://", "mailto:"].iter().any(|scheme| value.starts_with(scheme)),
                    "{source:?}: {value} in {html}"
                ),
                "rel" | "start" => {}
                other => panic!("{source:?}: attribute {other} in {html}"),
            }
        }
    }
}

pub(super) fn hit(title: &str, strict: bool) -> Hit {
    let at = "2026-11-23T12:00:00Z".parse().unwrap();
    Hit {
        id: EntryId::of_seed("format", title),
        slug: "x-y".into(),
        kind: Kind::Format,
        title: vec![Segment::plain("Bürger"), Segment::marked(title)],
        snippet: Vec::new(),
        url: String::new(),
        strict,
        score: 1.0,
        matched: Vec::new(),
        facts: Facts {
            summary: "Zwei <Sätze>.".into(),
            format_types: vec![mitmachbox::model::kind::FormatType::Digital],
            topics: Vec::new(),
            participants: vec![Some(12), Some(30)],
            duration_minutes: vec![Some(240), Some(240)],
            cost_eur: vec![Some(500), None],
            duration: Vec::new(),
            cost: Vec::new(),
            municipality: None,
            years: Vec::new(),
            language: "de".into(),
            published_at: at,
            updated_at: at,
        },
        explanation: None,
    }
}

pub(super) fn answer(total: u64, hits: Vec<Hit>) -> SearchResponse {
    SearchResponse {
        query: QueryReport::default(),
        mode: Mode::Strict,
        total,
        total_strict: total,
        without: Default::default(),
        hits,
        facets: Default::default(),
        more: Default::default(),
        page: Page { number: 1, per_page: 20, pages: u32::try_from(total.div_ceil(20)).unwrap() },
        index: IndexState { seq: PublicSeq(1), generation: "g".into() },
    }
}

pub(super) fn page(request: &SearchRequest, response: &SearchResponse) -> String {
    search_page(&Config::default(), request, response, vocabularies(), vec!["Hinweis".into()]).render().unwrap()
}

pub(super) fn request(q: &str) -> SearchRequest {
    SearchRequest { q: q.into(), page: 1, per_page: 20, ..SearchRequest::default() }
}

#[track_caller]
pub(super) fn contains(html: &str, parts: &[&str]) {
    let html = html.replace('\u{202f}', " ");
    for part in parts {
        assert!(html.contains(part), "{part}\nis not in\n{html}");
    }
}

#[test]
fn a_page_of_hits_says_what_was_done() {
    let mut response = answer(12, vec![hit("rat", true)]);
    response.query.applied.corrections = vec![Replacement { from: "rta".into(), to: "rat".into() }];
    response.query.did_you_mean = Some("Bürgerrat".into());
    response.hits[0].matched =
        vec![Match { word: "los".into(), found: "Zufallsauswahl".into(), field: "body".into(), how: How::Synonym }];
    contains(
        &page(&request("rta \"><script>"), &response),
        &[
            "12 Treffer für „rta &#34;&#62;&#60;script&#62;“",
            "Gesucht wurde „rat“ statt „rta“.",
            "verbatim=corrections",
            "Meinten Sie <a href=\"/suche?q=B%C3%BCrgerrat\">„Bürgerrat“</a>?",
            "Bürger<mark>rat</mark>",
            "<span>◆ Digital ·</span> <span>12–30 Personen ·</span> <span>halber Tag ·</span> <span>ab 500 €</span>",
            "Zwei &#60;Sätze&#62;.",
            "gefunden als ähnlicher Begriff: „Zufallsauswahl“",
            "Hinweis",
        ],
    );
}

#[test]
fn relaxation_is_labelled() {
    let mut response = answer(7, vec![hit("rat", false)]);
    response.mode = Mode::Relaxed;
    response.total_strict = 0;
    response.query.applied = Applied { relaxed: Some(Relaxed { at_least: 1, of: 2 }), ..Applied::default() };
    contains(
        &page(&request("a b"), &response),
        &["Keine Treffer für „a b“ mit allen Wörtern. 7 Einträge enthalten einen Teil davon:"],
    );
    response.total_strict = 3;
    contains(
        &page(&request("a b"), &response),
        &[
            "3 Treffer für „a b“, 4 weitere enthalten nur einen Teil davon",
            "Nur Treffer mit allen Wörtern",
            "enthält nur einen Teil Ihrer Suche",
        ],
    );
}

#[test]
fn nothing_found_is_no_dead_end() {
    let mut response = answer(0, Vec::new());
    response.without = [("format_type".to_owned(), 4)].into();
    let mut request = request("rat");
    request.filters.terms.insert("format_type", vec!["digital".into()]);
    request.filters.terms.insert("kind", vec!["format".into()]);
    contains(
        &page(&request, &response),
        &[
            "Keine Treffer für „rat“",
            "Der Filter ‚Digital‘ schließt alle 4 Treffer aus.",
            "href=\"/suche?q=rat&#38;kind=format\">Ohne ihn ansehen",
            "Filter entfernen: Vor Ort oder digital? </span>Digital",
            "Filter (2)",
            "Alle Filter entfernen",
        ],
    );
}

#[test]
fn pages_have_numbers() {
    let numbers = |number, last| {
        page_numbers(number, last)
            .iter()
            .map(|page| page.map_or("…".into(), |page| page.to_string()))
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(numbers(1, 1), "");
    assert_eq!(numbers(1, 3), "1 2 3");
    assert_eq!(numbers(5, 50), "1 … 3 4 5 6 7 … 50");
    assert_eq!(numbers(50, 50), "1 … 48 49 50");
    contains(
        &page(&request("rat"), &answer(120, vec![hit("rat", true)])),
        &["href=\"/suche?q=rat&#38;page=2\"", "aria-current=\"page\"", "rel=\"next\""],
    );
}
