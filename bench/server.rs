//! The real program as a child process on a scratch data directory.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};

use crate::client::Client;

/// The program, built by cargo beside this bench.
const PROGRAM: &str = env!("CARGO_BIN_EXE_mitmachbox");

/// Longest wait for a start; rebuilding the index of 100,000 entries takes a while.
const START_TIMEOUT: Duration = Duration::from_secs(600);

/// Pause between two looks whether it is ready.
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// A running server; killed when dropped.
pub(crate) struct Server {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// From the start of the process to the first 200 of `/readyz`.
    pub(crate) ready_after: Duration,
}

impl Server {
    /// Starts it and waits until it is ready.
    pub(crate) fn start(data_dir: &Path) -> anyhow::Result<Self> {
        let address = free_address()?;
        let started = Instant::now();
        let child = Command::new(PROGRAM)
            .args(["serve", "--listen", &address.to_string(), "--data-dir"])
            .arg(data_dir)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("starting {PROGRAM}"))?;
        let mut server = Self { child, address, ready_after: Duration::ZERO };
        while !server.is_ready() {
            ensure!(server.child.try_wait()?.is_none(), "the server ended; run it by hand on {}", data_dir.display());
            ensure!(started.elapsed() < START_TIMEOUT, "the server did not get ready");
            std::thread::sleep(LOOK_EVERY);
        }
        server.ready_after = started.elapsed();
        Ok(server)
    }

    fn is_ready(&self) -> bool {
        Client::connect(self.address)
            .and_then(|mut client| client.get("/readyz"))
            .is_ok_and(|answer| answer.status == 200)
    }

    /// Memory that no file backs, in megabytes: heap, stacks and the like, without the mapped index.
    pub(crate) fn anonymous_mb(&self) -> anyhow::Result<f64> {
        self.kilobytes("RssAnon").map(|kilobytes| kilobytes / 1024.0)
    }

    fn kilobytes(&self, name: &str) -> anyhow::Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix(name)).context("no such line in status")?;
        Ok(line.trim_matches([':', ' ', '\t']).trim_end_matches(" kB").trim().parse()?)
    }

    /// Asks it to stop and waits, so that everything is on the disk.
    pub(crate) fn stop(mut self) -> anyhow::Result<()> {
        let pid = self.child.id().to_string();
        ensure!(Command::new("kill").args(["-TERM", &pid]).status()?.success(), "kill -TERM {pid}");
        let asked = Instant::now();
        while self.child.try_wait()?.is_none() {
            ensure!(asked.elapsed() < Duration::from_secs(30), "the server did not stop");
            std::thread::sleep(LOOK_EVERY);
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It is gone already after `stop`; then there is nothing to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Size of the program in megabytes.
pub(crate) fn program_mb() -> anyhow::Result<f64> {
    Ok(std::fs::metadata(PROGRAM)?.len() as f64 / 1e6)
}

/// A port that was free a moment ago.
fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}
