//! Settings: what an operator typed (file, environment, flags), and what it means.
//!
//! Reading goes in two steps. As typed: a TOML file, then variables of the environment, then flags, each overriding
//! the one before. As meant: [`Config`]. The table in [`settings`] is the one definition of every setting; the keys
//! of the file, the variables, the flags, `config print --effective` and the reference in the documents come from it.

pub mod flags;
pub mod limits;
pub mod load;
pub mod network;
pub mod settings;

use std::{net::SocketAddr, path::PathBuf};

pub use self::{flags::Flags, limits::Limits, load::ConfigErrors, network::Network};

/// Settings as meant.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Where pages and API are served.
    pub listen: SocketAddr,
    /// Where `/metrics` and the health checks are served as well; none: see [`crate::http::health`].
    pub metrics_listen: Option<SocketAddr>,
    /// Address under which people reach the service, without a slash at the end.
    pub public_url: Option<String>,
    /// Path under which the service lives behind a proxy: empty, or with a slash in front and none at the end.
    pub base_path: String,
    /// Proxies whose word on the client's address counts.
    pub trusted_proxies: Vec<Network>,
    /// Directory of the store and the index.
    pub data_dir: PathBuf,
    /// Backups while the service runs.
    pub backup: Backup,
    /// How the log is written.
    pub log: Log,
    /// What the pages say about their operator.
    pub site: Site,
    /// Every bound.
    pub limits: Limits,
}

/// Backups while the service runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// Where they go; none: no backups.
    pub dir: Option<PathBuf>,
    /// Hours between two.
    pub every_hours: u32,
    /// How many are kept.
    pub keep: usize,
}

/// How the log is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// One JSON object a line instead of text.
    pub json: bool,
    /// What to log, in the form of `tracing_subscriber::EnvFilter`.
    pub filter: String,
}

/// What the pages say about their operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// Name of the service.
    pub name: String,
    /// Who runs it.
    pub operator: String,
    /// Mailbox of the editors.
    pub feedback_email: Option<String>,
    /// Imprint.
    pub imprint: Option<Page>,
    /// Privacy notice.
    pub privacy: Option<Page>,
    /// Accessibility statement.
    pub accessibility: Option<Page>,
    /// Sites that may show `/embed` in a frame, as in `frame-ancestors`.
    pub embed_allowed: Vec<String>,
    /// Page in Leichte Sprache.
    pub easy_language: Option<Page>,
    /// Page with the video in sign language.
    pub sign_language: Option<Page>,
}

/// A page that the operator provides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    /// Stands elsewhere; visitors are sent there.
    Address(String),
    /// A Markdown file, read at the start.
    File(PathBuf),
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            metrics_listen: None,
            public_url: None,
            base_path: String::new(),
            trusted_proxies: Vec::new(),
            data_dir: PathBuf::from("./data"),
            backup: Backup { dir: None, every_hours: 24, keep: 14 },
            log: Log { json: false, filter: "info".into() },
            site: Site {
                name: "Mitmachbox".into(),
                operator: "Ihre Stadt".into(),
                feedback_email: None,
                imprint: None,
                privacy: None,
                accessibility: None,
                embed_allowed: vec!["*".into()],
                easy_language: None,
                sign_language: None,
            },
            limits: Limits::default(),
        }
    }
}

impl Config {
    /// Reads all settings: file, then environment, then flags.
    ///
    /// # Errors
    /// Everything that is wrong, each with the place where it was typed.
    pub fn load(flags: &Flags) -> Result<Self, ConfigErrors> {
        load::load(flags, std::env::vars())
    }

    /// Address of a path for use outside (canonical links, feeds): absolute where `public_url` is set.
    pub fn url(&self, path: &str) -> String {
        match &self.public_url {
            Some(public_url) => format!("{public_url}{path}"),
            None => format!("{}{path}", self.base_path),
        }
    }

    /// The settings in force as a TOML file, for `config print --effective`.
    pub fn effective_toml(&self) -> String {
        settings::as_toml(self)
    }
}
