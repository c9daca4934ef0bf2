//! What the index holds of entries that are no longer public, step by step, without a clock.

use mitmachbox::follow::{Follower, FollowerOptions};
use mitmachbox::index::current::Current;
use mitmachbox::model::id::{EntryId, RevisionNumber};
use mitmachbox::search::response::Lookup;
use mitmachbox::search::service::{Search, SearchLimits};
use serde_json::json;
use tempfile::TempDir;

use crate::curate::support::{Desk, content, desk, editor, publisher, run};

/// A desk whose entries are followed by hand.
struct Followed {
    desk: Desk,
    current: Current,
    follower: Follower,
    dir: TempDir,
}

fn followed() -> Followed {
    let (desk, current, dir) = (desk(), Current::default(), tempfile::tempdir().unwrap());
    let follower = Follower::new(desk.store.clone(), current.clone(), FollowerOptions::new(dir.path()));
    Followed { desk, current, follower, dir }
}

impl Followed {
    fn step(&mut self) {
        self.follower.step().unwrap_or_else(|error| panic!("{error}"));
    }

    /// Throws the index away and builds it anew.
    fn rebuild(&mut self) {
        let options = FollowerOptions::new(self.dir.path());
        self.follower = Follower::new(self.desk.store.clone(), self.current.clone(), options);
        std::fs::remove_dir_all(self.dir.path()).unwrap();
        self.step();
    }

    fn publish(&self, title: &str) -> (EntryId, RevisionNumber) {
        run(async {
            let draft = self.desk.curate.create(&editor(), content("format", title)).await.unwrap().entry.record;
            let public = self.desk.curate.publish(&publisher(), draft.id, draft.revision, None).await.unwrap();
            (draft.id, public.entry.record.revision)
        })
    }

    fn archive(&self, id: EntryId, revision: RevisionNumber) -> RevisionNumber {
        run(self.desk.curate.archive(&publisher(), id, revision, None)).unwrap().entry.record.revision
    }

    fn retitle(&self, id: EntryId, revision: RevisionNumber, title: &str) -> RevisionNumber {
        let patch = json!({ "title": title });
        run(self.desk.curate.patch(&editor(), id, revision, patch)).unwrap().entry.record.revision
    }

    /// What the public is told: the title, and whether the entry is there.
    fn told(&self, id: EntryId) -> Option<(String, bool)> {
        let search = Search::new(self.current.clone(), SearchLimits::default(), "", std::sync::Arc::new(|_, _| ()));
        match search.entry(&id.to_string(), Default::default()).unwrap() {
            Lookup::Found(view) => Some((view.public.entry.common.title.clone(), true)),
            Lookup::Archived { title } => Some((title, false)),
            Lookup::Moved { .. } | Lookup::Unknown => None,
        }
    }
}

#[test]
fn an_archived_entry_is_gone_even_if_somebody_edits_it_before_the_index_looks() {
    let mut house = followed();
    let (id, revision) = house.publish("Bekannt");
    house.step();
    assert_eq!(house.told(id), Some(("Bekannt".into(), true)));
    let revision = house.archive(id, revision);
    house.retitle(id, revision, "Geheim");
    house.step();
    assert_eq!(house.told(id), Some(("Bekannt".into(), false)));
}

#[test]
fn a_draft_that_outlives_the_entry_does_not_lend_it_its_title() {
    let mut house = followed();
    let (id, revision) = house.publish("Bekannt");
    let revision = house.retitle(id, revision, "Geheim");
    house.archive(id, revision);
    house.step();
    assert_eq!(house.told(id), Some(("Bekannt".into(), false)));
}

#[test]
fn a_rebuild_knows_the_same_tombstones() {
    let mut house = followed();
    let (id, revision) = house.publish("Bekannt");
    house.step();
    let mut revision = house.archive(id, revision);
    for number in 0..40 {
        revision = house.retitle(id, revision, &format!("Geheim {number}"));
    }
    house.step();
    let before = house.told(id);
    house.rebuild();
    assert_eq!((before.clone(), house.told(id)), (Some(("Bekannt".into(), false)), before));

    let draft = run(house.desk.curate.create(&editor(), content("format", "Nie öffentlich"))).unwrap().entry.record;
    house.rebuild();
    assert_eq!(house.told(draft.id), None);
}
