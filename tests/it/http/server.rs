//! The accept loop against clients that do not behave, over real sockets.

use std::{
    io::{ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Router,
    routing::{get, post},
};
use mitmachbox::{config::Config, http::serve};
use tokio::{net::TcpListener, runtime::Runtime, sync::oneshot};

use super::support::House;

struct Server {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    done: tokio::task::JoinHandle<()>,
    runtime: Arc<Runtime>,
}

fn start(config: Config, app: Router) -> Server {
    let runtime = Arc::new(Runtime::new().unwrap());
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let config = Arc::new(config);
    let done = runtime.spawn(async move {
        serve(listener, app, config, async { drop(stopped.await) }).await.unwrap();
    });
    Server { address, stop: Some(stop), done, runtime }
}

fn app() -> Router {
    Router::new()
        .route("/", get(|| async { "hallo" }))
        .route(
            "/slow",
            get(|| async {
                tokio::time::sleep(Duration::from_millis(400)).await;
                "fertig"
            }),
        )
        .route("/echo", post(|body: String| async { body }))
}

fn quick() -> Config {
    let mut config = Config::default();
    config.limits.header_read = Duration::from_millis(300);
    config.limits.drain = Duration::from_secs(2);
    config
}

impl Server {
    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        stream
    }
}

/// Everything until the other side closes; panics when it does not within five seconds.
fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => bytes.extend_from_slice(&buffer[..count]),
            Err(error) if error.kind() == ErrorKind::ConnectionReset => break,
            Err(error) => panic!("the connection stays open: {error}"),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn ask(stream: &mut TcpStream, path: &str) {
    write!(stream, "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
}

#[test]
fn half_a_header_and_silence_are_closed() {
    let server = start(quick(), app());
    for text in ["", "GET / HT", "GET / HTTP/1.1\r\nhost: x\r\n", "PRI * HTTP/2.0\r\n"] {
        let started = Instant::now();
        let mut stream = server.connect();
        stream.write_all(text.as_bytes()).unwrap();
        let answer = rest(&mut stream);
        assert!(!answer.contains(" 200 "), "{text:?}: {answer}");
        assert!(started.elapsed() < Duration::from_secs(3), "{text:?} after {:?}", started.elapsed());
    }
}

#[test]
fn a_trickle_of_bytes_buys_no_time() {
    let server = start(quick(), app());
    let started = Instant::now();
    let mut stream = server.connect();
    let cut = "GET / HTTP/1.1\r\nx: ".bytes().chain(std::iter::repeat(b'a')).take(100).any(|byte| {
        std::thread::sleep(Duration::from_millis(50));
        stream.write_all(&[byte]).is_err()
    });
    assert!(cut, "the server reads on for ever");
    assert!(started.elapsed() < Duration::from_secs(4));
}

#[test]
fn an_idle_connection_is_closed_and_a_busy_one_kept() {
    let server = start(quick(), app());
    let mut stream = server.connect();
    for _ in 0..3 {
        write!(stream, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
        let mut buffer = [0; 1024];
        let count = stream.read(&mut buffer).unwrap();
        assert!(String::from_utf8_lossy(&buffer[..count]).ends_with("hallo"));
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(rest(&mut stream), "");
}

#[test]
fn large_headers_are_refused() {
    let server = start(Config::default(), app());
    let mut stream = server.connect();
    let _ = write!(stream, "GET / HTTP/1.1\r\nhost: x\r\nx: {}\r\n\r\n", "a".repeat(600_000));
    let answer = rest(&mut stream);
    // The answer can get lost when the server closes while we still write.
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
    let mut stream = server.connect();
    ask(&mut stream, "/");
    assert!(rest(&mut stream).ends_with("hallo"), "the next one is answered");
}

#[test]
fn connections_over_the_bound_wait_at_the_door() {
    let mut config = Config::default();
    config.limits.connections = 2;
    let server = start(config, app());
    let (first, second) = (server.connect(), server.connect());
    std::thread::sleep(Duration::from_millis(100));
    let mut third = server.connect();
    ask(&mut third, "/");
    third.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    assert!(third.read(&mut [0; 64]).is_err(), "the third is not served while two are open");
    drop(first);
    third.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    assert!(rest(&mut third).ends_with("hallo"));
    drop(second);
}

#[test]
fn old_connections_end_after_their_request() {
    let mut config = Config::default();
    config.limits.connection_age = Duration::from_millis(200);
    let server = start(config, app());
    let mut idle = server.connect();
    let mut busy = server.connect();
    write!(busy, "GET /slow HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    assert!(rest(&mut busy).ends_with("fertig"), "what has begun is answered");
    assert_eq!(rest(&mut idle), "");
}

#[test]
fn at_the_end_what_has_begun_is_answered() {
    let mut server = start(quick(), app());
    let mut stream = server.connect();
    ask(&mut stream, "/slow");
    std::thread::sleep(Duration::from_millis(100));
    server.stop.take().unwrap().send(()).unwrap();
    assert!(rest(&mut stream).ends_with("fertig"));
    let runtime = server.runtime.clone();
    runtime.block_on(async { tokio::time::timeout(Duration::from_secs(3), server.done).await }).unwrap().unwrap();
    assert!(TcpStream::connect(server.address).is_err(), "nobody listens any more");
}

#[test]
fn bodies_too_large_or_too_slow_are_refused() {
    let mut config = quick();
    config.limits.body_read = Duration::from_millis(300);
    let house = House::new(config.clone());
    let server = start(config, house.app.clone());
    let token = &house.tokens[1].1;
    let head = format!(
        "POST /api/v1/staff/entries HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n"
    );

    let mut large = server.connect();
    write!(large, "{head}content-length: 10000000\r\n\r\n").unwrap();
    assert!(rest(&mut large).starts_with("HTTP/1.1 413"));

    let mut chunked = server.connect();
    write!(chunked, "{head}transfer-encoding: chunked\r\n\r\n").unwrap();
    let chunk = format!("10000\r\n{}\r\n", "a".repeat(0x10000));
    for _ in 0..40 {
        if chunked.write_all(chunk.as_bytes()).is_err() {
            break;
        }
    }
    let answer = rest(&mut chunked);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 413"), "{answer}");

    let mut slow = server.connect();
    write!(slow, "{head}content-length: 100\r\n\r\n{{").unwrap();
    let answer = rest(&mut slow);
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("request_timeout"));
}
