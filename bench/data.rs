//! The real entries and vocabularies, and entries in the forms that store and index take.

use std::sync::Arc;

use crate::corpus::Corpus;
use mitmachbox::{
    exchange::{bundled, seed},
    index::{document::Public, snapshot::Reference},
    model::{
        entry::Entry,
        id::{EntryId, RevisionNumber},
        public::PublicEntry,
        record::{EntryRecord, Origin, State},
        vocabulary::Vocabularies,
    },
    text::{Analyser, SynonymSet},
};

/// Seed of everything that is drawn by chance, so that two runs measure the same.
pub(crate) const SEED: u64 = 42;

/// What the program ships.
pub(crate) struct Shipped {
    /// Vocabularies.
    pub(crate) vocabularies: Vocabularies,
    /// Entries with their ids; relations name ids.
    pub(crate) entries: Vec<(EntryId, Entry)>,
}

impl Shipped {
    /// Takes it out of the program.
    pub(crate) fn read() -> anyhow::Result<Self> {
        let vocabularies: Vocabularies = bundled::vocabularies()?.into_iter().collect();
        let entries = seed::check(&bundled::entries()?, &vocabularies)?;
        Ok(Self { vocabularies, entries })
    }

    /// The generator over these entries.
    pub(crate) fn corpus(&self) -> Corpus {
        let entries: Vec<Entry> = self.entries.iter().map(|(_, entry)| entry.clone()).collect();
        Corpus::new(SEED, &entries, &self.vocabularies, Analyser::bundled())
    }

    /// What the index needs beside entries.
    pub(crate) fn reference(&self) -> anyhow::Result<Reference> {
        let synonyms = SynonymSet::parse(bundled::SYNONYMS, Analyser::bundled())?;
        Ok(Reference { vocabularies: Arc::new(self.vocabularies.clone()), synonyms: Arc::new(synonyms) })
    }

    /// An entry as the index takes it, published.
    pub(crate) fn public(&self, id: EntryId, entry: Entry) -> Public {
        let record = record(id, &entry);
        Public::Entry(Box::new(PublicEntry::new(&record, RevisionNumber(1), entry, &self.vocabularies)))
    }

    /// The first `count` entries of the collection that is measured: the real ones, then generated ones.
    pub(crate) fn collection<'a>(
        &'a self,
        corpus: &'a Corpus,
        count: usize,
    ) -> impl Iterator<Item = (EntryId, Entry)> + 'a {
        self.entries.iter().cloned().chain((0..).map(|number| generated(corpus, number))).take(count)
    }
}

/// A generated entry with its id; relations name ids.
pub(crate) fn generated(corpus: &Corpus, number: u64) -> (EntryId, Entry) {
    let mut entry = corpus.entry(number);
    for relation in &mut entry.common.relations {
        relation.target = Corpus::id(&relation.target).to_string();
    }
    (Corpus::id(&entry.common.slug), entry)
}

/// The record of an entry that was created and published at once.
pub(crate) fn record(id: EntryId, entry: &Entry) -> EntryRecord {
    // A day that depends on the entry, so that orders by date have something to order.
    let day = i64::from(id.as_bytes()[0]) * 86_400;
    let at = jiff::Timestamp::from_second(1_700_000_000 + day).expect("a day in 2024");
    EntryRecord {
        id,
        kind: entry.kind(),
        slug: entry.common.slug.clone(),
        old_slugs: Vec::new(),
        state: State::Published,
        revision: RevisionNumber(1),
        draft: None,
        published: Some(RevisionNumber(1)),
        withdrawn: None,
        origin: Origin::Import,
        created_at: at,
        updated_at: at,
        published_at: Some(at),
        public_updated_at: Some(at),
        seed: None,
    }
}
