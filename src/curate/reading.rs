//! Reads whose result leaves the house: staff are shown nothing that a crash could take back.

use super::CurateError;
use crate::store::{ReadError, Store};

/// How often something is read before the store is called too busy. A second time is needed only when the disk
/// refused a commit in between.
const READS_MAX: usize = 3;

/// Reads, and waits until what was read is durable; about one sync, and nothing where nobody writes.
///
/// # Errors
/// Those of the read; [`CurateError::Busy`] or [`CurateError::ReadOnly`] where the store takes back what it showed.
pub(super) async fn durable<T>(store: &Store, read: impl Fn() -> Result<T, CurateError>) -> Result<T, CurateError> {
    for _ in 0..READS_MAX {
        let reading = store.reading();
        let value = read()?;
        match store.settled(reading).await {
            Ok(()) => return Ok(value),
            Err(ReadError::Closed) => return Err(ReadError::Closed.into()),
            // Some of it may have been taken back.
            Err(ReadError::Io(_) | ReadError::Damaged(_)) => {}
        }
    }
    Err(store.read_only().map_or(CurateError::Busy, CurateError::ReadOnly))
}
