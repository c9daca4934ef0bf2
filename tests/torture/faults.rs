//! Each step of a commit fails at its first, second, third … call: no acknowledgement or full effect, the process
//! lives, and the next write works. A panic inside sled makes the store read-only, with its reason.

#[cfg(not(feature = "failpoints"))]
pub(crate) fn run(tally: &mut crate::Tally) {
    tally.add("faults", crate::Verdict::Skipped("needs `--features failpoints`".into()));
}

#[cfg(feature = "failpoints")]
pub(crate) fn run(tally: &mut crate::Tally) {
    points::run(tally);
}

#[cfg(feature = "failpoints")]
mod points {
    use std::path::Path;
    use std::time::{Duration, Instant};

    use jiff::Timestamp;
    use mitmachbox::clock::Clock;
    use mitmachbox::curate::change::{self, Stamp};
    use mitmachbox::follow::{Follower, FollowerOptions};
    use mitmachbox::index::current::Current;
    use mitmachbox::model::entry::Entry;
    use mitmachbox::model::id::RevisionNumber;
    use mitmachbox::model::record::Origin;
    use mitmachbox::store::{CommitError, EntryWrite, Store};
    use serde_json::json;

    use crate::child::{content, entry, id_of, options};
    use crate::{Random, Tally, Verdict};

    const POINTS: [&str; 4] = ["store::commit", "store::flush", "store::fsync", "store::head"];
    const COMMITS: u64 = 6;

    pub(crate) fn run(tally: &mut Tally) {
        let _scenario = fail::FailScenario::setup();
        let (mut cases, mut slowest) = (0, Duration::ZERO);
        for point in POINTS {
            for kind in ["io", "full", "panic"] {
                for nth in 1..=4_u64 {
                    let result = if kind == "panic" { panics(point, nth) } else { fails(point, kind, nth) };
                    let _ = fail::cfg(point, "off");
                    match result {
                        Ok(took) => {
                            cases += 1;
                            slowest = slowest.max(took);
                        }
                        Err(e) => tally.add("faults", Verdict::Failed(format!("{point} {kind} at call {nth}: {e}"))),
                    }
                }
            }
        }
        for (name, result) in [("reads settle", reads_settle()), ("the index waits", the_index_waits())] {
            match result {
                Ok(()) => cases += 1,
                Err(e) => tally.add("faults", Verdict::Failed(format!("{name}: {e}"))),
            }
        }
        let text = format!("{cases} cases at {} points, slowest next write {slowest:.0?}", POINTS.len());
        tally.add("faults", Verdict::Passed(text));
    }

    fn arm(point: &str, action: &str, nth: u64) -> Result<(), String> {
        let before = if nth > 1 { format!("{}*off->", nth - 1) } else { String::new() };
        fail::cfg(point, &format!("{before}1*{action}->off"))
    }

    fn open(dir: &Path) -> Result<Store, String> {
        Store::open(options(dir), Clock::system()).map(|(store, _)| store).map_err(|e| e.to_string())
    }

    fn holds(store: &Store, n: u64) -> Result<bool, String> {
        let record = store.entry(id_of(n)).map_err(|e| e.to_string())?;
        let revision = store.revision(id_of(n), RevisionNumber(1)).map_err(|e| e.to_string())?;
        let slug = store.id_of_slug(&format!("entry-{n}")).map_err(|e| e.to_string())?;
        match (record, revision, slug) {
            (None, None, None) => Ok(false),
            (Some(_), Some(r), Some(_)) if r.content.as_ref().is_none_or(|c| *c == content(n, r.number)) => Ok(true),
            other => Err(format!("half of entry {n} is there: {other:?}")),
        }
    }

    fn fails(point: &str, kind: &str, nth: u64) -> Result<Duration, String> {
        let dir = tempfile::tempdir().map_err(|e| e.to_string())?;
        let store = open(dir.path())?;
        let mut random = Random(nth);
        arm(point, &format!("return({kind})"), nth)?;
        let (mut acked, mut refused) = (Vec::new(), Vec::new());
        let mut took = Duration::ZERO;
        for n in 0..COMMITS {
            let commit = entry(n, None, &mut random);
            match store.commit_blocking(commit) {
                Ok(_) => acked.push(n),
                Err(CommitError::NoSpace | CommitError::Io(_)) => {
                    refused.push((n, holds(&store, n)?));
                    let since = Instant::now();
                    while let Err(e) = store.token_write_blocking("next", Some(&json!(n))) {
                        if since.elapsed() > Duration::from_secs(5) {
                            return Err(format!("no write for 5 s: {e}"));
                        }
                        std::thread::sleep(Duration::from_millis(10));
                    }
                    took = since.elapsed();
                }
                Err(e) => return Err(format!("commit {n}: {e}")),
            }
        }
        if store.stats().reopened == 0 {
            return Err("the fault never struck".into());
        }
        store.verify_all().map_err(|e| e.to_string())?;
        store.close();
        let store = open(dir.path())?;
        for n in acked {
            if !holds(&store, n)? {
                return Err(format!("acknowledged entry {n} is gone"));
            }
        }
        for (n, before) in refused {
            if holds(&store, n)? != before {
                return Err(format!("refused entry {n} changed its mind"));
            }
        }
        store.verify_all().map_err(|e| e.to_string())?;
        Ok(took)
    }

    /// What is read before it is durable is waited for, and told apart from what the disk took back.
    fn reads_settle() -> Result<(), String> {
        for taken_back in [false, true] {
            let dir = tempfile::tempdir().map_err(|e| e.to_string())?;
            let store = open(dir.path())?;
            let mut random = Random(7);
            store.commit_blocking(entry(0, None, &mut random)).map_err(|e| e.to_string())?;
            let before = store.head();
            fail::cfg("store::flush", "1*sleep(500)->off")?;
            if taken_back {
                fail::cfg("store::fsync", "1*return(io)->off")?;
            }
            let commit = entry(1, None, &mut random);
            let settled = std::thread::scope(|scope| {
                scope.spawn(|| store.commit_blocking(commit));
                let reading = store.reading();
                while store.entry(id_of(1)).map_err(|e| e.to_string())?.is_none() {
                    std::thread::sleep(Duration::from_millis(5));
                }
                if store.head() != before {
                    return Err("the commit was durable too soon for this test".to_owned());
                }
                Ok(store.settle(reading).is_ok())
            });
            let _ = (fail::cfg("store::flush", "off"), fail::cfg("store::fsync", "off"));
            if settled? == taken_back {
                return Err(format!("taken back: {taken_back}, and settled the same"));
            }
            if !taken_back && store.head() == before {
                return Err("settled before it was durable".into());
            }
        }
        Ok(())
    }

    /// The index never holds what is not on the disk, although it reads the newest state of an entry.
    fn the_index_waits() -> Result<(), String> {
        let dir = tempfile::tempdir().map_err(|e| e.to_string())?;
        let store = open(&dir.path().join("data"))?;
        let current = Current::default();
        let options = FollowerOptions::new(dir.path().join("index"));
        let mut follower = Follower::new(store.clone(), current.clone(), options);
        let stamp = Stamp { actor: "torture".into(), at: Timestamp::UNIX_EPOCH, note: None };
        let entry = |title: &str| Entry::from_checked(&content_of(title)).map_err(|e| e.to_string());
        let publish = |write: EntryWrite| {
            let record = write.record.clone();
            store.commit_blocking(change::commit(write)).map(|_| record).map_err(|e| e.to_string())
        };
        let first = publish(change::create(id_of(1), Origin::Staff, &entry("eins")?, true, &stamp))?;
        follower.step().map_err(|e| e.to_string())?;
        let second = publish(change::publish(&first, "eins", Some(&entry("zwei")?), &stamp))?;
        let durable = store.head();
        fail::cfg("store::flush", "1*sleep(1000)->off")?;
        let third = change::publish(&second, "eins", Some(&entry("drei")?), &stamp);
        let outcome = std::thread::scope(|scope| {
            scope.spawn(|| publish(third));
            while store.entry(id_of(1)).map_err(|e| e.to_string())?.is_none_or(|r| r.revision == second.revision) {
                std::thread::sleep(Duration::from_millis(5));
            }
            if store.head() != durable {
                return Err("the commit was durable too soon for this test".to_owned());
            }
            follower.step().map_err(|e| e.to_string())?;
            let snapshot = current.get().ok_or("no index")?;
            let doc = snapshot.by_id(id_of(1)).map_err(|e| e.to_string())?.ok_or("not in the index")?;
            let title = snapshot.entry(doc).map_err(|e| e.to_string())?.entry.common.title;
            let head = store.head();
            if title == "drei" && head == durable {
                return Err("the index holds what is not on the disk".into());
            }
            Ok(())
        });
        let _ = fail::cfg("store::flush", "off");
        outcome
    }

    fn content_of(title: &str) -> serde_json::Value {
        let mut content = crate::service::content(title);
        content["slug"] = json!("eins");
        content
    }

    fn panics(point: &str, nth: u64) -> Result<Duration, String> {
        let dir = tempfile::tempdir().map_err(|e| e.to_string())?;
        let store = open(dir.path())?;
        let mut random = Random(nth);
        let quiet = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| {}));
        arm(point, "panic", nth)?;
        let outcomes: Vec<_> = (0..COMMITS).map(|n| store.commit_blocking(entry(n, None, &mut random))).collect();
        std::panic::set_hook(quiet);
        let acked = u64::try_from(outcomes.iter().take_while(|o| o.is_ok()).count()).map_err(|e| e.to_string())?;
        let read_only = outcomes
            .iter()
            .filter(|o| matches!(o, Err(CommitError::ReadOnly { reason }) if reason.contains("panicked")))
            .count() as u64;
        if acked != nth - 1 || read_only != COMMITS - acked {
            return Err(format!("{outcomes:?}"));
        }
        for n in 0..acked {
            if !holds(&store, n)? {
                return Err(format!("entry {n} cannot be read in read-only mode"));
            }
        }
        store.close();
        let store = open(dir.path())?;
        for n in 0..acked {
            if !holds(&store, n)? {
                return Err(format!("acknowledged entry {n} is gone after the panic"));
            }
        }
        store.verify_all().map_err(|e| e.to_string())?;
        store.commit_blocking(entry(50, None, &mut random)).map_err(|e| e.to_string())?;
        Ok(Duration::ZERO)
    }
}
