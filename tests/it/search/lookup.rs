//! Single entries: by id and slug, page by page, with their relations; and entries like them.

use mitmachbox::model::id::EntryId;
use mitmachbox::search::response::Lookup;
use serde_json::json;

use super::desk::{content, desk, run};
use super::support::CORPUS;

#[test]
fn an_id_or_slug_leads_to_the_entry_and_an_old_slug_to_the_new_one() {
    let mut desk = desk();
    let first = desk.put(content("Garten", "Grün."));
    let id = first.entry.record.id;
    let moved = desk.publish(&desk.patch(&first, json!({ "slug": "park", "title": "Park" })));
    desk.step();
    for name in ["park".to_owned(), id.to_string(), id.to_string().to_uppercase()] {
        let Lookup::Found(view) = desk.lookup(&name) else { panic!("{name}: {:?}", desk.lookup(&name)) };
        assert_eq!((view.public.id, view.public.entry.common.title.as_str()), (id, "Park"));
        assert_eq!(view.url, "/eintrag/park");
        assert_eq!(view.public.old_slugs, ["garten"]);
    }
    assert!(matches!(desk.lookup("garten"), Lookup::Moved { slug } if slug == "park"));
    for unknown in ["gibt-es-nicht", "", "Park", "018f3a7e-1111-7abc-8def-000000000000"] {
        assert!(matches!(desk.lookup(unknown), Lookup::Unknown), "{unknown}");
    }

    desk.archive(&moved);
    desk.step();
    for name in ["park".to_owned(), "garten".to_owned(), id.to_string()] {
        assert!(matches!(desk.lookup(&name), Lookup::Archived { title } if title == "Park"), "{name}");
    }
}

#[test]
fn pages_of_entries_hold_each_once_in_the_order_of_ids() {
    let all = CORPUS.snapshot.live_count as usize;
    for limit in [1, 7, 50, all - 1, all, all + 1] {
        let mut ids: Vec<EntryId> = Vec::new();
        let mut cursor = None;
        loop {
            let page = CORPUS.search.entries(cursor, limit, Default::default()).unwrap();
            assert!(page.entries.len() <= limit && (page.next.is_none() || page.entries.len() == limit));
            ids.extend(page.entries.iter().map(|view| view.public.id));
            match page.next {
                Some(next) => cursor = Some(next),
                None => break,
            }
        }
        assert_eq!(ids.len(), all, "{limit} on a page");
        assert!(ids.is_sorted() && ids.windows(2).all(|pair| pair[0] != pair[1]), "{limit} on a page");
    }
}

#[test]
fn relations_are_seen_from_both_ends() {
    let mut desk = desk();
    let target = desk.put(content("Ziel", "Ein Ziel."));
    let mut from = content("Quelle", "Eine Quelle.");
    from["relations"] = json!([{ "type": "follows", "target": "ziel", "note": "danach" }]);
    let source = desk.put(from);
    desk.step();
    let relations = |name: &str| {
        let Lookup::Found(view) = desk.lookup(name) else { panic!("{name}") };
        let of = |relation: &mitmachbox::search::response::ResolvedRelation| {
            (relation.relation.clone(), relation.slug.clone(), relation.derived, relation.note.clone())
        };
        view.relations.iter().map(of).collect::<Vec<_>>()
    };
    let note = Some("danach".to_owned());
    assert_eq!(relations("quelle"), [("follows".into(), "ziel".into(), false, note.clone())]);
    assert_eq!(relations("ziel"), [("followed_by".into(), "quelle".into(), true, note)]);

    // What is not public is named by nobody.
    desk.archive(&source);
    desk.step();
    let Lookup::Found(view) = desk.lookup("ziel") else { panic!() };
    assert_eq!(view.relations, []);
    desk.archive(&target);
    desk.step();
    assert_eq!(desk.listed(10), []);
}

#[test]
fn a_note_on_a_mutual_relation_is_read_on_the_side_it_was_written_for() {
    let mut desk = desk();
    desk.put(content("Ziel", "Ein Ziel."));
    let mut from = content("Quelle", "Eine Quelle.");
    from["relations"] = json!([{ "type": "combines_with", "target": "ziel", "note": "danach: Ergebnisse zeigen" }]);
    desk.put(from);
    desk.step();
    let relation = |slug: &str| {
        let Lookup::Found(view) = desk.lookup(slug) else { panic!("{slug}") };
        let [relation] = view.relations.as_slice() else { panic!("{:?}", view.relations) };
        (relation.slug.clone(), relation.derived, relation.note.clone())
    };
    assert_eq!(relation("quelle"), ("ziel".into(), false, Some("danach: Ergebnisse zeigen".into())));
    assert_eq!(relation("ziel"), ("quelle".into(), true, None), "there it would say the opposite");
}

#[test]
fn related_entries_are_the_linked_ones_then_similar_ones_and_never_itself() {
    for slug in ["world-cafe", "buergerrat", "maengelmelder", "dortmund-nordwaerts", "vdi-7001"] {
        let Lookup::Found(view) = CORPUS.search.entry(slug, Default::default()).unwrap() else { panic!("{slug}") };
        let limit = view.relations.len() + 4;
        let related = run(CORPUS.search.related(view.public.id, limit, Default::default())).unwrap();
        let ids: Vec<EntryId> = related.iter().map(|hit| hit.id).collect();
        assert_eq!(ids.len(), limit, "{slug}: linked ones and four more");
        assert!(!ids.contains(&view.public.id), "{slug} is not like itself");
        let mut once = ids.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), ids.len(), "{slug}: each once");
        let mut linked: Vec<EntryId> = view.relations.iter().map(|relation| relation.target).collect();
        linked.sort_unstable();
        linked.dedup();
        let (first, rest) = ids.split_at(linked.len());
        let mut first = first.to_vec();
        first.sort_unstable();
        assert_eq!(first, linked, "{slug}: linked ones first");
        assert!(rest.iter().all(|id| !linked.contains(id)));
        assert_eq!(run(CORPUS.search.related(view.public.id, 2, Default::default())).unwrap().len(), 2);
    }
    let like =
        run(CORPUS.search.related(EntryId::of_seed("format", "jugendparlament"), 12, Default::default())).unwrap();
    let slugs: Vec<&str> = like.iter().map(|hit| hit.slug.as_str()).collect();
    assert!(slugs.contains(&"jugendforum"), "{slugs:?}");
    assert_eq!(run(CORPUS.search.related(EntryId::of_seed("a", "b"), 5, Default::default())).unwrap(), []);
}
