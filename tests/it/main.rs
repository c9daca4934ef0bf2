mod curate;
mod exchange;
mod store;
