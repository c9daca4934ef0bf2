//! The lint of a collection: a table of small mistakes for each rule, and the shipped entries, which make none.

use mitmachbox::curate::lint::depth::{Depth, depth};
use mitmachbox::curate::lint::report::report;
use mitmachbox::curate::lint::style::HouseStyle;
use mitmachbox::curate::lint::{Draft, Finding, Severity, lint};
use mitmachbox::exchange::{bundled, corpus};
use mitmachbox::model::entry::Entry;
use mitmachbox::model::vocabulary::Vocabularies;
use serde_json::{Value, json};

fn vocabularies() -> Vocabularies {
    bundled::vocabularies().unwrap().into_iter().collect()
}

fn style() -> HouseStyle {
    HouseStyle::parse(corpus::STYLE).unwrap()
}

/// An entry without a mistake; `changes` are merged over its fields.
fn entry(kind: &str, slug: &str, changes: Value) -> Value {
    let mut content = json!({
        "kind": kind, "slug": slug, "title": format!("Runde {slug}"),
        "summary": format!("Wer mag, redet mit. Hier heißt das {slug}."),
        "plain_language": { "text": "Alle reden mit. Das geht schnell.", "level": "einfach" },
        "body": format!("So geht {slug}."),
        "format_types": ["analog"], "levels": ["konsultation"], "purposes": ["diskutieren"], "topics": ["verkehr"],
        "phases": ["auftakt"], "audiences": ["alle"],
        "sources": [{ "title": "Redaktion", "publisher": "Stadt", "year": 2026 }],
        "license": "CC-BY-4.0", "language": "de", "reviewed_on": "2026-11-23",
    });
    let profile = match kind {
        "format" => json!({
            "participants_min": 5, "duration_minutes_min": 60, "lead_time_weeks_min": 1, "cost_eur_min": 0,
            "recruitment": ["offen"], "steps": [{ "title": "Reden" }], "fits_when": ["Es eilt."],
            "does_not_fit_when": ["Es brennt."], "accessibility": ["papier"],
        }),
        "best_practice" => json!({
            "municipality": "Dortmund", "begins_on": "2020", "status": "completed", "aim": "Reden.",
            "process": "Erst so.", "results": "Dann so.",
        }),
        "guide" => json!({ "guide_type": "handbook", "publishers": ["Stadt"], "year": 2020, "access": "free" }),
        "concept" => json!({ "aim": "Ruhe.", "implementation_state": "draft" }),
        _ => json!({ "problem": "Lärm.", "proposal": "Ruhe.", "benefit": "Schlaf.", "maturity": "raw" }),
    };
    for more in [profile, changes] {
        content.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    }
    content
}

/// Relations, `type target note`, the note with what is behind the second space.
fn relations(list: &[&str]) -> Value {
    let relation = |text: &&str| {
        let mut parts = text.splitn(3, ' ');
        let mut relation = json!({ "type": parts.next(), "target": parts.next() });
        relation.as_object_mut().unwrap().extend(parts.next().map(|note| ("note".to_owned(), json!(note))));
        relation
    };
    json!({ "relations": list.iter().map(relation).collect::<Vec<_>>() })
}

fn findings(entries: Vec<Value>) -> Vec<Finding> {
    let draft = |content: Value| Draft { place: content["slug"].as_str().unwrap().to_owned(), content: Ok(content) };
    let drafts: Vec<Draft> = entries.into_iter().map(draft).collect();
    lint(&drafts, &vocabularies(), &style()).1
}

/// Findings as `place pointer rule`, notes with a question mark.
fn found(entries: Vec<Value>) -> Vec<String> {
    let show = |finding: &Finding| {
        let mark = if finding.severity == Severity::Note { "?" } else { "" };
        format!("{} {} {}{mark}", finding.place, finding.pointer, finding.rule)
    };
    findings(entries).iter().map(show).collect()
}

/// Lints one idea with these fields.
#[track_caller]
fn check(changes: Value, expected: &[&str]) {
    let shown = changes.to_string();
    let expected: Vec<String> = expected.iter().map(|finding| format!("a {finding}")).collect();
    assert_eq!(found(vec![entry("idea", "a", changes)]), expected, "{shown}");
}

#[test]
fn nothing_is_wrong_with_a_good_entry() {
    check(json!({}), &[]);
}

#[test]
fn what_a_publication_is_refused_for_is_an_error() {
    check(json!({ "topics": ["nirgends"] }), &["/topics/0 unknown_term"]);
    check(json!({ "summary": "x".repeat(301) }), &["/summary too_long"]);
    check(json!({ "sources": [] }), &["/sources required_to_publish"]);
    check(relations(&["combines_with niemand"]), &["/relations/0/target unknown_entry"]);
    assert_eq!(
        found(vec![entry("idea", "a", json!({})), entry("guide", "a", json!({ "title": "B" }))])[0],
        "a /slug slug-twice"
    );
    let unreadable = Draft { place: "a".into(), content: Err("no TOML".into()) };
    let (corpus, findings) = lint(&[unreadable], &vocabularies(), &style());
    assert!(corpus.is_empty());
    assert_eq!(findings[0].to_string(), "error a:  no TOML [unreadable]");
}

#[test]
fn people_are_written_with_the_star() {
    let table = [
        ("Viele Bürger kamen.", true),
        ("Er fragte die Bürger, Einwohner*innen nicht.", true),
        ("Das Wissen der Einwohner zählt.", true),
        ("Mit vielen Moderatoren.", true),
        ("Mit Teilnehmern reden.", true),
        ("Bürgerinnen und Bürger kamen.", true),
        ("Die Bürger:innen kamen.", true),
        ("Die Bürger/-innen kamen.", true),
        ("Die BürgerInnen kamen.", true),
        ("Die Bürger(innen) kamen.", true),
        ("Alle Bürger*innen, auch Bürger*innenräte und Bürgerräte.", false),
        ("Bürger- und Einwohneranträge, Experten-Rat, Polizei-Experten.", false),
        ("Ein geloster Bürger und ein gemeinsam ausgesuchter Gutachter.", false),
        ("Sie fragten den Gutachter. Der Gutachter schwieg.", false),
        ("Ungeduld ist der größte Gegner.", false),
        ("Die größten Gegner schwiegen.", true),
        ("Das Wissen der größten Gegner.", true),
        ("Das Heft „Bürger machen Stadt“ liegt aus.", false),
        ("Die Ratsfrau und Kritiker teilen eine Bank.", false),
        ("Bürger", true),
    ];
    for (text, wrong) in table {
        check(json!({ "proposal": text }), if wrong { &["/proposal gender"] } else { &[] });
    }
    // Names are copied as they are.
    check(json!({ "title": "Bürger machen Stadt", "alternative_titles": ["Experten-Runde der Bürger"] }), &[]);
    check(json!({ "proposal": "Les Bürger \"arrivent\"", "language": "fr" }), &[]);
    let two = findings(vec![entry("idea", "a", json!({ "proposal": "Bürger und Experten." }))]);
    let details: Vec<&str> = two.iter().map(|finding| finding.detail.as_str()).collect();
    assert_eq!(details, ["Bürger: write Bürger*innen", "Experten: write Expert*innen"]);
}

#[test]
fn the_table_of_style_is_strict() {
    assert!(HouseStyle::parse("[forms]\n\"a\" = \"b\"").is_err());
    assert!(HouseStyle::parse("[forms]\n[[allowed]]\nphrase = \"ohne Grund\"").is_err());
}

#[test]
fn signs_are_german() {
    for (text, wrong) in [
        ("Er sagt \"ja\".", true),
        ("Geht's?", true),
        ("Geht’s?", false),
        ("Und so ...", true),
        ("Das - und mehr.", true),
        ("Rad- und Fußweg – ja.", false),
        ("Er sagt „ja“.", false),
        ("Er sagt “ja”.", true),
        ("Er sagt „ja.", true),
        ("Er sagt ja“.", true),
        ("Zwei  Lücken.", true),
    ] {
        check(json!({ "benefit": text }), if wrong { &["/benefit typography"] } else { &[] });
    }
    check(json!({ "title": "Jane's Walk", "spelling_variants": ["Jane's Walk"] }), &["/title typography"]);
}

#[test]
fn texts_are_easy_to_read() {
    let sentence = |words: usize| format!("{}Tag.", "und ".repeat(words - 1));
    let plain = |text: String| json!({ "plain_language": { "text": text, "level": "einfach" } });
    check(json!({ "proposal": sentence(30) }), &[]);
    check(json!({ "proposal": sentence(31) }), &["/proposal sentence-long"]);
    check(plain(sentence(20)), &[]);
    check(plain(sentence(21)), &["/plain_language/text sentence-long"]);
    check(plain("Zufallsauswahl legitimiert Beteiligung.".into()), &["/plain_language/text reading-ease"]);
    check(json!({ "summary": "Bürgerbeteiligungsverfahren evaluieren." }), &["/summary reading-ease"]);
    check(json!({ "title": "Runde", "summary": "Die Runde hilft." }), &["/summary summary-repeats"]);
    check(json!({ "title": "Runde", "summary": "Runden helfen. Eine Runde auch." }), &[]);
}

#[test]
fn sources_can_be_followed() {
    let source = |source: Value| json!({ "sources": [source] });
    check(source(json!({ "title": "Buch" })), &["/sources/0 source-vague"]);
    check(source(json!({ "title": "Buch", "publisher": "Verlag" })), &["/sources/0 source-undated?"]);
    check(source(json!({ "title": "Buch", "year": 2000 })), &[]);
    check(source(json!({ "title": "Seite", "url": "https://example.org" })), &[]);
    check(source(json!({ "title": "www.example.org", "year": 2000 })), &["/sources/0/title address-untitled"]);
    check(
        json!({ "links": [{ "title": "https://example.org", "url": "https://example.org" }] }),
        &["/links/0/title address-untitled"],
    );
    check(json!({ "benefit": "Siehe https://example.org." }), &["/benefit address-bare"]);
    check(json!({ "benefit": "Siehe [dort](https://www.example.org)." }), &[]);
}

#[test]
fn names_lead_to_one_entry() {
    let named = |kind: &str, slug: &str, title: &str, other: &str| {
        entry(kind, slug, json!({ "title": title, "alternative_titles": [other] }))
    };
    let both = |one, other| found(vec![one, other]);
    assert_eq!(both(named("idea", "a", "Runde", "X"), named("guide", "b", "runde", "Y")), ["b /title title-twice"]);
    assert_eq!(
        both(named("idea", "a", "Runde", "X"), named("idea", "b", "Kreis", "Runde")),
        ["b /alternative_titles/0 title-twice"]
    );
    assert_eq!(
        both(named("idea", "a", "Runde", "X"), named("idea", "b", "Kreis", "x")),
        ["b /alternative_titles/0 name-shared?"]
    );
    check(
        json!({ "title": "Runde", "alternative_titles": ["Runde", "Kreis", "Kreis"] }),
        &["/alternative_titles/0 title-twice", "/alternative_titles/2 title-twice"],
    );
    let mut guide = named("guide", "b", "Buch", "Runde");
    guide["relations"] = relations(&["combines_with a"])["relations"].take();
    assert_eq!(both(named("idea", "a", "Runde", "X"), guide), [""; 0]);
}

#[test]
fn relations_make_sense() {
    let idea = |slug: &str, list: &[&str]| entry("idea", slug, relations(list));
    let table: [(Vec<Value>, &[&str]); 9] = [
        (vec![idea("a", &["alternative_to b"]), idea("b", &[])], &[]),
        (
            vec![idea("a", &["alternative_to b", "alternative_to b"]), idea("b", &[])],
            &["a /relations/1 relation-twice"],
        ),
        (
            vec![idea("a", &["alternative_to b"]), idea("b", &["alternative_to a"])],
            &["a /relations/0 relation-twice", "b /relations/0 relation-twice"],
        ),
        (vec![idea("a", &["combines_with b davor: säen"]), idea("b", &["combines_with a danach: ernten"])], &[]),
        (
            vec![idea("a", &["combines_with b davor: säen"]), idea("b", &["combines_with a vorher: ernten"])],
            &["a /relations/0/note relation-contradiction", "b /relations/0/note relation-contradiction"],
        ),
        (
            vec![idea("a", &["combines_with b danach: ernten"]), idea("b", &[])],
            &["a /relations/0/note relation-one-sided?"],
        ),
        (vec![idea("a", &["uses_format b"]), idea("b", &[])], &["a /relations/0/type relation-ends"]),
        (
            vec![idea("a", &["follows b"]), idea("b", &["follows c"]), idea("c", &["follows a"])],
            &["a /relations relation-circle", "b /relations relation-circle", "c /relations relation-circle"],
        ),
        (
            vec![idea("a", &["part_of b"]), idea("b", &["part_of a"])],
            &[
                "a /relations/0 relation-contradiction",
                "a /relations relation-circle",
                "b /relations/0 relation-contradiction",
                "b /relations relation-circle",
            ],
        ),
    ];
    for (entries, expected) in table {
        assert_eq!(found(entries), expected);
    }
    let digital = |slug: &str, types: &[&str], list: &[&str]| {
        let mut format = entry("format", slug, relations(list));
        format["format_types"] = json!(types);
        format
    };
    let twin = ["digital_counterpart_of a", "alternative_to a"];
    assert_eq!(found(vec![digital("a", &["analog"], &[]), digital("b", &["hybrid"], &twin)]), [""; 0]);
    let wrong = found(vec![digital("a", &["digital"], &[]), digital("b", &["digital"], &twin)]);
    assert_eq!(wrong, ["b /relations/0/type relation-ends"]);
}

#[test]
fn formats_and_cases_are_linked() {
    let format = entry("format", "f", json!({}));
    assert_eq!(
        found(vec![format.clone(), entry("best_practice", "c", json!({}))]),
        ["f /relations orphan", "c /relations orphan"]
    );
    let case = entry("best_practice", "c", relations(&["uses_format f"]));
    assert_eq!(found(vec![format.clone(), case.clone()]), ["f /relations orphan"]);
    let guide = entry("guide", "g", relations(&["explains f"]));
    assert_eq!(found(vec![format, case, guide]), [""; 0]);
}

#[test]
fn sentences_stand_in_one_place() {
    let says = |slug: &str, text: &str| entry("idea", slug, json!({ "benefit": text }));
    let long = "Wer früh fragt, bekommt am Ende die besseren Antworten.";
    let louder = "Ja. WER früh fragt bekommt am Ende die besseren Antworten!";
    assert_eq!(found(vec![says("a", long), says("b", louder)]), ["b /benefit sentence-twice"]);
    assert_eq!(found(vec![says("a", "Wer früh fragt, gewinnt."), says("b", "Wer früh fragt, gewinnt.")]), [""; 0]);
}

#[test]
fn profiles_are_filled_in() {
    let bare = json!({ "body": "", "plain_language": null, "problem": null, "proposal": null, "benefit": null });
    check(bare, &[" incomplete"]);
    let deep = json!({
        "steps": [{ "title": "Eins" }, { "title": "Zwei" }, { "title": "Drei" }],
        "fits_when": ["A", "B"], "does_not_fit_when": ["A", "B"], "strengths": ["A", "B"], "weaknesses": ["A", "B"],
        "tips": ["A", "B"], "pitfalls": ["A"], "variants": ["A"],
    });
    let of = |changes: &Value| Entry::from_checked(&entry("format", "f", changes.clone())).unwrap();
    assert_eq!(depth(&of(&deep)), Depth::Deep);
    for field in deep.as_object().unwrap().keys() {
        let mut less = deep.clone();
        less[field] = json!([]);
        assert_eq!(depth(&of(&less)), Depth::Short, "without {field}");
    }
    let mut gaps = deep;
    gaps.as_object_mut()
        .unwrap()
        .extend(json!({ "cost_eur_min": null, "recruitment": [], "phases": [] }).as_object().unwrap().clone());
    assert!(found(vec![entry("format", "f", gaps)]).contains(&"f  incomplete".to_owned()), "deep and below its floor");
}

#[test]
fn the_shipped_entries_keep_the_rules() {
    let drafts = corpus::shipped().unwrap();
    let (corpus, findings) = lint(&drafts, &vocabularies(), &style());
    let errors: Vec<String> =
        findings.iter().filter(|f| f.severity == Severity::Error).map(ToString::to_string).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    assert_eq!(corpus.len(), drafts.len());
    let report = report(&corpus, &vocabularies());
    let figure = |heading: &str, label: &str| -> usize {
        let table = report.tables.iter().find(|table| table.heading == heading).unwrap();
        let row = table.rows.iter().find(|(name, _)| name == label).unwrap_or_else(|| panic!("{label}: {table:?}"));
        row.1.split(' ').next().unwrap().parse().unwrap()
    };
    assert_eq!(report.total, drafts.len());
    for (label, least) in
        [("Format/Methode", 200), ("Leitfaden", 36), ("Praxisbeispiel", 80), ("Konzept", 12), ("Idee", 15)]
    {
        assert!(figure("kinds", label) >= least, "{label}");
    }
    assert!(report.to_string().lines().count() <= 60, "one page");
}

#[test]
fn the_report_counts() {
    let of = |slug: &str, topics: Value| entry("idea", slug, json!({ "topics": topics }));
    let draft = |content: Value| Draft { place: String::new(), content: Ok(content) };
    let drafts = [of("a", json!(["verkehr"])), of("b", json!(["verkehr", "wohnen"]))].map(draft);
    let (corpus, _) = lint(&drafts, &vocabularies(), &style());
    let text = report(&corpus, &vocabularies()).to_string();
    for part in [
        "2 entries",
        "Idee: 2 (2 deep, 0 short)",
        "Mobilität und Verkehr: 2",
        "Wohnen: 1",
        "Vor Ort: 2 (0 of them formats)",
        "all: 2",
        "lowest",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
}
