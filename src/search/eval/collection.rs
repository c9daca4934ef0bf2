//! A collection with judgements, as a folder holds it; and what is searched, indexed by the product's own writer.

use std::{
    collections::{HashMap, HashSet},
    fmt::Display,
    fs,
    path::Path,
    sync::Arc,
};

use serde::Deserialize;

use super::EvalError;
use crate::{
    index::{
        IndexError,
        document::Public,
        generation::{Generation, Mark},
        snapshot::{Reference, Snapshot},
        writer::Writer,
    },
    model::{
        entry::{Common, Entry, Profile},
        id::{EntryId, PublicSeq, RevisionNumber},
        public::{Classes, Derived, PublicEntry},
        record::Origin,
        texts::{Place, terms, texts},
    },
    text::{Analyser, SynonymSet},
};

/// Name of the file with the documents of a folder.
const DOCUMENTS: &str = "docs.jsonl";
const QUERIES: &str = "queries.tsv";
const JUDGEMENTS: &str = "qrels.txt";

/// Queries with judgements.
#[derive(Clone, Debug)]
pub struct Collection {
    /// Name of the folder.
    pub name: String,
    /// Queries with at least one judgement above 0: name and text.
    pub queries: Vec<(String, String)>,
    /// By query: documents with a grade above 0.
    pub judgements: HashMap<String, HashMap<String, u32>>,
}

impl Collection {
    /// Reads `queries.tsv` (`id<TAB>text`) and `qrels.txt` (TREC: `query 0 document grade`) of a folder.
    ///
    /// # Errors
    /// [`EvalError::File`] names file and line.
    pub fn read(folder: &Path) -> Result<Self, EvalError> {
        let mut queries: Vec<(String, String)> = Vec::new();
        let mut seen = HashSet::new();
        for_each_line(folder, QUERIES, |line| {
            let (id, text) = line.split_once('\t').ok_or("no tab")?;
            if !seen.insert(id.to_owned()) {
                return Err(format!("the query {id} stands there twice"));
            }
            queries.push((id.to_owned(), text.to_owned()));
            Ok(())
        })?;
        let mut judgements: HashMap<String, HashMap<String, u32>> = HashMap::new();
        for_each_line(folder, JUDGEMENTS, |line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let [query, _, document, grade] = fields[..] else { return Err("not four fields".into()) };
            let grade: i32 = grade.parse().map_err(|_| "the grade is no number")?;
            if grade > 0 {
                judgements.entry(query.to_owned()).or_default().insert(document.to_owned(), grade.unsigned_abs());
            }
            Ok(())
        })?;
        queries.retain(|(id, _)| judgements.contains_key(id));
        let name = folder.file_name().map_or_else(|| "collection".into(), |name| name.to_string_lossy().into_owned());
        Ok(Self { name, queries, judgements })
    }

    /// Names and texts of the queries.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.queries.iter().map(|(id, text)| (id.as_str(), text.as_str()))
    }

    /// Documents that are judged and not there: nobody can find them, so they lower every figure.
    pub fn missing(&self, corpus: &Corpus) -> Vec<String> {
        let there: HashSet<&str> = corpus.entries.iter().map(|entry| entry.entry.common.slug.as_str()).collect();
        let judged = self.queries.iter().filter_map(|(id, _)| self.judgements.get(id)).flat_map(HashMap::keys);
        let missing: HashSet<&String> = judged.filter(|document| !there.contains(document.as_str())).collect();
        let mut missing: Vec<String> = missing.into_iter().cloned().collect();
        missing.sort();
        missing
    }
}

/// What is searched; the slug of an entry is the name of the document.
pub struct Corpus {
    entries: Vec<PublicEntry>,
    reference: Reference,
    /// Its index.
    pub snapshot: Arc<Snapshot>,
}

/// One document as plain text, for engines that know no entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlainDocument {
    /// Name.
    pub id: String,
    /// Title and other names.
    pub title: String,
    /// Everything else that is searched, terms included.
    pub body: String,
}

impl Corpus {
    /// The documents of a folder's `docs.jsonl` (`id`, `title`, `body`), indexed in `scratch`, an empty directory.
    ///
    /// # Errors
    /// [`EvalError::File`] names the line; an index that cannot be written.
    pub fn of_folder(folder: &Path, synonyms: Arc<SynonymSet>, scratch: &Path) -> Result<Self, EvalError> {
        let mut entries = Vec::new();
        let mut seen = HashSet::new();
        for_each_line(folder, DOCUMENTS, |line| {
            let document: Document = serde_json::from_str(line).map_err(|error| error.to_string())?;
            if !seen.insert(document.id.clone()) {
                return Err(format!("the document {} stands there twice", document.id));
            }
            entries.push(entry(document));
            Ok(())
        })?;
        // The labels of vocabularies would make every document an "idea".
        let reference = Reference { synonyms, ..Reference::default() };
        let snapshot = Arc::new(index(&entries, &reference, Analyser::bundled(), scratch)?);
        Ok(Self { entries, reference, snapshot })
    }

    /// The entries of an index that is there.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn of_index(snapshot: Arc<Snapshot>) -> Result<Self, EvalError> {
        let live = |segment: &crate::index::snapshot::Segment| {
            let (first, live) = (segment.docs.start, segment.live.clone());
            (first..).zip(live).filter(|(_, live)| *live).map(|(doc, _)| doc)
        };
        let docs = snapshot.segments.iter().flat_map(live);
        let entries = docs.map(|doc| snapshot.entry(doc)).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { entries, reference: snapshot.reference.clone(), snapshot })
    }

    /// Whether a folder has documents of its own.
    pub fn is_in(folder: &Path) -> bool {
        folder.join(DOCUMENTS).exists()
    }

    /// Number of documents.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The same entries in another index, made with another analyser.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn indexed_with(&self, analyser: &'static Analyser, scratch: &Path) -> Result<Arc<Snapshot>, EvalError> {
        Ok(Arc::new(index(&self.entries, &self.reference, analyser, scratch)?))
    }

    /// The documents as plain text.
    pub fn plain(&self) -> Vec<PlainDocument> {
        self.entries.iter().map(|public| plain(public, &self.reference)).collect()
    }
}

#[derive(Deserialize)]
struct Document {
    id: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    body: String,
}

fn for_each_line(folder: &Path, name: &str, mut read: impl FnMut(&str) -> Result<(), String>) -> Result<(), EvalError> {
    let path = folder.join(name);
    let bad = |what: &dyn Display| EvalError::File(path.clone(), what.to_string());
    let text = fs::read_to_string(&path).map_err(|error| bad(&error))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        read(line).map_err(|what| bad(&format_args!("line {}: {what}", number + 1)))?;
    }
    Ok(())
}

fn index(
    entries: &[PublicEntry],
    reference: &Reference,
    analyser: &'static Analyser,
    scratch: &Path,
) -> Result<Snapshot, IndexError> {
    let generation = Arc::new(Generation::create(scratch, analyser, reference.clone(), "eval")?);
    let mut writer = Writer::open(generation.clone())?;
    for entry in entries {
        writer.insert(&Public::Entry(Box::new(entry.clone())))?;
    }
    writer.commit(&Mark { seq: PublicSeq(1), log_hash: String::new() })?;
    writer.close()?;
    generation.snapshot(PublicSeq(1))
}

fn entry(document: Document) -> PublicEntry {
    let id = EntryId::of_seed("eval", &document.id);
    let common = Common { slug: document.id, title: document.title, body: document.body, ..Common::default() };
    let at = jiff::Timestamp::UNIX_EPOCH;
    PublicEntry {
        id,
        entry: Entry { common, profile: Profile::Idea(Box::default()) },
        old_slugs: Vec::new(),
        derived: Derived {
            classes: Classes::default(),
            completeness: 0,
            origin: Origin::Import,
            revision: RevisionNumber(1),
            created_at: at,
            updated_at: at,
            published_at: at,
        },
    }
}

fn plain(public: &PublicEntry, reference: &Reference) -> PlainDocument {
    let mut document = PlainDocument { id: public.entry.common.slug.clone(), ..PlainDocument::default() };
    let mut add = |place: Place, text: &str| {
        let whole = if place == Place::Title { &mut document.title } else { &mut document.body };
        if !whole.is_empty() {
            whole.push('\n');
        }
        whole.push_str(text);
    };
    texts(&public.entry).into_iter().for_each(|text| add(text.place, text.text));
    public.entry.common.spelling_variants.iter().for_each(|variant| add(Place::Title, variant));
    for (_, term) in terms(&public.entry, &reference.vocabularies) {
        add(Place::Body, &term.label);
        term.synonyms.iter().for_each(|synonym| add(Place::Body, synonym));
    }
    document
}
