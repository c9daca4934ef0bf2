//! Writes that have begun: they run to their end whoever is still listening, and the program waits for them before it
//! closes the store.

use std::{sync::Arc, time::Duration};

use tokio::{sync::Semaphore, time::timeout};

use super::problem::{INTERNAL, OVERLOADED, Problem};

/// Seconds after which a refused write is worth another try.
const RETRY_SOON: u64 = 2;

/// The writes in progress. Clones tell of the same ones.
#[derive(Clone)]
pub struct Writes {
    /// One for each write that may run at once.
    places: Arc<Semaphore>,
    count: u32,
}

impl Writes {
    /// None yet; at most so many at once.
    pub fn new(at_most: usize) -> Self {
        let count = u32::try_from(at_most.min(Semaphore::MAX_PERMITS)).unwrap_or(u32::MAX);
        Self { places: Arc::new(Semaphore::new(count as usize)), count }
    }

    /// Runs a write to its end even if the client goes away: a request that was cut must never act by half.
    ///
    /// # Errors
    /// 503 where too many are in progress or the program is ending (nothing has begun then), else the write's own.
    pub async fn to_the_end<T, E>(
        &self,
        write: impl Future<Output = Result<T, E>> + Send + 'static,
    ) -> Result<T, Problem>
    where
        T: Send + 'static,
        E: Into<Problem> + Send + 'static,
    {
        let place = Arc::clone(&self.places).try_acquire_owned();
        let Ok(place) = place else { return Err(Problem::new(&OVERLOADED).retry_after(RETRY_SOON)) };
        let running = tokio::spawn(async move {
            let result = write.await;
            drop(place);
            result
        });
        match running.await {
            Ok(result) => result.map_err(Into::into),
            // The place of a panic is in the log; its text may quote what somebody wrote.
            Err(_) => {
                tracing::error!("a write ended without a result");
                Err(Problem::new(&INTERNAL))
            }
        }
    }

    /// Refuses further writes and waits until those in progress have ended; false where that takes longer.
    pub async fn finished(&self, at_most: Duration) -> bool {
        let all = timeout(at_most, self.places.acquire_many(self.count)).await;
        self.places.close();
        all.is_ok()
    }

    /// How many are in progress.
    pub fn in_progress(&self) -> usize {
        self.count as usize - self.places.available_permits()
    }
}
