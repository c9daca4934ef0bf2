//! A small HTTP/1.1 client that keeps its connection: nothing between the measurement and the server.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

use anyhow::Context;
use serde_json::Value;

/// Longest wait for an answer.
const TIMEOUT: Duration = Duration::from_secs(30);

/// One connection.
pub(crate) struct Client {
    stream: BufReader<TcpStream>,
    body: Vec<u8>,
    line: String,
}

/// What came back; the body stays in the client.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// Status code.
    pub(crate) status: u16,
    /// Value of the header `ETag`.
    pub(crate) etag: Option<String>,
}

impl Client {
    /// Connects.
    pub(crate) fn connect(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        Ok(Self { stream: BufReader::with_capacity(64 << 10, stream), body: Vec::new(), line: String::new() })
    }

    /// `GET`.
    pub(crate) fn get(&mut self, path: &str) -> anyhow::Result<Answer> {
        self.send(format!("GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n").as_bytes())
    }

    /// A request with a token and a JSON body.
    pub(crate) fn write(
        &mut self,
        method: &str,
        path: &str,
        token: &str,
        if_match: Option<&str>,
        body: &Value,
    ) -> anyhow::Result<Answer> {
        let body = body.to_string();
        let if_match = if_match.map(|etag| format!("If-Match: {etag}\r\n")).unwrap_or_default();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n{if_match}\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        self.send(request.as_bytes())
    }

    /// Sends bytes that are a whole request; waits for the whole answer.
    pub(crate) fn send(&mut self, request: &[u8]) -> anyhow::Result<Answer> {
        self.stream.get_mut().write_all(request)?;
        let status = self.header()?.split(' ').nth(1).and_then(|code| code.parse().ok()).context("no status line")?;
        let (mut length, mut etag) = (None, None);
        loop {
            let line = self.header()?;
            let Some((name, value)) = line.split_once(':') else { break };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.trim().parse::<usize>().ok(),
                "etag" => etag = Some(value.trim().to_owned()),
                _ => {}
            }
        }
        let length = match (length, status) {
            (Some(length), _) => length,
            (None, 204 | 304) => 0,
            (None, _) => anyhow::bail!("an answer without a length"),
        };
        self.body.resize(length, 0);
        self.stream.read_exact(&mut self.body)?;
        Ok(Answer { status, etag })
    }

    /// The body of the last answer.
    pub(crate) fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body of the last answer as JSON.
    pub(crate) fn json(&self) -> anyhow::Result<Value> {
        serde_json::from_slice(&self.body).with_context(|| String::from_utf8_lossy(&self.body).into_owned())
    }

    fn header(&mut self) -> anyhow::Result<&str> {
        self.line.clear();
        anyhow::ensure!(self.stream.read_line(&mut self.line)? > 0, "the server closed the connection");
        Ok(self.line.trim_end())
    }
}

/// Requests per second over `connections` connections that each send the next request when the last is answered.
///
/// `request` gives the bytes of a request by connection and number. Any answer but 200 is an error.
pub(crate) fn requests_per_second(
    address: SocketAddr,
    connections: usize,
    time: Duration,
    request: impl Fn(usize, usize) -> Vec<u8> + Sync,
) -> anyhow::Result<f64> {
    let request = &request;
    let started = Instant::now();
    let counts: Vec<anyhow::Result<usize>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..connections)
            .map(|connection| {
                scope.spawn(move || {
                    let mut client = Client::connect(address)?;
                    let mut count = 0;
                    while started.elapsed() < time {
                        let answer = client.send(&request(connection, count))?;
                        anyhow::ensure!(
                            answer.status == 200,
                            "{} {}",
                            answer.status,
                            String::from_utf8_lossy(client.body())
                        );
                        count += 1;
                    }
                    Ok(count)
                })
            })
            .collect();
        let joined =
            threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| anyhow::bail!("a client panicked")));
        joined.collect()
    });
    let total = counts.into_iter().sum::<anyhow::Result<usize>>()?;
    Ok(total as f64 / started.elapsed().as_secs_f64())
}

/// A text as part of an address.
pub(crate) fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => encoded.push(byte as char),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}
