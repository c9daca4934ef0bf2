//! The edge: parameters, problems, routes, bounds, pages.

mod config;
mod edge;
mod hits;
mod legal;
mod notices;
mod pages;
mod params;
mod reads;
mod server;
mod staff;
pub(crate) mod support;
mod web;
mod widget;
mod writes;
