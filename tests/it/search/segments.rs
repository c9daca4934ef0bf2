//! Segments: merging them changes no answer and loses no delete.

use std::time::Duration;

use mitmachbox::curate::Saved;
use mitmachbox::follow::{Follower, FollowerOptions};
use mitmachbox::index::current::Current;
use serde_json::json;

use super::desk::{content, desk, index_dir};
use super::follower::{answers, assert_same, filled, made, words};

/// Merging segments beside later deletes once lost one of them: the entry was found in its old form and in its new.
#[test]
fn no_state_of_an_entry_outlives_the_next_one() {
    const ENTRIES: usize = 12;
    const ROUNDS: usize = 60;
    let mut desk = desk();
    let mut alive: Vec<Saved> =
        (0..ENTRIES).map(|number| desk.put(content(&format!("Fest {number}"), "Zustand0."))).collect();
    desk.step();
    for round in 1..=ROUNDS {
        for offset in 0..3 {
            let number = (round * 5 + offset * 7) % ENTRIES;
            let edited = desk.patch(&alive[number], json!({ "summary": format!("Zustand{round}.") }));
            alive[number] = desk.publish(&edited);
        }
        desk.step();
        let mut slugs = desk.slugs("fest");
        slugs.sort_unstable();
        let found = slugs.len();
        slugs.dedup();
        assert_eq!((found, slugs.len()), (ENTRIES, ENTRIES), "after round {round}");
    }
}

#[test]
fn a_quiet_time_leaves_one_segment_and_the_same_answers() {
    let mut desk = filled();
    let words = words();
    for number in 20..22 {
        desk.put(made(&words, number, 2));
        desk.step();
    }
    let segments = |current: &Current| current.get().unwrap().segments.len();
    let (before, grown) = (answers(&desk.search), segments(&desk.current));
    assert!(grown > 2, "{grown}");
    let dir = index_dir(desk.dir.path());
    drop(desk.follower);
    let options = FollowerOptions { quiet: Duration::ZERO, ..FollowerOptions::new(&dir) };
    desk.follower = Follower::new(desk.store.clone(), desk.current.clone(), options);
    desk.follower.step().unwrap();
    assert_eq!(segments(&desk.current), 1);
    assert_same(&before, &answers(&desk.search));
    desk.put(content("Zwiebelmarkt", "Ein Fest."));
    desk.step();
    assert_eq!(desk.slugs("zwiebelmarkt"), ["zwiebelmarkt"]);
}
