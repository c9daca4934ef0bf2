//! Reading posting lists: one term, and several that follow each other.

use tantivy::{DocSet, InvertedIndexReader, TERMINATED, postings::Postings, schema::IndexRecordOption};

use super::{IndexError, snapshot::Segment};

/// Postings of a term; none where the segment does not have it.
pub(super) fn postings(
    reader: &InvertedIndexReader,
    term: &str,
    option: IndexRecordOption,
) -> Result<Option<tantivy::postings::SegmentPostings>, IndexError> {
    Ok(match reader.terms().get(term.as_bytes())? {
        Some(info) => Some(reader.read_postings_from_terminfo(&info, option)?),
        None => None,
    })
}

/// Calls `each` with every live document of a term and its frequency there.
pub(super) fn each_live(
    segment: &Segment,
    reader: &InvertedIndexReader,
    term: &str,
    mut each: impl FnMut(u32, u32),
) -> Result<(), IndexError> {
    if let Some(mut postings) = postings(reader, term, IndexRecordOption::WithFreqs)? {
        let mut doc = postings.doc();
        while doc != TERMINATED {
            if segment.live[doc as usize] {
                each(doc, postings.term_freq());
            }
            doc = postings.advance();
        }
    }
    Ok(())
}

/// Calls `found` with every document in which the words stand at their distances.
pub(super) fn intersect(lists: &mut [(u32, tantivy::postings::SegmentPostings)], mut found: impl FnMut(u32)) {
    let mut doc = 0;
    let (mut starts, mut positions) = (Vec::new(), Vec::new());
    loop {
        loop {
            let before = doc;
            for (_, postings) in lists.iter_mut() {
                doc = if postings.doc() < doc { postings.seek(doc) } else { postings.doc() };
            }
            if doc == TERMINATED {
                return;
            }
            if doc == before && lists.iter().all(|(_, postings)| postings.doc() == doc) {
                break;
            }
        }
        starts.clear();
        for (number, (distance, postings)) in lists.iter_mut().enumerate() {
            postings.positions(&mut positions);
            let here = positions.iter().filter_map(|position| position.checked_sub(*distance));
            if number == 0 {
                starts.extend(here);
            } else {
                let here: Vec<u32> = here.collect();
                starts.retain(|start| here.contains(start));
            }
        }
        if !starts.is_empty() {
            found(doc);
        }
        doc += 1;
    }
}
