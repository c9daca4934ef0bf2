//! The words that the index holds: which are known, which begin like what is being typed, which are near to a typo.

use std::collections::BTreeMap;

use tantivy::termdict::TermDictionary;
use tantivy_fst::Automaton;

use super::{
    IndexError,
    postings::{live_count, live_frequency},
    schema::Zone,
    snapshot::Snapshot,
    tokens::LEXIS_SEPARATOR,
};
use crate::text::{DamerauAutomaton, spelling};

/// A word of the index.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownWord {
    /// Folded.
    pub folded: String,
    /// Its most frequent form, as written.
    pub written: String,
    /// Live entries that have it.
    pub frequency: u32,
}

/// Most dictionary entries that one look-up may touch; prefixes of one letter would touch the whole dictionary.
const TOUCHED_MAX: usize = 20_000;

impl Snapshot {
    /// How many live entries hold the stem, as a word or as part of one; 0 for an unknown word.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn stem_frequency(&self, stem: &str) -> Result<u32, IndexError> {
        let mut frequency = 0;
        for segment in &self.segments {
            for zone in 0..Zone::COUNT {
                for reader in [&segment.stem[zone], &segment.part[zone]] {
                    if let Some(info) = reader.terms().get(stem.as_bytes())? {
                        // Tombstones and deleted documents are rare; only where they could be all there is, look.
                        frequency += if segment.all_live || info.doc_freq > 64 {
                            info.doc_freq
                        } else {
                            live_frequency(segment, reader, &info)?
                        };
                    }
                }
            }
        }
        Ok(frequency)
    }

    /// How many live entries hold this exact form.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn exact_frequency(&self, exact: &str) -> Result<u32, IndexError> {
        live_count(self, |segment| &segment.exact, exact)
    }

    /// The forms in which live entries have a folded word, as written.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn forms_written(&self, folded: &str, at_most: usize) -> Result<Vec<String>, IndexError> {
        let start = format!("{folded}{LEXIS_SEPARATOR}");
        let mut forms: Vec<String> = Vec::new();
        for segment in &self.segments {
            let mut stream = segment.lexis.terms().range().ge(start.as_bytes()).into_stream()?;
            while stream.advance() && forms.len() < at_most {
                let Some(written) = stream.key().strip_prefix(start.as_bytes()) else { break };
                let written = String::from_utf8_lossy(written);
                if !forms.iter().any(|known| **known == *written) {
                    forms.push(written.into_owned());
                }
            }
        }
        Ok(forms)
    }

    /// Whether any word of a live entry begins with the folded letters; looks no further than the first.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn begins_a_word(&self, folded: &str) -> Result<bool, IndexError> {
        for segment in &self.segments {
            let mut stream = segment.lexis.terms().range().ge(folded.as_bytes()).into_stream()?;
            while stream.advance() && stream.key().starts_with(folded.as_bytes()) {
                let info = stream.value().clone();
                if live_frequency(segment, &segment.lexis, &info)? > 0 {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Words that begin with the folded letters, the most frequent first.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn words_beginning(&self, folded: &str, at_most: usize) -> Result<Vec<KnownWord>, IndexError> {
        let mut words = Words::default();
        for segment in &self.segments {
            let mut stream = segment.lexis.terms().range().ge(folded.as_bytes()).into_stream()?;
            let mut touched = 0;
            while stream.advance() && stream.key().starts_with(folded.as_bytes()) && touched < TOUCHED_MAX {
                let info = stream.value().clone();
                words.add(stream.key(), live_frequency(segment, &segment.lexis, &info)?);
                touched += 1;
            }
        }
        let mut words = words.finish();
        words.sort_by(|a, b| b.frequency.cmp(&a.frequency).then_with(|| a.folded.cmp(&b.folded)));
        words.truncate(at_most);
        Ok(words)
    }

    /// Words within the distance that a word of this length allows, the likeliest first.
    ///
    /// The likelihood weighs the distance with neighbouring keys, and the frequency.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn words_near(&self, folded: &str, at_most: usize) -> Result<Vec<KnownWord>, IndexError> {
        let distance = spelling::allowed_distance(folded.chars().count());
        if distance == 0 {
            return Ok(Vec::new());
        }
        let mut words = Words::default();
        for segment in &self.segments {
            search(segment.lexis.terms(), folded, distance, |key, info| {
                words.add(key, live_frequency(segment, &segment.lexis, info)?);
                Ok(())
            })?;
        }
        let mut words: Vec<(f32, KnownWord)> = words
            .finish()
            .into_iter()
            .map(|word| {
                (
                    spelling::candidate_cost(folded, &word.folded)
                        - (1.0 + word.frequency as f32).ln() * FREQUENCY_WEIGHT,
                    word,
                )
            })
            .collect();
        words.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.folded.cmp(&b.1.folded)));
        words.truncate(at_most);
        Ok(words.into_iter().map(|(_, word)| word).collect())
    }
}

/// How much a tenfold frequency outweighs distance: a third of one edit.
const FREQUENCY_WEIGHT: f32 = 0.15;

fn search(
    terms: &TermDictionary,
    folded: &str,
    distance: u8,
    mut each: impl FnMut(&[u8], &tantivy::postings::TermInfo) -> Result<(), IndexError>,
) -> Result<(), IndexError> {
    let mut stream = terms.search(Near(DamerauAutomaton::new(folded, distance))).into_stream()?;
    let mut touched = 0;
    while stream.advance() && touched < TOUCHED_MAX {
        each(stream.key(), stream.value())?;
        touched += 1;
    }
    Ok(())
}

/// Forms of the same folded word, put together.
#[derive(Default)]
struct Words(BTreeMap<String, Vec<(String, u32)>>);

impl Words {
    fn add(&mut self, key: &[u8], frequency: u32) {
        let Some((folded, written)) = std::str::from_utf8(key).ok().and_then(|key| key.split_once(LEXIS_SEPARATOR))
        else {
            return;
        };
        if frequency > 0 {
            let forms = self.0.entry(folded.to_owned()).or_default();
            match forms.iter_mut().find(|(form, _)| form == written) {
                Some((_, known)) => *known += frequency,
                None => forms.push((written.to_owned(), frequency)),
            }
        }
    }

    fn finish(self) -> Vec<KnownWord> {
        let words = self.0.into_iter().filter_map(|(folded, forms)| {
            let frequency = forms.iter().map(|(_, frequency)| frequency).sum();
            let (written, _) = forms
                .into_iter()
                .max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.len().cmp(&a.0.len())).then_with(|| b.0.cmp(&a.0)))?;
            Some(KnownWord { folded, written, frequency })
        });
        words.collect()
    }
}

/// Accepts dictionary terms whose folded form is near to a word, whatever the form as written.
struct Near(DamerauAutomaton);

#[derive(Clone)]
enum NearState {
    Folded(crate::text::spelling::DamerauState),
    Written,
    Dead,
}

impl Automaton for Near {
    type State = NearState;

    fn start(&self) -> NearState {
        NearState::Folded(self.0.start())
    }

    fn is_match(&self, state: &NearState) -> bool {
        matches!(state, NearState::Written)
    }

    fn can_match(&self, state: &NearState) -> bool {
        match state {
            NearState::Folded(state) => self.0.can_match(state),
            NearState::Written => true,
            NearState::Dead => false,
        }
    }

    fn will_always_match(&self, state: &NearState) -> bool {
        matches!(state, NearState::Written)
    }

    fn accept(&self, state: &NearState, byte: u8) -> NearState {
        match state {
            NearState::Folded(state) if byte == LEXIS_SEPARATOR as u8 => {
                if self.0.is_match(state) {
                    NearState::Written
                } else {
                    NearState::Dead
                }
            }
            NearState::Folded(state) => NearState::Folded(self.0.accept(state, byte)),
            NearState::Written => NearState::Written,
            NearState::Dead => NearState::Dead,
        }
    }
}
