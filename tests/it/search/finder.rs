//! The format finder: the situations it is measured by, its laws, its words.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use mitmachbox::exchange::bundled;
use mitmachbox::index::snapshot::Doc;
use mitmachbox::model::kind::{ConflictSuitability, Kind, MethodLevel};
use mitmachbox::model::vocabulary::Language;
use mitmachbox::search::eval::random::Random;
use mitmachbox::search::finder::score::Verdict;
use mitmachbox::search::finder::weights::{TABLE, WEIGHTS, Weights};
use mitmachbox::search::finder::{Advice, Criterion, FinderResponse, Question, Ranked, rank};
use serde::Deserialize;

use super::desk::run;
use super::support::{CORPUS, VOCABULARIES};

const SITUATIONS: &str = include_str!("../../../index-data/finder/situations.toml");
/// Share of the situations that have to come out as expected.
const FLOOR: f64 = 0.95;
/// What a table of weights that was shuffled may reach at most: a list that ignores the weights is visibly worse.
const SHUFFLED_MAX: f64 = 0.88;
/// Formats shown where no `limit` is named.
const FIRST_LOOK: usize = 12;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    situations: Vec<Situation>,
}

/// One situation, as the head of the file explains.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Situation {
    id: String,
    sentence: String,
    answers: BTreeMap<Criterion, String>,
    expected: Vec<String>,
    #[serde(default)]
    not_in_first_five: Vec<String>,
    source: String,
}

fn situations() -> Vec<Situation> {
    toml::from_str::<Table>(SITUATIONS).unwrap_or_else(|error| panic!("{error}")).situations
}

fn question(answers: &BTreeMap<Criterion, String>) -> Question {
    let mut question = Question::default();
    for (criterion, value) in answers {
        match criterion {
            Criterion::Participants => question.participants = Some(value.parse().unwrap()),
            Criterion::Conflict => question.conflict = ConflictSuitability::from_id(value),
            _ => drop(question.terms.insert(*criterion, value.split(',').map(str::to_owned).collect())),
        }
    }
    question
}

fn asked(answers: &[(Criterion, &str)]) -> Question {
    question(&answers.iter().map(|(criterion, value)| (*criterion, (*value).to_owned())).collect())
}

fn slug(doc: Doc) -> String {
    CORPUS.context.sheet(&CORPUS.snapshot, doc).unwrap().face.slug.clone()
}

fn answer(question: Question, limit: usize, language: Language) -> FinderResponse {
    run(CORPUS.search.finder(question, limit, language)).unwrap_or_else(|error| panic!("{error}"))
}

fn advice(question: Question, slug: &str, language: Language) -> Advice {
    let answer = answer(question, usize::MAX, language);
    answer.results.into_iter().find(|advice| advice.slug == slug).unwrap_or_else(|| panic!("{slug} is a format"))
}

#[test]
fn the_situations_are_well_formed_and_cover_what_planners_ask() {
    let situations = situations();
    assert!(situations.len() >= 44, "{}", situations.len());
    let formats: HashSet<String> =
        rank(&CORPUS.snapshot, &Question::default(), &WEIGHTS).iter().map(|ranked| slug(ranked.doc)).collect();
    let (mut ids, mut values, mut sizes) = (HashSet::new(), HashMap::<Criterion, BTreeSet<&str>>::new(), Vec::new());
    for situation in &situations {
        let id = &situation.id;
        assert!(ids.insert(id), "{id} is there twice");
        assert!(!situation.sentence.is_empty() && !situation.source.is_empty(), "{id}");
        assert!((1..=6).contains(&situation.expected.len()), "{id}");
        for slug in situation.expected.iter().chain(&situation.not_in_first_five) {
            assert!(formats.contains(slug), "{id}: {slug} is no format");
        }
        assert!(!situation.expected.iter().any(|slug| situation.not_in_first_five.contains(slug)), "{id}");
        for (criterion, value) in &situation.answers {
            match criterion.vocabulary() {
                None => sizes.push(value.parse::<u32>().unwrap()),
                Some(vocabulary) => {
                    for term in value.split(',') {
                        assert!(VOCABULARIES.term(vocabulary, term).is_some(), "{id}: {term} is not in {vocabulary}");
                        values.entry(*criterion).or_default().insert(term);
                    }
                }
            }
        }
    }
    for criterion in [Criterion::Purpose, Criterion::Phase, Criterion::FormatType, Criterion::Level] {
        let vocabulary = VOCABULARIES.get(criterion.vocabulary().unwrap()).unwrap();
        let missing: Vec<&str> = vocabulary
            .terms
            .iter()
            .map(|term| term.id.as_str())
            .filter(|id| !values[&criterion].contains(id))
            .collect();
        assert_eq!(missing, Vec::<&str>::new(), "no situation asks for these, {criterion:?}");
    }
    assert!(values[&Criterion::Conflict].len() >= 3 && values[&Criterion::Recruitment].contains("zufallsauswahl"));
    assert!(sizes.iter().min() <= Some(&8) && sizes.iter().max() >= Some(&5_000), "{sizes:?}");
}

/// Share of the situations that come out as expected, and what went wrong in the others.
fn measure(situations: &[Situation], weights: &Weights) -> (f64, Vec<String>) {
    let mut wrong = Vec::new();
    for situation in situations {
        let ranked = rank(&CORPUS.snapshot, &question(&situation.answers), weights);
        let first: Vec<String> = ranked.iter().take(5).map(|ranked| slug(ranked.doc)).collect();
        let found = first.iter().take(3).any(|slug| situation.expected.contains(slug));
        let unwanted = first.iter().any(|slug| situation.not_in_first_five.contains(slug));
        if !found || unwanted {
            wrong.push(format!("{}: {first:?} instead of {:?}", situation.id, situation.expected));
        }
    }
    (1.0 - wrong.len() as f64 / situations.len() as f64, wrong)
}

#[test]
fn the_situations_come_out_as_practitioners_expect() {
    let situations = situations();
    let (share, wrong) = measure(&situations, &WEIGHTS);
    assert!(share >= FLOOR, "{share:.3} of {} situations:\n{}", situations.len(), wrong.join("\n"));
}

/// Deals the numbers of each section out anew among its places.
fn shuffled(seed: u64) -> Weights {
    let mut table: toml::Value = toml::from_str(TABLE).unwrap();
    let mut random = Random::new(seed);
    for (name, section) in table.as_table_mut().unwrap() {
        let mut numbers = Vec::new();
        each_number(section, &mut |number| numbers.push(*number));
        for at in (1..numbers.len()).rev() {
            numbers.swap(at, random.below(at + 1));
        }
        // Bounds are no weights: a group that is "near" at three times and "far" at half has no meaning to be measured.
        if name != "limit" {
            each_number(section, &mut |number| *number = numbers.pop().unwrap());
        }
    }
    table.try_into().unwrap()
}

fn each_number(value: &mut toml::Value, of: &mut dyn FnMut(&mut f64)) {
    match value {
        toml::Value::Float(number) => of(number),
        toml::Value::Table(table) => table.iter_mut().for_each(|(_, value)| each_number(value, of)),
        _ => {}
    }
}

#[test]
fn a_shuffled_table_of_weights_fails_the_situations() {
    let situations = situations();
    for seed in 1..=8 {
        let (share, _) = measure(&situations, &shuffled(seed));
        assert!(share <= SHUFFLED_MAX, "seed {seed}: {share:.3}");
    }
}

/// A question with up to four answers, drawn from the vocabularies.
fn drawn(random: &mut Random) -> BTreeMap<Criterion, String> {
    (0..random.below(5)).map(|_| draw_answer(random)).collect()
}

fn draw_answer(random: &mut Random) -> (Criterion, String) {
    let criterion = *random.pick(Criterion::ALL).unwrap();
    let Some(vocabulary) = criterion.vocabulary() else {
        return (criterion, random.pick(&["1", "8", "20", "40", "120", "700", "5000", "1000000"]).unwrap().to_string());
    };
    let terms = &VOCABULARIES.get(vocabulary).unwrap().terms;
    let mut drawn: Vec<&str> = (0..=random.below(2)).map(|_| random.pick(terms).unwrap().id.as_str()).collect();
    if criterion == Criterion::Conflict {
        drawn = vec![ConflictSuitability::ALL[random.below(3)].id()];
    }
    drawn.sort_unstable();
    drawn.dedup();
    (criterion, drawn.join(","))
}

#[test]
fn every_question_has_an_answer_in_a_stable_order_with_reasons_in_words() {
    let formats = bundled::entries().unwrap().iter().filter(|entry| entry.kind == Kind::Format).count();
    for seed in 0..30 {
        let answers = drawn(&mut Random::new(seed));
        let german = answer(question(&answers), 40, Language::German);
        let english = answer(question(&answers), 40, Language::English);
        assert_eq!(german.total as usize, formats, "{answers:?}");
        assert_eq!(german.results.len(), 40, "{answers:?}");
        assert!(german.results.is_sorted_by(|a, b| a.score >= b.score), "{answers:?}");
        let order = |answer: &FinderResponse| answer.results.iter().map(|advice| advice.id).collect::<Vec<_>>();
        assert_eq!(order(&german), order(&english), "{answers:?}");
        assert_eq!(order(&german).into_iter().collect::<HashSet<_>>().len(), 40, "{answers:?}");
        for advice in german.results.iter().chain(&english.results) {
            assert!((0.0..=1.0).contains(&advice.score), "{answers:?}: {}", advice.score);
            let reasons: Vec<_> = advice.fits.iter().chain(&advice.misses).chain(&advice.unstated).collect();
            assert_eq!(reasons.len(), question(&answers).answers().len(), "{answers:?}: {reasons:?}");
            for reason in reasons {
                assert!(reason.text.trim().len() > 1, "{answers:?}: {reason:?} of {}", advice.slug);
                assert!(!reason.text.ends_with(": ") && !reason.text.contains('_'), "{reason:?} of {}", advice.slug);
            }
        }
    }
}

#[test]
fn a_criterion_that_one_fits_and_another_misses_never_turns_them_round() {
    let mut turned = 0;
    for seed in 100..140 {
        let mut random = Random::new(seed);
        let mut answers = drawn(&mut random);
        let (criterion, value) = draw_answer(&mut random);
        answers.remove(&criterion);
        let before: HashMap<Doc, f32> = scores(&rank(&CORPUS.snapshot, &question(&answers), &WEIGHTS));
        answers.insert(criterion, value);
        let after = rank(&CORPUS.snapshot, &question(&answers), &WEIGHTS);
        let of = |verdict: Verdict| {
            let met = move |ranked: &&Ranked| {
                ranked.judgements.iter().any(|of| of.criterion == criterion && of.verdict == verdict)
            };
            after.iter().filter(met).collect::<Vec<_>>()
        };
        for better in of(Verdict::Fits) {
            for worse in of(Verdict::Misses) {
                let was_ahead = before[&better.doc] >= before[&worse.doc];
                turned += usize::from(!was_ahead && better.score > worse.score);
                // Sums of a dozen addends, in the precision of f32.
                assert!(
                    !was_ahead || better.score >= worse.score - 1e-5,
                    "{answers:?}, new {criterion:?}: {} fell behind {}",
                    slug(better.doc),
                    slug(worse.doc)
                );
            }
        }
    }
    assert!(turned > 1_000, "a criterion has to count: {turned}");
}

fn scores(ranked: &[Ranked]) -> HashMap<Doc, f32> {
    ranked.iter().map(|ranked| (ranked.doc, ranked.score)).collect()
}

#[test]
fn what_is_not_asked_does_not_count() {
    let nothing = answer(Question::default(), usize::MAX, Language::German);
    assert!(nothing.results.iter().all(|advice| advice.fits.is_empty() && advice.misses.is_empty()));
    // "In any situation" is no answer.
    let any = Question { conflict: ConflictSuitability::from_id("any"), ..Question::default() };
    assert!(any.answers().is_empty());
    let same = |a: &FinderResponse, b: &FinderResponse| {
        a.results.iter().map(|advice| &advice.slug).eq(b.results.iter().map(|advice| &advice.slug))
    };
    assert!(same(&nothing, &answer(any, usize::MAX, Language::German)));
}

#[test]
fn without_any_answer_well_known_formats_come_first() {
    let first = rank(&CORPUS.snapshot, &Question::default(), &WEIGHTS);
    let traits = |ranked: &Ranked| {
        let (segment, local) = CORPUS.snapshot.locate(ranked.doc);
        segment.columns.traits[local as usize].clone().unwrap()
    };
    for ranked in first.iter().take(FIRST_LOOK) {
        let numbers = traits(ranked).numbers;
        let level = numbers.method_level.unwrap();
        assert!(!matches!(level, MethodLevel::Technique | MethodLevel::DigitalTool), "{}", slug(ranked.doc));
        assert!(numbers.completeness >= 80, "{}", slug(ranked.doc));
        let id = CORPUS.snapshot.id(ranked.doc);
        let used = CORPUS.snapshot.segments.iter().any(|segment| segment.columns.uses.iter().any(|(_, of)| *of == id));
        assert!(used, "{} has no case", slug(ranked.doc));
    }
}

#[test]
fn what_is_impossible_comes_far_behind() {
    let question = asked(&[(Criterion::Purpose, "analysieren"), (Criterion::Participants, "400")]);
    let ranked = rank(&CORPUS.snapshot, &question, &WEIGHTS);
    let place = |wanted: &str| ranked.iter().position(|ranked| slug(ranked.doc) == wanted).unwrap();
    // A focus group has a dozen people.
    assert!(place("fokusgruppe") > ranked.len() / 2, "{}", place("fokusgruppe"));
    let asked_digital = asked(&[(Criterion::FormatType, "digital"), (Criterion::Purpose, "gemeinsam_planen")]);
    let ranked = rank(&CORPUS.snapshot, &asked_digital, &WEIGHTS);
    let first: Vec<&Ranked> = ranked.iter().take(20).collect();
    assert!(first.iter().all(|ranked| ranked.judgements.iter().all(|judgement| !judgement.impossible)));
}

#[test]
fn reasons_say_what_a_planner_can_use() {
    use Criterion::*;
    #[track_caller]
    fn check(slug: &str, asked_for: &[(Criterion, &str)], german: (Verdict, &str), english: &str) {
        let (criterion, _) = asked_for[0];
        for (language, text) in [(Language::German, german.1), (Language::English, english)] {
            let advice = advice(asked(asked_for), slug, language);
            let all = advice.fits.iter().chain(&advice.misses).chain(&advice.unstated);
            let reason = all.clone().find(|reason| reason.criterion == criterion).unwrap();
            assert_eq!((reason.verdict, reason.text.as_str()), (german.0, text));
        }
    }
    use Verdict::*;
    check(
        "fokusgruppe",
        &[(Purpose, "analysieren")],
        (Fits, "Zweck: Probleme und Bedarfe verstehen"),
        "Purpose: Analyse problems and needs",
    );
    check(
        "webinar",
        &[(Purpose, "konflikt_bearbeiten")],
        (Misses, "Zweck anders: Informieren, Wissen und Fähigkeiten aufbauen"),
        "Purpose differs: Inform, Build knowledge and skills",
    );
    check(
        "webinar",
        &[(Purpose, "informieren,konflikt_bearbeiten")],
        (Partly, "Zweck zum Teil: Informieren, nicht Konflikte bearbeiten und sich verständigen"),
        "Purpose in part: Inform, not Deal with conflict",
    );
    check("world-cafe", &[(Topic, "wohnen")], (Fits, "für jedes Thema"), "for any topic");
    check("world-cafe", &[(Audience, "kinder")], (Fits, "für alle Zielgruppen"), "for every audience");
    check(
        "planungszelle",
        &[(Recruitment, "zufallsauswahl")],
        (Fits, "Einladung: Zufallsauswahl"),
        "Recruitment: Random selection",
    );
    check(
        "kinderstreifzug",
        &[(Audience, "jugendliche")],
        (Partly, "Zielgruppe ähnlich: Kinder"),
        "Audience similar: Children",
    );
    check("stadtspaziergang", &[(Participants, "20")], (Fits, "6–25 Personen"), "6–25 people");
    check(
        "stadtspaziergang",
        &[(Participants, "30")],
        (Partly, "Gruppe etwas zu groß: 6–25 Personen"),
        "group slightly too large: 6–25 people",
    );
    check(
        "stadtspaziergang",
        &[(Participants, "2000")],
        (Misses, "Gruppe zu groß: 6–25 Personen"),
        "group too large: 6–25 people",
    );
    check(
        "buergerbefragung",
        &[(Participants, "50")],
        (Misses, "Gruppe zu klein: 400–10.000 Personen"),
        "group too small: 400–10,000 people",
    );
    check(
        "buergerrat",
        &[(CostMax, "k3")],
        (Partly, "Kosten eine Stufe höher (ab 30.000 €)"),
        "Cost one step higher (from €30,000)",
    );
    check(
        "buergerrat",
        &[(CostMax, "k0")],
        (Misses, "Kosten 4 Stufen höher (ab 30.000 €)"),
        "Cost 4 steps higher (from €30,000)",
    );
    check("buergercafe", &[(CostMax, "k1")], (Fits, "400–4.000 €"), "€400–4,000");
    check(
        "beteiligungsplattform",
        &[(CostMax, "k1")],
        (Fits, "ohne Kosten, auch bis 60.000 €"),
        "free of charge, also up to €60,000",
    );
    check(
        "buergercafe",
        &[(DurationMax, "halbtag")],
        (Fits, "bis 2 Stunden, auch halber Tag"),
        "Up to 2 hours, also Half a day",
    );
    check(
        "mediation",
        &[(Conflict, "escalated")],
        (Fits, "auch für verhärteten Streit geeignet"),
        "suits even deadlocked conflict",
    );
    check(
        "world-cafe",
        &[(Conflict, "escalated")],
        (Misses, "nur bei weitgehender Einigkeit"),
        "only where most agree",
    );
    check("stadtspaziergang", &[(FormatType, "digital")], (Misses, "Ort anders: Vor Ort"), "Place differs: On site");
    check("webinar", &[(FormatType, "digital")], (Fits, "Digital"), "Digital");
}

#[test]
fn no_table_of_weights_can_break_the_law() {
    // An answer can also change the occasion, and with it what a method level is worth. Whoever fits the answer gains
    // at least `weight · least value of a fit`; the occasion must not take more.
    let weights = &*WEIGHTS;
    let levels = [
        (Criterion::DurationMax, &weights.occasion.short, weights.value.over),
        (Criterion::Phase, &weights.occasion.lasting, 1.0 - weights.specific.breadth),
        (Criterion::FormatType, &weights.occasion.online, 1.0 - weights.specific.breadth),
    ];
    for (criterion, after, least) in levels {
        for before in [&weights.occasion.meeting, &weights.occasion.online, &weights.occasion.lasting] {
            for (fitting, missing) in MethodLevel::ALL.iter().flat_map(|a| MethodLevel::ALL.iter().map(move |b| (a, b)))
            {
                let turn = (after[missing] - before[missing]) - (after[fitting] - before[fitting]);
                let gain = weights.weight.asked[&criterion] * least;
                assert!(weights.weight.method_level * turn <= gain + 1e-6, "{criterion:?}: {fitting} and {missing}");
            }
        }
    }
}
