//! Writes a generation: batches of public entries, each commit with the number of the newest change in it.

use std::sync::Arc;

use tantivy::{
    IndexWriter, SegmentMeta, Term,
    index::SegmentId,
    indexer::{LogMergePolicy, MergePolicy, NoMergePolicy},
};

use super::{
    IndexError,
    document::{self, Public},
    generation::{Generation, Mark, Payload},
};
use crate::model::id::EntryId;

/// Memory for documents not yet on the disk, one thread; taken as it is needed and given back with each commit. tantivy
/// needs 15 MB at least; the more, the fewer segments a bulk import leaves to be merged.
const WRITER_BYTES: usize = 64 << 20;

/// Share of deleted documents at which a segment is merged.
const DELETED_SHARE_MAX: f32 = 0.2;

/// Segments of one size that are merged into one. Few segments keep look-ups cheap.
const SEGMENTS_MERGED: usize = 4;

/// Segments with fewer documents count as of one size. Merging so many takes a tenth of a second; with more, single
/// edits would have large segments merged again and again.
const SMALL_SEGMENT_DOCS: u32 = 1_000;

/// Segments from which on a quiet time is used to make them one.
const SEGMENTS_QUIET: usize = 3;

/// Documents up to which it is: merging so many takes some five seconds, during which a new change would have to wait.
const DOCUMENTS_QUIET: u32 = 20_000;

/// The one writer of a generation.
pub struct Writer {
    generation: Arc<Generation>,
    inner: IndexWriter,
    policy: LogMergePolicy,
}

impl Writer {
    /// Opens the writer; there can be only one.
    ///
    /// # Errors
    /// Where another writer holds the lock, or the directory is gone.
    pub fn open(generation: Arc<Generation>) -> Result<Self, IndexError> {
        let inner: IndexWriter = generation.index.writer_with_num_threads(1, WRITER_BYTES)?;
        let mut policy = LogMergePolicy::default();
        policy.set_min_num_segments(SEGMENTS_MERGED);
        policy.set_min_layer_size(SMALL_SEGMENT_DOCS);
        policy.set_del_docs_ratio_before_merge(DELETED_SHARE_MAX);
        // A process that was killed may have left files of a commit that never was; the same numbers come again.
        inner.garbage_collect_files().wait()?;
        // Merged here, between commits: see `merge`.
        inner.set_merge_policy(Box::new(NoMergePolicy));
        Ok(Self { generation, inner, policy })
    }

    /// Puts the entry or tombstone in the place of what was there.
    ///
    /// # Errors
    /// Where the writer has died of an earlier error.
    pub fn put(&mut self, public: &Public) -> Result<(), IndexError> {
        let id = match public {
            Public::Entry(entry) => entry.id,
            Public::Tombstone { id, .. } => *id,
        };
        self.delete(id);
        self.insert(public)
    }

    /// Adds what cannot be there yet; only for an empty generation.
    ///
    /// # Errors
    /// Where the writer has died of an earlier error.
    pub fn insert(&mut self, public: &Public) -> Result<(), IndexError> {
        let Generation { shared, reference, .. } = &*self.generation;
        let document = document::build(public, &reference.vocabularies, shared.analyser, &shared.fields)?;
        self.inner.add_document(document)?;
        Ok(())
    }

    fn delete(&mut self, id: EntryId) {
        self.inner.delete_term(Term::from_field_text(self.generation.shared.fields.id, &id.to_string()));
    }

    /// Makes everything since the last commit durable and findable, as the state at `mark`.
    ///
    /// # Errors
    /// On a full disk and the like; the writer is dead then.
    pub fn commit(&mut self, mark: &Mark) -> Result<(), IndexError> {
        let Generation { fingerprint, identity, .. } = &*self.generation;
        let payload = Payload { mark: mark.clone(), fingerprint: fingerprint.clone(), identity: identity.clone() };
        let mut prepared = self.inner.prepare_commit()?;
        prepared.set_payload(&serde_json::to_string(&payload)?);
        prepared.commit()?;
        Ok(())
    }

    /// Merges segments where there are many of one size, and waits for it; says whether there were. Only for the time
    /// between a commit and the next change: a merge in the background of tantivy, beside later deletes, has been seen
    /// to lose one of them, and the entry was found in its old form and in its new one.
    ///
    /// # Errors
    /// On a full disk and the like; the writer is dead then.
    pub fn merge(&mut self) -> Result<bool, IndexError> {
        let candidates = self.policy.compute_merge_candidates(&self.generation.index.searchable_segment_metas()?);
        for candidate in &candidates {
            self.inner.merge(&candidate.0).wait()?;
        }
        Ok(!candidates.is_empty())
    }

    /// Merges everything into one segment, the quickest to search, where that takes no longer than a few seconds; says
    /// whether it did. For times when nothing changes.
    ///
    /// # Errors
    /// As [`Writer::merge`].
    pub fn merge_all(&mut self) -> Result<bool, IndexError> {
        let segments = self.generation.index.searchable_segment_metas()?;
        let documents: u32 = segments.iter().map(SegmentMeta::max_doc).sum();
        if segments.len() < SEGMENTS_QUIET || documents > DOCUMENTS_QUIET {
            return Ok(false);
        }
        let ids: Vec<SegmentId> = segments.iter().map(SegmentMeta::id).collect();
        self.inner.merge(&ids).wait()?;
        Ok(true)
    }

    /// Closes; every commit is durable already.
    ///
    /// # Errors
    /// Where a thread of tantivy failed.
    pub fn close(self) -> Result<(), IndexError> {
        Ok(self.inner.wait_merging_threads()?)
    }
}
