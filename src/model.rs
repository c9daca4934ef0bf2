//! The nouns of the house, pure: entries, vocabularies, revisions and what makes them valid.

pub mod entry;
pub mod id;
pub mod kind;
pub mod profile;
pub mod record;
