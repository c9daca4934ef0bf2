//! The order of hits: the two tiers of titles, and the pairwise law on entries that are otherwise equal.

use std::sync::Arc;

use mitmachbox::index::snapshot::Reference;
use mitmachbox::model::public::PublicEntry;
use mitmachbox::search::request::Sort;
use mitmachbox::text::{Analyser, SynonymSet};

use super::support::{Shelf, VOCABULARIES, idea, request, shelf, shelf_with, slugs, with_text};

/// A word with the forms that find it: itself, inflected, in a compound, a synonym, mistyped.
struct Forms {
    exact: &'static str,
    stem: &'static str,
    part: &'static str,
    synonym: &'static str,
    typo: &'static str,
}

const FORMS: &[Forms] = &[
    Forms { exact: "Haushalt", stem: "Haushalte", part: "Bürgerhaushalt", synonym: "Etat", typo: "Haushallt" },
    Forms { exact: "Werkstatt", stem: "Werkstätten", part: "Ideenwerkstatt", synonym: "Workshop", typo: "Werckstatt" },
    Forms {
        exact: "Beteiligung",
        stem: "Beteiligungen",
        part: "Bürgerbeteiligung",
        synonym: "Mitwirkung",
        typo: "Beteilihung",
    },
    Forms {
        exact: "Spaziergang",
        stem: "Spaziergänge",
        part: "Stadtspaziergang",
        synonym: "Rundgang zu Fuß",
        typo: "Spaziehrgang",
    },
    Forms {
        exact: "Bürgerrat",
        stem: "Bürgerräte",
        part: "Bürgerratsempfehlung",
        synonym: "Citizens' Assembly",
        typo: "Bürgerart",
    },
];

/// Where in an entry the form stands; nothing else differs.
/// A place in an entry, and how to make one with a word there.
type Place = (&'static str, fn(&str, &str) -> PublicEntry);

const PLACES: &[Place] = &[
    ("title", |slug, form| with_text(slug, &format!("Neu {form} gestern"), "Kurz gesagt.", "Viel Text folgt.")),
    ("summary", |slug, form| with_text(slug, "Neu gestern", &format!("Kurz gesagt {form} heute."), "Viel Text folgt.")),
    ("body", |slug, form| with_text(slug, "Neu gestern", "Kurz gesagt.", &format!("Viel Text folgt {form} danach."))),
];

/// How many further entries have the exact word, the synonym, or neither. A synonym that is rarer than the word itself
/// must not outrank it, and the other way round.
const COMPANY: &[(usize, usize, usize)] = &[(0, 0, 0), (0, 0, 20), (8, 0, 0), (0, 8, 0), (8, 0, 20), (0, 8, 20)];

#[test]
fn exact_form_then_stem_then_part_then_synonym_then_typo() {
    let mut wrong = Vec::new();
    for forms in FORMS {
        let rule = format!("[[rule]]\nboth = [\"{}\", \"{}\"]\nweight = 1.0\n", forms.exact, forms.synonym);
        let synonyms = Arc::new(SynonymSet::parse(&rule, Analyser::bundled()).unwrap());
        for (place, entry) in PLACES {
            for company in COMPANY {
                let mut entries: Vec<PublicEntry> =
                    ladder(forms).iter().map(|(slug, form)| entry(slug, form)).collect();
                let more = [(forms.exact, company.0), (forms.synonym, company.1), ("Ferner", company.2)];
                for (form, count) in more {
                    entries
                        .extend((0..count).map(|number| entry(&format!("more-{form}-{number}").to_lowercase(), form)));
                }
                let reference = Reference { vocabularies: VOCABULARIES.clone(), synonyms: synonyms.clone() };
                let shelf = shelf_with(&entries, reference);
                wrong.extend(breaks(&shelf, forms).map(|what| format!("{place}, {company:?}: {what}")));
            }
        }
    }
    assert!(wrong.is_empty(), "{} times:\n{}", wrong.len(), wrong.join("\n"));
}

fn ladder(forms: &Forms) -> [(&'static str, &'static str); 5] {
    [
        ("exact", forms.exact),
        ("stem", forms.stem),
        ("part", forms.part),
        ("synonym", forms.synonym),
        ("typo", forms.typo),
    ]
}

/// Rungs that are missing or stand below a lower one.
fn breaks<'a>(shelf: &Shelf, forms: &'a Forms) -> impl Iterator<Item = String> + use<'a> {
    let response = shelf.search(forms.exact);
    let place = |slug: &str| response.hits.iter().find(|hit| hit.slug == slug).map(|hit| (hit.strict, hit.score));
    let mut broken = Vec::new();
    let mut above: Option<(&str, (bool, f32))> = None;
    for (slug, form) in ladder(forms) {
        let Some(here) = place(slug) else {
            // Similar spelling is only looked for when there is hardly anything else.
            if slug != "typo" {
                broken.push(format!("{}: {slug} ({form}) is no hit", forms.exact));
            }
            continue;
        };
        if let Some((better, there)) = above
            && here > there
        {
            broken.push(format!("{}: {slug} ({form}) {here:?} above {better} {there:?}", forms.exact));
        }
        above = Some((slug, here));
    }
    broken.into_iter()
}

#[test]
fn a_typed_slip_finds_what_was_meant_and_the_slip_itself_first() {
    let shelf = shelf(&[
        with_text("right", "Neu Spaziergang gestern", "", ""),
        with_text("slip", "Neu Spaziehrgang gestern", "", ""),
        with_text("other", "Neu Brunnen gestern", "", ""),
    ]);
    assert_eq!(shelf.slugs("Spaziehrgang"), ["slip", "right"]);
    assert_eq!(shelf.slugs("Spazirgang"), ["right", "slip"], "the slip of nobody is corrected to the nearest");
}

#[test]
fn a_title_that_is_the_query_comes_first_then_one_that_begins_with_it() {
    let mut alternative = idea("alternative", "Gesprächsrunde");
    alternative.entry.common.alternative_titles = vec!["Runder Tisch".into()];
    let mut variant = idea("variant", "Verhandlung");
    variant.entry.common.spelling_variants = vec!["Rundertisch".into(), "runder tisch".into()];
    let often = "Runder Tisch, runder Tisch! ".repeat(20);
    let entries = [
        alternative,
        variant,
        idea("title", "Runder Tisch"),
        idea("hyphen", "Runder-Tisch"),
        with_text("begins", "Runder Tisch am Hafen", "", ""),
        with_text("begins-bare", "Runder Tisch Innenstadt-Nord und Hafen mit langem Namen", "", ""),
        with_text("inside", "Der große runde Tisch", &often, &often),
        with_text("longer", "Runder Tischler", &often, &often),
        with_text("often", "Verfahren", &often, &often),
    ];
    let shelf = shelf(&entries);
    for query in ["runder tisch", "Runder Tisch", "RUNDER TISCH", "\"runder tisch\"", "runder  tisch!"] {
        let found = shelf.slugs(query);
        let tier =
            |slug: &str| found.iter().position(|found| found == slug).unwrap_or_else(|| panic!("{query}: {slug}"));
        for (first, second) in [("title", "begins"), ("begins", "inside"), ("begins-bare", "often")] {
            assert!(tier(first) < tier(second), "{query}: {first} before {second} in {found:?}");
        }
        let equal = ["title", "alternative", "variant", "hyphen"];
        assert!(equal.iter().all(|slug| tier(slug) < 4), "{query}: {equal:?} are the first four of {found:?}");
        assert!(tier("begins").max(tier("begins-bare")) < 6, "{query}: then those that begin with it: {found:?}");
    }
    assert!(shelf.slugs("runder tischler")[0] == "longer");
}

#[test]
fn a_correction_takes_part_in_the_tiers() {
    let often = "Bürgerrat, Bürgerrat! ".repeat(30);
    let shelf = shelf(&[with_text("often", "Ein Verfahren", &often, &often), idea("title", "Bürgerrat")]);
    for query in ["buergerinenrat", "bürgerratt", "Bürger:innenrat", "bürgerrat"] {
        assert_eq!(shelf.slugs(query).first().map(String::as_str), Some("title"), "{query}");
    }
}

#[test]
fn a_part_stands_below_every_entry_about_the_word_itself() {
    let shelf = shelf(&[
        with_text(
            "part",
            "Bürgerhaushalt",
            "Ein Bürgerhaushalt ist ein Verfahren.",
            "Bürgerhaushalt und Bürgerhaushalte.",
        ),
        with_text("itself", "Der Haushalt", "Ein Haushalt ist ein Plan.", "Haushalt und Haushalte."),
        with_text("none", "Spielplatz", "Rutsche.", ""),
    ]);
    assert_eq!(shelf.slugs("Haushalt")[0], "itself");
    assert!(shelf.strict("Haushalt").contains(&"part".to_owned()), "found as a word part");
    assert!(!shelf.slugs("Haushalt").contains(&"none".to_owned()));
}

#[test]
fn ties_are_in_the_order_of_ids_on_every_page() {
    let entries: Vec<PublicEntry> =
        (0..57).map(|number| with_text(&format!("same-{number}"), "Gleicher Titel", "Brunnen", "")).collect();
    let shelf = shelf(&entries);
    let mut ids: Vec<_> = entries.iter().map(|entry| entry.id).collect();
    ids.sort_unstable();
    for (q, sort) in ["", "brunnen"].into_iter().flat_map(|q| Sort::ALL.iter().map(move |(_, sort)| (q, *sort))) {
        let mut found = Vec::new();
        for page in 1..=9 {
            let wanted = mitmachbox::search::request::SearchRequest { page, per_page: 7, sort, ..request(q) };
            let response = shelf.run(&wanted);
            assert_eq!((response.total, response.page.pages), (57, 9));
            found.extend(response.hits.iter().map(|hit| hit.id));
        }
        assert_eq!(found, ids, "{q:?} {sort:?}");
    }
}

#[test]
fn orders_other_than_relevance() {
    let mut entries = vec![
        idea("b", "Übersicht Brunnen"),
        idea("a", "zebra Brunnen"),
        idea("c", "Ärger Brunnen"),
        idea("d", "Apfel Brunnen"),
    ];
    for (number, entry) in entries.iter_mut().enumerate() {
        let day = jiff::SignedDuration::from_hours(24 * i64::try_from(number).unwrap());
        entry.derived.published_at += day;
        entry.derived.updated_at -= day;
    }
    let shelf = shelf(&entries);
    let by =
        |sort, q: &str| slugs(&shelf.run(&mitmachbox::search::request::SearchRequest { sort, ..request(q) })).join("");
    for q in ["", "brunnen"] {
        assert_eq!(by(Sort::Title, q), "dcba", "umlauts stand at their letter");
        assert_eq!(by(Sort::Published, q), "dcab");
        assert_eq!(by(Sort::Updated, q), "bacd");
    }
    let mut asked = request("");
    asked.filters.ids = vec!["c".into(), "a".into(), entries[0].id.to_string(), "unknown".into()];
    assert_eq!(slugs(&shelf.run(&asked)), ["c", "a", "b"], "in the order asked for, by slug or id");
}
