//! Reading what finds a concept: frequencies of its terms, weighted by zone and length, added up by document; and what
//! they are worth as evidence.

use super::{ExecuteError, Pass, in_time, saturated};
use crate::index::{accumulate::Arrays, plan::Concept, postings::each_block, schema::Zone};

/// Length normalisation by the byte that tantivy stores for a length.
pub(super) type Lengths = [f32; 256];

/// The normalisation for each such byte; `b` is how much length counts, `mean` the mean length.
pub(super) fn lengths(b: f32, mean: f32) -> Lengths {
    std::array::from_fn(|id| {
        let length = tantivy::fieldnorm::FieldNormReader::id_to_fieldnorm(id as u8) as f32;
        1.0 / (1.0 - b + b * length / mean)
    })
}

impl Pass<'_> {
    /// Fills `evidence` with the live documents of a concept. What the plan asks for again is read only once.
    pub(super) fn concept(&mut self, concept: &Concept) -> Result<(), ExecuteError> {
        if let Some(Some(known)) = self.kept.get(concept) {
            self.arrays.evidence.clone_from(known);
            return Ok(());
        }
        self.read(concept)?;
        self.weigh();
        if let Some(kept) = self.kept.get_mut(concept) {
            *kept = Some(self.arrays.evidence.clone());
        }
        Ok(())
    }

    /// Fills `frequency` with the live documents of a concept.
    fn read(&mut self, concept: &Concept) -> Result<(), ExecuteError> {
        let Arrays { frequency, title_frequency, .. } = &mut *self.arrays;
        frequency.clear();
        title_frequency.clear();
        let zones = self.weights.zone.array();
        for segment in &self.snapshot.segments {
            let first = segment.docs.start;
            for (zone, zone_weight) in zones.into_iter().enumerate() {
                let (norms, lengths) = (&*segment.stem_norms[zone], &self.stem_lengths[zone]);
                for (reader, terms, weight) in [
                    (&segment.stem[zone], &concept.stems, 1.0),
                    (&segment.part[zone], &concept.parts, self.weights.part),
                ] {
                    let normed =
                        |local: u32, count: u32| weight * count as f32 * lengths[usize::from(norms[local as usize])];
                    for term in terms {
                        each_block(segment, reader, term, |docs, counts| {
                            frequency.reserve(docs.len());
                            for (local, count) in docs.iter().zip(counts) {
                                frequency.add(first + local, zone_weight * normed(*local, *count));
                            }
                            if zone == Zone::Title as usize {
                                title_frequency.reserve(docs.len());
                                for (local, count) in docs.iter().zip(counts) {
                                    title_frequency.add(first + local, normed(*local, *count));
                                }
                            }
                        })?;
                    }
                }
            }
            for pair in &concept.pairs {
                each_block(segment, &segment.pair, pair, |docs, _| {
                    frequency.reserve(docs.len());
                    docs.iter().for_each(|local| frequency.add(first + local, 1.0));
                })?;
            }
        }
        in_time(self.deadline)
    }

    /// Fills `evidence` with the live documents of an exact form.
    pub(super) fn exact(&mut self, form: &str) -> Result<(), ExecuteError> {
        let Arrays { frequency, title_frequency, .. } = &mut *self.arrays;
        frequency.clear();
        title_frequency.clear();
        let body = Zone::Body as usize;
        for segment in &self.snapshot.segments {
            let (norms, lengths) = (&*segment.stem_norms[body], &self.stem_lengths[body]);
            each_block(segment, &segment.exact, form, |docs, counts| {
                frequency.reserve(docs.len());
                for (local, count) in docs.iter().zip(counts) {
                    let normed = *count as f32 * lengths[usize::from(norms[*local as usize])];
                    frequency.add(segment.docs.start + local, normed);
                }
            })?;
        }
        self.weigh();
        in_time(self.deadline)
    }

    /// Turns frequencies into evidence: saturated over all zones, and once more in the title.
    fn weigh(&mut self) {
        let Arrays { frequency, title_frequency, evidence, .. } = &mut *self.arrays;
        let (k1, in_title) = (self.weights.k1, self.weights.in_title);
        evidence.clear();
        evidence.extend(frequency.docs().iter().map(|doc| {
            let all = saturated(frequency.value(*doc), k1);
            (*doc, all + in_title * saturated(title_frequency.value(*doc), k1))
        }));
    }
}
