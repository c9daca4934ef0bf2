//! The two tiers above any sum: entries that are called as the query reads.

use super::Pass;
use crate::index::{document::NameKind, snapshot::Doc};

impl Pass<'_> {
    /// The two tiers: the query equals a title or other name, or such a name begins with it.
    pub(super) fn titles(&mut self, titles: &[String], hit: &[bool]) {
        for segment in &self.snapshot.segments {
            let mut tiers: Vec<(Doc, f32)> = Vec::new();
            for title in titles.iter().filter(|title| !title.is_empty()) {
                let begun = segment.columns.names.starting_with(title).filter(|(_, at)| *at == 0);
                tiers.extend(begun.filter_map(|(name, _)| {
                    let whole = match name.folded.as_bytes().get(title.len()) {
                        None => 1.0,
                        Some(b' ') => 0.5,
                        Some(_) => return None,
                    };
                    // Of two entries that are called so the one whose title it is comes first.
                    let kind = match name.kind {
                        NameKind::Title => 2.0,
                        NameKind::Other => 1.8,
                        NameKind::Variant => 1.6,
                    };
                    Some((segment.docs.start + name.document, whole * kind))
                }));
            }
            tiers.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
            tiers.dedup_by_key(|(doc, _)| *doc);
            for (doc, tier) in tiers {
                if hit[doc as usize] {
                    self.arrays.scores[doc as usize] += tier * self.weights.title_tier;
                }
            }
        }
    }
}
