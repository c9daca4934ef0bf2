//! What can be no hit whatever else it has: exclusions, phrases, words of the title.

use tantivy::schema::IndexRecordOption;

use super::{ExecuteError, Pass, in_time};
use crate::index::{
    plan::{Phrase, Plan},
    postings::{each_block, intersect, postings},
    schema::Zone,
    snapshot::Doc,
};

impl Pass<'_> {
    /// Marks what can be no hit: not live, excluded, without a phrase or without a word of the title.
    pub(super) fn refused(&mut self, plan: &Plan) -> Result<Vec<bool>, ExecuteError> {
        let mut refused = Vec::with_capacity(self.snapshot.doc_count());
        for segment in &self.snapshot.segments {
            refused.extend(segment.live.iter().map(|live| !live));
        }
        for concept in plan.excluded.iter().flatten() {
            self.concept(concept)?;
            self.arrays.evidence.iter().for_each(|(doc, _)| refused[*doc as usize] = true);
        }
        for phrase in &plan.excluded_phrases {
            self.phrase(phrase)?.into_iter().for_each(|doc| refused[doc as usize] = true);
        }
        for phrase in &plan.phrases {
            let docs = self.phrase(phrase)?;
            keep_only(&mut refused, docs.into_iter());
        }
        for concept in &plan.in_title {
            let mut docs = Vec::new();
            for segment in &self.snapshot.segments {
                let title = Zone::Title as usize;
                for (reader, terms) in [(&segment.stem[title], &concept.stems), (&segment.part[title], &concept.parts)]
                {
                    for term in terms {
                        each_block(segment, reader, term, |locals, _| {
                            docs.extend(locals.iter().map(|local| segment.docs.start + local));
                        })?;
                    }
                }
            }
            keep_only(&mut refused, docs.into_iter());
        }
        Ok(refused)
    }

    /// Live documents in which the words follow each other.
    fn phrase(&self, phrase: &Phrase) -> Result<Vec<Doc>, ExecuteError> {
        let mut docs = Vec::new();
        if phrase.words.is_empty() {
            return Ok(docs);
        }
        for segment in &self.snapshot.segments {
            let mut lists = Vec::with_capacity(phrase.words.len());
            for (distance, forms) in &phrase.words {
                let mut any = Vec::with_capacity(forms.len());
                for form in forms {
                    any.extend(postings(&segment.exact, form, IndexRecordOption::WithFreqsAndPositions)?);
                }
                if any.is_empty() {
                    break;
                }
                lists.push((*distance, any));
            }
            if lists.len() < phrase.words.len() {
                continue;
            }
            intersect(&mut lists, |local| {
                if segment.live[local as usize] {
                    docs.push(segment.docs.start + local);
                }
            });
            in_time(self.deadline)?;
        }
        Ok(docs)
    }
}

fn keep_only(refused: &mut [bool], docs: impl Iterator<Item = Doc>) {
    let mut keep = vec![false; refused.len()];
    docs.for_each(|doc| keep[doc as usize] = true);
    refused.iter_mut().zip(keep).for_each(|(refused, keep)| *refused |= !keep);
}
