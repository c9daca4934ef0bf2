//! Names: each leads to one entry.
//!
//! A search that equals a title or another name puts that entry first (DESIGN: two tiers), so a name that two
//! entries claim makes chance decide. An entry may bear the name of one of another kind that it is related to: the case
//! "Mitmachpool Dortmund" is also known as the format it uses.

use std::collections::HashMap;

use super::{Corpus, Findings};

pub(super) fn check(corpus: &Corpus, findings: &mut Findings) {
    let mut titles: HashMap<String, usize> = HashMap::new();
    for (at, item) in corpus.items.iter().enumerate() {
        if let Some(other) = titles.insert(folded(&item.entry.common.title), at) {
            let detail = format!("{} has the same title: rename one", slug(corpus, other));
            findings.error(&item.place, "/title", "title-twice", detail);
        }
    }
    let mut others: HashMap<String, usize> = HashMap::new();
    for (at, item) in corpus.items.iter().enumerate() {
        for (number, name) in item.entry.common.alternative_titles.iter().enumerate() {
            let pointer = format!("/alternative_titles/{number}");
            let name = folded(name);
            match titles.get(&name) {
                Some(owner) if *owner == at => {
                    let detail = "this is the title; leave it out here".to_owned();
                    findings.error(&item.place, &pointer, "title-twice", detail);
                }
                Some(owner) if !may_share(corpus, at, *owner) => {
                    let detail =
                        format!("this is the title of {}: leave it out, or relate the two", slug(corpus, *owner));
                    findings.error(&item.place, &pointer, "title-twice", detail);
                }
                _ => {}
            }
            match others.insert(name, at) {
                Some(owner) if owner == at => {
                    findings.error(&item.place, &pointer, "title-twice", "this name stands here twice".into());
                }
                Some(owner) if !may_share(corpus, at, owner) => {
                    let detail = format!("{} has this name too; is one of them meant more often?", slug(corpus, owner));
                    findings.note(&item.place, &pointer, "name-shared", detail);
                }
                _ => {}
            }
        }
    }
}

fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

fn slug(corpus: &Corpus, at: usize) -> &str {
    &corpus.items[at].entry.common.slug
}

/// Whether the two are of different kinds and one says how it stands to the other.
fn may_share(corpus: &Corpus, one: usize, other: usize) -> bool {
    let points_at = |from: usize, to: usize| {
        let relations = &corpus.items[from].entry.common.relations;
        relations.iter().any(|relation| corpus.target(&relation.target) == Some(to))
    };
    corpus.items[one].entry.kind() != corpus.items[other].entry.kind()
        && (points_at(one, other) || points_at(other, one))
}
