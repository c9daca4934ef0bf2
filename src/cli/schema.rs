//! `schema`: the files of `schemas/`, generated from the Rust types and checked in, so that a change of the contract
//! shows in a review.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use serde_json::Value;

use super::output;
use crate::exchange::schemas;
use crate::http;

#[derive(Debug, Args)]
pub(super) struct Schema {
    /// Write nothing, but fail if a file is not as it would be written
    #[arg(long)]
    check: bool,
    /// Folder of the files
    #[arg(long, value_name = "DIR", default_value = "schemas")]
    out: PathBuf,
}

/// Every file of `schemas/`: name and text.
pub fn files() -> Vec<(String, String)> {
    let edge = http::schemas::schemas().into_iter().map(|(name, schema)| (name.to_owned(), schema));
    let openapi = ("openapi.json".to_owned(), http::openapi::openapi());
    // A JSON value always has a JSON form.
    let text = |schema: &Value| format!("{schema:#}\n");
    schemas::of_model().into_iter().chain(edge).chain([openapi]).map(|(name, schema)| (name, text(&schema))).collect()
}

pub(super) fn run(args: &Schema) -> anyhow::Result<ExitCode> {
    let mut stale = Vec::new();
    for (name, text) in files() {
        let path = args.out.join(&name);
        if fs::read(&path).is_ok_and(|found| found == text.as_bytes()) {
            continue;
        }
        if !args.check {
            fs::create_dir_all(&args.out)?;
            fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
        }
        stale.push(path.display().to_string());
    }
    match (stale.is_empty(), args.check) {
        (true, _) => output::say("The schemas are up to date.")?,
        (false, false) => output::say(format_args!("Written: {}", stale.join(", ")))?,
        (false, true) => {
            output::complain(format_args!("error: not up to date: {}; run mitmachbox schema", stale.join(", ")));
            return Ok(ExitCode::FAILURE);
        }
    }
    Ok(ExitCode::SUCCESS)
}
