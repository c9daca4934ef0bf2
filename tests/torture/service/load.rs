//! Writers that follow entries through their lives, and searchers, until the program is gone or they are told to stop.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::client::{Answer, Client};
use super::content;
use super::host::Place;
use super::ledger::Ledger;
use crate::Random;

/// Why a thread ended: the program was gone, or it did what it must not.
type Step<T> = Result<T, End>;

enum End {
    Gone,
    Wrong(String),
}

impl From<io::Error> for End {
    fn from(_: io::Error) -> Self {
        Self::Gone
    }
}

/// What searchers ask.
pub(crate) const QUERIES: &[&str] = &[
    "q=rat",
    "q=buergerinenrat",
    "q=Torturformat",
    "q=wie+kann+ich+mitreden+wenn+die+stra%C3%9Fe+umgebaut+wird",
    "q=%22open+space%22",
    "q=jugend&format_type=digital,hybrid",
    "topic=verkehr&sort=-updated",
    "q=haushalt&participants=40&facets=kind,topic",
];

/// Runs writers and searchers beside `work` and returns what they know when it is done and they have ended.
///
/// # Errors
/// What the program did wrong; that it was gone is no error.
pub(crate) fn beside<T>(
    place: &Place,
    (writers, searchers): (u64, u64),
    seed: u64,
    before: &Ledger,
    work: impl FnOnce() -> T,
) -> Result<(T, Ledger), String> {
    let stop = AtomicBool::new(false);
    // A few old entries live on, each with one writer.
    let old: Vec<&String> = before.entries.keys().collect();
    std::thread::scope(|scope| {
        let mut threads = Vec::new();
        for number in 0..writers {
            let mut random = Random(seed.wrapping_mul(97).wrapping_add(number) | 1);
            let mine =
                old.iter().enumerate().filter(|(n, _)| *n as u64 % writers == number).map(|(_, id)| (*id).clone());
            let mine: Vec<String> = mine.collect();
            let resumed: Vec<String> =
                (0..mine.len().min(3)).map(|_| mine[random.below(mine.len() as u64) as usize].clone()).collect();
            let stop = &stop;
            threads.push(scope.spawn(move || write(place, number, random, resumed, stop)));
        }
        for number in 0..searchers {
            let stop = &stop;
            threads.push(scope.spawn(move || search(place, number, stop)));
        }
        let done = work();
        stop.store(true, Ordering::Relaxed);
        let mut ledger = Ledger::default();
        let mut wrong = None;
        for thread in threads {
            match thread.join() {
                Ok((known, end)) => {
                    ledger.merge(known);
                    if let End::Wrong(what) = end {
                        wrong.get_or_insert(what);
                    }
                }
                Err(_) => wrong = Some("a thread of the test panicked".into()),
            }
        }
        wrong.map_or(Ok((done, ledger)), Err)
    })
}

fn write(place: &Place, number: u64, random: Random, resumed: Vec<String>, stop: &AtomicBool) -> (Ledger, End) {
    let client = place.staff();
    let mut writer = Writer { client, readers: place.reader(), number, random, ledger: Ledger::default() };
    let mut resumed = resumed.into_iter();
    let end = loop {
        if stop.load(Ordering::Relaxed) {
            break End::Gone;
        }
        let outcome = match resumed.next() {
            Some(id) => writer.resume(&id),
            None => writer.new_entry(),
        };
        if let Err(end) = outcome {
            break end;
        }
    };
    (writer.ledger, end)
}

struct Writer {
    client: Client,
    readers: Client,
    number: u64,
    random: Random,
    ledger: Ledger,
}

/// Longest time until readers get a change: a rebuild of the index may lie in between.
const VISIBLE_MAX: Duration = super::index::REBUILT_MAX;

const ENTRIES: &str = "/api/v1/staff/entries";

impl Writer {
    fn title(&mut self) -> String {
        format!("Torturformat {} {:x}", self.number, self.random.below(u64::MAX))
    }

    fn new_entry(&mut self) -> Step<()> {
        let title = self.title();
        let started = Instant::now();
        let answer = self.client.write("POST", ENTRIES, None, &content(&title))?;
        let json = accepted(&answer, 201, "create")?;
        let id = json["id"].as_str().unwrap_or_default().to_owned();
        self.acknowledged(started, &id, &json, Some(&title), None);
        self.live(&id, 1, false)
    }

    /// An entry of an earlier round goes on from wherever it is.
    fn resume(&mut self, id: &str) -> Step<()> {
        let answer = self.client.get(&format!("{ENTRIES}/{id}"))?;
        let json = accepted(&answer, 200, "read")?;
        self.live(id, json["revision"].as_u64().unwrap_or(0), !json["published"].is_null())
    }

    /// A few steps in the life of an entry: published, edited, published again, archived, in turn.
    fn live(&mut self, id: &str, mut revision: u64, mut public: bool) -> Step<()> {
        let mut draft = !public;
        for _ in 0..1 + self.random.below(7) {
            revision = match (public, draft, self.random.below(4)) {
                (_, true, 0..3) => {
                    (public, draft) = (true, false);
                    self.act(id, revision, "publish")?
                }
                (true, false, 0) => {
                    (public, draft) = (false, true);
                    self.act(id, revision, "archive")?
                }
                _ => {
                    draft = true;
                    self.replace(id, revision)?
                }
            };
        }
        Ok(())
    }

    fn replace(&mut self, id: &str, revision: u64) -> Step<u64> {
        let title = self.title();
        self.ledger.tries(id, &title);
        let started = Instant::now();
        let answer = self.client.write("PUT", &format!("{ENTRIES}/{id}"), Some(revision), &content(&title))?;
        let json = accepted(&answer, 200, "replace")?;
        Ok(self.acknowledged(started, id, &json, Some(&title), None))
    }

    fn act(&mut self, id: &str, revision: u64, action: &str) -> Step<u64> {
        let started = Instant::now();
        let path = format!("{ENTRIES}/{id}/{action}");
        let answer = self.client.write("POST", &path, Some(revision), &Value::Null)?;
        let json = accepted(&answer, 200, action)?;
        let seq = json["change_seq"].as_u64().ok_or_else(|| End::Wrong(format!("{action} without change_seq")))?;
        let revision = self.acknowledged(started, id, &json, None, Some((seq, action == "publish")));
        if self.random.below(3) == 0 {
            self.visible(id, seq, &json, action)?;
        }
        Ok(revision)
    }

    /// Readers who wait for the change get it; while the index is built anew they have to ask more than once.
    fn visible(&mut self, id: &str, seq: u64, saved: &Value, action: &str) -> Step<()> {
        let started = Instant::now();
        let answer = loop {
            let answer = self.readers.get(&format!("/api/v1/entries/{id}?min_seq={seq}"))?;
            if answer.status != 503 || started.elapsed() > VISIBLE_MAX {
                break answer;
            }
        };
        let expected = if action == "publish" { 200 } else { 410 };
        if answer.status != expected || expected == 200 && answer.json()["title"] != saved["content"]["title"] {
            return Err(End::Wrong(format!("{action} of {id} is not visible: {} {}", answer.status, answer.text())));
        }
        self.ledger.visible_us.push(micros(started.elapsed()));
        Ok(())
    }

    fn acknowledged(
        &mut self,
        started: Instant,
        id: &str,
        json: &Value,
        title: Option<&str>,
        change: Option<(u64, bool)>,
    ) -> u64 {
        let revision = json["revision"].as_u64().unwrap_or(0);
        self.ledger.acked(id, revision, title, change);
        self.ledger.ack_us.push(micros(started.elapsed()));
        revision
    }
}

fn accepted(answer: &Answer, status: u16, what: &str) -> Step<Value> {
    if answer.status == status {
        return Ok(answer.json());
    }
    Err(End::Wrong(format!("{what} answered {}: {}", answer.status, answer.text())))
}

fn micros(elapsed: Duration) -> u64 {
    u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX)
}

fn search(place: &Place, number: u64, stop: &AtomicBool) -> (Ledger, End) {
    let (mut client, mut ledger, mut turn) = (place.reader(), Ledger::default(), number as usize);
    while !stop.load(Ordering::Relaxed) {
        turn += 1;
        let query = QUERIES[turn % QUERIES.len()];
        let Ok(answer) = client.get(&format!("/api/v1/search?{query}&page={}", 1 + turn % 3)) else {
            return (ledger, End::Gone);
        };
        match answer.status {
            200 if answer.json()["index"]["seq"].is_u64() => ledger.searches += 1,
            503 => ledger.shed += 1,
            status => {
                let wrong = format!("search {query} answered {status}: {}", answer.text());
                return (ledger, End::Wrong(wrong));
            }
        }
    }
    (ledger, End::Gone)
}
