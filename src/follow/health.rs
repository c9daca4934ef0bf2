//! How the follower is: for its own pauses, for `/readyz`, and for the metrics.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use schemars::JsonSchema;
use serde::Serialize;

/// What the follower does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FollowerState {
    /// Keeps the index at the store's head, or builds it.
    Following,
    /// Its last step failed; it waits and starts anew. Searches go on with the index as it is.
    Retrying,
    /// Has ended.
    Stopped,
}

/// The follower's health. Clones tell of the same follower.
#[derive(Clone, Default)]
pub struct FollowerHealth(Arc<Mutex<Condition>>);

#[derive(Default)]
struct Condition {
    /// Since the first of the failures in a row, or since the end.
    down_since: Option<Instant>,
    /// In a row.
    failures: u32,
    /// Since the start of the program.
    restarts: u64,
    stopped: bool,
}

impl FollowerHealth {
    /// What it does now.
    pub fn state(&self) -> FollowerState {
        let condition = self.0.lock();
        match (condition.stopped, condition.failures) {
            (true, _) => FollowerState::Stopped,
            (false, 0) => FollowerState::Following,
            (false, _) => FollowerState::Retrying,
        }
    }

    /// For how long no step has gone well; nothing while it follows.
    pub fn down_for(&self) -> Option<Duration> {
        self.0.lock().down_since.map(|since| since.elapsed())
    }

    /// How often it had to start anew since the program began.
    pub fn restarts(&self) -> u64 {
        self.0.lock().restarts
    }

    /// A step went well.
    pub(super) fn went_well(&self) {
        let mut condition = self.0.lock();
        condition.failures = 0;
        condition.down_since = None;
    }

    /// A step failed; tells how many in a row have.
    pub(super) fn failed(&self) -> u32 {
        let mut condition = self.0.lock();
        condition.failures = condition.failures.saturating_add(1);
        condition.restarts += 1;
        condition.down_since.get_or_insert_with(Instant::now);
        condition.failures
    }

    /// Says so when the follower ends, whatever the way.
    pub(super) fn until_dropped(&self) -> Running {
        Running(self.clone())
    }
}

/// See [`FollowerHealth::until_dropped`].
pub(super) struct Running(FollowerHealth);

impl Drop for Running {
    fn drop(&mut self) {
        let mut condition = self.0.0.lock();
        condition.stopped = true;
        condition.down_since.get_or_insert_with(Instant::now);
    }
}
