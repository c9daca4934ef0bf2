//! The only place that reads the clock; everything else is handed a [`Clock`].

use std::sync::Arc;

use jiff::Timestamp;
use parking_lot::Mutex;

/// Where "now" comes from: the machine, or a test.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    fixed: Option<Arc<Mutex<Timestamp>>>,
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self { fixed: None }
    }

    /// A clock that stands at `at` until [`Clock::set`] moves it; clones move together.
    pub fn fixed(at: Timestamp) -> Self {
        Self { fixed: Some(Arc::new(Mutex::new(at))) }
    }

    /// The present instant, UTC.
    pub fn now(&self) -> Timestamp {
        match &self.fixed {
            Some(at) => *at.lock(),
            None => Timestamp::now(),
        }
    }

    /// Moves a fixed clock; the machine's clock stays as it is.
    pub fn set(&self, at: Timestamp) {
        if let Some(fixed) = &self.fixed {
            *fixed.lock() = at;
        }
    }
}
