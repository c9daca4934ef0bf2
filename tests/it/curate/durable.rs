//! What staff are shown is on the disk, however fast somebody else writes.

use std::time::{Duration, Instant};

use mitmachbox::curate::{Curate, CurateError};
use mitmachbox::model::id::{EntryId, RevisionNumber};
use mitmachbox::store::Store;
use serde_json::json;

use super::support::{content, desk, editor, run};

/// How long to look. Without the wait it takes some milliseconds to see too much.
const TIME: Duration = Duration::from_secs(2);

/// Each commit makes one revision, so that the number of one tells that of the other.
fn look(store: &Store, curate: &Curate, id: EntryId, first: u64) -> usize {
    run(async {
        let (started, mut looks) = (Instant::now(), 0);
        while started.elapsed() < TIME {
            // Each way on its own, with the head right after it.
            for way in 0..4 {
                let (how, revision) = match way {
                    0 => ("read", curate.read(&editor(), id).await.unwrap().record.revision),
                    1 => ("list", curate.list(&editor(), None, 10).await.unwrap()[0].revision),
                    2 => ("revisions", curate.revisions(&editor(), id, None, 1).await.unwrap()[0].number),
                    _ => match curate.patch(&editor(), id, RevisionNumber(1), json!({})).await {
                        Err(CurateError::Stale(record)) => ("a stale write", record.revision),
                        other => panic!("{other:?}"),
                    },
                };
                let (made_by, durable) = (first + u64::from(revision.0 - 1), store.head().store_seq.0);
                assert!(made_by <= durable, "{how}: revision {revision} is of commit {made_by}, durable is {durable}");
                looks += 1;
            }
        }
        looks
    })
}

#[test]
fn staff_see_only_what_is_durable() {
    let desk = desk();
    let created = run(desk.curate.create(&editor(), content("idea", "Brunnen"))).unwrap();
    let (id, first) = (created.entry.record.id, created.store_seq.0);
    let edited = run(desk.curate.patch(&editor(), id, RevisionNumber(1), json!({ "summary": "Neu." }))).unwrap();
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| look(&desk.store, &desk.curate, id, first));
        let mut revision = edited.entry.record.revision;
        while !reader.is_finished() {
            let patch = json!({ "summary": format!("Stand {revision}.") });
            revision = run(desk.curate.patch(&editor(), id, revision, patch)).unwrap().entry.record.revision;
        }
        let looks = reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        assert!(looks > 20 && revision.0 > 10, "{looks} looks at {revision} revisions");
    });
}
