//! Every bound of the program with its reason.

use std::{num::NonZeroU32, thread::available_parallelism, time::Duration};

/// Every bound with its reason. Those that an operator may change are in [`super::settings`].
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// Time for a request's header. A browser sends it at once; only attackers trickle.
    pub header_read: Duration,
    /// Bytes of a request's header, address included. All filters of the search fit many times over.
    pub header_bytes: usize,
    /// Open connections. Each costs at most a header buffer, so this bounds memory at about 40 MB.
    pub connections: usize,
    /// Open connections of one address; trusted proxies and loopback are free, they speak for many.
    pub connections_per_address: usize,
    /// Age after which a connection finishes its request and closes, so that nobody holds one for ever.
    pub connection_age: Duration,
    /// Time for a request's last bytes after that, and for all connections at the end of the program.
    pub drain: Duration,
    /// Time after that for writes that have begun and whose clients are gone. A commit takes milliseconds; this is a
    /// disk that hangs, and both together stay below the minute that service managers give.
    pub write_drain: Duration,
    /// Bytes of a request's body. The largest entry allowed by its schema is smaller.
    pub body_bytes: usize,
    /// Time for a request's body.
    pub body_read: Duration,
    /// Depth of JSON in a body; entries need 4.
    pub json_depth: usize,
    /// Time for a whole answer; beyond it nobody waits any more.
    pub request: Duration,
    /// Requests that are being answered at once; beyond it 503 is kinder than a queue.
    pub in_flight: usize,
    /// Parameters in an address. All facets with all usual values are fewer.
    pub parameters: usize,
    /// Values of one facet in a request; no vocabulary has more terms.
    pub values_per_parameter: usize,
    /// Bytes of one value that is not the query.
    pub value_bytes: usize,
    /// Entries that one request can name with `ids`.
    pub ids: usize,
    /// Time that `min_seq` waits; an edit is visible in well under a second.
    pub min_seq_wait: Duration,
    /// Searches and other reads of one address block: rate and burst.
    pub rate_reads: Rate,
    /// Exports and explained searches of one address block.
    pub rate_heavy: Rate,
    /// Staff requests of one address block, those with a wrong token included.
    pub rate_staff: Rate,
    /// Notices to the editors of one address block in an hour. Nobody writes more; a town hall behind one address may.
    pub notices_per_hour: NonZeroU32,
    /// Notices in the store, done ones included; beyond it none is taken until staff have dealt with some.
    pub notices_stored: usize,
    /// Days after which the e-mail address of an open notice is deleted.
    pub notice_email_days: u32,
    /// Days after which a notice that is done is deleted.
    pub notice_done_days: u32,
    /// Time between the form and what a person sends with it; programs that fill in every form are faster.
    pub notice_typing_min: Duration,
    /// Address blocks remembered; beyond it those at rest are forgotten at once.
    pub rate_blocks: usize,
    /// How often address blocks at rest are forgotten.
    pub rate_sweep: Duration,
    /// Hits on a page.
    pub per_page: u32,
    /// Hits on a page with `explain=1`, which is never cached.
    pub per_page_explained: u32,
    /// Last hit that paging reaches; beyond it a filter helps more than another page.
    pub window: u32,
    /// Entries of `/entries` on a page.
    pub entries_page: usize,
    /// Changes of `/changes` on a page.
    pub changes_page: usize,
    /// Related entries in an answer.
    pub related: usize,
    /// Formats in an answer of the format finder: all that a collection of participation methods has.
    pub finder: usize,
    /// Revisions in an answer.
    pub revisions_page: usize,
    /// Notices in an answer.
    pub notices_page: usize,
    /// Changes that the index may be behind before `/readyz` says so.
    pub lag_ready: u64,
    /// Time for which the follower may fail, again and again, before `/readyz` says so. Long enough for a disk that is
    /// full for a moment; searches go on meanwhile, but they get older.
    pub follower_down_ready: Duration,
    /// Threads that search; one for each core.
    pub search_threads: usize,
    /// Searches that wait for a thread.
    pub search_queue: usize,
    /// Time for one search.
    pub search_deadline: Duration,
    /// Bytes of the cache of answers; some 400 pages of hits, for what many ask at once.
    pub cache_bytes: u64,
    /// Bytes of the store's page cache: searches do not read the store, and a memory of 80 MB is to do for 10,000 entries.
    pub store_cache_bytes: u64,
    /// Free bytes on the file system below which writes are refused: room to read, to open again and to compact.
    pub free_bytes_min: u64,
    /// Bytes of the file that is given back when the store cannot be opened on a full disk; 0: none.
    pub reserve_bytes: u64,
}

/// A sustained rate with room for a burst.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Requests per second.
    pub per_second: NonZeroU32,
    /// Requests at once.
    pub burst: NonZeroU32,
}

impl Rate {
    /// A rate; zero counts as one.
    pub const fn new(per_second: u32, burst: u32) -> Self {
        Self { per_second: at_least_one(per_second), burst: at_least_one(burst) }
    }
}

const fn at_least_one(number: u32) -> NonZeroU32 {
    match NonZeroU32::new(number) {
        Some(number) => number,
        None => NonZeroU32::MIN,
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header_read: Duration::from_secs(10),
            header_bytes: 16 << 10,
            connections: 2_000,
            connections_per_address: 100,
            connection_age: Duration::from_secs(600),
            drain: Duration::from_secs(10),
            write_drain: Duration::from_secs(20),
            body_bytes: 1 << 20,
            body_read: Duration::from_secs(30),
            json_depth: 32,
            request: Duration::from_secs(60),
            in_flight: 512,
            parameters: 256,
            values_per_parameter: 64,
            value_bytes: 200,
            ids: 100,
            min_seq_wait: Duration::from_secs(3),
            rate_reads: Rate::new(50, 250),
            rate_heavy: Rate::new(2, 10),
            rate_staff: Rate::new(50, 250),
            notices_per_hour: at_least_one(10),
            notices_stored: 5_000,
            notice_email_days: 180,
            notice_done_days: 365,
            notice_typing_min: Duration::from_secs(3),
            rate_blocks: 100_000,
            rate_sweep: Duration::from_secs(60),
            per_page: 100,
            per_page_explained: 10,
            window: 1_000,
            entries_page: 100,
            changes_page: 1_000,
            related: 20,
            finder: 500,
            revisions_page: 100,
            notices_page: 100,
            lag_ready: 1_000,
            follower_down_ready: Duration::from_secs(60),
            search_threads: available_parallelism().map_or(2, usize::from),
            search_queue: 256,
            search_deadline: Duration::from_millis(300),
            cache_bytes: 8 << 20,
            store_cache_bytes: 16 << 20,
            free_bytes_min: 256 << 20,
            reserve_bytes: 16 << 20,
        }
    }
}
