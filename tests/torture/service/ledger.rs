//! What was tried and what was acknowledged.

use std::collections::{BTreeMap, BTreeSet};

/// What is known of one entry. Each is written by one thread at a time, so revisions only rise.
#[derive(Clone, Debug, Default)]
pub(crate) struct Entry {
    /// Newest acknowledged revision.
    pub(crate) acked: u64,
    /// Acknowledged contents: revision and title.
    pub(crate) titles: BTreeMap<u64, String>,
    /// Titles that were sent, acknowledged or not.
    pub(crate) tried: BTreeSet<String>,
    /// Whether it was written to since it was verified last.
    pub(crate) touched: bool,
}

/// What is known of all entries.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) entries: BTreeMap<String, Entry>,
    /// Acknowledged public changes: entry, and whether it became public.
    pub(crate) public: BTreeMap<u64, (String, bool)>,
    /// Acknowledged writes.
    pub(crate) acks: u64,
    /// Microseconds from the request to the acknowledgement of each write.
    pub(crate) ack_us: Vec<u64>,
    /// Microseconds from the acknowledgement until readers got the change, for those writes that waited for it.
    pub(crate) visible_us: Vec<u64>,
    /// Searches answered, and searches refused because of the load.
    pub(crate) searches: u64,
    pub(crate) shed: u64,
}

impl Ledger {
    /// Notes that a title is about to be sent; for a new entry under the title itself, until it has an id.
    pub(crate) fn tries(&mut self, id: &str, title: &str) {
        let entry = self.entries.entry(id.to_owned()).or_default();
        entry.tried.insert(title.to_owned());
        entry.touched = true;
    }

    /// Notes an acknowledgement.
    pub(crate) fn acked(&mut self, id: &str, revision: u64, title: Option<&str>, change: Option<(u64, bool)>) {
        let entry = self.entries.entry(id.to_owned()).or_default();
        entry.acked = entry.acked.max(revision);
        entry.touched = true;
        if let Some(title) = title {
            entry.titles.insert(revision, title.to_owned());
            entry.tried.insert(title.to_owned());
        }
        if let Some((seq, public)) = change {
            self.public.insert(seq, (id.to_owned(), public));
        }
        self.acks += 1;
    }

    /// Adds what another thread knows.
    pub(crate) fn merge(&mut self, other: Self) {
        for (id, newer) in other.entries {
            let entry = self.entries.entry(id).or_default();
            entry.acked = entry.acked.max(newer.acked);
            entry.titles.extend(newer.titles);
            entry.tried.extend(newer.tried);
            entry.touched |= newer.touched;
        }
        self.public.extend(other.public);
        self.acks += other.acks;
        self.ack_us.extend(other.ack_us);
        self.visible_us.extend(other.visible_us);
        self.searches += other.searches;
        self.shed += other.shed;
    }

    /// Everything is to be verified once more.
    pub(crate) fn touch_all(&mut self) {
        self.entries.values_mut().for_each(|entry| entry.touched = true);
    }
}
