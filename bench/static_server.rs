//! The floor of HTTP: a route that always gives the same bytes, with and without the program's layers.
//!
//! It runs in a process of its own, as the program does, so that both share the cores with the client alike.

use std::{
    io::{BufRead, BufReader, Write},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    sync::Arc,
};

use anyhow::Context;
use axum::{Router, body::Bytes, http::header::CONTENT_TYPE, response::IntoResponse, routing::get};
use mitmachbox::{
    auth::Auth,
    clock::Clock,
    config::Config,
    curate::{Curate, CurateLimits},
    follow::{ChangeFeed, FollowerHealth},
    http::{self, AppState, Site},
    index::current::Current,
    search::service::{Search, SearchLimits},
    store::{Store, StoreOptions},
    telemetry::Metrics,
};
use tokio::net::TcpListener;

/// Address of the route behind all layers; below `/api/`, so that it gets the headers of the API.
pub(crate) const LAYERED: &str = "/api/v1/static";

/// Address of the route without layers.
pub(crate) const BARE: &str = "/static";

/// The running process; killed when dropped.
pub(crate) struct StaticServer {
    child: Child,
    /// Behind all layers.
    pub(crate) layered: SocketAddr,
    /// Without layers.
    pub(crate) bare: SocketAddr,
}

impl StaticServer {
    /// Starts this bench again as a server of `body`.
    pub(crate) fn start(body: &[u8]) -> anyhow::Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("static")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("starting the static server")?;
        child.stdin.take().context("its input")?.write_all(body)?;
        let mut lines = BufReader::new(child.stdout.take().context("its output")?).lines();
        let mut address =
            || -> anyhow::Result<SocketAddr> { Ok(lines.next().context("the static server ended")??.parse()?) };
        let (layered, bare) = (address()?, address()?);
        Ok(Self { child, layered, bare })
    }
}

impl Drop for StaticServer {
    fn drop(&mut self) {
        // Where it has ended by itself there is nothing to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The server itself: reads the body from its input, prints both addresses, serves until it is killed.
pub(crate) fn serve() -> anyhow::Result<()> {
    let mut body = Vec::new();
    std::io::Read::read_to_end(&mut std::io::stdin(), &mut body)?;
    let body = Bytes::from(body);
    let answer = move || async move { ([(CONTENT_TYPE, "application/json")], body).into_response() };
    let scratch = tempfile::tempdir()?;
    let clock = Clock::system();
    let (store, _) = Store::open(StoreOptions::new(scratch.path()), clock.clone())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let config = Arc::new(Config::default());
        let state = AppState::new(
            Search::new(Current::default(), SearchLimits::default(), "", Arc::new(|_, _| {})),
            Curate::new(store.clone(), clock.clone(), CurateLimits::default()),
            Auth::new(store.clone(), clock),
            ChangeFeed::new(store, Current::default(), FollowerHealth::default()),
            config.clone(),
            Metrics::install(),
        );
        let site = Site {
            router: Router::new().route(LAYERED, get(answer.clone())),
            error_page: |_, problem, _| problem.kind.title.into_response(),
        };
        let bare = Router::new().route(BARE, get(answer));
        let (first, second) = (TcpListener::bind("127.0.0.1:0").await?, TcpListener::bind("127.0.0.1:0").await?);
        println!("{}\n{}", first.local_addr()?, second.local_addr()?);
        let layered = http::serve(first, http::router(state, site), config.clone(), std::future::pending());
        let bare = http::serve(second, bare, config, std::future::pending());
        tokio::try_join!(layered, bare)?;
        Ok(())
    })
}
