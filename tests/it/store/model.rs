//! Random commits and restarts against a `BTreeMap`: the store holds what the model holds, after every restart too.

use std::collections::BTreeMap;

use mitmachbox::model::id::{EntryId, PublicSeq, RevisionNumber};
use mitmachbox::model::record::{EntryRecord, State};
use mitmachbox::store::{Commit, CommitError, PublicOp, Store, Subject};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::support::*;

#[derive(Clone, Debug)]
enum Op {
    /// Entry, state to reach, whether the caller read the newest revision, new slug or none.
    Write {
        n: u64,
        state: u8,
        fresh: bool,
        slug: Option<u8>,
    },
    Document {
        n: u8,
        fresh: bool,
    },
    Token {
        n: u8,
        value: Option<u16>,
    },
    Batch {
        n: u64,
    },
    Restart,
    Compact,
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        12 => (0..8_u64, 0..3_u8, prop::bool::weighted(0.8), prop::option::weighted(0.3, 0..6_u8))
            .prop_map(|(n, state, fresh, slug)| Op::Write { n, state, fresh, slug }),
        3 => (0..3_u8, any::<bool>()).prop_map(|(n, fresh)| Op::Document { n, fresh }),
        4 => (0..4_u8, prop::option::of(any::<u16>())).prop_map(|(n, value)| Op::Token { n, value }),
        2 => (100..400_u64).prop_map(|n| Op::Batch { n }),
        1 => Just(Op::Restart),
        1 => Just(Op::Compact),
    ]
}

#[derive(Default)]
struct Model {
    entries: BTreeMap<EntryId, (EntryRecord, Vec<Option<Value>>)>,
    slugs: BTreeMap<String, EntryId>,
    documents: BTreeMap<String, (u32, Value)>,
    tokens: BTreeMap<String, Value>,
    commits: u64,
    public: Vec<(Subject, PublicOp)>,
}

impl Model {
    /// The commit, and what the model says to it.
    fn write(&self, n: u64, state: u8, fresh: bool, slug: Option<u8>) -> (Commit, Result<(), &'static str>) {
        let current = self.entries.get(&id(n)).map(|(record, _)| record.clone());
        let mut revision = current.as_ref().map_or(1, |r| r.revision.0 + 1);
        if !fresh {
            revision += 1;
        }
        let mut record = current.clone().unwrap_or_else(|| record(n, &format!("entry-{n}"), State::Draft));
        if let Some(slug) = slug.map(|s| format!("slug-{s}")).filter(|s| *s != record.slug) {
            record.old_slugs.retain(|old| *old != slug);
            if current.is_some() {
                record.old_slugs.push(std::mem::replace(&mut record.slug, slug));
            } else {
                record.slug = slug;
            }
        }
        let (content, public) = match state {
            0 => (Some(json!({ "n": n, "revision": revision })), None),
            1 => {
                record.published = Some(RevisionNumber(revision));
                (Some(json!({ "n": n, "revision": revision })), Some(PublicOp::Upsert))
            }
            _ => {
                let was = record.published.take();
                (None, was.map(|_| PublicOp::Delete))
            }
        };
        let taken =
            record.old_slugs.iter().chain([&record.slug]).any(|s| self.slugs.get(s).is_some_and(|by| *by != record.id));
        let expected = if !fresh {
            Err("stale")
        } else if taken {
            Err("taken")
        } else {
            Ok(())
        };
        (write(&record, revision, content, public), expected)
    }

    fn accept(&mut self, commit: &Commit) {
        self.commits += 1;
        match &commit.write {
            mitmachbox::store::Write::Entry(write) => {
                let record = &write.record;
                for slug in record.old_slugs.iter().chain([&record.slug]) {
                    self.slugs.insert(slug.clone(), record.id);
                }
                let slot = self.entries.entry(record.id).or_insert_with(|| (record.clone(), Vec::new()));
                slot.0 = record.clone();
                slot.1.push(write.revision.content.clone());
                self.public.extend(write.public.map(|op| (Subject::Entry(record.id), op)));
            }
            mitmachbox::store::Write::Document(write) => {
                let slot = self.documents.entry(write.name.clone()).or_insert((0, Value::Null));
                *slot = (slot.0 + 1, write.content.clone());
                self.public.push((Subject::Document(write.name.clone()), PublicOp::Upsert));
            }
        }
    }

    fn compare(&self, store: &Store) {
        let head = store.head();
        assert_eq!((head.store_seq.0, head.public_seq.0), (self.commits, self.public.len() as u64));
        let stored = store.entries(None, 1_000).unwrap();
        assert_eq!(stored, self.entries.values().map(|(record, _)| record.clone()).collect::<Vec<_>>());
        for (id, (record, contents)) in &self.entries {
            let revisions = store.revisions(*id, None, 1_000).unwrap();
            let stored: Vec<_> = revisions.iter().rev().map(|r| r.content.clone()).collect();
            assert_eq!(&stored, contents);
            let inherited = contents.iter().rev().flatten().next();
            assert_eq!(store.content(*id, record.revision).unwrap().as_ref(), inherited);
        }
        for (slug, id) in &self.slugs {
            assert_eq!(store.id_of_slug(slug).unwrap(), Some(*id));
        }
        let changes = store.public_changes(PublicSeq(0), 1_000).unwrap();
        assert_eq!(changes.into_iter().map(|c| (c.subject, c.op)).collect::<Vec<_>>(), self.public);
        let published: Vec<_> = store.published().1.map(|e| e.unwrap().record.id).collect();
        let expected = self.entries.values().filter(|(r, _)| r.published.is_some()).map(|(r, _)| r.id);
        assert_eq!(published, expected.collect::<Vec<_>>());
        for (name, (version, content)) in &self.documents {
            let document = store.document(name).unwrap().unwrap();
            assert_eq!((document.version.0, &document.content), (*version, content));
        }
        let tokens: BTreeMap<_, _> = store.tokens("", None, 1_000).unwrap().into_iter().collect();
        assert_eq!(tokens, self.tokens);
        store.verify_all().unwrap();
    }

    /// Runs one operation on both.
    fn step(&mut self, store: &mut Store, dir: &std::path::Path, op: Op) {
        match op {
            Op::Write { n, state, fresh, slug } => {
                let (commit, expected) = self.write(n, state, fresh, slug);
                let outcome = store.commit_blocking(commit.clone()).map(|_| ()).map_err(|e| match e {
                    CommitError::Stale { current } => {
                        let there = self.entries.get(&id(n)).map(|(record, _)| record.clone());
                        assert_eq!(current.map(|c| *c), there);
                        "stale"
                    }
                    CommitError::SlugTaken { .. } => "taken",
                    other => panic!("{other}"),
                });
                assert_eq!(outcome, expected);
                if outcome.is_ok() {
                    self.accept(&commit);
                }
            }
            Op::Document { n, fresh } => {
                let name = format!("d{n}");
                let version = self.documents.get(&name).map_or(0, |d| d.0) + 1;
                let commit = document(&name, if fresh { version } else { version + 1 }, json!(version));
                assert_eq!(store.commit_blocking(commit.clone()).is_ok(), fresh);
                if fresh {
                    self.accept(&commit);
                }
            }
            Op::Token { n, value } => {
                let key = format!("t{n}");
                store.token_write_blocking(&key, value.map(|v| json!(v)).as_ref()).unwrap();
                match value {
                    Some(v) => self.tokens.insert(key, json!(v)),
                    None => self.tokens.remove(&key),
                };
            }
            Op::Batch { n } => {
                let commits: Vec<_> = (n..n + 5).map(|n| published(n, "x")).collect();
                for (commit, result) in commits.iter().zip(store.commit_many_blocking(commits.clone())) {
                    let new = !self.entries.contains_key(&match &commit.write {
                        mitmachbox::store::Write::Entry(w) => w.record.id,
                        mitmachbox::store::Write::Document(_) => unreachable!("batches hold entries"),
                    });
                    assert_eq!(result.is_ok(), new);
                    if new {
                        self.accept(commit);
                    }
                }
            }
            Op::Restart => {
                store.close();
                *store = open(dir);
                self.compare(store);
            }
            Op::Compact => store.compact().unwrap(),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("MITMACHBOX_LONG").ok().and_then(|n| n.parse().ok()).unwrap_or(1) * 12,
        max_shrink_iters: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_store_is_a_map_with_a_log(ops in prop::collection::vec(op(), 1..80)) {
        let dir = tempfile::tempdir().unwrap();
        let mut store = open(dir.path());
        let mut model = Model::default();
        for op in ops {
            model.step(&mut store, dir.path(), op);
        }
        model.compare(&store);
        store.close();
        model.compare(&open(dir.path()));
    }
}
