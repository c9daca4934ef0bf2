//! Searching: the laws of facets and order, gold queries on the real entries, the query language, what is done to a
//! query and how it is told, suggestions, single entries, and the follower that keeps the index at the store's head.

mod desk;
mod eval;
mod explained;
mod facets;
mod finder;
mod follower;
mod gold;
mod gold_tables;
mod helped;
mod lookup;
mod oracle;
mod order;
mod quantity;
mod query;
mod robust;
mod segments;
mod suggest;
mod support;
mod survival;
mod typos;
