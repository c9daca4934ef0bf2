use mitmachbox::clock::Clock;
use mitmachbox::exchange::{bundled, seed};
use mitmachbox::model::id::EntryId;
use mitmachbox::model::kind::CLOSED_SETS;
use mitmachbox::model::record::{Origin, State};
use mitmachbox::model::vocabulary::Vocabularies;

use crate::curate::support::{now, open};

fn vocabularies() -> Vocabularies {
    bundled::vocabularies().unwrap().into_iter().collect()
}

#[test]
fn every_shipped_entry_could_be_published() {
    let entries = bundled::entries().unwrap();
    assert!(entries.len() >= 60, "{} entries", entries.len());
    let checked = seed::check(&entries, &vocabularies()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(checked.len(), entries.len());
    for (_, entry) in &checked {
        for relation in &entry.common.relations {
            relation
                .target
                .parse::<EntryId>()
                .unwrap_or_else(|_| panic!("{} → {}", entry.common.slug, relation.target));
        }
    }
}

#[test]
fn closed_vocabularies_have_exactly_the_ids_of_the_program() {
    let vocabularies = vocabularies();
    for (name, ids) in CLOSED_SETS {
        let vocabulary = vocabularies.get(name).unwrap_or_else(|| panic!("no vocabulary {name}"));
        let labelled: Vec<&str> = vocabulary.terms.iter().map(|term| term.id.as_str()).collect();
        assert_eq!(labelled, *ids, "{name}");
        assert!(vocabulary.closed, "{name} is closed");
    }
}

#[test]
fn the_first_start_fills_an_empty_store_and_no_other() {
    let dir = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(now());
    let store = open(dir.path(), clock.clone());
    let mut progress = Vec::new();
    let report = seed::seed(&store, &clock, |done, total| progress.push((done, total))).unwrap();
    let shipped = bundled::entries().unwrap();
    assert_eq!(report.entries, shipped.len());
    assert_eq!(report.documents, bundled::vocabularies().unwrap().len() + 1);
    let total = report.entries + report.documents;
    assert_eq!(progress.last(), Some(&(total, total)));
    assert_eq!(store.head().public_seq.0 as usize, total, "all of it is public");
    let id = EntryId::of_seed("format", "world-cafe");
    let record = store.entry(id).unwrap().unwrap();
    assert_eq!((record.state, record.origin, record.slug.as_str()), (State::Published, Origin::Seed, "world-cafe"));
    assert_eq!(record.seed.unwrap().dataset_version, bundled::dataset_version());
    store.verify_all().unwrap();

    let again = seed::seed(&store, &clock, |_, _| {}).unwrap();
    assert_eq!(again, seed::SeedReport::default(), "nothing is missing");
    assert_eq!(store.head().public_seq.0 as usize, total);
}

#[test]
fn a_store_in_which_somebody_wrote_is_left_alone() {
    let desk = crate::curate::support::desk();
    let report = seed::seed(&desk.store, &desk.clock, |_, _| {}).unwrap();
    assert!(report.skipped);
    assert!(desk.store.entries(None, 1).unwrap().is_empty());
}
