//! What a child acknowledged, and whether a store still holds it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::Mutex;
use std::thread::JoinHandle;

use mitmachbox::clock::Clock;
use mitmachbox::model::id::RevisionNumber;
use mitmachbox::model::record::{EntryRecord, Revision};
use mitmachbox::store::{OpenReport, Store};

use crate::child;

/// Newest acknowledged number of each thing. Each is written by one thread, so numbers only rise.
#[derive(Clone, Debug, Default)]
pub(crate) struct Acks {
    entries: BTreeMap<u64, u32>,
    documents: BTreeMap<String, u32>,
    tokens: BTreeMap<String, u64>,
    pub(crate) count: u64,
    /// What the child complained of.
    pub(crate) error: Option<String>,
}

impl Acks {
    fn line(&mut self, line: &str) {
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["ack", "e", n, number] => {
                self.count += 1;
                if let (Ok(n), Ok(number)) = (n.parse(), number.parse::<u32>()) {
                    let newest = self.entries.entry(n).or_default();
                    *newest = number.max(*newest);
                }
            }
            ["ack", "d", name, version] => {
                self.count += 1;
                self.documents.extend(version.parse().map(|v| (name.to_owned(), v)));
            }
            ["ack", "t", key, value] => {
                self.count += 1;
                self.tokens.extend(value.parse().map(|v| (key.to_owned(), v)));
            }
            ["err", ..] => self.error = Some(line.to_owned()),
            _ => {}
        }
    }

    /// Opens the store and looks for everything acknowledged; what is missing or wrong is the error.
    pub(crate) fn check(&self, dir: &Path) -> Result<OpenReport, String> {
        let (store, report) =
            Store::open(child::options(dir), Clock::system()).map_err(|e| format!("does not open: {e}"))?;
        let found = self.check_open(&store);
        store.close();
        found.map(|()| report)
    }

    pub(crate) fn check_open(&self, store: &Store) -> Result<(), String> {
        let mut lost = Vec::new();
        for (n, number) in &self.entries {
            let record: Option<EntryRecord> = store.entry(child::id_of(*n)).map_err(|e| e.to_string())?;
            if record.as_ref().is_none_or(|r| r.revision.0 < *number) {
                lost.push(format!("entry {n} revision {number} (there: {:?})", record.map(|r| r.revision.0)));
                continue;
            }
            let revision: Option<Revision> =
                store.revision(child::id_of(*n), RevisionNumber(*number)).map_err(|e| e.to_string())?;
            match revision {
                Some(r) if r.content.as_ref().is_none_or(|c| *c == child::content(*n, r.number)) => {}
                _ => lost.push(format!("content of entry {n} revision {number}")),
            }
        }
        for (name, version) in &self.documents {
            let document = store.document(name).map_err(|e| e.to_string())?;
            if document.is_none_or(|d| d.version.0 < *version || d.content != child::document_content(d.version.0)) {
                lost.push(format!("document {name} version {version}"));
            }
        }
        for (key, value) in &self.tokens {
            let token = store.token_get(key).map_err(|e| e.to_string())?;
            if token.and_then(|t| t.as_u64()).is_none_or(|t| t < *value) {
                lost.push(format!("token {key} = {value}"));
            }
        }
        if let Some(first) = lost.first() {
            return Err(format!("{} acknowledged changes lost, such as {first}", lost.len()));
        }
        store.verify_all().map(|_| ()).map_err(|e| e.to_string())
    }
}

/// A running child whose acknowledgements are read as they come.
pub(crate) struct Running {
    pub(crate) process: Child,
    acks: Arc<Mutex<Acks>>,
    reader: JoinHandle<()>,
}

impl Running {
    /// Starts a child that goes on from what was acknowledged before.
    pub(crate) fn start(dir: &Path, seed: u64, before: Acks) -> std::io::Result<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .args(["child", &dir.display().to_string(), &seed.to_string(), "4"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let out = process.stdout.take().ok_or_else(|| std::io::Error::other("no pipe"))?;
        let acks = Arc::new(Mutex::new(before));
        let into = Arc::clone(&acks);
        let reader = std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                into.lock().unwrap().line(&line);
            }
        });
        Ok(Self { process, acks, reader })
    }

    /// What has been acknowledged up to now.
    pub(crate) fn acks(&self) -> Acks {
        self.acks.lock().unwrap().clone()
    }

    /// Kills the child and returns everything it acknowledged.
    pub(crate) fn kill(mut self) -> Acks {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = self.reader.join();
        self.acks.lock().unwrap().clone()
    }
}
