//! Reading posting lists: one term, and several that follow each other.

use tantivy::{
    DocSet, InvertedIndexReader, TERMINATED,
    postings::{Postings, SegmentPostings, TermInfo},
    schema::IndexRecordOption,
};

use super::{
    IndexError,
    snapshot::{Segment, Snapshot},
};

/// Postings of a term; none where the segment does not have it.
pub(super) fn postings(
    reader: &InvertedIndexReader,
    term: &str,
    option: IndexRecordOption,
) -> Result<Option<SegmentPostings>, IndexError> {
    Ok(match reader.terms().get(term.as_bytes())? {
        Some(info) => Some(reader.read_postings_from_terminfo(&info, option)?),
        None => None,
    })
}

/// How many live documents of the snapshot have a term.
pub(super) fn live_count(
    snapshot: &Snapshot,
    reader: impl Fn(&Segment) -> &InvertedIndexReader,
    term: &str,
) -> Result<u32, IndexError> {
    let mut count = 0;
    for segment in &snapshot.segments {
        let reader = reader(segment);
        if let Some(info) = reader.terms().get(term.as_bytes())? {
            count += live_frequency(segment, reader, &info)?;
        }
    }
    Ok(count)
}

/// How many live documents of a segment have a term. Nothing is read where all documents are live.
pub(super) fn live_frequency(
    segment: &Segment,
    reader: &InvertedIndexReader,
    info: &TermInfo,
) -> Result<u32, IndexError> {
    if segment.all_live {
        return Ok(info.doc_freq);
    }
    let mut blocks = reader.read_block_postings_from_terminfo(info, IndexRecordOption::Basic)?;
    let mut live = 0;
    while !blocks.docs().is_empty() {
        live += blocks.docs().iter().filter(|doc| segment.live[**doc as usize]).count() as u32;
        blocks.advance();
    }
    Ok(live)
}

/// Calls `each` with the live documents of a term and its frequencies there, block by block.
pub(super) fn each_block(
    segment: &Segment,
    reader: &InvertedIndexReader,
    term: &str,
    each: impl FnMut(&[u32], &[u32]),
) -> Result<(), IndexError> {
    match reader.terms().get(term.as_bytes())? {
        Some(info) => each_block_of(segment, reader, &info, each),
        None => Ok(()),
    }
}

/// The same for a term that was looked up already.
pub(super) fn each_block_of(
    segment: &Segment,
    reader: &InvertedIndexReader,
    info: &TermInfo,
    mut each: impl FnMut(&[u32], &[u32]),
) -> Result<(), IndexError> {
    let mut blocks = reader.read_block_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?;
    let (mut docs, mut frequencies) = (Vec::new(), Vec::new());
    while !blocks.docs().is_empty() {
        if segment.all_live {
            each(blocks.docs(), blocks.freqs());
        } else {
            let of_block = blocks.docs().iter().zip(blocks.freqs());
            let live = of_block.filter(|(doc, _)| segment.live[**doc as usize]);
            docs.clear();
            frequencies.clear();
            for (doc, frequency) in live {
                docs.push(*doc);
                frequencies.push(*frequency);
            }
            each(&docs, &frequencies);
        }
        blocks.advance();
    }
    Ok(())
}

/// Calls `each` with those of the documents `among`, ascending, that a term has, and its frequency there; blocks without
/// any of them are passed over.
pub(super) fn each_among(
    reader: &InvertedIndexReader,
    info: &TermInfo,
    among: &[u32],
    mut each: impl FnMut(u32, u32),
) -> Result<(), IndexError> {
    let mut blocks = reader.read_block_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?;
    for doc in among {
        let at = blocks.seek(*doc);
        match blocks.docs().get(at) {
            Some(found) if found == doc => each(*doc, blocks.freq(at)),
            Some(_) => {}
            None => break,
        }
    }
    Ok(())
}

/// Calls `found` with every document in which the words stand at their distances, each in any of its forms.
pub(super) fn intersect(words: &mut [(u32, Vec<SegmentPostings>)], mut found: impl FnMut(u32)) {
    let mut doc = 0;
    let (mut starts, mut positions, mut here) = (Vec::new(), Vec::new(), Vec::new());
    loop {
        loop {
            let before = doc;
            for (_, forms) in words.iter_mut() {
                doc = forms.iter_mut().map(|postings| at_or_after(postings, doc)).min().unwrap_or(TERMINATED);
            }
            if doc == TERMINATED {
                return;
            }
            if doc == before {
                break;
            }
        }
        starts.clear();
        for (number, (distance, forms)) in words.iter_mut().enumerate() {
            here.clear();
            for postings in forms.iter_mut().filter(|postings| postings.doc() == doc) {
                postings.positions(&mut positions);
                here.extend(positions.iter().filter_map(|position| position.checked_sub(*distance)));
            }
            if number == 0 {
                starts.extend_from_slice(&here);
            } else {
                starts.retain(|start| here.contains(start));
            }
        }
        if !starts.is_empty() {
            found(doc);
        }
        doc += 1;
    }
}

/// The first document of the list from `doc` on.
fn at_or_after(postings: &mut SegmentPostings, doc: u32) -> u32 {
    if postings.doc() < doc { postings.seek(doc) } else { postings.doc() }
}
