//! The nouns of the house, pure: entries, vocabularies, revisions and what makes them valid.

pub mod case;
pub mod entry;
pub mod facet;
pub mod id;
pub mod kind;
pub mod notice;
pub mod problem;
pub mod profile;
pub mod public;
pub mod record;
pub mod schema;
pub mod shape;
pub mod slug;
pub mod texts;
pub mod validate;
pub mod vocabulary;
