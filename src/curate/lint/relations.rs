//! Relations: between the right kinds, once, without contradiction, and enough of them.
//!
//! The program derives the other direction of every relation, so none can be missing. What can be wrong is one that is
//! written down twice, a circle among those that have an order, and a note that is true on one side only.

use std::collections::{HashMap, HashSet};

use super::{Corpus, Findings, Item, kind_name};
use crate::model::entry::Relation;
use crate::model::kind::{FormatType, Kind, RelationType};

/// Relations a format has at least, both directions counted: a way in and a way on.
const FORMAT_RELATIONS_MIN: usize = 2;

/// Relations a case has at least: to what was used or implemented.
const CASE_RELATIONS_MIN: usize = 1;

/// Words with which a note says when, and those that say the opposite.
const BEFORE: &[&str] = &["davor", "vorher", "zuvor", "zuerst"];
const AFTER: &[&str] = &["danach", "nachher", "anschließend", "hinterher"];

pub(super) fn check(corpus: &Corpus, findings: &mut Findings) {
    let mut degree = vec![0; corpus.len()];
    let mut stored: HashMap<(usize, usize, RelationType), &Relation> = HashMap::new();
    for (from, item) in corpus.items.iter().enumerate() {
        for (at, relation) in item.entry.common.relations.iter().enumerate() {
            let Some(to) = corpus.target(&relation.target) else { continue };
            degree[from] += 1;
            degree[to] += 1;
            let pointer = format!("/relations/{at}");
            ends(item, &corpus.items[to], relation, &pointer, findings);
            if stored.insert((from, to, relation.relation), relation).is_some() {
                let detail = format!("{} to {} stands here twice: drop one", relation.relation, slug(corpus, to));
                findings.error(&item.place, &pointer, "relation-twice", detail);
            }
        }
    }
    for (from, item) in corpus.items.iter().enumerate() {
        for (at, relation) in item.entry.common.relations.iter().enumerate() {
            let Some(to) = corpus.target(&relation.target) else { continue };
            let back = stored.get(&(to, from, relation.relation)).copied();
            let pointer = format!("/relations/{at}");
            both_sides(item, slug(corpus, to), relation, back, &pointer, findings);
        }
    }
    circles(corpus, findings);
    orphans(corpus, &degree, findings);
}

fn slug(corpus: &Corpus, at: usize) -> &str {
    &corpus.items[at].entry.common.slug
}

/// The kinds between which a relation makes sense.
fn ends(item: &Item, target: &Item, relation: &Relation, pointer: &str, findings: &mut Findings) {
    let (from, to) = (item.entry.kind(), target.entry.kind());
    let expected = match relation.relation {
        RelationType::UsesFormat => Some((Kind::BestPractice, Kind::Format)),
        RelationType::Explains => Some((Kind::Guide, Kind::Format)),
        RelationType::Implements => Some((Kind::BestPractice, Kind::Concept)),
        RelationType::DigitalCounterpartOf => Some((Kind::Format, Kind::Format)),
        RelationType::VariantOf | RelationType::ReplacedBy => Some((from, from)),
        _ => None,
    };
    if let Some((must_from, must_to)) = expected
        && (from, to) != (must_from, must_to)
    {
        let (name, slug) = (relation.relation, &target.entry.common.slug);
        let (must_from, must_to, to) = (kind_name(must_from), kind_name(must_to), kind_name(to));
        let detail = format!("{name} leads from a {must_from} to a {must_to}, {slug} is a {to}: choose another type");
        findings.error(&item.place, &format!("{pointer}/type"), "relation-ends", detail);
    }
    if relation.relation == RelationType::DigitalCounterpartOf {
        let digital = item.entry.common.format_types.iter().any(|value| *value != FormatType::Analog);
        let analog = target.entry.common.format_types.contains(&FormatType::Analog);
        if !(digital && analog) {
            let slug = &target.entry.common.slug;
            let detail =
                format!("it has to be digital or hybrid here and analog in {slug}: mend format_types or the type");
            findings.error(&item.place, &format!("{pointer}/type"), "relation-ends", detail);
        }
    }
}

/// What a relation says against what the other side says.
fn both_sides(
    item: &Item,
    other: &str,
    relation: &Relation,
    back: Option<&Relation>,
    pointer: &str,
    findings: &mut Findings,
) {
    let name = relation.relation;
    let when = relation.note.as_deref().and_then(says_when);
    match back {
        Some(_) if !name.symmetric() => {
            let detail = format!("{other} says {name} of this entry too; only one can be right");
            findings.error(&item.place, pointer, "relation-contradiction", detail);
        }
        Some(back) if relation.note.is_none() || back.note.is_none() => {
            let detail = format!("{other} has it too; keep the one, or write what each side is to read");
            findings.error(&item.place, pointer, "relation-twice", detail);
        }
        Some(back) if when.is_some() && when == back.note.as_deref().and_then(says_when) => {
            let detail = format!("{other} says the same of the order; one of the two comes first");
            findings.error(&item.place, &format!("{pointer}/note"), "relation-contradiction", detail);
        }
        Some(_) => {}
        None if name.symmetric() && when.is_some() => {
            let detail = format!(
                "the note says when as seen from here, so the page of {other} shows the relation without it: store the \
                 relation there too, with a note of its own"
            );
            findings.note(&item.place, &format!("{pointer}/note"), "relation-one-sided", detail);
        }
        None => {}
    }
}

/// Whether a note begins with before (`true`) or after (`false`).
fn says_when(note: &str) -> Option<bool> {
    let first = note.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default().to_lowercase();
    let is = |words: &[&str]| words.contains(&first.as_str());
    if is(BEFORE) { Some(true) } else { is(AFTER).then_some(false) }
}

/// Relations with an order have no circle: nothing is a variant of its own variant.
fn circles(corpus: &Corpus, findings: &mut Findings) {
    let ordered = RelationType::ALL.iter().copied().filter(|name| !name.symmetric());
    for name in ordered {
        for start in 0..corpus.len() {
            let (mut seen, mut open) = (HashSet::new(), vec![start]);
            while let Some(here) = open.pop() {
                let relations = corpus.items[here].entry.common.relations.iter();
                let next = relations.filter(|relation| relation.relation == name);
                open.extend(next.filter_map(|relation| corpus.target(&relation.target)).filter(|to| seen.insert(*to)));
            }
            if seen.contains(&start) {
                let detail = format!("following {name} from here leads back here: one of the steps is wrong");
                findings.error(&corpus.items[start].place, "/relations", "relation-circle", detail);
            }
        }
    }
}

fn orphans(corpus: &Corpus, degree: &[usize], findings: &mut Findings) {
    for (item, count) in corpus.items.iter().zip(degree) {
        let wanted = match item.entry.kind() {
            Kind::Format => FORMAT_RELATIONS_MIN,
            Kind::BestPractice => CASE_RELATIONS_MIN,
            Kind::Guide | Kind::Concept | Kind::Idea => continue,
        };
        if *count < wanted {
            let kind = kind_name(item.entry.kind());
            let detail = format!("a {kind} has at least {wanted} relations, this one has {count}: link it");
            findings.error(&item.place, "/relations", "orphan", detail);
        }
    }
}
