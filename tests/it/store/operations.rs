//! Second process, backup, restore, compaction, full disk.

use std::path::Path;

use mitmachbox::clock::Clock;
use mitmachbox::model::record::State;
use mitmachbox::store::backup::{self, BackupError};
use mitmachbox::store::{CommitError, OpenError, PublicOp, Repair, Store};
use serde_json::json;

use super::support::*;

/// A store with entries in several states, documents, tokens and notices.
fn filled(dir: &Path) -> Store {
    let store = open(dir);
    for n in 0..30 {
        store.commit_blocking(if n % 3 == 0 { draft(n, &text(n, 900)) } else { published(n, &text(n, 900)) }).unwrap();
    }
    let mut moved = record(1, "umgezogen", State::Published);
    moved.old_slugs = vec!["entry-1".into()];
    store.commit_blocking(write(&moved, 2, Some(json!({ "title": "neu", "n": 0.1 })), Some(PublicOp::Upsert))).unwrap();
    store.commit_blocking(document("synonyms", 1, json!({ "a": ["b"] }))).unwrap();
    store.commit_blocking(document("synonyms", 2, json!({ "a": ["c"] }))).unwrap();
    for n in 0..5 {
        store.token_write_blocking(&format!("user/\"{n}\" ä"), Some(&json!({ "n": 1.25e-7, "k": n }))).unwrap();
    }
    for n in 0..3 {
        runtime().block_on(store.notice_put(&notice(n, "Straße „gesperrt“ \u{1}\n😀"))).unwrap();
    }
    store
}

#[test]
fn a_second_process_is_told_who_has_the_store() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let error = try_open(dir.path()).err().unwrap();
    let OpenError::Locked { pid, .. } = &error else { panic!("{error}") };
    assert_eq!(*pid, std::process::id().to_string());
    assert!(error.to_string().starts_with("another process (pid "), "{error}");
    store.close();
    open(dir.path());
}

#[test]
fn a_backup_restores_byte_for_byte() {
    let dir = tempfile::tempdir().unwrap();
    let (a, b, target) = (dir.path().join("a"), dir.path().join("b"), dir.path().join("backup"));
    let store = filled(&a);
    let made = backup::create(&store, &target).unwrap();
    assert_eq!(backup::verify(&target).unwrap(), made);
    assert!(matches!(backup::create(&store, &target), Err(BackupError::Exists(_))));
    let (manifest, report) = backup::restore(&target, &b).unwrap();
    assert_eq!((manifest, report.entries, report.tokens, report.notices), (made, 30, 5, 3));
    let restored = open(&b);
    assert_eq!(dump(&restored), dump(&store));
    assert_eq!(restored.head(), store.head());
    assert_eq!(restored.id_of_slug("entry-1").unwrap(), Some(id(1)));
    // The chain goes on where it ended.
    restored.commit_blocking(draft(100, "x")).unwrap();
    restored.verify_all().unwrap();
    restored.close();
    assert!(matches!(backup::restore(&target, &b), Err(BackupError::Exists(_))));
}

#[test]
fn a_backup_under_write_load_is_one_moment() {
    let dir = tempfile::tempdir().unwrap();
    let store = filled(&dir.path().join("a"));
    let stop = std::sync::atomic::AtomicBool::new(false);
    let (store, stop) = (&store, &stop);
    std::thread::scope(|scope| {
        let writer = scope.spawn(move || {
            let mut n = 1_000;
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                store.commit_blocking(published(n, "während der Sicherung")).unwrap();
                store.token_write_blocking("zähler", Some(&json!(n))).unwrap();
                n += 1;
            }
            n
        });
        for round in 0..4 {
            let (target, to) =
                (dir.path().join(format!("backup-{round}")), dir.path().join(format!("restored-{round}")));
            let made = backup::create(store, &target).unwrap();
            let (_, report) = backup::restore(&target, &to).unwrap();
            assert_eq!(report.records, made.store_seq.0);
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        assert!(writer.join().unwrap() > 1_000, "nothing was written meanwhile");
    });
}

#[test]
fn a_damaged_backup_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("backup");
    let store = filled(&dir.path().join("a"));
    let manifest = backup::create(&store, &target).unwrap();
    for part in &manifest.files {
        let path = target.join(&part.name);
        let good = std::fs::read(&path).unwrap();
        let mut bad = good.clone();
        bad[good.len() / 2] ^= 1;
        std::fs::write(&path, bad).unwrap();
        assert!(backup::verify(&target).is_err(), "a flipped bit in {}", part.name);
        std::fs::write(&path, &good[..good.len() - 5]).unwrap();
        assert!(
            matches!(backup::restore(&target, &dir.path().join("b")), Err(BackupError::Damaged(_))),
            "a cut {}",
            part.name
        );
        std::fs::write(&path, good).unwrap();
    }
    backup::verify(&target).unwrap();
    assert!(backup::newest_valid(dir.path()).is_some());
    std::fs::remove_file(target.join("manifest.json")).unwrap();
    assert!(backup::newest_valid(dir.path()).is_none());
}

#[test]
fn compaction_keeps_everything_and_gives_space_back() {
    let dir = tempfile::tempdir().unwrap();
    let store = filled(dir.path());
    for round in 0..500 {
        store.token_write_blocking(&format!("groß {}", round % 7), Some(&json!(text(round, 60_000)))).unwrap();
    }
    let before = (dump(&store), store.stats().disk_bytes);
    store.compact().unwrap();
    assert_eq!(dump(&store), before.0);
    assert!(store.stats().disk_bytes < before.1, "{} bytes before, {} after", before.1, store.stats().disk_bytes);
    store.commit_blocking(draft(500, "nach dem Verdichten")).unwrap();
    let after = dump(&store);
    store.close();
    assert!(!dir.path().join("store/gen-000001").exists());
    let (store, report) = try_open(dir.path()).unwrap();
    assert_eq!((dump(&store), report.repairs), (after, vec![]));
}

#[test]
fn a_swollen_store_is_compacted_at_the_next_start() {
    let dir = tempfile::tempdir().unwrap();
    let store = filled(dir.path());
    let before = dump(&store);
    store.close();
    let mut options = options(dir.path());
    options.limits.compact_bytes_min = 1;
    options.limits.compact_ratio = 1;
    let (store, report) = Store::open(options, Clock::fixed(now())).unwrap();
    assert!(matches!(report.repairs[..], [Repair::Compacted { .. }]), "{:?}", report.repairs);
    assert_eq!(dump(&store), before);
}

#[test]
fn a_compaction_cut_short_at_any_step_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let store = filled(&dir.path().join("a"));
    let before = dump(&store);
    store.close();
    copy(&dir.path().join("a"), &dir.path().join("b"));
    let store = open(&dir.path().join("b"));
    store.compact().unwrap();
    store.close();
    let (old, new) = (dir.path().join("a/store"), dir.path().join("b/store"));
    // Before the swap there is half a new generation beside the old one; after it there are both, and CURRENT is new.
    for (step, current) in [("half a copy", 1), ("whole copy", 1), ("swapped", 2)] {
        let work = dir.path().join(format!("work {step}"));
        copy(&old, &work.join("store"));
        copy(&new.join("gen-000002"), &work.join("store/gen-000002"));
        if step == "half a copy" {
            std::fs::remove_file(work.join("store/gen-000002/conf")).unwrap();
            std::fs::File::options()
                .write(true)
                .open(work.join("store/gen-000002/db"))
                .unwrap()
                .set_len(4_096)
                .unwrap();
        }
        std::fs::write(work.join("store/CURRENT"), format!("gen-{current:06}\n")).unwrap();
        std::fs::write(work.join("store/CURRENT.new"), "gen-0").unwrap();
        let (store, report) = try_open(&work).unwrap_or_else(|e| panic!("{step}: {e}"));
        assert_eq!((dump(&store), report.repairs), (before.clone(), vec![]), "{step}");
        store.close();
        assert!(!work.join(format!("store/gen-{:06}", 3 - current)).exists(), "{step}: leftovers stay");
    }
}

#[test]
fn below_the_free_space_bound_commits_are_refused_and_reads_go_on() {
    let dir = tempfile::tempdir().unwrap();
    let before = dump(&{
        let store = filled(dir.path());
        store.close();
        open(dir.path())
    });
    let mut options = options(dir.path());
    options.limits.free_bytes_min = u64::MAX;
    let store = Store::open(options, Clock::fixed(now())).unwrap().0;
    assert_eq!(store.commit_blocking(draft(900, "x")), Err(CommitError::NoSpace));
    assert_eq!(store.token_write_blocking("t", Some(&json!(1))), Err(CommitError::NoSpace));
    assert_eq!(store.compact(), Err(CommitError::NoSpace));
    assert_eq!(dump(&store), before);
    assert_eq!(store.read_only(), None);
}

#[test]
fn the_reserve_file_has_real_blocks() {
    use std::os::unix::fs::MetadataExt;
    let dir = tempfile::tempdir().unwrap();
    let mut options = options(dir.path());
    options.limits.reserve_bytes = 3 << 20;
    let store = Store::open(options, Clock::fixed(now())).unwrap().0;
    let meta = std::fs::metadata(dir.path().join("RESERVE")).unwrap();
    assert_eq!(meta.len(), 3 << 20);
    assert!(meta.blocks() * 512 >= 3 << 20, "{} blocks", meta.blocks());
    store.close();
}

/// A real file system that is really full; needs root for the mount.
#[test]
fn a_full_disk_is_survived_without_a_restart() {
    // sled's lock for transactions is one for the whole process: a store whose disk is full waits for a notice that
    // another store's transaction holds up, and both stand still. The service has one store in its process; so has this.
    const ALONE: &str = "MITMACHBOX_TEST_ALONE";
    if std::env::var_os(ALONE).is_none() {
        let name = "store::operations::a_full_disk_is_survived_without_a_restart";
        let mut alone = std::process::Command::new(std::env::current_exe().unwrap());
        let alone = alone.args(["--exact", name, "--nocapture"]).env(ALONE, "1").output().unwrap();
        let said = [alone.stdout, alone.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
        assert!(alone.status.success() && said.contains("1 passed"), "{said}");
        eprintln!("{said}");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let mount =
        std::process::Command::new("mount").args(["-t", "tmpfs", "-o", "size=40m", "tmpfs"]).arg(dir.path()).output();
    if !mount.as_ref().is_ok_and(|o| o.status.success()) {
        eprintln!("SKIPPED a_full_disk_is_survived_without_a_restart: needs root for mounting a tmpfs");
        return;
    }
    let result = std::panic::catch_unwind(|| full_disk(&dir.path().join("data")));
    let unmounted = std::process::Command::new("umount").arg(dir.path()).status();
    if let Err(panic) = result {
        std::panic::resume_unwind(panic);
    }
    assert!(unmounted.unwrap().success(), "the store keeps files open after close");
}

fn full_disk(data: &Path) {
    let mut options = options(data);
    options.limits.reserve_bytes = 10 << 20;
    let (store, _) = Store::open(options.clone(), Clock::fixed(now())).unwrap();
    // No bound on free space: the disk itself has to say no.
    let mut made = 0;
    let refused = loop {
        match store.commit_blocking(published(made, &text(made, 60_000))) {
            Ok(_) => made += 1,
            Err(e) => break e,
        }
        assert!(made < 1_000, "40 MB are not full after {made} commits");
    };
    assert_eq!(refused, CommitError::NoSpace);
    assert!(made > 50, "only {made} commits fitted");
    let check = |store: &Store| {
        for n in 0..made {
            let title = store.content(id(n), mitmachbox::model::id::RevisionNumber(1)).unwrap().unwrap();
            assert_eq!(title["title"].as_str().unwrap(), text(n, 60_000), "entry {n}");
        }
    };
    check(&store);
    std::fs::write(data.join("filler"), vec![1_u8; 64 << 20]).unwrap_err();
    assert!(matches!(store.commit_blocking(published(5_000, "x")), Err(CommitError::NoSpace) | Ok(_)));

    // Started again on the full disk: readable.
    store.close();
    let (store, report) = Store::open(options, Clock::fixed(now())).unwrap_or_else(|e| panic!("{e}"));
    check(&store);
    eprintln!("restart on the full disk: {:?}", report.repairs);

    // Space comes back: writing goes on without a restart.
    std::fs::remove_file(data.join("filler")).unwrap();
    let mount = data.parent().unwrap();
    assert!(
        std::process::Command::new("mount").args(["-o", "remount,size=120m"]).arg(mount).status().unwrap().success()
    );
    let since = std::time::Instant::now();
    while let Err(e) = store.commit_blocking(published(made + 1, "wieder Platz")) {
        assert_eq!(e, CommitError::NoSpace);
        assert!(since.elapsed().as_secs() < 10, "no commit for 10 s after space was freed");
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    check(&store);
    store.verify_all().unwrap();
    store.close();
}
