//! The instrument that measures the search: it must find a difference that is there and none that is not.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use mitmachbox::search::eval::ablate::PIECES;
use mitmachbox::search::eval::baseline::{Baseline, light};
use mitmachbox::search::eval::collection::{Collection, Corpus, PlainDocument};
use mitmachbox::search::eval::compare::{Difference, bootstrap, paired, reports};
use mitmachbox::search::eval::figures::{Answer, OfQuery, judge};
use mitmachbox::search::eval::perturb::{Change, Cuts, Perturber};
use mitmachbox::search::eval::random::Random;
use mitmachbox::search::eval::{CollectionReport, EvalError, Options, Report, measure, table};
use mitmachbox::text::SynonymSet;
use mitmachbox::text::spelling::distance;

fn perturber(cuts: Cuts) -> Perturber {
    Perturber::new(cuts, 1).unwrap()
}

fn checked_cuts() -> Cuts {
    Cuts::table(
        "# word, parts\nBürgerhaushalt\tBürger|Haushalt\nBeteiligungsverfahren\tBeteiligung(s)|Verfahren\tremark\n\
         Haushalt\tHaushalt\nStadtteilkonferenz\tStadt|Teil|Konferenz\nVertretungsplansitzung\tVertretung(s)|Plan|Sitzung\n",
    )
    .unwrap()
}

#[test]
fn queries_change_as_the_table_says() {
    use Change::*;
    let perturber = perturber(checked_cuts());
    let table: &[(Change, &str, &str)] = &[
        (UmlautsAsTwo, "Wie heißt Ölmühle", "Wie heisst Oelmuehle"),
        (UmlautsAsTwo, "BÜRGERRAT Äpfel", "BUERGERRAT Aepfel"),
        (UmlautsAsTwo, "Rat und Tat", ""),
        (UmlautsDropped, "Straße für Ältere", "Strasse fur Altere"),
        (UmlautsDropped, "Café", ""),
        (TwoWords, "Was ist ein Bürgerhaushalt?", "Was ist ein Bürger Haushalt?"),
        (TwoWords, "bürgerhaushalt und BETEILIGUNGSVERFAHREN", "bürger haushalt und Beteiligung Verfahren"),
        (TwoWords, "Stadtteilkonferenz", "Stadtteil Konferenz"),
        (TwoWords, "Haushalt", ""),
        (TwoWords, "Kinderhaushalt", ""),
        (Hyphen, "das Beteiligungsverfahren", "das Beteiligungs-Verfahren"),
        (GenderColon, "Wie beteiligt man Bürger?", "Wie beteiligt man Bürger:innen?"),
        (GenderColon, "mit Bürgern und Patienten", "mit Bürger:innen und Patient:innen"),
        (GenderColon, "Fenster, Wasser und Winter im Theater", ""),
        (GenderColon, "Lehrer-Konferenz Autor:innen Lehrer*in", ""),
        (GenderColon, "(Lehrer) Ärzte(innen) Lehrer(innen)", "(Lehrer:innen) Ärzte(innen) Lehrer(innen)"),
        (GenderCapital, "Lehrer und Autoren", "LehrerInnen und AutorInnen"),
        (GenderPair, "für Polizisten", "für Polizistinnen und Polizisten"),
        (GenderPair, "Bürgerinnen und Bürger", ""),
        (Typo, "Rat und Tat im Ort", ""),
        (Typo, "oder aber doch nicht", ""),
    ];
    for (change, typed, expected) in table {
        let expected = (!expected.is_empty()).then(|| (*expected).to_owned());
        assert_eq!(perturber.change(*change, "q", typed), expected, "{change:?} of {typed:?}");
    }
}

#[test]
fn without_a_table_the_own_splitter_cuts() {
    let perturber = perturber(Cuts::Splitter);
    for (typed, apart, tied) in [
        ("Beteiligungsverfahren", "Beteiligung Verfahren", "Beteiligungs-Verfahren"),
        ("ein Bürgerrat?", "ein Bürger Rat?", "ein Bürger-Rat?"),
    ] {
        assert_eq!(perturber.change(Change::TwoWords, "q", typed).as_deref(), Some(apart));
        assert_eq!(perturber.change(Change::Hyphen, "q", typed).as_deref(), Some(tied));
    }
    assert_eq!(perturber.change(Change::TwoWords, "q", "Zeitung"), None);
}

#[test]
fn a_table_of_cuts_names_its_bad_line() {
    for (text, line) in [("Rathaus\tRat|Haus\nRathaus Rat|Haus\n", "line 2:"), ("# x\n\nRathaus\t|Haus", "line 3:")] {
        let complaint = Cuts::table(text).unwrap_err();
        assert!(complaint.starts_with(line), "{complaint}");
    }
}

/// One slip in one word of four letters or more, evenly over the words, in the shares that are promised.
#[test]
fn a_typo_is_one_slip_in_one_long_word() {
    const DRAWS: usize = 4_000;
    let typed = ["wo", "findet", "das", "hearing", "statt"];
    let perturber = perturber(Cuts::Splitter);
    let (mut words, mut shorter, mut longer, mut swapped) = ([0; 5], 0, 0, 0);
    for number in 0..DRAWS {
        let changed = perturber.change(Change::Typo, &number.to_string(), &typed.join(" ")).unwrap();
        let changed: Vec<&str> = changed.split(' ').collect();
        let places: Vec<usize> = (0..typed.len()).filter(|at| typed[*at] != changed[*at]).collect();
        let [at] = places[..] else { panic!("{changed:?}") };
        words[at] += 1;
        let (before, after) = (typed[at], changed[at]);
        // The distance counts umlauts as they stand: `ü` beside `p` is another letter.
        assert!(distance(before, after, 2).is_some_and(|errors| errors >= 1), "{before} {after}");
        shorter += usize::from(after.chars().count() < before.len());
        longer += usize::from(after.chars().count() > before.len());
        let sorted = |word: &str| {
            let mut letters: Vec<char> = word.chars().collect();
            letters.sort_unstable();
            letters
        };
        swapped += usize::from(sorted(before) == sorted(after));
    }
    assert_eq!((words[0], words[2]), (0, 0), "short words and stop words stay");
    let about = |count: usize, share: f64| (count as f64 / DRAWS as f64 - share).abs() < 0.025;
    for at in [1, 3, 4] {
        assert!(about(words[at], 1.0 / 3.0), "{words:?}");
    }
    // Swapping equal letters is drawn again, so there are a few less.
    assert!(about(shorter, 0.25) && about(longer, 0.25) && about(swapped, 0.24), "{shorter} {longer} {swapped}");
    let shifted = perturber.change(Change::Typo, "q", "Stadt").unwrap();
    assert!(shifted.starts_with(char::is_uppercase) && !shifted[1..].contains(char::is_uppercase), "{shifted}");
}

#[test]
fn lots_are_the_same_in_every_run_and_others_with_another_seed() {
    let draw = |seed: u64, query: &str| {
        Perturber::new(Cuts::Splitter, seed).unwrap().change(Change::Typo, query, "Beteiligung im Stadtteil").unwrap()
    };
    let all = |seed: u64| (0..20).map(|query| draw(seed, &query.to_string())).collect::<Vec<_>>();
    assert_eq!(all(1), all(1));
    assert_ne!(all(1), all(2));
    assert_ne!(draw(1, "a"), draw(1, "b"));
    let mut random = Random::new(0);
    // The reference implementation's first numbers of seed 0.
    assert_eq!([random.draw(), random.draw()], [0xe220_a839_7b1d_cdaf, 0x6e78_9e6a_a1b9_65f4]);
}

#[test]
fn the_bootstrap_finds_a_difference_that_is_there_and_none_that_is_not() {
    let mut random = Random::new(7);
    let mut noise = || (random.below(2_001) as f64 - 1_000.0) / 1_000.0;
    let noisy: Vec<[f64; 2]> = (0..400).map(|_| noise()).map(|noise| [noise + 0.2, noise]).collect();
    let [moved, same] = bootstrap(&noisy, 1);
    assert!(moved.is_clear() && !same.is_clear(), "{moved:?} {same:?}");
    assert!((moved.mean - same.mean - 0.2).abs() < 1e-9);
    // The textbook interval of a mean: 1.96 standard deviations of uniform noise in [-1, 1] over the root of 400.
    let half = 1.96 * (1.0 / 3.0_f64).sqrt() / 20.0;
    assert!(((moved.high - moved.low) / 2.0 - half).abs() < 0.1 * half, "{moved:?}, expected ± {half}");
    assert_eq!(bootstrap(&noisy, 1), [moved, same], "seeded");
    assert_ne!(bootstrap(&noisy, 2), [moved, same]);
    let equal = bootstrap(&[[0.0], [0.0], [0.0]], 1);
    assert_eq!(equal, [Difference { mean: 0.0, low: 0.0, high: 0.0 }]);
    assert!(!equal[0].is_clear());
    assert_eq!(bootstrap::<1>(&[], 1), [Difference::default()]);
}

#[test]
fn queries_are_paired_by_name() {
    let of = |ndcg_10: f64| OfQuery { ndcg_10, recall_100: 1.0 - ndcg_10, ..OfQuery::default() };
    let by_query =
        |values: &[(&str, f64)]| values.iter().map(|(query, ndcg)| ((*query).to_owned(), of(*ndcg))).collect();
    let (before, after): (BTreeMap<_, _>, BTreeMap<_, _>) =
        (by_query(&[("a", 0.5), ("b", 0.25), ("c", 1.0)]), by_query(&[("b", 0.5), ("a", 0.75), ("d", 0.0)]));
    let differences = paired(&before, &after, 1);
    assert_eq!((differences.queries, differences.ndcg_10.mean, differences.recall_100.mean), (2, 0.25, -0.25));
    assert_eq!((differences.ndcg_10.low, differences.ndcg_10.high), (0.25, 0.25));
    let report = |by_query: &BTreeMap<String, OfQuery>| Report {
        version: "0".into(),
        collections: vec![CollectionReport {
            collection: "x".into(),
            documents: 1,
            missing: Vec::new(),
            figures: Default::default(),
            baseline: None,
            ablations: Vec::new(),
            perturbed: Vec::new(),
            by_query: by_query.clone(),
        }],
    };
    let compared = reports(&report(&before), &report(&after), 1);
    assert_eq!((compared.len(), compared[0].unpaired), (1, 2));
    assert_eq!((compared[0].before, compared[0].after), ([0.375, 0.625], [0.625, 0.375]));
    assert!(table::compared(&compared).contains("+0.2500 [+0.2500, +0.2500]*"));
}

#[test]
fn light_stems_are_those_of_the_published_rules() {
    for (word, stem) in [
        ("häuser", "haus"),
        ("hauses", "haus"),
        ("kindern", "kind"),
        ("städte", "stadt"),
        ("bürger", "burg"),
        ("beteiligungen", "beteiligung"),
        ("autos", "autos"),
        ("hotels", "hotel"),
        ("kleinsten", "klein"),
        ("schönest", "schon"),
        ("rat", "rat"),
        ("rate", "rat"),
        ("see", "see"),
        ("eis", "eis"),
    ] {
        assert_eq!(light::stem(word), stem, "{word}");
    }
    for (word, normal) in [
        ("straße", "strasse"),
        ("buerger", "burger"),
        ("bürger", "burger"),
        ("neue", "neue"),
        ("quelle", "quelle"),
        ("bauer", "bauer"),
        ("poesie", "posie"),
        ("aeltere", "altere"),
    ] {
        assert_eq!(light::normalised(word), normal, "{word}");
    }
    let light = light::Light::new("# list\nder\nfür # remark\n");
    assert_eq!(light.stems("Der Bürger-Rat, für (Kinder)!"), ["burg", "rat", "kind"]);
}

/// By hand, stems `haushalt` and `burg`. In titles (one word each, five of five have one) each is in one document:
/// rarity ln 4 = 1.386, saturation 1/2.2, twice: 1.260. In texts (2, 2, 3, 6, 1 words without stop words, mean 2.8) each
/// is in two: rarity ln 2.4 = 0.875.
///
/// * c: title 1.260, text 0.875 × 3/(3 + 1.264) = 0.616; 1.876
/// * a: title 1.260
/// * b: text 2 × 0.875 × 1/(1 + 0.943) = 0.901
/// * d: text 0.875 × 1/(1 + 2.229) = 0.271
///
/// With titles weighing as much as texts, b would stand before a.
#[test]
fn the_baseline_orders_as_calculated_by_hand() {
    let document =
        |id: &str, title: &str, body: &str| PlainDocument { id: id.into(), title: title.into(), body: body.into() };
    let baseline = Baseline::new(&[
        document("a", "Haushalt", "Die Stadt plant."),
        document("b", "Stadt", "Der Haushalt der Bürger."),
        document("c", "Bürger", "Haushalt Haushalt Haushalt"),
        document("d", "Park", "Die Bürger pflanzen Bäume im Park und gießen sie im Sommer."),
        document("e", "Bank", "Eine Bank."),
    ]);
    let ask = |query: &str| (baseline.ask(query).documents.join(" "), baseline.ask(query).total);
    assert_eq!(ask("Haushalt für Bürger"), ("c a b d".into(), 4));
    assert_eq!(ask("buerger"), ("c b d".into(), 3));
    assert_eq!(ask("Bürgerhaushalt"), (String::new(), 0), "no compounds");
    assert_eq!(ask("der und die"), (String::new(), 0), "stop words only");
    assert_eq!(ask("park bank"), ("e d".into(), 2));
}

fn collection(judgements: &[(&str, &str, u32)]) -> Collection {
    let mut by_query: HashMap<String, HashMap<String, u32>> = HashMap::new();
    for (query, document, grade) in judgements {
        by_query.entry((*query).to_owned()).or_default().insert((*document).to_owned(), *grade);
    }
    let queries = by_query.keys().map(|query| (query.clone(), format!("text of {query}"))).collect();
    Collection { name: "made".into(), queries, judgements: by_query }
}

#[test]
fn figures_are_those_of_the_books() {
    let collection = collection(&[("q", "a", 2), ("q", "b", 1), ("q", "c", 1), ("r", "a", 1), ("s", "a", 1)]);
    let answer = |documents: &[&str]| Answer {
        documents: documents.iter().map(|document| (*document).to_owned()).collect(),
        total: documents.len() as u64 * 10,
        relaxed: documents.len() == 3,
    };
    let measured = judge(&collection, collection.texts(), |text| {
        Ok(match text {
            "text of q" => answer(&["x", "a", "b"]),
            "text of r" => answer(&["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "a"]),
            _ => answer(&[]),
        })
    })
    .unwrap();
    let q = measured.by_query["q"];
    let log = f64::log2;
    assert!((q.ndcg_10 - (2.0 / log(3.0) + 1.0 / log(4.0)) / (2.0 + 1.0 / log(3.0) + 1.0 / log(4.0))).abs() < 1e-12);
    assert_eq!((q.reciprocal_rank_10, q.recall_100), (0.5, 2.0 / 3.0));
    let r = measured.by_query["r"];
    assert_eq!((r.ndcg_10, r.reciprocal_rank_10, r.recall_100), (0.0, 0.0, 1.0), "the eleventh counts for recall only");
    let figures = &measured.figures;
    assert_eq!((figures.queries, figures.hits_median), (3, 30));
    let close = |value: f64, expected: f64| assert!((value - expected).abs() < 1e-9, "{value} {expected}");
    close(figures.ndcg_10, q.ndcg_10 / 3.0);
    close(figures.mrr_10, 0.5 / 3.0);
    close(figures.recall_100, (2.0 / 3.0 + 1.0) / 3.0);
    close(figures.hits_mean, 140.0 / 3.0);
    close(figures.zero_rate, 1.0 / 3.0);
    close(figures.relaxed_rate, 1.0 / 3.0);
}

const DOCUMENTS: &str = r#"{"id": "haushalt", "title": "Bürgerhaushalt", "body": "Alle reden über das Geld der Stadt mit."}
{"id": "rat", "title": "Bürgerrat", "body": "Ausgeloste Menschen beraten über eine Frage."}

{"id": "Café 1", "title": "World Café", "body": "Gespräche an wechselnden Tischen, auch über den Haushalt der Bürger."}
"#;
const QUERIES: &str = "1\tBürgerhaushalt\n2\tAuslosung der Bürger\n3\tGespräche an Tischen\n4\tohne Urteil\n";
const JUDGEMENTS: &str = "1 0 haushalt 2\n1 0 Café_1 1\n2 0 rat 1\n3 0 rat 0\n3 0 gone 1\n\n4 0 rat 0\n";

fn folder(dir: &Path, documents: &str, queries: &str, judgements: &str) {
    fs::write(dir.join("docs.jsonl"), documents).unwrap();
    fs::write(dir.join("queries.tsv"), queries).unwrap();
    fs::write(dir.join("qrels.txt"), judgements).unwrap();
}

fn corpus(dir: &Path) -> Result<Corpus, EvalError> {
    Corpus::of_folder(dir, Arc::new(SynonymSet::default()), tempfile::tempdir().unwrap().path())
}

#[test]
fn bad_folders_name_file_and_line() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let complaint = |documents: &str, queries: &str, judgements: &str| {
        folder(dir, documents, queries, judgements);
        let read = Collection::read(dir).map(|_| ()).and_then(|()| corpus(dir).map(|_| ()));
        read.map_or_else(|error| error.to_string(), |()| String::new())
    };
    for (complaint, place) in [
        (complaint(DOCUMENTS, QUERIES, JUDGEMENTS), ""),
        (complaint(DOCUMENTS, "1\ta\n\n2 b\n", JUDGEMENTS), "queries.tsv: line 3: no tab"),
        (complaint(DOCUMENTS, "1\ta\n1\tb\n", JUDGEMENTS), "queries.tsv: line 2: the query 1 stands there twice"),
        (complaint(DOCUMENTS, QUERIES, "1 0 a 1\n1 0 a\n"), "qrels.txt: line 2: not four fields"),
        (complaint(DOCUMENTS, QUERIES, "1 0 a viel\n"), "qrels.txt: line 1: the grade is no number"),
        (complaint("{\"id\": \"a\"}\n{\"id\": 1}\n", QUERIES, JUDGEMENTS), "docs.jsonl: line 2: invalid type"),
        (complaint("{\"id\": \"a\"}\n{\"id\": \"a\"}\n", QUERIES, JUDGEMENTS), "docs.jsonl: line 2: the document a"),
    ] {
        assert!(complaint.contains(place) && complaint.is_empty() == place.is_empty(), "{complaint:?}, not {place:?}");
    }
    fs::remove_file(dir.join("docs.jsonl")).unwrap();
    assert!(!Corpus::is_in(dir) && corpus(dir).is_err());
}

#[test]
fn a_folder_is_measured_with_everything_twice_alike() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    folder(dir, DOCUMENTS, QUERIES, &JUDGEMENTS.replace("Café_1", "rat"));
    let collection = Collection::read(dir).unwrap();
    assert_eq!(collection.queries.len(), 3, "the fourth has no judgement");
    let run = || {
        let scratch = tempfile::tempdir().unwrap();
        let options =
            Options { perturb: Some(perturber(Cuts::Splitter)), baseline: true, ablate: true, seed: 1, weights: None };
        measure(&collection, &corpus(dir).unwrap(), &options, scratch.path()).unwrap()
    };
    let (report, lines) = run();
    assert_eq!((report.documents, report.missing.as_slice()), (3, ["gone".to_owned()].as_slice()));
    assert_eq!(lines[0].trec(), "1 Q0 haushalt 1 1000.000000 mitmachbox");
    assert!(lines.iter().any(|line| line.document == "Café 1"), "names of documents are no slugs");
    assert_eq!(report.by_query["3"].recall_100, 0.0);
    assert_eq!(report.perturbed.len(), Change::ALL.len());
    assert_eq!(report.ablations.len(), PIECES.len());
    let row = |name: &str| report.perturbed.iter().find(|row| row.change == name).unwrap();
    let apart = row("compound as two words [splitter]");
    assert_eq!(apart.changed, BTreeMap::from([("1".to_owned(), "Bürger Haushalt".to_owned())]));
    assert!(
        apart.baseline.as_ref().is_some_and(|loss| loss.percent[0] > 50.0),
        "stems alone do not find compounds apart"
    );
    let without = |name: &str| report.ablations.iter().find(|row| row.without == name).unwrap();
    assert!(without("relaxed hits").figures.hits_mean < report.figures.hits_mean);
    assert!(without("hit rule: any 4-gram is a hit").figures.hits_mean > report.figures.hits_mean);

    // Two runs differ in their times only.
    let timeless = |report: &CollectionReport| {
        let mut report = report.clone();
        let figures = report.ablations.iter_mut().map(|row| &mut row.figures);
        for figures in
            figures.chain(report.baseline.iter_mut().map(|row| &mut row.figures)).chain([&mut report.figures])
        {
            (figures.latency_ms, figures.queries_per_second) = ([0.0; 2], 0.0);
        }
        report
    };
    let (again, lines_again) = run();
    assert_eq!(timeless(&report), timeless(&again));
    assert_eq!(lines, lines_again);

    let report = Report { version: "0".into(), collections: vec![report] };
    let read: Report = serde_json::from_str(&serde_json::to_string(&report).unwrap()).unwrap();
    assert_eq!(read.collections[0].by_query, report.collections[0].by_query);
    let compared = reports(&report, &read, 1);
    assert!(!compared[0].differences.ndcg_10.is_clear(), "a run against itself");
    let text = table::report(&report);
    for part in ["Lucene-like baseline", "one typo", "synonyms", "1 judged documents are not there, among them gone"] {
        assert!(text.contains(part), "{text}");
    }
}
