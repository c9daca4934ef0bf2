//! The one table of settings.

use std::{fmt::Write as _, path::PathBuf, time::Duration};

use super::Config;
use values::*;

mod values;

/// One setting.
pub struct Setting {
    /// Key in the file: table and name.
    pub key: &'static str,
    /// Flag, where it has one of its own; every setting can be given as `--set key=value`.
    pub flag: Option<&'static str>,
    /// Form of the value.
    pub form: Form,
    /// What it does, and why one would change it.
    pub doc: &'static str,
    /// Puts the value in its place, or says what is wrong with it.
    pub(super) set: fn(&mut Config, &Value) -> Result<(), String>,
    /// The value in force as TOML; none where the setting is unset.
    pub(super) show: fn(&Config) -> Option<String>,
}

/// Form of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Text.
    Text,
    /// A whole number.
    Number,
    /// `true` or `false`.
    Switch,
    /// Texts; in variables and flags separated by commas.
    List,
}

/// A value as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Text.
    Text(String),
    /// A whole number.
    Number(i64),
    /// A switch.
    Switch(bool),
    /// Texts.
    List(Vec<String>),
}

impl Setting {
    /// Variable of the environment: `server.listen` → `MITMACHBOX__SERVER__LISTEN`.
    pub fn variable(&self) -> String {
        format!("MITMACHBOX__{}", self.key.to_uppercase().replace('.', "__"))
    }

    /// Reads a value from a variable or a flag, where everything is text.
    pub(super) fn read(&self, text: &str) -> Result<Value, String> {
        match self.form {
            Form::Text => Ok(Value::Text(text.to_owned())),
            Form::Number => text.trim().replace('_', "").parse().map(Value::Number).map_err(|_| wants(self.form)),
            Form::Switch => text.trim().parse().map(Value::Switch).map_err(|_| wants(self.form)),
            Form::List => Ok(Value::List(
                text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect(),
            )),
        }
    }
}

/// What a value of this form looks like.
pub(super) fn wants(form: Form) -> String {
    match form {
        Form::Text => "expected a text in quotation marks",
        Form::Number => "expected a whole number",
        Form::Switch => "expected true or false",
        Form::List => "expected a list of texts",
    }
    .to_owned()
}

/// The setting with this key.
pub fn setting(key: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.key == key)
}

/// All settings in force as a TOML file; unset ones as comments.
pub(super) fn as_toml(config: &Config) -> String {
    let mut text = String::new();
    let mut table = "";
    for setting in SETTINGS {
        let (here, name) = setting.key.split_once('.').unwrap_or(("", setting.key));
        if here != table {
            table = here;
            let _ = writeln!(text, "{}[{table}]", if text.is_empty() { "" } else { "\n" });
        }
        match (setting.show)(config) {
            Some(value) => drop(writeln!(text, "{name} = {value}")),
            None => drop(writeln!(text, "# {name} is not set")),
        }
    }
    text
}

/// Reference of all settings as a Markdown table, for the documents.
pub fn reference() -> String {
    let mut text = String::from("| key | variable | flag | default | meaning |\n| --- | --- | --- | --- | --- |\n");
    // The number of cores differs between machines; the document must not.
    let mut defaults = Config::default();
    defaults.limits.search_threads = 0;
    for setting in SETTINGS {
        let flag = setting.flag.map(|flag| format!("`--{flag}`")).unwrap_or_default();
        let default = match (setting.show)(&defaults) {
            Some(_) if setting.key == "search.threads" => "one for each core".into(),
            Some(value) => format!("`{value}`"),
            None => "not set".into(),
        };
        let _ =
            writeln!(text, "| `{}` | `{}` | {flag} | {default} | {} |", setting.key, setting.variable(), setting.doc);
    }
    text
}

/// All settings, in the order of the file.
pub const SETTINGS: &[Setting] = &[
    Setting {
        key: "server.listen",
        flag: Some("listen"),
        form: Form::Text,
        doc: "Address and port of pages and API. Stays on loopback behind a reverse proxy.",
        set: |config, value| parse(value).map(|address| config.listen = address),
        show: |config| quoted(config.listen),
    },
    Setting {
        key: "server.metrics_listen",
        flag: Some("metrics-listen"),
        form: Form::Text,
        doc: "Address and port of a second listener with `/metrics`, `/livez` and `/readyz` for the monitoring. Without it \
              `/metrics` answers only requests from this machine that came through no proxy.",
        set: |config, value| optional(value, parse).map(|address| config.metrics_listen = address),
        show: |config| config.metrics_listen.and_then(quoted),
    },
    Setting {
        key: "server.public_url",
        flag: Some("public-url"),
        form: Form::Text,
        doc: "Address under which people reach the service, with scheme and path. Needed for links that leave the \
              service: canonical links, exports.",
        set: |config, value| optional(value, web_address).map(|url| config.public_url = url),
        show: |config| config.public_url.as_ref().and_then(quoted),
    },
    Setting {
        key: "server.base_path",
        flag: Some("base-path"),
        form: Form::Text,
        doc: "Path under which the service lives behind a proxy, such as `/beteiligung`. Follows from `public_url` where \
              absent. Requests are understood with and without it.",
        set: |config, value| base_path(value).map(|path| config.base_path = path),
        show: |config| quoted(&config.base_path),
    },
    Setting {
        key: "server.trusted_proxies",
        flag: Some("trusted-proxies"),
        form: Form::List,
        doc: "Address blocks of proxies whose `Forwarded` or `X-Forwarded-For` is believed. With it, rate limits hold for \
              the real client.",
        set: |config, value| list(value).map(|blocks| config.trusted_proxies = blocks),
        show: |config| Some(shown_list(&config.trusted_proxies)),
    },
    Setting {
        key: "data.dir",
        flag: Some("data-dir"),
        form: Form::Text,
        doc: "Directory of `store/` (the truth) and `index/` (safe to delete).",
        set: |config, value| text(value).map(|path| config.data_dir = PathBuf::from(path)),
        show: |config| quoted(config.data_dir.display()),
    },
    Setting {
        key: "data.store_cache_bytes",
        flag: None,
        form: Form::Number,
        doc: "Bytes of the store's page cache.",
        set: |config, value| number(value, 1 << 20..=1 << 40).map(|bytes| config.limits.store_cache_bytes = bytes),
        show: |config| Some(config.limits.store_cache_bytes.to_string()),
    },
    Setting {
        key: "data.free_bytes_min",
        flag: None,
        form: Form::Number,
        doc: "Free bytes on the file system of `data.dir` below which writes are refused with 507, before the disk is \
              full. Leave room for as much as `store/` takes, which is needed to rewrite it. At least 1 MiB.",
        set: |config, value| number(value, 1 << 20..=1 << 40).map(|bytes| config.limits.free_bytes_min = bytes),
        show: |config| Some(config.limits.free_bytes_min.to_string()),
    },
    Setting {
        key: "data.reserve_bytes",
        flag: None,
        form: Form::Number,
        doc: "Bytes of the file `RESERVE` in `data.dir`, given back so that the store can be opened on a full disk. At \
              least 16 MiB; 0 for none, after which such a start fails.",
        set: |config, value| reserve(value).map(|bytes| config.limits.reserve_bytes = bytes),
        show: |config| Some(config.limits.reserve_bytes.to_string()),
    },
    Setting {
        key: "backup.dir",
        flag: Some("backup-dir"),
        form: Form::Text,
        doc: "Directory for backups while the service runs; the last step when a damaged store is opened. None: no backups.",
        set: |config, value| optional(value, text).map(|dir| config.backup.dir = dir.map(PathBuf::from)),
        show: |config| config.backup.dir.as_ref().and_then(|dir| quoted(dir.display())),
    },
    Setting {
        key: "backup.every_hours",
        flag: None,
        form: Form::Number,
        doc: "Hours between two backups.",
        set: |config, value| number(value, 1..=8_760).map(|hours| config.backup.every_hours = hours),
        show: |config| Some(config.backup.every_hours.to_string()),
    },
    Setting {
        key: "backup.keep",
        flag: None,
        form: Form::Number,
        doc: "Backups kept; older ones are removed.",
        set: |config, value| number(value, 1..=10_000).map(|count| config.backup.keep = count),
        show: |config| Some(config.backup.keep.to_string()),
    },
    Setting {
        key: "log.format",
        flag: Some("log-format"),
        form: Form::Text,
        doc: "`text` for people, `json` for collectors.",
        set: |config, value| one_of(value, &["text", "json"]).map(|format| config.log.json = format == "json"),
        show: |config| quoted(if config.log.json { "json" } else { "text" }),
    },
    Setting {
        key: "log.filter",
        flag: Some("log"),
        form: Form::Text,
        doc: "What is logged: a level (`warn`, `info`, `debug`) or directives such as `info,mitmachbox::store=debug`. At \
              `info` and above there are no addresses and no queries.",
        set: |config, value| text(value).map(|filter| config.log.filter = filter),
        show: |config| quoted(&config.log.filter),
    },
    Setting {
        key: "site.name",
        flag: None,
        form: Form::Text,
        doc: "Name of the service on the pages.",
        set: |config, value| text(value).map(|name| config.site.name = name),
        show: |config| quoted(&config.site.name),
    },
    Setting {
        key: "site.operator",
        flag: None,
        form: Form::Text,
        doc: "Who runs the service, as in \"Ein Angebot von …\".",
        set: |config, value| text(value).map(|operator| config.site.operator = operator),
        show: |config| quoted(&config.site.operator),
    },
    Setting {
        key: "site.feedback_email",
        flag: None,
        form: Form::Text,
        doc: "Mailbox of the editors, named beside the form for notices and in the imprint.",
        set: |config, value| optional(value, text).map(|email| config.site.feedback_email = email),
        show: |config| config.site.feedback_email.as_ref().and_then(quoted),
    },
    Setting {
        key: "site.imprint",
        flag: None,
        form: Form::Text,
        doc: "Imprint: an address, or the path of a Markdown file. Without it a template that says what is missing.",
        set: |config, value| optional(value, page).map(|page| config.site.imprint = page),
        show: |config| shown_page(config.site.imprint.as_ref()),
    },
    Setting {
        key: "site.privacy",
        flag: None,
        form: Form::Text,
        doc: "Privacy notice, likewise.",
        set: |config, value| optional(value, page).map(|page| config.site.privacy = page),
        show: |config| shown_page(config.site.privacy.as_ref()),
    },
    Setting {
        key: "site.accessibility",
        flag: None,
        form: Form::Text,
        doc: "Accessibility statement, likewise.",
        set: |config, value| optional(value, page).map(|page| config.site.accessibility = page),
        show: |config| shown_page(config.site.accessibility.as_ref()),
    },
    Setting {
        key: "site.easy_language",
        flag: None,
        form: Form::Text,
        doc: "Page in Leichte Sprache, likewise. Only a text that was checked may be called so.",
        set: |config, value| optional(value, page).map(|page| config.site.easy_language = page),
        show: |config| shown_page(config.site.easy_language.as_ref()),
    },
    Setting {
        key: "site.sign_language",
        flag: None,
        form: Form::Text,
        doc: "Page with the video in sign language, likewise.",
        set: |config, value| optional(value, page).map(|page| config.site.sign_language = page),
        show: |config| shown_page(config.site.sign_language.as_ref()),
    },
    Setting {
        key: "site.embed_allowed",
        flag: None,
        form: Form::List,
        doc: "Sites that may show the search in an iframe (`/embed`): origins such as `https://www.example.de`, `*` for \
              all, `'self'` for none but the service. All other pages are never shown in foreign frames. Open by default: \
              there is nothing on that page that a visitor could be tricked into, no account and no cookie.",
        set: |config, value| origins(value).map(|origins| config.site.embed_allowed = origins),
        show: |config| Some(shown_list(&config.site.embed_allowed)),
    },
    Setting {
        key: "limits.connections",
        flag: None,
        form: Form::Number,
        doc: "Open connections; more wait at the door.",
        set: |config, value| number(value, 10..=100_000).map(|count| config.limits.connections = count),
        show: |config| Some(config.limits.connections.to_string()),
    },
    Setting {
        key: "limits.connections_per_address",
        flag: None,
        form: Form::Number,
        doc: "Open connections of one address; more are closed. Trusted proxies and loopback are free.",
        set: |config, value| number(value, 1..=100_000).map(|count| config.limits.connections_per_address = count),
        show: |config| Some(config.limits.connections_per_address.to_string()),
    },
    Setting {
        key: "limits.requests_in_flight",
        flag: None,
        form: Form::Number,
        doc: "Requests answered at once; more get 503 with `Retry-After`.",
        set: |config, value| number(value, 1..=100_000).map(|count| config.limits.in_flight = count),
        show: |config| Some(config.limits.in_flight.to_string()),
    },
    Setting {
        key: "limits.reads_per_second",
        flag: None,
        form: Form::Number,
        doc: "Reads per second of one address block (IPv4 /24, IPv6 /48); five times as many at once. Raise it for a \
              town hall behind one address.",
        set: |config, value| rate(value).map(|rate| config.limits.rate_reads = rate),
        show: |config| Some(config.limits.rate_reads.per_second.to_string()),
    },
    Setting {
        key: "limits.exports_per_second",
        flag: None,
        form: Form::Number,
        doc: "Exports and explained searches per second of one address block; five times as many at once.",
        set: |config, value| rate(value).map(|rate| config.limits.rate_heavy = rate),
        show: |config| Some(config.limits.rate_heavy.per_second.to_string()),
    },
    Setting {
        key: "limits.staff_per_second",
        flag: None,
        form: Form::Number,
        doc: "Staff requests per second of one address block, wrong tokens included; five times as many at once.",
        set: |config, value| rate(value).map(|rate| config.limits.rate_staff = rate),
        show: |config| Some(config.limits.rate_staff.per_second.to_string()),
    },
    Setting {
        key: "limits.notices_per_hour",
        flag: None,
        form: Form::Number,
        doc: "Notices to the editors per hour of one address block; as many at once.",
        set: |config, value| per_hour(value).map(|count| config.limits.notices_per_hour = count),
        show: |config| Some(config.limits.notices_per_hour.to_string()),
    },
    Setting {
        key: "limits.notices_stored",
        flag: None,
        form: Form::Number,
        doc: "Notices in the store, done ones included; beyond it the form says that no more can be taken.",
        set: |config, value| number(value, 1..=100_000).map(|count| config.limits.notices_stored = count),
        show: |config| Some(config.limits.notices_stored.to_string()),
    },
    Setting {
        key: "limits.notice_email_days",
        flag: None,
        form: Form::Number,
        doc: "Days after which the e-mail address of a notice is deleted; when the notice is done, at once.",
        set: |config, value| number(value, 1..=3_650).map(|days| config.limits.notice_email_days = days),
        show: |config| Some(config.limits.notice_email_days.to_string()),
    },
    Setting {
        key: "limits.notice_done_days",
        flag: None,
        form: Form::Number,
        doc: "Days after which a notice that is done is deleted.",
        set: |config, value| number(value, 1..=3_650).map(|days| config.limits.notice_done_days = days),
        show: |config| Some(config.limits.notice_done_days.to_string()),
    },
    Setting {
        key: "search.threads",
        flag: Some("search-threads"),
        form: Form::Number,
        doc: "Threads that search.",
        set: |config, value| number(value, 1..=1_024).map(|count| config.limits.search_threads = count),
        show: |config| Some(config.limits.search_threads.to_string()),
    },
    Setting {
        key: "search.queue",
        flag: None,
        form: Form::Number,
        doc: "Searches that wait for a thread; more get 503.",
        set: |config, value| number(value, 1..=100_000).map(|count| config.limits.search_queue = count),
        show: |config| Some(config.limits.search_queue.to_string()),
    },
    Setting {
        key: "search.deadline_ms",
        flag: None,
        form: Form::Number,
        doc: "Milliseconds for one search; longer ones get 503.",
        set: |config, value| {
            number(value, 10..=60_000).map(|ms| config.limits.search_deadline = Duration::from_millis(ms))
        },
        show: |config| Some(config.limits.search_deadline.as_millis().to_string()),
    },
    Setting {
        key: "search.cache_bytes",
        flag: None,
        form: Form::Number,
        doc: "Bytes of the cache of answers; 0 turns it off.",
        set: |config, value| number(value, 0..=1 << 40).map(|bytes| config.limits.cache_bytes = bytes),
        show: |config| Some(config.limits.cache_bytes.to_string()),
    },
];
