//! Keeps the index at the store's head. The only room that sees both.
//!
//! The follower is the one writer of the index. It reads the store's feed of public changes, puts batches into the index
//! and commits each with the number of the newest change in it, so that the index never claims what it does not hold.
//! Whatever goes wrong with the index (deleted, damaged, built by another version, a full disk), the answer is the same:
//! a new generation from the store, beside the old one, which is swapped in when it is complete.
//! It survives its own panics: they are errors like others, after which it starts anew from what is on the disk.

mod feed;
mod follower;
mod health;
mod reference;

pub use feed::{ChangeFeed, ChangeOp, ChangesPage, PublicChange};
pub use follower::{FollowError, Follower, FollowerOptions};
pub use health::{FollowerHealth, FollowerState};
pub use reference::{SYNONYMS_DOCUMENT, VOCABULARY_PREFIX};
