//! A small house with everything in it, and requests to its router.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use axum::{
    Router,
    body::{Body, Bytes},
};
use http_body_util::BodyExt;
use hyper::{HeaderMap, Method, Request, StatusCode};
use mitmachbox::{
    app::curate_limits,
    auth::{Auth, Role},
    clock::Clock,
    config::Config,
    curate::Curate,
    exchange::{bundled, seed},
    follow::{ChangeFeed, Follower, FollowerOptions},
    http::{self, AppState, Site, writes::Writes},
    index::current::Current,
    model::{
        id::RevisionNumber,
        record::{Action, EntryRecord, Origin, Revision, State},
        vocabulary::Vocabularies,
    },
    search::service::{Search, SearchLimits},
    store::{Commit, DocumentWrite, EntryWrite, Expect, PublicOp, Store, StoreOptions, Write},
    telemetry::Metrics,
    web,
};
use serde_json::Value;
use tokio::{runtime::Runtime, sync::watch};
use tower::ServiceExt;

/// Two of each kind where there are relations, one where not.
const SLUGS: &[&str] = &[
    "buergerrat",
    "fishbowl",
    "online-fishbowl",
    "world-cafe",
    "aachen-buergerrat",
    "kommunale-buergerraete-organisieren",
    "mitwirkung-2-0",
    "baenke-fuer-den-stadtteil",
];

pub(crate) struct House {
    runtime: Runtime,
    pub(crate) app: Router,
    pub(crate) store: Store,
    pub(crate) writes: Writes,
    pub(crate) tokens: [(Role, String); 3],
    _stop: watch::Sender<bool>,
    _dir: tempfile::TempDir,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Status and code of a problem; an empty code for everything else.
    pub(crate) fn problem(&self) -> (u16, String) {
        let code = match self.header("content-type") {
            "application/problem+json" => self.json()["code"].as_str().unwrap().to_owned(),
            _ => String::new(),
        };
        (self.status.as_u16(), code)
    }
}

/// A house that tests only read; made once.
pub(crate) fn shared() -> &'static House {
    static HOUSE: LazyLock<House> = LazyLock::new(|| House::new(Config::default()));
    &HOUSE
}

impl House {
    /// A house of its own, with settings of its own.
    pub(crate) fn new(config: Config) -> Self {
        Self::with_pages(config, |router| router)
    }

    /// A house with more pages than usual.
    pub(crate) fn with_pages(config: Config, more: fn(Router<AppState>) -> Router<AppState>) -> Self {
        let runtime = Runtime::new().unwrap();
        let dir = tempfile::tempdir().unwrap();
        let mut options = StoreOptions::new(dir.path());
        options.limits.reserve_bytes = 0;
        options.limits.free_bytes_min = 0;
        let clock = Clock::system();
        let store = Store::open(options, clock.clone()).unwrap_or_else(|error| panic!("{error}")).0;
        for result in store.commit_many_blocking(content()) {
            result.unwrap();
        }
        let auth = Auth::new(store.clone(), clock.clone());
        let tokens = [Role::Reader, Role::Editor, Role::Publisher]
            .map(|role| (role, auth.create_token(role.id(), role, None).unwrap_or_else(|e| panic!("{e}")).secret));
        let current = Current::default();
        let (stop, stopped) = watch::channel(false);
        let options = FollowerOptions::new(dir.path().join("index"));
        let follower = Follower::new(store.clone(), current.clone(), options);
        let changes = ChangeFeed::new(store.clone(), current.clone(), follower.health());
        runtime.spawn(follower.run(stopped));
        let config = Arc::new(config);
        let search = Search::new(current, SearchLimits::default(), &config.url(""), Arc::new(|_: &str, _: u64| {}));
        let curate = Curate::new(store.clone(), clock, curate_limits(&config.limits));
        let state = AppState::new(search, curate, auth, changes, config.clone(), Metrics::install());
        let writes = state.writes.clone();
        let Site { router, error_page } = web::site(&config).unwrap();
        let app = http::router(state.clone(), Site { router: more(router), error_page });
        let seq = store.head().public_seq;
        let ready = runtime.block_on(state.search.wait_for(seq, Duration::from_secs(60)));
        assert!(ready, "the index is there within a minute");
        Self { runtime, app, store, writes, tokens, _stop: stop, _dir: dir }
    }

    pub(crate) fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    pub(crate) fn call(&self, request: Request<Body>) -> Answer {
        self.block_on(async {
            let response = self.app.clone().oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            let body = body.collect().await.unwrap().to_bytes();
            Answer { status: parts.status, headers: parts.headers, body }
        })
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], "")
    }

    /// Sends a request and goes away after a while; whether there was an answer by then.
    pub(crate) fn call_and_leave(&self, request: Request<Body>, after: Duration) -> bool {
        self.block_on(async { tokio::time::timeout(after, self.app.clone().oneshot(request)).await.is_ok() })
    }

    pub(crate) fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.call(request(method, path, headers, body))
    }

    /// A request of staff with this role.
    pub(crate) fn staff(&self, role: Role, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.call(self.staff_request(role, method, path, headers, body))
    }

    pub(crate) fn staff_request(
        &self,
        role: Role,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Request<Body> {
        let token = &self.tokens.iter().find(|(known, _)| *known == role).unwrap().1;
        let bearer = format!("Bearer {token}");
        let mut all = vec![("authorization", bearer.as_str())];
        all.extend_from_slice(headers);
        request(method, path, &all, body)
    }
}

fn request(method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::from(body.to_owned())).unwrap()
}

/// The vocabularies that the program ships.
pub(crate) fn vocabularies() -> &'static Vocabularies {
    static ALL: LazyLock<Vocabularies> = LazyLock::new(|| bundled::vocabularies().unwrap().into_iter().collect());
    &ALL
}

fn content() -> Vec<Commit> {
    let at = "2026-11-23T12:00:00Z".parse().unwrap();
    let commit = |action, write| Commit { actor: "system".into(), action, note: None, at, write };
    let mut commits: Vec<Commit> = vocabularies()
        .iter()
        .map(|vocabulary| {
            let name = format!("vocabulary/{}", vocabulary.name);
            let content = serde_json::to_value(vocabulary.as_ref()).unwrap();
            commit(Action::Publish, Write::Document(DocumentWrite { name, content, expect: Expect::Absent }))
        })
        .collect();
    let mut shipped = bundled::entries().unwrap();
    shipped.retain(|entry| SLUGS.contains(&entry.slug.as_str()));
    for entry in &mut shipped {
        if let Some(relations) = entry.content["relations"].as_array_mut() {
            relations.retain(|relation| SLUGS.contains(&relation["target"].as_str().unwrap()));
        }
    }
    for (id, entry) in seed::check(&shipped, vocabularies()).unwrap_or_else(|error| panic!("{error}")) {
        let number = RevisionNumber(1);
        let record = EntryRecord {
            withdrawn: None,
            id,
            kind: entry.kind(),
            slug: entry.common.slug.clone(),
            old_slugs: Vec::new(),
            state: State::Published,
            revision: number,
            draft: None,
            published: Some(number),
            origin: Origin::Seed,
            created_at: at,
            updated_at: at,
            published_at: Some(at),
            public_updated_at: Some(at),
            seed: None,
        };
        let (actor, content) = ("system".into(), Some(entry.to_json()));
        let revision = Revision { id, number, action: Action::Publish, content, actor, at, note: None };
        let write = EntryWrite { record, revision, expect: Expect::Absent, public: Some(PublicOp::Upsert) };
        commits.push(commit(Action::Publish, Write::Entry(Box::new(write))));
    }
    commits
}
