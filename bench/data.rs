//! The real entries and vocabularies of `index-data`, and entries in the forms that store and index take.

use std::{fs, path::Path, sync::Arc};

use mitmachbox::{
    index::{document::Public, snapshot::Reference},
    model::{
        entry::Entry,
        id::{EntryId, RevisionNumber},
        kind::Kind,
        public::PublicEntry,
        record::{EntryRecord, Origin, State},
        vocabulary::{Vocabularies, Vocabulary},
    },
    text::{Analyser, SynonymSet},
};
use serde_json::Value;

use crate::corpus::Corpus;

/// Seed of everything that is drawn by chance, so that two runs measure the same.
pub(crate) const SEED: u64 = 42;

/// The synonyms that the program ships.
pub(crate) const SYNONYMS: &str = include_str!("../index-data/language/synonyms.toml");

/// What the program ships.
pub(crate) struct Shipped {
    /// Vocabularies.
    pub(crate) vocabularies: Vocabularies,
    /// Entries with their ids; relations name ids.
    pub(crate) entries: Vec<(EntryId, Entry)>,
}

impl Shipped {
    /// Reads `index-data`.
    pub(crate) fn read() -> anyhow::Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("index-data");
        let mut vocabularies = Vec::new();
        for file in sorted(&root.join("vocabularies"))? {
            if file.extension().is_some_and(|end| end == "toml") {
                vocabularies.push(toml::from_str::<Vocabulary>(&fs::read_to_string(&file)?)?);
            }
        }
        let mut entries = Vec::new();
        for kind in Kind::ALL {
            for file in sorted(&root.join("entries").join(kind.id()))? {
                let slug = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
                entries.push((EntryId::of_seed(kind.id(), &slug), parse(*kind, &slug, &fs::read_to_string(&file)?)?));
            }
        }
        let ids: std::collections::HashMap<String, EntryId> =
            entries.iter().map(|(id, entry)| (entry.common.slug.clone(), *id)).collect();
        for relation in entries.iter_mut().flat_map(|(_, entry)| &mut entry.common.relations) {
            if let Some(id) = ids.get(&relation.target) {
                relation.target = id.to_string();
            }
        }
        Ok(Self { vocabularies: vocabularies.into_iter().collect(), entries })
    }

    /// The generator over these entries.
    pub(crate) fn corpus(&self) -> Corpus {
        let entries: Vec<Entry> = self.entries.iter().map(|(_, entry)| entry.clone()).collect();
        Corpus::new(SEED, &entries, &self.vocabularies, Analyser::bundled())
    }

    /// What the index needs beside entries.
    pub(crate) fn reference(&self) -> anyhow::Result<Reference> {
        let synonyms = SynonymSet::parse(SYNONYMS, Analyser::bundled())?;
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
        withdrawn: None,
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

fn sorted(folder: &Path) -> anyhow::Result<Vec<std::path::PathBuf>> {
    let mut files = fs::read_dir(folder)?.map(|file| Ok(file?.path())).collect::<anyhow::Result<Vec<_>>>()?;
    files.sort();
    Ok(files)
}

/// TOML front matter between lines of `+++`, then Markdown.
fn parse(kind: Kind, slug: &str, file: &str) -> anyhow::Result<Entry> {
    let mut parts = file.splitn(3, "+++\n");
    let (_, Some(front), Some(body)) = (parts.next(), parts.next(), parts.next()) else {
        anyhow::bail!("{slug}: no front matter");
    };
    let Value::Object(mut fields) = json(toml::from_str(front)?) else { anyhow::bail!("{slug}: no table") };
    fields.insert("kind".into(), kind.id().into());
    fields.insert("slug".into(), slug.into());
    fields.insert("body".into(), body.trim().into());
    Ok(Entry::from_checked(&Value::Object(fields))?)
}

fn json(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(flag) => flag.into(),
        toml::Value::Datetime(date) => date.to_string().into(),
        toml::Value::Array(items) => items.into_iter().map(json).collect(),
        toml::Value::Table(fields) => fields.into_iter().map(|(name, value)| (name, json(value))).collect(),
    }
}
