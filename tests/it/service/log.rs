//! What the log must not tell: who searched what, who they are, and what opens the door.

use std::fs::{self, File};
use std::io::Write as _;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use mitmachbox::config::Config;
use mitmachbox::http::{problem::Problem, writes::Writes};
use mitmachbox::telemetry::tell_of_panic;
use parking_lot::Mutex;
use serde_json::{Value, json};

use super::client::Client;
use super::host::content;
use crate::http::support::House;

/// What visitors and staff send, in small letters, each found nowhere else.
const SECRETS: &[&str] = &[
    "zwquery",
    "zwpath",
    "zwname",
    "zwagent",
    "zwcookie",
    "zwreferer",
    "zwmail@example.org",
    "zwbody",
    "zwnote",
    "zwtoken",
    "203.0.113.77",
    "2001:db8::77",
];

/// The program as an operator runs it, its log in a file.
struct Program {
    process: Child,
    address: SocketAddr,
    metrics: SocketAddr,
}

impl Program {
    fn start(dir: &Path, format: &str) -> Self {
        // Free now, both at once; nobody else takes them in the next moment unless by a rare chance.
        let [first, second] = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
        let [address, metrics] = [first, second].map(|listener| listener.local_addr().unwrap());
        let process = program(dir)
            .args(["serve", "--listen", &address.to_string(), "--log-format", format])
            .args(["--metrics-listen", &metrics.to_string()])
            .args([
                "--trusted-proxies",
                "127.0.0.1",
                "--set",
                "limits.reads_per_second=5",
                "--set",
                "search.deadline_ms=10",
            ])
            .stdout(Stdio::null())
            .stderr(File::create(dir.join("log")).unwrap())
            .spawn()
            .unwrap();
        let program = Self { process, address, metrics };
        let started = Instant::now();
        while !Client::new(address).get("/readyz").is_ok_and(|answer| answer.status == 200) {
            assert!(started.elapsed() < Duration::from_secs(60), "{}", fs::read_to_string(dir.join("log")).unwrap());
            std::thread::sleep(Duration::from_millis(50));
        }
        program
    }

    /// Ends it in order and gives its log.
    fn stop(mut self, dir: &Path) -> String {
        let told = Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status().unwrap();
        assert!(told.success() && self.process.wait().unwrap().success());
        fs::read_to_string(dir.join("log")).unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Where the test has failed before the end; one that has ended needs no killing.
        let _ = self.process.kill();
    }
}

fn program(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mitmachbox"));
    command.env("MITMACHBOX__DATA__DIR", dir.join("data")).current_dir(dir);
    command
}

/// What readers send, good and bad; gives the statuses.
fn read(address: SocketAddr) -> Vec<u16> {
    let headers = [
        ("x-forwarded-for", "203.0.113.77"),
        ("user-agent", "zwagent/1.0"),
        ("cookie", "a=zwcookie"),
        ("referer", "https://a.example/zwreferer"),
    ];
    let long = "zwquery+".repeat(40);
    let deep = "zwquery%20%22(".repeat(30);
    let mut statuses: Vec<u16> = [
        "/api/v1/search?q=zwquery",
        "/api/v1/search?q=zwquery&explain=1",
        &format!("/api/v1/search?q={long}"),
        &format!("/api/v1/search?q={deep}"),
        "/api/v1/search?q=zwquery%FF",
        "/api/v1/search?zwname=zwquery",
        "/api/v1/search?topic=zwquery",
        "/api/v1/suggest?q=zwquery",
        "/api/v1/entries/zwpath",
        "/api/v1/entries?cursor=zwquery",
        "/api/v1/zwpath",
        "/api/v1/export.csv?q=zwquery",
        "/suche?q=zwquery&zwname=1",
        "/eintrag/zwpath",
        "/zwpath?zwname=zwquery",
        "/readyz?zwname=zwquery",
    ]
    .iter()
    .map(|path| Client::new(address).send("GET", path, &headers, b"").unwrap().status)
    .collect();
    let more = [("forwarded", "for=\"[2001:db8::77]\""), ("user-agent", "zwagent")];
    // Over the rate at last.
    for _ in 0..60 {
        let answer = Client::new(address).send("GET", "/api/v1/search?q=zwquery", &more, b"").unwrap();
        statuses.push(answer.status);
    }
    for bytes in [
        &b"GET /zwpath?q=zwquery HTTP/1.1\r\nhost: x\r\ncontent-length: zwbody\r\n\r\n"[..],
        b"ZWNAME /zwpath HTTP/1.1\r\nhost: x\r\n\r\n",
        b"GET /api/v1/search?q=zwquery HTTP/1.1\r\nhost",
        format!("GET /api/v1/search?q={} HTTP/1.1\r\nhost: x\r\n\r\n", "zwquery".repeat(4_000)).as_bytes(),
    ] {
        // Whatever the server makes of it.
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(bytes).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let _ = std::io::copy(&mut stream, &mut std::io::sink());
    }
    statuses
}

/// What staff send, good and bad; gives the statuses.
fn write(address: SocketAddr, token: &str) -> Vec<u16> {
    let mut client = Client::with_token(address, token);
    let path = "/api/v1/staff/entries";
    let mut entry = content("zwbody");
    entry["contact"] = json!({ "office": "Amt", "email": "zwmail@example.org" });
    let created = client.write("POST", path, None, &entry).unwrap();
    let at = format!("{path}/{}", created.json()["id"].as_str().unwrap());
    let mut statuses = vec![created.status];
    let mut tell = |method: &str, path: &str, revision: Option<u64>, body: &Value| {
        statuses.push(client.write(method, path, revision, body).unwrap().status);
    };
    tell("POST", path, None, &entry);
    tell(
        "PUT",
        &at,
        Some(1),
        &json!({ "kind": "format", "title": "zwbody", "zwname": 1, "body": "zwmail@example.org" }),
    );
    tell("PUT", &at, Some(9), &entry);
    tell("POST", &format!("{at}/publish"), Some(1), &json!({ "note": "zwnote zwmail@example.org" }));
    tell("POST", &format!("{at}/publish"), Some(2), &json!({ "note": "zwnote" }));
    tell("POST", path, None, &json!("zwbody"));
    let json = [("content-type", "application/json")];
    statuses.push(client.send("POST", path, &json, b"{\"title\": \"zwbody").unwrap().status);
    let wrong = ["mb_zwtoken".to_owned(), format!("mb_{}", "5e".repeat(32)), token.replace("mb_", "mb_zwtoken")];
    for token in wrong {
        statuses.push(Client::with_token(address, &token).get(path).unwrap().status);
    }
    statuses
}

#[test]
fn the_log_tells_neither_who_nor_what() {
    for format in ["text", "json"] {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path();
        let made = program(dir).args(["token", "create", "--role", "publisher", "--name", "zwname"]).output().unwrap();
        let token = String::from_utf8(made.stdout).unwrap().trim().to_owned();
        let program = Program::start(dir, format);
        let mut statuses = write(program.address, &token);
        statuses.extend(read(program.address));
        for wanted in [200, 201, 400, 401, 404, 409, 412, 422, 429] {
            assert!(statuses.contains(&wanted), "no {wanted} among {statuses:?}");
        }
        let metrics = Client::new(program.metrics).get("/metrics").unwrap().text();
        assert!(metrics.contains("mitmachbox_follower_up 1"), "{metrics}");
        let log = program.stop(dir);
        for line in ["answers on http", "built the index anew", "stopping"] {
            assert!(log.contains(line), "no line with {line:?}: this is not the log\n{log}");
        }
        assert_silent(&log, &[SECRETS, &[&token, &token[3..]]].concat());
    }
}

#[track_caller]
fn assert_silent(log: &str, secrets: &[&str]) {
    let small = log.to_lowercase();
    let told: Vec<&&str> = secrets.iter().filter(|secret| small.contains(**secret)).collect();
    assert!(told.is_empty(), "the log tells {told:?}\n{log}");
}

/// What is logged by this thread at `info` and above, panics included.
fn logged(work: impl FnOnce()) -> String {
    let log = Arc::new(Mutex::new(Vec::new()));
    let writer = {
        let log = log.clone();
        move || Line(log.clone())
    };
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::INFO).with_writer(writer).finish();
    tracing::subscriber::with_default(subscriber, work);
    let bytes = log.lock().clone();
    String::from_utf8(bytes).unwrap()
}

struct Line(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Line {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_panic_is_logged_without_what_somebody_typed() {
    let house = House::with_pages(Config::default(), |router| {
        router.route("/knall", axum::routing::get(async || -> &'static str { panic!("byte 1 of `zwquery`") }))
    });
    let mut id = String::new();
    let log = logged(|| id = house.get("/knall").header("x-request-id").to_owned());
    assert!(log.contains("a handler panicked") && log.contains("/knall") && log.contains(&id), "{log}");
    assert_silent(&log, SECRETS);

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let log = logged(|| {
        let write = async { panic!("byte 1 of `zwbody`") as Result<(), Problem> };
        runtime.block_on(Writes::new(1).to_the_end(write)).unwrap_err();
    });
    assert!(log.contains("a write ended without a result"), "{log}");
    assert_silent(&log, SECRETS);
}

#[test]
fn the_place_of_a_panic_is_logged() {
    let me = std::thread::current().id();
    let others = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().id() == me { tell_of_panic(panic) } else { others(panic) }
    }));
    let log = logged(|| assert!(std::panic::catch_unwind(|| panic!("byte 1 of `{}`", "zwquery")).is_err()));
    assert!(log.contains("something panicked") && log.contains(file!()), "{log}");
    assert_silent(&log, SECRETS);
}
