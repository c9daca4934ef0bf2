//! The snapshot that searches use now, and the bell that rings when there is a newer one.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use tokio::sync::watch;

use super::snapshot::Snapshot;
use crate::model::id::PublicSeq;

/// The snapshot of the moment. Cheap to clone.
#[derive(Clone)]
pub struct Current {
    snapshot: Arc<ArcSwapOption<Snapshot>>,
    seq: watch::Sender<Option<PublicSeq>>,
}

impl Default for Current {
    fn default() -> Self {
        Self { snapshot: Arc::default(), seq: watch::Sender::new(None) }
    }
}

impl Current {
    /// The snapshot; none before the first generation is there.
    pub fn get(&self) -> Option<Arc<Snapshot>> {
        self.snapshot.load_full()
    }

    /// Makes a snapshot the one that searches use.
    pub fn publish(&self, snapshot: Snapshot) {
        let seq = snapshot.seq;
        self.snapshot.store(Some(Arc::new(snapshot)));
        self.seq.send_replace(Some(seq));
    }

    /// Rings with the newest change that searches see.
    pub fn watch(&self) -> watch::Receiver<Option<PublicSeq>> {
        self.seq.subscribe()
    }
}
