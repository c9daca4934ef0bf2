//! Generations: each is a directory with a whole index; a rebuild makes a new one beside the old.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tantivy::{Index, IndexReader, IndexSettings, ReloadPolicy, directory::MmapDirectory};

use super::{
    IndexError,
    schema::{self, SCHEMA_VERSION},
    snapshot::{Reference, Shared, Snapshot},
    tokens,
};
use crate::{model::id::PublicSeq, text::Analyser};

/// Version of the engine, part of the fingerprint.
const ENGINE: &str = "tantivy-0.27.0";

/// Up to which of the store's changes an index goes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Newest public change in it.
    pub seq: PublicSeq,
    /// Hash of that change's log record; empty before the first. A store that was restored from a backup and written
    /// to since has the same numbers for other changes.
    pub log_hash: String,
}

/// Travels in every commit: the index never claims a change that it does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload {
    /// Up to where it goes.
    #[serde(flatten)]
    pub mark: Mark,
    /// What the index was built with.
    pub fingerprint: String,
    /// Which of all generations that were ever built this is; drawn by lot. Its number and `seq` come again after the
    /// index was deleted or an older backup restored, and somebody may still hold answers of the one before.
    pub identity: String,
}

/// What an index built by this program, with this language data and these vocabularies, is marked with.
pub fn fingerprint(analyser: &Analyser, reference_hash: &str) -> String {
    let mut hash = Sha256::new();
    for part in [ENGINE, &SCHEMA_VERSION.to_string(), analyser.fingerprint(), reference_hash] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}

/// An open generation.
pub struct Generation {
    /// Its directory.
    pub directory: PathBuf,
    /// Vocabularies and synonyms with which it was built.
    pub reference: Reference,
    pub(super) index: Index,
    pub(super) reader: IndexReader,
    pub(super) shared: Arc<Shared>,
    pub(super) fingerprint: String,
    pub(super) identity: String,
}

/// Name of the file that tells people what the directory is.
const README: &str = "SAFE-TO-DELETE";

impl Generation {
    /// Opens the newest generation that was built with this fingerprint and has a commit; removes all others.
    ///
    /// # Errors
    /// Only where directories cannot be read; a damaged generation is removed, not reported.
    pub fn open_newest(
        root: &Path,
        analyser: &'static Analyser,
        reference: &Reference,
        fingerprint: &str,
    ) -> Result<Option<(Self, Mark)>, IndexError> {
        prepare(root)?;
        let mut numbers = numbers(root)?;
        numbers.sort_unstable_by(|a, b| b.cmp(a));
        let mut found = None;
        for number in numbers {
            let directory = root.join(directory_name(number));
            if found.is_none() {
                match Self::open(&directory, number, analyser, reference.clone(), fingerprint) {
                    Ok(Some(opened)) => {
                        found = Some(opened);
                        continue;
                    }
                    Ok(None) => {}
                    Err(error) => {
                        tracing::warn!(%error, "a generation of the index cannot be opened and is built anew")
                    }
                }
            }
            fs::remove_dir_all(&directory)?;
        }
        Ok(found)
    }

    fn open(
        directory: &Path,
        number: u64,
        analyser: &'static Analyser,
        reference: Reference,
        fingerprint: &str,
    ) -> Result<Option<(Self, Mark)>, IndexError> {
        let mut index = Index::open_in_dir(directory)?;
        let (expected, fields) = schema::build();
        let payload = index.load_metas()?.payload.and_then(|payload| serde_json::from_str::<Payload>(&payload).ok());
        let Some(payload) = payload.filter(|payload| payload.fingerprint == fingerprint && index.schema() == expected)
        else {
            return Ok(None);
        };
        index.set_tokenizers(tokens::manager());
        let shared = Arc::new(Shared::new(fields, analyser, generation_name(number, &payload.identity)));
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let directory = directory.to_owned();
        let Payload { mark, fingerprint, identity } = payload;
        Ok(Some((Self { directory, reference, index, reader, shared, fingerprint, identity }, mark)))
    }

    /// A new, empty generation beside the others.
    ///
    /// # Errors
    /// Where the directory cannot be made.
    pub fn create(
        root: &Path,
        analyser: &'static Analyser,
        reference: Reference,
        fingerprint: &str,
    ) -> Result<Self, IndexError> {
        prepare(root)?;
        let number = numbers(root)?.into_iter().max().unwrap_or(0) + 1;
        let directory = root.join(directory_name(number));
        fs::create_dir_all(&directory)?;
        let (schema, fields) = schema::build();
        let mut index = Index::create(
            MmapDirectory::open(&directory).map_err(tantivy::TantivyError::from)?,
            schema,
            IndexSettings::default(),
        )?;
        index.set_tokenizers(tokens::manager());
        let (fingerprint, identity) = (fingerprint.to_owned(), format!("{:016x}", rand::random::<u64>()));
        let shared = Arc::new(Shared::new(fields, analyser, generation_name(number, &identity)));
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { directory, reference, index, reader, shared, fingerprint, identity })
    }

    /// The state of the newest commit.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn snapshot(&self, seq: PublicSeq) -> Result<Snapshot, IndexError> {
        self.reader.reload()?;
        Snapshot::open(self.shared.clone(), self.reader.searcher(), seq, self.reference.clone())
    }

    /// Checks that every file is as it was written, by the checksums at their ends. Reads all of them.
    ///
    /// # Errors
    /// Where a file is damaged or cannot be read.
    pub fn check(&self) -> Result<(), IndexError> {
        match self.index.validate_checksum()?.len() {
            0 => Ok(()),
            damaged => Err(IndexError(format!("{damaged} files have another checksum"))),
        }
    }

    /// Whether its files are still there. Somebody may have deleted them; the index is disposable.
    pub fn is_on_disk(&self) -> bool {
        self.directory.join("meta.json").is_file()
    }

    /// Removes its files. Searches that run on it go on.
    pub fn remove(&self) {
        if let Err(error) = fs::remove_dir_all(&self.directory)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "an old generation of the index could not be removed");
        }
    }
}

fn prepare(root: &Path) -> Result<(), IndexError> {
    fs::create_dir_all(root)?;
    let note = root.join(README);
    if !note.exists() {
        fs::write(
            note,
            "This folder is the search index. It can be deleted at any time; it is rebuilt from ../store.\n",
        )?;
    }
    Ok(())
}

fn directory_name(number: u64) -> String {
    format!("gen-{number:06}")
}

fn generation_name(number: u64, identity: &str) -> String {
    format!("{number}-{identity}")
}

fn numbers(root: &Path) -> Result<Vec<u64>, IndexError> {
    let mut numbers = Vec::new();
    for entry in fs::read_dir(root)? {
        let name = entry?.file_name();
        numbers.extend(
            name.to_str().and_then(|name| name.strip_prefix("gen-")).and_then(|number| number.parse::<u64>().ok()),
        );
    }
    Ok(numbers)
}
