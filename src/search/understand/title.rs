//! The query as a title: an entry that is called so comes first.

use super::covers;
use crate::{
    index::{document::folded_text, snapshot::Snapshot},
    query::Query,
    text::{Analyser, Form, OwnedWord},
};

/// The folded words as typed, corrected ones replaced: what a title is compared with. `starts` says where the words
/// stood; of `typed` those come along that are not searched.
pub(super) fn title(
    analyser: &Analyser,
    query: &Query,
    words: &[OwnedWord],
    starts: &[usize],
    typed: &[OwnedWord],
) -> String {
    match (query.plain.trim().is_empty(), query.phrases.as_slice()) {
        (false, []) => {
            let places = starts.iter().copied().chain(std::iter::repeat(usize::MAX));
            let searched = words.iter().zip(places);
            let set_aside = typed.iter().map(|word| (word, word.span.start));
            let set_aside = set_aside.filter(|(_, start)| !starts.contains(start));
            let simple = searched.chain(set_aside).filter(|(word, _)| word.form == Form::Simple && !word.repeated);
            let mut simple: Vec<(usize, &str)> = simple.map(|(word, start)| (start, word.folded.as_str())).collect();
            simple.sort_by_key(|(start, _)| *start);
            simple.dedup_by_key(|(_, folded)| *folded);
            simple.into_iter().map(|(_, folded)| folded).collect::<Vec<_>>().join(" ")
        }
        (true, [phrase]) => folded_text(analyser, &phrase.text),
        _ => String::new(),
    }
}

/// The query as a title where hyphens tie all its words: "Bürger-Rat" is "Bürgerrat".
pub(super) fn tied_title(words: &[OwnedWord]) -> Option<String> {
    let tied = words.iter().find(|word| word.form == Form::Joined)?;
    words.iter().all(|word| covers(tied, word)).then(|| tied.folded.clone())
}

/// Whether any name of an entry begins so.
pub(super) fn begins_a_name(snapshot: &Snapshot, title: &str) -> bool {
    snapshot.segments.iter().any(|segment| segment.columns.names.starting_with(title).any(|(_, at)| at == 0))
}
