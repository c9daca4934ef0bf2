//! Hostile and careless clients: refused or cut, never a crash, and the next search answers.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::host::{HEADER_READ, Service};

/// After every attack somebody else finds what they look for.
fn still_answers(service: &Service, after: &str) {
    let answer = service.json("/api/v1/search?q=fishbowl");
    assert!(answer["total"].as_u64() >= Some(1), "after {after}");
}

#[test]
fn queries_made_to_break_parsers_are_answered() {
    let service = Service::shared();
    let long = |piece: &str, count: usize| piece.repeat(count);
    for (name, query, statuses) in [
        ("1 kB of (", long("(", 1_000), &[400][..]),
        ("500 of (", long("(", 500), &[200]),
        ("2 kB of -(", long("-(", 1_000), &[400]),
        ("NOT NOT …", long("NOT ", 125), &[200, 400]),
        ("quotation marks", long("\"", 500), &[200, 400]),
        ("a AND (", long("a AND (", 70), &[200, 400]),
        ("field:", "body:* slug:[a TO z] ~2^9 /.*/".to_owned(), &[200]),
        ("zero bytes", "\u{0}a\u{0}".to_owned(), &[200, 400]),
        ("combining marks", format!("a{}", long("\u{301}", 200)), &[200, 400]),
        ("right to left, soft hyphens, emoji", "\u{202e}B\u{ad}ü\u{ad}rger 🏳️‍🌈".to_owned(), &[200]),
        ("only signs", "!?§$%&/=".to_owned(), &[200]),
    ] {
        let encoded: String = query.bytes().map(|byte| format!("%{byte:02X}")).collect();
        for path in ["/api/v1/search?q=", "/api/v1/suggest?q=", "/suche?q="] {
            let status = service.get(&format!("{path}{encoded}")).status;
            let allowed = statuses.contains(&status) || path != "/api/v1/search?q=" && [200, 400].contains(&status);
            assert!(allowed, "{name} at {path}: {status}");
        }
        still_answers(&service, name);
    }
}

#[test]
fn too_much_is_refused() {
    let service = Service::shared();
    let parameters = vec!["topic=verkehr"; 1_000].join("&");
    check(&service, &format!("/api/v1/search?{parameters}"), 400, Some("too_many_parameters"));
    // Ten thousand parameters are a header of more than 16 kB.
    let parameters = vec!["a=b"; 10_000].join("&");
    check(&service, &format!("/api/v1/search?{parameters}"), 431, None);
    check(&service, &format!("/api/v1/search?q={}", "a".repeat(513)), 400, Some("query_too_long"));
    check(&service, &format!("/api/v1/search?q={}", vec!["a"; 33].join("+")), 400, Some("query_too_long"));
    check(&service, "/api/v1/search?per_page=101", 400, Some("bad_parameter"));
    check(&service, "/api/v1/search?page=51", 400, Some("bad_parameter"));
    check(&service, "/api/v1/search?page=50", 200, None);
    check(&service, "/api/v1/search?q=%FF", 400, Some("bad_parameter"));
}

fn check(service: &Service, path: &str, status: u16, code: Option<&str>) {
    let shown = &path[..path.len().min(60)];
    let answer = service.get(path);
    assert_eq!(answer.status, status, "{shown}: {}", answer.text());
    if let Some(code) = code {
        assert_eq!(answer.json()["code"], code, "{shown}: {}", answer.text());
    }
    still_answers(service, shown);
}

#[test]
fn large_and_deep_bodies_are_refused() {
    let service = Service::shared();
    let large = vec![b'a'; 10 << 20];
    let deep = "[".repeat(100_000);
    let wide = format!("{{{}\"b\":1}}", (0..60_000).map(|n| format!("\"k{n}\":0,")).collect::<String>());
    for (name, body, status, code) in [
        ("10 MB", &large[..], 413, "too_large"),
        ("100,000 levels", deep.as_bytes(), 400, "bad_json"),
        ("60,000 fields", wide.as_bytes(), 422, "invalid_entry"),
        ("half a text", b"{\"title\":\"", 400, "bad_json"),
        ("no UTF-8", b"{\"title\":\"\xff\"}", 400, "bad_json"),
        ("nothing", b"", 400, "bad_json"),
    ] {
        let headers = [("content-type", "application/json")];
        let answer = service.staff().send("POST", "/api/v1/staff/entries", &headers, body);
        let answer = answer.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((answer.status, answer.json()["code"].as_str()), (status, Some(code)), "{name}");
        assert!(answer.body.len() < 64 << 10, "{name}: the refusal has {} bytes", answer.body.len());
        still_answers(&service, name);
    }
}

#[test]
fn a_large_body_without_a_length_is_cut_at_the_limit() {
    let service = Service::shared();
    let mut request = format!(
        "POST /api/v1/staff/entries HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n{}transfer-encoding: chunked\r\n\r\n",
        service.authorization()
    )
    .into_bytes();
    for _ in 0..40 {
        request.extend_from_slice(b"10000\r\n");
        request.extend_from_slice(&vec![b' '; 0x10000]);
        request.extend_from_slice(b"\r\n");
    }
    let answer = service.client().exchange(&request, false).unwrap();
    assert_eq!(answer.status, 413, "{}", answer.text());
    still_answers(&service, "an endless body");
}

#[test]
fn a_half_sent_header_is_closed_in_time() {
    let service = Service::shared();
    let closed_after = |sent: &[u8]| {
        let mut stream = TcpStream::connect(service.address).unwrap();
        stream.set_read_timeout(Some(HEADER_READ * 20)).unwrap();
        stream.write_all(sent).unwrap();
        let started = Instant::now();
        let mut rest = Vec::new();
        // The end of the stream or a reset: both are a closed connection; only waiting in vain is not.
        if let Err(error) = stream.read_to_end(&mut rest) {
            assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
        }
        (started.elapsed(), rest)
    };
    for sent in ["", "GET /api/v1/search?q=a HT", "GET / HTTP/1.1\r\nhost: x\r\nx-slow: "] {
        let (elapsed, rest) = closed_after(sent.as_bytes());
        assert!(elapsed >= HEADER_READ / 2 && elapsed < HEADER_READ * 15, "{sent:?}: {elapsed:?}");
        assert!(!rest.starts_with(b"HTTP/1.1 2"), "{sent:?}: {}", String::from_utf8_lossy(&rest));
    }
    still_answers(&service, "half a header");
}

#[test]
fn a_header_that_trickles_in_is_closed_in_time() {
    let service = Service::shared();
    let mut stream = TcpStream::connect(service.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nx: ").unwrap();
    let started = Instant::now();
    let closed = loop {
        if started.elapsed() > HEADER_READ * 15 {
            break false;
        }
        let alive = stream.write_all(b"a").is_ok();
        let mut byte = [0];
        // A server that says 408 before it closes has closed in time as well.
        if !alive || !matches!(stream.read(&mut byte), Err(error) if is_timeout(&error)) {
            break true;
        }
    };
    assert!(closed, "the connection is open after {:?}", started.elapsed());
    still_answers(&service, "a trickling header");
}

fn is_timeout(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut)
}

#[test]
fn what_is_no_http_is_refused() {
    let service = Service::shared();
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nhost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello",
        b"GET / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
    ] {
        if let Ok(answer) = service.client().exchange(bytes, false) {
            let shown = String::from_utf8_lossy(bytes);
            // The body of a GET is of no interest, so that the last one may be answered as if it had none.
            assert!(answer.status >= 400 || shown.contains("chunked"), "{shown:?}: {}", answer.status);
        }
        still_answers(&service, "what is no HTTP");
    }
}

#[test]
fn a_pipeline_is_answered_in_order() {
    let service = Service::shared();
    let one = |path: &str| format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n");
    let mut client = service.client();
    let both = one("/livez") + &one("/api/v1/search?q=barcamp&facets=none");
    let first = client.exchange(both.as_bytes(), false).unwrap();
    let second = client.exchange(b"", false).unwrap();
    assert_eq!(first.json()["alive"], true);
    assert_eq!(second.json()["query"]["q"], "barcamp");
}
