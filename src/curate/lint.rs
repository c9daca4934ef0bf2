//! The lint of a collection: what an editor with patience would find by reading all of it.
//!
//! Pure functions over entries; `exchange::corpus` brings them from the program or from a folder. Errors are what the
//! rules of `docs/CORPUS.md` forbid, notes what somebody should look at. Each group of checks has a file:
//! `relations`, `titles`, [`style`] (gender, typography), `reading` (sentences, Amstad's index), `sources`,
//! `doubles`, [`depth`]; [`report`] counts what is there. Shape, lengths, terms and dead links are those that a
//! publication is refused for: [`content::admit`].

pub mod depth;
mod doubles;
mod prose;
mod reading;
mod relations;
pub mod report;
mod sources;
pub mod style;
mod titles;

use std::collections::HashMap;
use std::fmt;

use serde_json::Value;

use super::CurateError;
use super::content::{self, Rules};
use crate::model::entry::Entry;
use crate::model::id::EntryId;
use crate::model::kind::Kind;
use crate::model::validate::Strictness;
use crate::model::vocabulary::Vocabularies;
use prose::Prose;
use style::HouseStyle;

/// An entry as somebody wrote it.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Where it stands, as people find it: the path of its file.
    pub place: String,
    /// Its content, relations by slug; or why the file has none.
    pub content: Result<Value, String>,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Against the rules.
    Error,
    /// Worth a look.
    Note,
}

/// Something the lint found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How bad.
    pub severity: Severity,
    /// Name of the rule, stable, kebab-case.
    pub rule: &'static str,
    /// File.
    pub place: String,
    /// Field, as a JSON pointer; empty for the whole entry.
    pub pointer: String,
    /// What is wrong and what to do.
    pub detail: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Note => "note",
        };
        write!(f, "{severity} {}: {} {} [{}]", self.place, self.pointer, self.detail, self.rule)
    }
}

/// An entry that could be published, with its texts.
struct Item {
    place: String,
    entry: Entry,
    prose: Vec<Prose>,
}

/// The entries that could be published, in the order of the drafts.
pub struct Corpus {
    items: Vec<Item>,
    index: HashMap<EntryId, usize>,
}

impl Corpus {
    /// How many.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.items.iter().map(|item| &item.entry)
    }

    /// The entry that a relation points at, which `admit` has found to exist.
    fn target(&self, id: &str) -> Option<usize> {
        self.index.get(&id.parse().ok()?).copied()
    }
}

/// Lints a collection. Findings are in the order of the drafts.
pub fn lint(drafts: &[Draft], vocabularies: &Vocabularies, style: &HouseStyle) -> (Corpus, Vec<Finding>) {
    let mut findings = Findings::default();
    let corpus = admitted(drafts, vocabularies, &mut findings);
    relations::check(&corpus, &mut findings);
    titles::check(&corpus, &mut findings);
    doubles::check(&corpus, &mut findings);
    for item in &corpus.items {
        style::check(item, style, &mut findings);
        reading::check(item, &mut findings);
        sources::check(item, &mut findings);
        depth::check(item, &mut findings);
    }
    let order: HashMap<&str, usize> = drafts.iter().enumerate().map(|(at, draft)| (draft.place.as_str(), at)).collect();
    let mut findings = findings.0;
    findings.sort_by_key(|finding| (finding.severity, order.get(finding.place.as_str()).copied()));
    (corpus, findings)
}

/// What a publication asks for, and no slug twice.
fn admitted(drafts: &[Draft], vocabularies: &Vocabularies, findings: &mut Findings) -> Corpus {
    let mut ids: HashMap<String, EntryId> = HashMap::new();
    let mut identified = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let content = match &draft.content {
            Ok(content) => content,
            Err(reason) => {
                findings.error(&draft.place, "", "unreadable", reason.clone());
                continue;
            }
        };
        let field = |name: &str| content.get(name).and_then(Value::as_str).unwrap_or_default();
        let id = EntryId::of_seed(field("kind"), field("slug"));
        if ids.insert(field("slug").to_owned(), id).is_some() {
            let detail = "another entry has the same slug, which makes one address for two: rename one of the files";
            findings.error(&draft.place, "/slug", "slug-twice", detail.into());
        }
        identified.push((draft, content, id));
    }
    let resolve = |slug: &str| Ok(ids.get(slug).copied());
    let mut corpus = Corpus { items: Vec::with_capacity(identified.len()), index: HashMap::new() };
    for (draft, content, id) in identified {
        let rules = Rules { id, vocabularies, strictness: Strictness::Publish, resolve: &resolve };
        match content::admit(content, &rules) {
            Ok(entry) => {
                corpus.index.insert(id, corpus.items.len());
                let prose = prose::of(&entry);
                corpus.items.push(Item { place: draft.place.clone(), entry, prose });
            }
            Err(CurateError::Invalid(problems)) => {
                for problem in problems {
                    findings.error(&draft.place, &problem.pointer, problem.code, problem.detail_en);
                }
            }
            Err(other) => findings.error(&draft.place, "", "unreadable", other.to_string()),
        }
    }
    corpus
}

/// Where checks put what they find.
#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn error(&mut self, place: &str, pointer: &str, rule: &'static str, detail: String) {
        self.add(Severity::Error, place, pointer, rule, detail);
    }

    fn note(&mut self, place: &str, pointer: &str, rule: &'static str, detail: String) {
        self.add(Severity::Note, place, pointer, rule, detail);
    }

    fn add(&mut self, severity: Severity, place: &str, pointer: &str, rule: &'static str, detail: String) {
        let (place, pointer) = (place.to_owned(), pointer.to_owned());
        self.0.push(Finding { severity, rule, place, pointer, detail });
    }
}

/// A kind as people say it in a sentence.
fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::BestPractice => "best practice",
        other => other.id(),
    }
}
