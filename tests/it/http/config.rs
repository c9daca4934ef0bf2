//! Settings: as typed, as meant.

use std::{collections::BTreeMap, fs, path::Path};

use clap::{Args, Command, FromArgMatches};
use mitmachbox::{
    app::{open_store, store_limits},
    auth::{Auth, AuthError, Role},
    clock::Clock,
    config::{
        Config, Flags, Page,
        load::from_sources,
        settings::{SETTINGS, reference},
    },
    store::{CommitError, StoreLimits},
};

fn load(file: &str, variables: &[(&str, &str)], flags: &[&str]) -> Result<Config, Vec<String>> {
    let matches = Flags::augment_args(Command::new("x").no_binary_name(true)).try_get_matches_from(flags).unwrap();
    let flags = Flags::from_arg_matches(&matches).unwrap();
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    from_sources(Some((Path::new("config.toml"), file)), variables, &flags).map_err(|errors| errors.0)
}

#[track_caller]
fn refused(file: &str, variables: &[(&str, &str)], flags: &[&str], expected: &[&str]) {
    let errors = load(file, variables, flags).expect_err(file);
    assert_eq!(errors.len(), expected.len(), "{errors:?}");
    for (error, expected) in errors.iter().zip(expected) {
        assert!(error.starts_with(expected), "{error}\nexpected: {expected}");
    }
}

#[test]
fn file_then_environment_then_flags() {
    let file = "[server]\nlisten = \"127.0.0.1:1\"\ntrusted_proxies = [\"10.0.0.0/8\"]\n[log]\nformat = \"json\"\n";
    let config = load(file, &[], &[]).unwrap();
    assert_eq!((config.listen.port(), config.log.json), (1, true));
    let variable = [("MITMACHBOX__SERVER__LISTEN", "127.0.0.1:2"), ("PATH", "ignored")];
    assert_eq!(load(file, &variable, &[]).unwrap().listen.port(), 2);
    assert_eq!(load(file, &variable, &["--listen", "127.0.0.1:3"]).unwrap().listen.port(), 3);
    let set = ["--set", "limits.connections=77", "--set", "server.trusted_proxies=::1, 10.0.0.1"];
    let config = load(file, &[], &set).unwrap();
    assert_eq!((config.limits.connections, config.trusted_proxies.len()), (77, 2));
}

#[test]
fn mistakes_are_named_with_their_place() {
    refused(
        "[server]\n\nlistn = \"x\"\n",
        &[],
        &[],
        &["config.toml:3: there is no setting server.listn, perhaps server.listen is meant"],
    );
    refused("[serve]\nlisten = \"127.0.0.1:1\"\n", &[], &[], &["config.toml:2: there is no setting serve.listen"]);
    refused("listen = 1\n", &[], &[], &["config.toml:1: there is no setting listen"]);
    refused("[server\n", &[], &[], &["config.toml:1: "]);
    refused("[server]\nlisten = 8080\n", &[], &[], &["config.toml:2: server.listen: expected a text"]);
    refused("[server]\nlisten = \"somewhere\"\n", &[], &[], &["config.toml:2: server.listen: "]);
    refused(
        "[limits]\nconnections = 1\n",
        &[],
        &[],
        &["config.toml:2: limits.connections: expected a number from 10 to"],
    );
    refused(
        "[data]\nfree_bytes_min = 0\n",
        &[],
        &[],
        &["config.toml:2: data.free_bytes_min: expected a number from 1048576"],
    );
    for reserve in ["1048576", "-1"] {
        let file = format!("[data]\nreserve_bytes = {reserve}\n");
        let expected =
            "config.toml:2: data.reserve_bytes: expected a number from 16777216 to 1099511627776, or 0 for none";
        refused(&file, &[], &[], &[expected]);
    }
    refused("", &[("MITMACHBOX__SERVER__LISTN", "x")], &[], &["MITMACHBOX__SERVER__LISTN: there is no setting"]);
    refused(
        "",
        &[],
        &["--set", "limits.connections=many"],
        &["--set limits.connections: limits.connections: expected a whole number"],
    );
    refused(
        "",
        &[],
        &["--public-url", "beteiligung.example"],
        &["--public-url: server.public_url: expected an address"],
    );
    refused(
        "[a]\nx = 1\n[server]\nlisten = 1\n",
        &[],
        &["--log-format", "xml"],
        &["config.toml:2", "config.toml:4", "--log-format"],
    );
    let urls = ["--public-url", "https://x.example/suche", "--base-path", "/anders"];
    refused("", &[], &urls, &["server.base_path is /anders but"]);
    refused("", &[], &["--metrics-listen", "127.0.0.1:8080"], &["server.metrics_listen is the same"]);
}

#[test]
fn room_on_the_disk_is_a_matter_of_settings() {
    let file = "[data]\nfree_bytes_min = 1_048_576\nreserve_bytes = 0\nstore_cache_bytes = 2_097_152\n";
    let limits = store_limits(&load(file, &[], &[]).unwrap().limits);
    assert_eq!((limits.free_bytes_min, limits.reserve_bytes, limits.cache_bytes), (1 << 20, 0, 2 << 20));
    let (defaults, of_store) = (store_limits(&Config::default().limits), StoreLimits::default());
    assert_eq!(format!("{defaults:?}"), format!("{of_store:?}"), "one default, wherever it is read");
}

#[test]
fn a_service_keeps_to_the_room_that_was_set() {
    let dir = tempfile::tempdir().unwrap();
    let mut config = Config { data_dir: dir.path().to_owned(), ..Config::default() };
    config.limits.reserve_bytes = 17 << 20;
    let store = open_store(&config, &Clock::system()).unwrap();
    let free = store.stats().free_bytes;
    store.close();
    assert_eq!(fs::metadata(dir.path().join("RESERVE")).unwrap().len(), 17 << 20);

    config.limits.free_bytes_min = free.saturating_mul(2);
    let store = open_store(&config, &Clock::system()).unwrap();
    let token = Auth::new(store.clone(), Clock::system()).create_token("x", Role::Reader, None);
    assert!(matches!(token, Err(AuthError::Write(CommitError::NoSpace))), "{token:?}");
    store.close();
}

#[test]
fn the_path_follows_from_the_public_address() {
    let config = load("", &[], &["--public-url", "https://stadt.example/beteiligung/"]).unwrap();
    assert_eq!(config.base_path, "/beteiligung");
    assert_eq!(config.url("/suche"), "https://stadt.example/beteiligung/suche");
    let config =
        load("[site]\nimprint = \"https://stadt.example/impressum\"\nprivacy = \"datenschutz.md\"\n", &[], &[])
            .unwrap();
    assert_eq!(config.site.imprint, Some(Page::Address("https://stadt.example/impressum".into())));
    assert_eq!(config.site.privacy, Some(Page::File("datenschutz.md".into())));
}

#[test]
fn the_settings_in_force_read_back_as_themselves() {
    let file = "[server]\nlisten = \"[::1]:9\"\nmetrics_listen = \"127.0.0.1:9090\"\npublic_url = \"https://a.example\"\n\
                trusted_proxies = [\"10.0.0.0/8\", \"::1\"]\n[site]\nname = \"Mit\\\"mach\"\nprivacy = \"a b.md\"\n\
                [limits]\nreads_per_second = 7\n[search]\nthreads = 3\ndeadline_ms = 120\n";
    let config = load(file, &[], &[]).unwrap();
    assert_ne!(config, Config::default());
    assert_eq!(load(&config.effective_toml(), &[], &[]).unwrap(), config);
}

#[test]
fn every_setting_is_documented_and_can_be_given_in_every_way() {
    let reference = reference();
    let defaults: toml::Table = Config::default().effective_toml().parse().unwrap();
    for setting in SETTINGS {
        assert!(reference.contains(&format!("`{}`", setting.key)), "{}", setting.key);
        assert!(setting.doc.ends_with('.'), "{}: a sentence", setting.key);
        let (table, name) = setting.key.split_once('.').unwrap();
        let Some(value) = defaults.get(table).and_then(|table| table.get(name)) else { continue };
        let text = match value {
            toml::Value::String(text) => text.clone(),
            toml::Value::Array(values) => {
                values.iter().map(|value| value.as_str().unwrap()).collect::<Vec<_>>().join(",")
            }
            other => other.to_string(),
        };
        let variable = setting.variable();
        let flags = Flags { values: BTreeMap::from([(setting.key.to_owned(), text.clone())]), ..Flags::default() };
        let by_flag = from_sources(None, std::iter::empty(), &flags).unwrap_or_else(|e| panic!("{e}"));
        let by_variable = load("", &[(&variable, &text)], &[]).unwrap();
        assert_eq!(by_flag, by_variable, "{}", setting.key);
    }
}
