mod curate;
mod exchange;
mod schemas;
mod store;
