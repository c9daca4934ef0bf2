//! Deletes what notices may no longer hold: e-mail addresses, and notices that were done long ago.

use std::time::Duration;

use crate::curate::{Curate, notices::Swept};

/// Hours between two sweeps; a day's promise is kept to the day.
const EVERY: Duration = Duration::from_secs(6 * 3_600);

/// Sweeps for ever, the first time at the start.
pub async fn run(curate: Curate) {
    let mut every = tokio::time::interval(EVERY);
    loop {
        every.tick().await;
        match curate.sweep_notices().await {
            Ok(Swept { emails: 0, notices: 0 }) => {}
            Ok(Swept { emails, notices }) => {
                tracing::info!(emails, notices, "deleted what notices may no longer hold");
            }
            Err(error) => tracing::error!(%error, "notices were not swept; it is tried again at the next time"),
        }
    }
}
