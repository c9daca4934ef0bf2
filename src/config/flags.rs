//! Flags of the command line that set settings, made from the table.

use std::{collections::BTreeMap, path::PathBuf};

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, builder::PathBufValueParser};

use super::settings::SETTINGS;

/// Settings given as flags; flatten it into a subcommand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// File to read.
    pub config: Option<PathBuf>,
    /// Key → value as typed, from `--listen …` and from `--set key=value`.
    pub values: BTreeMap<String, String>,
}

const CONFIG: &str = "config";
const SET: &str = "set";

impl Args for Flags {
    fn augment_args(command: Command) -> Command {
        let command = command
            .arg(
                Arg::new(CONFIG)
                    .long("config")
                    .env("MITMACHBOX_CONFIG")
                    .value_name("FILE")
                    .value_parser(PathBufValueParser::new())
                    .help("Settings file (TOML)"),
            )
            .arg(
                Arg::new(SET)
                    .long("set")
                    .value_name("KEY=VALUE")
                    .action(ArgAction::Append)
                    .help("Any setting, such as --set limits.connections=500"),
            );
        SETTINGS.iter().filter_map(|setting| Some((setting, setting.flag?))).fold(
            command,
            |command, (setting, flag)| {
                command.arg(Arg::new(setting.key).long(flag).value_name("VALUE").help(setting.doc.replace('`', "")))
            },
        )
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Flags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut flags = Self { config: matches.get_one::<PathBuf>(CONFIG).cloned(), ..Self::default() };
        for pair in matches.get_many::<String>(SET).into_iter().flatten() {
            let Some((key, value)) = pair.split_once('=') else {
                let message = format!("--set {pair}: expected KEY=VALUE\n");
                return Err(clap::Error::raw(clap::error::ErrorKind::ValueValidation, message));
            };
            flags.values.insert(key.trim().to_owned(), value.to_owned());
        }
        for setting in SETTINGS.iter().filter(|setting| setting.flag.is_some()) {
            if let Some(value) = matches.get_one::<String>(setting.key) {
                flags.values.insert(setting.key.to_owned(), value.clone());
            }
        }
        Ok(flags)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
