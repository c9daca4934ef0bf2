//! Damaged files: identical data, a repair that is reported, or a refusal by name; never a silent difference.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use mitmachbox::clock::Clock;
use mitmachbox::store::backup::{self, BackupError};
use mitmachbox::store::{CommitError, OpenError, ReadError, Repair, Store};
use serde_json::json;

use super::support::*;

/// Cases per kind of damage and kind of store; `MITMACHBOX_LONG` multiplies them.
const CASES: usize = 17;

fn long() -> usize {
    std::env::var("MITMACHBOX_LONG").ok().and_then(|n| n.parse().ok()).unwrap_or(1)
}

fn fill(store: &Store, from: u64, to: u64) {
    let commits = (from..to).map(|n| published(n, &text(n, 1_500))).collect();
    assert!(store.commit_many_blocking(commits).iter().all(Result::is_ok));
    for n in from..from + 5 {
        store.token_write_blocking(&format!("user/{n}"), Some(&json!(text(n, 300)))).unwrap();
    }
}

/// A closed store; `reopened` makes sled keep a snapshot file.
fn base(dir: &Path, reopened: bool) -> Vec<(String, Vec<u8>)> {
    let store = open(dir);
    fill(&store, 0, 150);
    store.commit_blocking(document("synonyms", 1, json!(["a"]))).unwrap();
    if reopened {
        for round in 0..3 {
            store.close();
            let store = open(dir);
            fill(&store, 1_000 + round * 100, 1_050 + round * 100);
            store.close();
        }
        let store = open(dir);
        let all = dump(&store);
        store.close();
        return all;
    }
    let all = dump(&store);
    store.close();
    all
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

fn flip(path: &Path, at: usize) {
    let mut bytes = std::fs::read(path).unwrap();
    bytes[at] ^= 1 << (at % 8);
    std::fs::write(path, bytes).unwrap();
}

struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end.max(1) as u64).unwrap()
    }
}

/// Damages the file and says how.
fn spoil(path: &Path, kind: &str, random: &mut Random) -> String {
    let mut bytes = std::fs::read(path).unwrap();
    let used = bytes.iter().rposition(|b| *b != 0 && *b != 0xff).map_or(bytes.len(), |p| p + 1);
    let at = random.below(used);
    match kind {
        "truncated" => bytes.truncate(at),
        "bit flipped" => bytes[at] ^= 1 << random.below(8),
        _ => {
            let at = at / 4_096 * 4_096;
            let end = (at + 4_096).min(bytes.len());
            bytes[at..end].fill(0);
        }
    }
    std::fs::write(path, bytes).unwrap();
    format!("{} {kind} at {at} of {used}", path.file_name().unwrap().to_string_lossy())
}

#[test]
fn no_damage_is_silent() {
    let dir = tempfile::tempdir().unwrap();
    let mut random = Random(0x5eed_2026);
    let mut tally: BTreeMap<String, u32> = BTreeMap::new();
    for reopened in [false, true] {
        let origin = dir.path().join(format!("origin {reopened}"));
        let expected = base(&origin, reopened);
        for kind in ["truncated", "bit flipped", "page zeroed"] {
            for case in 0..CASES * long() {
                let work = dir.path().join("work");
                copy(&origin.join("store"), &work.join("store"));
                // The data file three times in four; the small files take turns.
                let all = files(&work.join("store"));
                let data = all.iter().find(|p| p.ends_with("gen-000001/db")).unwrap();
                let path = if case % 4 < 3 { data } else { &all[random.below(all.len())] };
                let what = spoil(path, kind, &mut random);
                let outcome = match try_open(&work) {
                    Err(OpenError::Damaged { .. }) => "refused at open",
                    Err(e) => panic!("{what}: a refusal without a name: {e}"),
                    Ok((store, report)) => {
                        let checked = store.verify_all();
                        let outcome = match checked {
                            Err(ReadError::Damaged(_)) => {
                                assert!(store.read_only().is_some(), "{what}: damage was found, yet commits go on");
                                "found by the full check"
                            }
                            Err(e) => panic!("{what}: {e}"),
                            Ok(_) => {
                                assert!(
                                    dump(&store) == expected,
                                    "{what}: a SILENT difference (repairs: {:?})",
                                    report.repairs
                                );
                                if report.repairs.is_empty() { "identical" } else { "identical after a repair" }
                            }
                        };
                        store.close();
                        outcome
                    }
                };
                *tally
                    .entry(format!("{} {kind}: {outcome}", if reopened { "with snapshot," } else { "no snapshot," }))
                    .or_default() += 1;
                std::fs::remove_dir_all(&work).unwrap();
            }
        }
    }
    for (what, count) in &tally {
        eprintln!("{count:4} {what}");
    }
    let cases: u32 = tally.values().sum();
    assert!(cases >= 100, "only {cases} cases");
    assert!(tally.keys().any(|k| k.ends_with("refused at open")), "no damage was harmful; the test looks away");
}

#[test]
fn a_damaged_snapshot_is_dropped_and_everything_is_there() {
    let dir = tempfile::tempdir().unwrap();
    let origin = dir.path().join("origin");
    let expected = base(&origin, true);
    for (n, empty) in [true, false, false, false, false].into_iter().enumerate() {
        let work = dir.path().join(format!("work {n}"));
        copy(&origin.join("store"), &work.join("store"));
        let all = files(&work);
        let snapshot =
            all.iter().find(|p| p.file_name().unwrap().to_string_lossy().starts_with("snap.")).expect("a snapshot");
        if empty {
            std::fs::write(snapshot, b"").unwrap();
        } else {
            let bytes = std::fs::metadata(snapshot).unwrap().len();
            flip(snapshot, usize::try_from(bytes).unwrap() * n / 5);
        }
        let (store, report) = try_open(&work).unwrap();
        let [Repair::Quarantined { copy, .. }, Repair::SnapshotDropped] = &report.repairs[..] else {
            panic!("{:?}", report.repairs)
        };
        assert!(copy.join("gen-000001/db").exists(), "no copy was made before the repair");
        assert_eq!(dump(&store), expected);
        store.verify_all().unwrap();
        store.close();
    }
}

#[test]
fn a_head_behind_the_log_is_normal_and_ahead_of_it_is_damage() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let head = data.join("store/HEAD");
    let store = open(&data);
    fill(&store, 0, 3);
    store.close();
    let old_head = std::fs::read(&head).unwrap();
    copy(&data, &dir.path().join("old"));
    let store = open(&data);
    fill(&store, 10, 14);
    let expected = dump(&store);
    store.close();
    let new_head = std::fs::read(&head).unwrap();

    std::fs::write(&head, &old_head).unwrap();
    let (store, report) = try_open(&data).unwrap();
    assert_eq!((report.behind_head, report.repairs, dump(&store)), (4, vec![], expected.clone()));
    store.close();

    let old = dir.path().join("old");
    std::fs::write(old.join("store/HEAD"), &new_head).unwrap();
    let error = try_open(&old).err().expect("acknowledged commits are missing");
    let OpenError::Damaged { what, quarantine } = &error else { panic!("{error}") };
    assert!(what.contains("4 acknowledged commits are missing"), "{what}");
    assert!(quarantine.as_ref().unwrap().join("HEAD").exists());
    assert!(error.to_string().contains("backup restore"), "the operator is not told what to do: {error}");
}

#[test]
fn a_lost_token_is_noticed_though_tokens_have_no_log() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let store = open(&data);
    fill(&store, 0, 2);
    store.close();
    copy(&data, &dir.path().join("old"));
    let store = open(&data);
    store.token_write_blocking("user/0", None).unwrap();
    store.close();
    let old = dir.path().join("old");
    std::fs::copy(data.join("store/HEAD"), old.join("store/HEAD")).unwrap();
    let error = try_open(&old).err().expect("a token came back").to_string();
    assert!(error.contains("tokens"), "{error}");
}

#[test]
fn a_lost_head_is_rebuilt_after_a_full_check() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    fill(&store, 0, 5);
    let expected = dump(&store);
    store.close();
    let head = dir.path().join("store/HEAD");
    for damage in ["gone", "zeros", "one slot"] {
        let mut bytes = std::fs::read(&head).unwrap();
        match damage {
            "gone" => std::fs::remove_file(&head).unwrap(),
            "zeros" => std::fs::write(&head, vec![0; bytes.len()]).unwrap(),
            _ => {
                bytes[..4_096].fill(7);
                std::fs::write(&head, bytes).unwrap();
            }
        }
        let (store, report) = try_open(dir.path()).unwrap();
        let repairs = if damage == "one slot" { vec![] } else { vec![Repair::HeadRebuilt] };
        assert_eq!((report.repairs, dump(&store)), (repairs, expected.clone()), "{damage}");
        store.close();
    }
}

#[test]
fn a_store_beyond_repair_comes_back_from_the_newest_valid_backup() {
    let dir = tempfile::tempdir().unwrap();
    let (data, backups) = (dir.path().join("data"), dir.path().join("backups"));
    let store = open(&data);
    fill(&store, 0, 5);
    backup::create(&store, &backups.join("first")).unwrap();
    fill(&store, 10, 15);
    backup::create(&store, &backups.join("second")).unwrap();
    let expected = dump(&store);
    fill(&store, 20, 23);
    backup::create(&store, &backups.join("third")).unwrap();
    fill(&store, 30, 32);
    store.close();
    flip(&backups.join("third/revisions.jsonl"), 99);
    std::fs::File::options().write(true).open(data.join("store/gen-000001/db")).unwrap().set_len(20_000).unwrap();

    let mut options = options(&data);
    options.backup_dir = Some(backups.clone());
    let (store, report) = Store::open(options, Clock::fixed(now())).unwrap_or_else(|e| panic!("{e}"));
    let [Repair::Quarantined { .. }, Repair::BackupRestored { backup, store_seq, commits_lost }] = &report.repairs[..]
    else {
        panic!("{:?}", report.repairs)
    };
    assert_eq!((backup, store_seq.0, *commits_lost), (&backups.join("second"), 10, Some(5)));
    assert_eq!(dump(&store), expected);
    store.commit_blocking(draft(900, "weiter")).unwrap();
    store.verify_all().unwrap();
    store.close();

    // Without a backup: a refusal that says what to do, and nothing is deleted.
    std::fs::File::options().write(true).open(data.join("store/gen-000001/db")).unwrap().set_len(20_000).unwrap();
    assert!(matches!(try_open(&data), Err(OpenError::Damaged { quarantine: Some(_), .. })));
    assert!(data.join("store/gen-000001/db").exists());
}

#[test]
fn missing_pieces_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let origin = dir.path().join("origin");
    let store = open(&origin);
    fill(&store, 0, 5);
    let expected = dump(&store);
    store.close();
    for (n, (name, opens)) in
        [("CURRENT", true), ("DO-NOT-DELETE", true), ("gen-000001/conf", true), ("gen-000001/db", false)]
            .into_iter()
            .enumerate()
    {
        let work = dir.path().join(format!("work {n}"));
        copy(&origin, &work);
        std::fs::remove_file(work.join("store").join(name)).unwrap();
        match try_open(&work) {
            Ok((store, _)) => assert!(opens && dump(&store) == expected, "{name}"),
            Err(OpenError::Damaged { .. }) => assert!(!opens, "{name}"),
            Err(e) => panic!("{name}: {e}"),
        }
    }
    let work = dir.path().join("no generation");
    copy(&origin, &work);
    std::fs::remove_dir_all(work.join("store/gen-000001")).unwrap();
    std::fs::remove_file(work.join("store/CURRENT")).unwrap();
    assert!(matches!(try_open(&work), Err(OpenError::Damaged { .. })), "an emptied store is not a new one");
}

#[test]
fn a_doctored_backup_does_not_restore() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("backup");
    let store = open(&dir.path().join("data"));
    fill(&store, 0, 5);
    let mut manifest = backup::create(&store, &target).unwrap();
    // An entry changed together with its checksum: only the log knows better.
    let path = target.join("entries.jsonl");
    let doctored = std::fs::read_to_string(&path).unwrap().replacen("published", "archived!", 1).replacen(
        "archived!",
        "in_review",
        1,
    );
    std::fs::write(&path, &doctored).unwrap();
    let part = &mut manifest.files[0];
    part.bytes = doctored.len() as u64;
    part.sha256 = {
        use sha2::Digest as _;
        sha2::Sha256::digest(doctored.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
    };
    std::fs::write(target.join("manifest.json"), serde_json::to_vec(&manifest).unwrap()).unwrap();
    backup::verify(&target).unwrap();
    let refused = backup::restore(&target, &dir.path().join("to")).unwrap_err();
    assert!(matches!(&refused, BackupError::Damaged(what) if what.contains("not as the log says")), "{refused}");
    // What was half restored is no store.
    assert!(matches!(try_open(&dir.path().join("to")), Err(OpenError::Damaged { .. })));
}

#[test]
fn damage_found_while_running_turns_the_store_read_only() {
    let dir = tempfile::tempdir().unwrap();
    let mut options = options(dir.path());
    options.limits.verify_tail_records = 1;
    {
        let store = Store::open(options.clone(), Clock::fixed(now())).unwrap().0;
        fill(&store, 0, 400);
        store.verify_all().unwrap();
        store.close();
    }
    // sled reads a page when it is first asked for it.
    let store = Store::open(options, Clock::fixed(now())).unwrap().0;
    let db = dir.path().join("store/gen-000001/db");
    {
        use std::os::unix::fs::FileExt;
        let file = std::fs::File::options().write(true).open(&db).unwrap();
        file.write_all_at(&vec![0; 4 << 20], 4_096).unwrap();
    }
    let found = store.verify_all();
    assert!(matches!(found, Err(ReadError::Damaged(_))), "{found:?}");
    let refused = store.commit_blocking(draft(9_000, "x")).unwrap_err();
    assert!(matches!(&refused, CommitError::ReadOnly { reason } if !reason.is_empty()), "{refused}");
    assert!(store.read_only().is_some());
}
