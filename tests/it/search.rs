//! Searching: the laws of facets and order, gold queries on the real entries, the query language, suggestions, single
//! entries, and the follower that keeps the index at the store's head.

mod facets;
mod gold;
mod oracle;
mod support;
