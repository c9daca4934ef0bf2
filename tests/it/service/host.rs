//! A running service on a scratch directory, with the shipped collection and a token for staff.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

use mitmachbox::app::{App, open_store};
use mitmachbox::auth::{Auth, Role};
use mitmachbox::clock::Clock;
use mitmachbox::config::Config;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::client::{Answer, Client};

/// Time for a request's header; short, so that the test of slow clients need not wait.
pub(crate) const HEADER_READ: Duration = Duration::from_millis(700);

/// A running service; stops when dropped.
pub(crate) struct Service {
    pub(crate) address: SocketAddr,
    config: Config,
    token: String,
    app: Option<App>,
    runtime: Runtime,
    // Dropped last, after the service has let go of it.
    dir: TempDir,
}

impl Service {
    /// The service that tests which only read share while one of them runs.
    pub(crate) fn shared() -> Arc<Self> {
        static SHARED: Mutex<Weak<Service>> = Mutex::new(Weak::new());
        Self::one(&SHARED)
    }

    /// The service of tests that write, each its own entries.
    pub(crate) fn written() -> Arc<Self> {
        static WRITTEN: Mutex<Weak<Service>> = Mutex::new(Weak::new());
        Self::one(&WRITTEN)
    }

    fn one(shared: &Mutex<Weak<Self>>) -> Arc<Self> {
        let mut shared = shared.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(service) = shared.upgrade() {
            return service;
        }
        let service = Arc::new(Self::with(|_| {}));
        *shared = Arc::downgrade(&service);
        service
    }

    /// A service of its own, with settings of its own.
    pub(crate) fn with(change: impl FnOnce(&mut Config)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut config = Config {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            data_dir: dir.path().to_owned(),
            ..Config::default()
        };
        config.limits.header_read = HEADER_READ;
        // An unoptimised build on a busy machine must not fail for being slow.
        config.limits.search_deadline = Duration::from_secs(20);
        config.limits.min_seq_wait = Duration::from_secs(8);
        change(&mut config);
        let clock = Clock::system();
        let store = open_store(&config, &clock).unwrap();
        let token = Auth::new(store.clone(), clock).create_token("tester", Role::Publisher, None).unwrap().secret;
        store.close();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let app = runtime.block_on(App::start(config.clone())).unwrap();
        let service = Self { address: app.listen, config, token, app: Some(app), runtime, dir };
        service.wait_until_ready();
        service
    }

    /// Stops, does something with the data directory, and starts again at another port.
    pub(crate) fn restart(&mut self, between: impl FnOnce(&Path)) {
        self.stop();
        between(self.dir.path());
        let app = self.runtime.block_on(App::start(self.config.clone())).unwrap();
        self.address = app.listen;
        self.app = Some(app);
        self.wait_until_ready();
    }

    pub(crate) fn stop(&mut self) {
        if let Some(app) = self.app.take() {
            self.runtime.block_on(app.stop());
        }
    }

    fn wait_until_ready(&self) {
        let started = Instant::now();
        while self.get("/readyz").status != 200 {
            assert!(started.elapsed() < Duration::from_secs(60), "the service does not get ready");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub(crate) fn data_dir(&self) -> &Path {
        self.dir.path()
    }

    /// What an anonymous `GET` answers.
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.client().get(path).unwrap_or_else(|error| panic!("GET {path}: {error}"))
    }

    /// As [`Service::get`], with these headers.
    pub(crate) fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.client().send("GET", path, headers, b"").unwrap_or_else(|error| panic!("GET {path}: {error}"))
    }

    /// The JSON that an anonymous `GET` answers with 200.
    pub(crate) fn json(&self, path: &str) -> Value {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "GET {path}: {}", answer.text());
        answer.json()
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(self.address)
    }

    /// Header line of a member of staff, for requests by hand.
    pub(crate) fn authorization(&self) -> String {
        format!("authorization: Bearer {}\r\n", self.token)
    }

    pub(crate) fn staff(&self) -> Client {
        Client::with_token(self.address, &self.token)
    }

    /// What a write of staff answers.
    pub(crate) fn write(&self, method: &str, path: &str, revision: Option<u64>, body: &Value) -> Answer {
        let path = format!("/api/v1/staff/entries{path}");
        self.staff().write(method, &path, revision, body).unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }

    /// A new draft: its id and slug.
    pub(crate) fn create(&self, body: &Value) -> (String, String) {
        let answer = self.write("POST", "", None, body);
        assert_eq!(answer.status, 201, "{}", answer.text());
        let json = answer.json();
        (text(&json["id"]), text(&json["slug"]))
    }

    /// Publishes or archives what is at this revision and waits until the search has it.
    pub(crate) fn act(&self, id: &str, revision: u64, action: &str) -> u64 {
        let answer = self.write("POST", &format!("/{id}/{action}"), Some(revision), &Value::Null);
        assert_eq!(answer.status, 200, "{action}: {}", answer.text());
        let seq = answer.json()["change_seq"].as_u64().unwrap();
        self.json(&format!("/api/v1/entries?limit=1&min_seq={seq}"));
        seq
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Content that can be published.
pub(crate) fn content(title: &str) -> Value {
    json!({
        "kind": "format",
        "title": title,
        "summary": "Worum es geht.",
        "format_types": ["analog"],
        "levels": ["konsultation"],
        "purposes": ["diskutieren"],
        "topics": ["verkehr"],
        "sources": [{ "title": "Redaktion Mitmachbox" }],
        "license": "CC-BY-4.0",
        "language": "de",
        "reviewed_on": "2026-11-23",
    })
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Titles of the hits, in order.
pub(crate) fn titles(answer: &Value) -> Vec<String> {
    let hits = answer["hits"].as_array().cloned().unwrap_or_default();
    hits.iter()
        .map(|hit| hit["title"].as_array().into_iter().flatten().map(|segment| text(&segment["t"])).collect())
        .collect()
}
