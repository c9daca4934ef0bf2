//! Every bound of the store, with its reason.

/// Bounds of the store.
#[derive(Clone, Debug)]
pub struct StoreLimits {
    /// Requests that may wait for the writer; more answer [`super::CommitError::Busy`].
    /// One group commit takes about 10 ms, so a full queue is a wait of well under a second.
    pub queue_max: usize,
    /// Commits in one sled transaction. A transaction is held in memory and blocks readers while it is applied.
    pub group_commits_max: usize,
    /// Commits between two syncs: what a bulk import may put into one acknowledgement.
    pub sync_commits_max: usize,
    /// Commits in one call of `commit_many`.
    pub batch_commits_max: usize,
    /// Bytes of sled's page cache.
    pub cache_bytes: u64,
    /// Free bytes below which commits answer [`super::CommitError::NoSpace`]: room to read, reopen and compact.
    pub free_bytes_min: u64,
    /// Size of the reserve file, released so that sled can open on a full disk
    /// (it rewrites the tail of one 8 MB segment and its snapshot file then). 0 = none.
    pub reserve_bytes: u64,
    /// Newest log records that are checked, with what they refer to, before the store opens.
    pub verify_tail_records: u64,
    /// The sled directory is rewritten when it is this many times larger than the data in it …
    pub compact_ratio: u64,
    /// … and larger than this; below it the gain is not worth the work.
    pub compact_bytes_min: u64,
    /// Rows in one page of a listing.
    pub page_rows_max: usize,
    /// Longest actor, note, document name, slug or key of a side tree in bytes.
    pub name_bytes_max: usize,
    /// Seconds a caller waits for the writer before the outcome is called unknown: far above the slowest group
    /// commit, so it fires only when a system call or sled hangs.
    pub answer_seconds_max: u64,
}

/// Largest stored value in bytes, checksum included.
///
/// sled writes a tree node (up to 19 values at once) to a separate file that it never syncs when the node is larger
/// than a quarter of [`SEGMENT_BYTES`]; 19 x 64 kB stay below that.
pub const VALUE_BYTES_MAX: usize = 65_536;

/// Size of sled's log segments, 16 times its default, for the reason given at [`VALUE_BYTES_MAX`].
pub const SEGMENT_BYTES: usize = 8 << 20;

impl Default for StoreLimits {
    fn default() -> Self {
        Self {
            queue_max: 256,
            group_commits_max: 512,
            sync_commits_max: 4_096,
            batch_commits_max: 4_096,
            cache_bytes: 16 << 20,
            free_bytes_min: 256 << 20,
            reserve_bytes: 16 << 20,
            verify_tail_records: 1_000,
            compact_ratio: 8,
            compact_bytes_min: 128 << 20,
            page_rows_max: 1_000,
            name_bytes_max: 2_000,
            answer_seconds_max: 60,
        }
    }
}
