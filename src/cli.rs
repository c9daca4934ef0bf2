//! The command line: what can be said, and who does it.
//!
//! Commands that touch the data directory take its lock, so they and a running server exclude each other.

mod backup;
mod collection;
mod corpus;
mod data;
mod eval;
mod lexicon;
mod output;
pub mod schema;
mod token;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::config::{Config, Flags};

/// Formate für Bürgerbeteiligung suchen und finden: search service for citizen-participation formats.
#[derive(Debug, Parser)]
#[command(name = "mitmachbox", version, about, arg_required_else_help = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve pages and API; fill an empty data directory with the shipped collection
    Serve(Flags),
    /// Import entries: JSON Lines, a JSON array, or a folder <kind>/<slug>.md
    ///
    /// The whole source is checked first; every bad record is named with its line and nothing is written. A record
    /// belongs to the entry with its id, else to the one with its slug; what is there already is skipped.
    Import(collection::Import),
    /// Export entries as JSON Lines, as a JSON array, or as a folder of files
    Export(collection::Export),
    /// Check the store, the entries and the index; or, with --corpus, lint a collection
    Check(Check),
    /// Build the index anew from the store
    Reindex(data::Where),
    /// Make, check and restore backups
    #[command(subcommand)]
    Backup(backup::Backup),
    /// Access tokens of staff
    #[command(subcommand)]
    Token(token::Token),
    /// Settings
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Write the JSON Schemas and the OpenAPI document
    Schema(schema::Schema),
    /// Measure the search on collections with judgements
    Eval(eval::Eval),
    /// The lexicon of German compounds
    #[command(subcommand)]
    Lexicon(lexicon::Lexicon),
    /// Licences of the program and of what it ships
    Licences,
}

#[derive(Debug, Args)]
struct Check {
    /// Lint the shipped entries, or those of a folder <kind>/<slug>.md, and print a page about them; opens no store
    #[arg(long, value_name = "DIR", num_args = 0..=1, conflicts_with = "data_dir")]
    corpus: Option<Option<PathBuf>>,
    #[command(flatten)]
    place: data::Where,
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Say whether the settings can be used; every mistake with the place where it was typed
    Check(Flags),
    /// Print the settings in force as a settings file
    Print(ConfigPrint),
}

#[derive(Debug, Args)]
struct ConfigPrint {
    #[command(flatten)]
    flags: Flags,
    /// With everything that was not set; the only form there is, the flag is for clarity
    #[arg(long)]
    effective: bool,
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli.command) {
        Ok(code) => code,
        // Somebody closed the pipe (`mitmachbox export | head`) and has what they wanted.
        Err(error) if output::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output::complain(format_args!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<ExitCode> {
    if !matches!(command, Command::Serve(_)) {
        output::warnings_to_stderr();
    }
    match command {
        Command::Serve(flags) => crate::app::run(Config::load(&flags)?)?,
        Command::Import(import) => return collection::import(&import),
        Command::Export(export) => collection::export(&export)?,
        Command::Check(Check { corpus: Some(folder), place: _ }) => return corpus::check(folder.as_deref()),
        Command::Check(Check { corpus: None, place }) => return data::check(&place),
        Command::Reindex(place) => data::reindex(&place)?,
        Command::Backup(backup) => backup::run(backup)?,
        Command::Token(token) => token::run(token)?,
        Command::Config(ConfigCommand::Check(flags)) => {
            Config::load(&flags)?;
            output::say("The settings can be used.")?;
        }
        Command::Config(ConfigCommand::Print(print)) => {
            let ConfigPrint { flags, effective: _ } = print;
            output::text(&Config::load(&flags)?.effective_toml())?;
        }
        Command::Schema(schema) => return schema::run(&schema),
        Command::Eval(eval) => eval::run(&eval)?,
        Command::Lexicon(lexicon) => lexicon::run(&lexicon)?,
        Command::Licences => output::text(LICENCES)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Licences as `mitmachbox licences` prints them.
const LICENCES: &str = concat!(
    "Program: EUPL-1.2 (European Union Public Licence), <https://eupl.eu>.\n",
    "Collection (index-data/entries, index-data/vocabularies): CC BY 4.0, <https://creativecommons.org/licenses/by/4.0/>.\n",
    "Language data (index-data/language):\n\n",
    include_str!("../index-data/language/LICENSE.md"),
);

/// Where the data directory is: named, or as the settings say.
fn config_of(config: Option<PathBuf>, data_dir: Option<&PathBuf>) -> anyhow::Result<Config> {
    let mut flags = Flags { config, ..Flags::default() };
    if let Some(dir) = data_dir {
        flags.values.insert("data.dir".into(), dir.display().to_string());
    }
    Ok(Config::load(&flags)?)
}
