//! Notices of visitors: what is taken, what staff do with them, what is forgotten when.

use jiff::SignedDuration;
use mitmachbox::curate::notices::{NewNotice, NoticeLimits, Swept};
use mitmachbox::curate::{Curate, CurateError, CurateLimits};
use mitmachbox::model::notice::{NoticeKind, NoticeState};

use super::support::{Desk, desk, editor, now, run};

pub(crate) fn notice(text: &str) -> NewNotice {
    NewNotice {
        kind: Some(NoticeKind::Error),
        text: text.into(),
        email: "anna@example.org".into(),
        ..NewNotice::default()
    }
}

/// A door to the same store with other bounds.
fn door(desk: &Desk, notices: NoticeLimits) -> Curate {
    Curate::new(desk.store.clone(), desk.clock.clone(), CurateLimits { notices, ..CurateLimits::default() })
}

fn later(desk: &Desk, days: i64) {
    desk.clock.set(now() + SignedDuration::from_hours(24 * days));
}

/// Pointers and codes of what is wrong; empty where nothing is.
#[track_caller]
fn check(new: NewNotice, expected: &[(&str, &str)]) {
    let desk = desk();
    let found = match run(desk.curate.submit_notice(new.clone())) {
        Ok(_) => Vec::new(),
        Err(CurateError::Invalid(problems)) => problems,
        Err(other) => panic!("{other}"),
    };
    let found: Vec<_> = found.iter().map(|problem| (problem.pointer.as_str(), problem.code)).collect();
    assert_eq!(found, expected, "{new:?}");
    assert_eq!(desk.store.notice_count().unwrap(), usize::from(expected.is_empty()));
    assert_eq!(desk.curate.check_notice(&new).is_ok(), expected.is_empty(), "looking and taking agree");
}

#[test]
fn every_fault_is_named_at_its_field() {
    check(notice("Tippfehler"), &[]);
    check(NewNotice { kind: None, ..notice("x") }, &[("/kind", "field_missing")]);
    check(notice(" \r\n\t "), &[("/text", "field_missing")]);
    check(notice("\u{0}\u{1b}"), &[("/text", "field_missing")]);
    check(notice(&"ß".repeat(5_000)), &[]);
    check(notice(&"ß".repeat(5_001)), &[("/text", "too_long")]);
    check(notice(&"\u{10ffff}".repeat(5_000)), &[]);
    check(notice(&"\r\n".repeat(4_000)), &[("/text", "field_missing")]);
    check(notice(&format!("a{}b", "\r\n".repeat(4_000))), &[]);
    for email in ["", " ", "a@b.de", " a.b+c@x-y.example.org ", "müller@bücher.example"] {
        check(NewNotice { email: email.into(), ..notice("x") }, &[]);
    }
    let long = format!("{}@b.de", "a".repeat(250));
    for email in
        ["a", "a@", "@b.de", "a@b", "a@@b.de", "a@b..de", "a@.de", "a b@c.de", "a@b.de,c@d.de", "<a@b.de>", &long]
    {
        check(NewNotice { email: email.into(), ..notice("x") }, &[("/email", "bad_email")]);
    }
    let nothing = NewNotice { email: "x".into(), ..NewNotice::default() };
    check(nothing, &[("/kind", "field_missing"), ("/text", "field_missing"), ("/email", "bad_email")]);
}

#[test]
fn a_text_is_kept_as_it_was_meant() {
    let desk = desk();
    let taken = run(desk.curate.submit_notice(notice("  <b>eins</b>\r\nzwei\rdrei\u{7}\t \n"))).unwrap();
    assert_eq!(taken.text, "<b>eins</b>\nzwei\ndrei");
    assert_eq!(taken.email.as_deref(), Some("anna@example.org"));
    assert_eq!((taken.state, taken.created_at), (NoticeState::Open, now()));
    assert_eq!(desk.store.notice(taken.id).unwrap(), Some(taken));
}

#[test]
fn done_deletes_the_address_and_happens_once() {
    let desk = desk();
    let taken = run(desk.curate.submit_notice(notice("x"))).unwrap();
    later(&desk, 1);
    let done = run(desk.curate.close_notice(&editor(), taken.id)).unwrap();
    assert_eq!((done.state, done.email.clone(), done.done_at), (NoticeState::Done, None, Some(desk.clock.now())));
    assert_eq!(done.done_by.as_deref(), Some(editor().name.as_str()));
    later(&desk, 2);
    assert_eq!(run(desk.curate.close_notice(&editor(), taken.id)).unwrap(), done, "the second time changes nothing");
    let unknown = mitmachbox::model::notice::NoticeId(uuid::Uuid::max());
    assert!(matches!(run(desk.curate.close_notice(&editor(), unknown)), Err(CurateError::Unknown)));
}

#[test]
fn lists_are_by_state_and_page_after_page() {
    let desk = desk();
    let mut ids = Vec::new();
    for n in 0..5 {
        desk.clock.set(now() + SignedDuration::from_secs(n));
        ids.push(run(desk.curate.submit_notice(notice("x"))).unwrap().id);
    }
    ids.reverse();
    run(desk.curate.close_notice(&editor(), ids[1])).unwrap();
    let list = |state, after, limit| {
        let notices = run(desk.curate.notices(&editor(), state, after, limit)).unwrap();
        notices.into_iter().map(|notice| notice.id).collect::<Vec<_>>()
    };
    assert_eq!(list(None, None, 100), ids);
    assert_eq!(list(None, None, 2), ids[..2]);
    assert_eq!(list(None, Some(ids[1]), 2), ids[2..4]);
    assert_eq!(list(Some(NoticeState::Done), None, 100), [ids[1]]);
    assert_eq!(list(Some(NoticeState::Open), None, 2), [ids[0], ids[2]]);
    assert_eq!(list(Some(NoticeState::Open), Some(ids[2]), 100), ids[3..]);
}

#[test]
fn the_bound_holds_and_room_comes_back() {
    let desk = desk();
    let curate = door(&desk, NoticeLimits { stored_max: 2, done_days: 10, ..NoticeLimits::default() });
    let first = run(curate.submit_notice(notice("eins"))).unwrap();
    run(curate.submit_notice(notice("zwei"))).unwrap();
    assert!(matches!(run(curate.submit_notice(notice("drei"))), Err(CurateError::Full)));
    run(curate.close_notice(&editor(), first.id)).unwrap();
    later(&desk, 9);
    assert_eq!(run(curate.sweep_notices()).unwrap(), Swept::default());
    assert!(matches!(run(curate.submit_notice(notice("drei"))), Err(CurateError::Full)));
    later(&desk, 10);
    assert_eq!(run(curate.sweep_notices()).unwrap(), Swept { emails: 0, notices: 1 });
    run(curate.submit_notice(notice("drei"))).unwrap();
}

#[test]
fn many_at_once_do_not_pass_the_bound() {
    let desk = desk();
    let curate = door(&desk, NoticeLimits { stored_max: 5, ..NoticeLimits::default() });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let taken = runtime.block_on(async {
        let tasks: Vec<_> = (0..20)
            .map(|_| {
                let curate = curate.clone();
                tokio::spawn(async move { curate.submit_notice(notice("x")).await.is_ok() })
            })
            .collect();
        let mut taken = 0;
        for task in tasks {
            taken += usize::from(task.await.unwrap());
        }
        taken
    });
    assert_eq!((taken, desk.store.notice_count().unwrap()), (5, 5));
}

#[test]
fn addresses_are_deleted_in_time() {
    let desk = desk();
    let limits = NoticeLimits { email_days: 180, sweep_writes_max: 2, ..NoticeLimits::default() };
    let curate = door(&desk, limits);
    let old: Vec<_> = (0..3).map(|_| run(curate.submit_notice(notice("alt"))).unwrap().id).collect();
    let without = run(curate.submit_notice(NewNotice { email: String::new(), ..notice("ohne") })).unwrap();
    later(&desk, 100);
    let young = run(curate.submit_notice(notice("jung"))).unwrap();
    later(&desk, 179);
    assert_eq!(run(curate.sweep_notices()).unwrap(), Swept::default());
    later(&desk, 180);
    assert_eq!(run(curate.sweep_notices()).unwrap(), Swept { emails: 2, notices: 0 }, "a sweep is bounded");
    assert_eq!(run(curate.sweep_notices()).unwrap(), Swept { emails: 1, notices: 0 }, "the next one does the rest");
    assert_eq!(run(curate.sweep_notices()).unwrap(), Swept::default());
    for id in old {
        let notice = desk.store.notice(id).unwrap().unwrap();
        assert_eq!((notice.email, notice.state, notice.text.as_str()), (None, NoticeState::Open, "alt"));
    }
    assert_eq!(desk.store.notice(young.id).unwrap(), Some(young));
    assert_eq!(desk.store.notice(without.id).unwrap(), Some(without));
    desk.store.verify_all().unwrap();
}
