//! Single entries: by id or slug, page by page, with their relations in both directions.

use super::{
    response::*,
    service::{Context, SearchError, state_of},
};
use crate::{
    index::{
        sheet::Face,
        snapshot::{Doc, Snapshot},
    },
    model::{id::EntryId, kind::RelationType, vocabulary::Language},
};

/// The entry with this id or slug.
pub(super) fn entry(
    context: &Context,
    snapshot: &Snapshot,
    id_or_slug: &str,
    language: Language,
) -> Result<Lookup, SearchError> {
    let by_id = id_or_slug.parse::<EntryId>().ok();
    let doc = match by_id {
        Some(id) => snapshot.by_id(id)?,
        None => snapshot.by_slug(id_or_slug)?,
    };
    let Some(doc) = doc else { return Ok(Lookup::Unknown) };
    if snapshot.is_tombstone(doc) {
        return Ok(Lookup::Archived { title: snapshot.tombstone_title(doc) });
    }
    let view = view(context, snapshot, doc, language)?;
    let slug = &view.public.entry.common.slug;
    if by_id.is_none() && slug != id_or_slug {
        return Ok(Lookup::Moved { slug: slug.clone() });
    }
    Ok(Lookup::Found(Box::new(view)))
}

/// Entries by id, after `after`.
pub(super) fn entries(
    context: &Context,
    snapshot: &Snapshot,
    after: Option<EntryId>,
    limit: usize,
    language: Language,
) -> Result<EntryPage, SearchError> {
    let mut docs: Vec<(EntryId, Doc)> = Vec::new();
    for segment in &snapshot.segments {
        for (local, id) in segment.columns.ids.iter().enumerate() {
            if segment.live[local] && after.is_none_or(|after| *id > after) {
                docs.push((*id, segment.docs.start + local as Doc));
            }
        }
    }
    let more = docs.len() > limit;
    if more {
        docs.select_nth_unstable(limit);
        docs.truncate(limit);
    }
    docs.sort_unstable();
    let next = docs.last().filter(|_| more).map(|(id, _)| *id);
    let entries = docs.into_iter().map(|(_, doc)| view(context, snapshot, doc, language)).collect::<Result<_, _>>()?;
    Ok(EntryPage { entries, next })
}

/// An entry with its relations resolved.
pub(super) fn view(
    context: &Context,
    snapshot: &Snapshot,
    doc: Doc,
    language: Language,
) -> Result<EntryView, SearchError> {
    let public = snapshot.entry(doc)?;
    let mut relations = Vec::new();
    for relation in &public.entry.common.relations {
        let Some(target) = relation.target.parse().ok() else { continue };
        let Some(other) = live(snapshot, target)? else { continue };
        let other = context.sheet(snapshot, other)?;
        relations.push(resolved(snapshot, relation.relation, false, &other.face, relation.note.clone(), language));
    }
    for other in snapshot.pointing_at(public.id)? {
        let other = snapshot.entry(other)?;
        let back = other.entry.common.relations.iter().filter(|relation| relation.target == public.id.to_string());
        for relation in back {
            let known = relations.iter().any(|known: &ResolvedRelation| {
                known.target == other.id && relation.relation.symmetric() && known.relation == relation.relation.id()
            });
            if !known {
                // "danach: …" was written for the other side; here it would say the opposite.
                let note = relation.note.clone().filter(|_| !relation.relation.symmetric());
                relations.push(resolved(snapshot, relation.relation, true, &Face::of(&other), note, language));
            }
        }
    }
    relations.sort_by(|a, b| a.relation.cmp(&b.relation).then_with(|| a.title.cmp(&b.title)));
    let url = context.entry_url(&public.entry.common.slug);
    Ok(EntryView { public, relations, url, index: state_of(snapshot) })
}

fn live(snapshot: &Snapshot, id: EntryId) -> Result<Option<Doc>, SearchError> {
    Ok(snapshot.by_id(id)?.filter(|doc| !snapshot.is_tombstone(*doc)))
}

fn resolved(
    snapshot: &Snapshot,
    relation: RelationType,
    derived: bool,
    other: &Face,
    note: Option<String>,
    language: Language,
) -> ResolvedRelation {
    let term = snapshot.reference.vocabularies.term(RelationType::VOCABULARY, relation.id());
    let id = if derived { relation.inverse_id() } else { relation.id() };
    let label = match (term, derived && !relation.symmetric(), language) {
        (None, _, _) => id.to_owned(),
        (Some(_), true, Language::English) => id.replace('_', " "),
        (Some(term), true, _) => term.label_inverse.clone().unwrap_or_else(|| term.label.clone()),
        (Some(term), false, language) => term.label(language).to_owned(),
    };
    ResolvedRelation {
        relation: id.to_owned(),
        label,
        target: other.id,
        slug: other.slug.clone(),
        title: other.title.clone(),
        kind: other.kind,
        summary: other.facts.summary.clone(),
        note,
        derived,
    }
}
