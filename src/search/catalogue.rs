//! All entries by name, for lists that show everything: A to Z, site maps.

use std::collections::HashMap;

use super::service::{Context, SearchError};
use crate::index::{
    document::NameKind,
    sheet::Face,
    snapshot::{Doc, Snapshot},
};

/// An entry as a list of everything shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// Title, address, kind, dates.
    pub face: Face,
    /// Other names that readers see.
    pub other_names: Vec<String>,
}

/// The first `limit` entries by title.
pub(super) fn catalogue(context: &Context, snapshot: &Snapshot, limit: usize) -> Result<Vec<Listed>, SearchError> {
    let mut docs: Vec<(&str, Doc)> = Vec::new();
    let mut other_names: HashMap<Doc, Vec<String>> = HashMap::new();
    for segment in &snapshot.segments {
        let live = |local: usize| segment.live[local];
        let keys = segment.columns.title_keys.iter().enumerate().filter(|(local, _)| live(*local));
        docs.extend(keys.map(|(local, key)| (&**key, segment.docs.start + local as Doc)));
        for name in segment.columns.names.iter() {
            if name.kind == NameKind::Other && live(name.document as usize) {
                other_names.entry(segment.docs.start + name.document).or_default().push(name.shown.to_string());
            }
        }
    }
    docs.sort_unstable();
    docs.truncate(limit);
    docs.into_iter()
        .map(|(_, doc)| {
            let face = context.sheet(snapshot, doc)?.face.clone();
            Ok(Listed { face, other_names: other_names.remove(&doc).unwrap_or_default() })
        })
        .collect()
}
