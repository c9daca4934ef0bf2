mod curate;
mod exchange;
mod store;
mod tidy;
