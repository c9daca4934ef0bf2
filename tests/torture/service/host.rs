//! Starts and kills the program; its log is kept and looked at.

use std::fs::OpenOptions;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::client::Client;

/// Longest time from listening to the index at the store's head after a crash. Two seconds are what is promised; code
/// that was not optimised gets more, because what it does there is mostly analysing German.
pub(crate) const READY_MAX: Duration = Duration::from_secs(if cfg!(debug_assertions) { 10 } else { 2 });
/// Longest time to wait for it at all, so that a slow start has a figure; a first start builds the index.
const PATIENCE: Duration = Duration::from_secs(120);

/// A data directory with a token, and the address at which its program will be.
pub(crate) struct Place {
    pub(crate) data: PathBuf,
    pub(crate) address: SocketAddr,
    pub(crate) token: String,
    log: PathBuf,
}

/// A running program; killed when dropped.
pub(crate) struct Server {
    process: Child,
    address: SocketAddr,
}

/// How a start went.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Start {
    /// From the start of the process to the first connection.
    pub(crate) listening: Duration,
    /// From there to the index at the store's head.
    pub(crate) ready: Duration,
}

/// The program of this build, or another one that `TORTURE_PROGRAM` names.
fn program() -> Command {
    Command::new(std::env::var_os("TORTURE_PROGRAM").unwrap_or_else(|| env!("CARGO_BIN_EXE_mitmachbox").into()))
}

impl Place {
    /// Prepares a data directory below `dir`.
    pub(crate) fn new(dir: &Path) -> Result<Self, String> {
        let data = dir.join("data");
        let mut command = program();
        command.args(["token", "create", "--role", "publisher", "--name", "torture", "--data-dir"]).arg(&data);
        let output = command.output().map_err(|e| e.to_string())?;
        let token = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if !output.status.success() || token.is_empty() {
            return Err(format!("no token: {}", String::from_utf8_lossy(&output.stderr)));
        }
        // Free now; nobody else on this machine takes it in the next seconds unless by a rare chance.
        let address = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        Ok(Self { data, address: address.map_err(|e| e.to_string())?, token, log: dir.join("log") })
    }

    pub(crate) fn start(&self) -> Result<Server, String> {
        let log = OpenOptions::new().create(true).append(true).open(&self.log).map_err(|e| e.to_string())?;
        let process = program()
            .args(["serve", "--listen", &self.address.to_string(), "--data-dir"])
            .arg(&self.data)
            // An unoptimised build on a busy machine may take longer than a visitor would wait.
            .args(["--set", "search.deadline_ms=5000"])
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .map_err(|e| e.to_string())?;
        Ok(Server { process, address: self.address })
    }

    /// As [`Place::start`], and waits until the index is at the store's head.
    pub(crate) fn start_ready(&self) -> Result<(Server, Start), String> {
        let started = Instant::now();
        let mut server = self.start()?;
        let listening = loop {
            if TcpStream::connect(self.address).is_ok() {
                break started.elapsed();
            }
            server.must_run(started).map_err(|e| format!("{e}: {}", self.last_words()))?;
        };
        while server.at_head().is_none() {
            server.must_run(started).map_err(|e| format!("{e}: {}", self.last_words()))?;
        }
        let start = Start { listening, ready: started.elapsed() - listening };
        Ok((server, start))
    }

    pub(crate) fn reader(&self) -> Client {
        Client::new(self.address)
    }

    pub(crate) fn staff(&self) -> Client {
        Client::with_token(self.address, &self.token)
    }

    /// Lines of the log with one of these words.
    pub(crate) fn complaints(&self, words: &[&str]) -> Result<(), String> {
        let log = std::fs::read_to_string(&self.log).map_err(|e| e.to_string())?;
        let lines: Vec<&str> = log.lines().filter(|line| words.iter().any(|word| line.contains(word))).collect();
        lines.first().map_or(Ok(()), |first| Err(format!("{} complaints in the log, such as: {first}", lines.len())))
    }

    /// How often the log says this.
    pub(crate) fn said(&self, words: &str) -> usize {
        std::fs::read_to_string(&self.log).map_or(0, |log| log.lines().filter(|line| line.contains(words)).count())
    }

    /// The end of the log.
    pub(crate) fn last_words(&self) -> String {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        log.lines().rev().take(5).collect::<Vec<_>>().join(" | ")
    }
}

impl Server {
    /// Number of the newest change, if the program is ready and its index holds it.
    pub(crate) fn at_head(&self) -> Option<u64> {
        let mut client = Client::new(self.address);
        let ready = client.get("/readyz").ok().filter(|answer| answer.status == 200)?.json();
        let head = client.get("/api/v1/changes?limit=1").ok()?.json()["head"].as_u64()?;
        (ready["lag"] == 0 && ready["index"]["seq"].as_u64() == Some(head)).then_some(head)
    }

    /// SIGKILL; nothing is finished, nothing is flushed.
    pub(crate) fn kill(mut self) {
        self.end();
    }

    /// SIGTERM; says whether the program ended well and in time.
    pub(crate) fn stop(mut self) -> Result<(), String> {
        crate::shell(&format!("kill -TERM {}", self.process.id()))?;
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            if let Some(status) = self.process.try_wait().map_err(|e| e.to_string())? {
                return if status.success() { Ok(()) } else { Err(format!("ended with {status}")) };
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Err("did not stop".into())
    }

    fn must_run(&mut self, since: Instant) -> Result<(), String> {
        if let Ok(Some(status)) = self.process.try_wait() {
            return Err(format!("the program ended with {status}"));
        }
        if since.elapsed() > PATIENCE {
            return Err("the program does not get ready".into());
        }
        std::thread::sleep(Duration::from_millis(5));
        Ok(())
    }

    fn end(&mut self) {
        // It may have ended by itself, which the caller has noticed or does not care about.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}
