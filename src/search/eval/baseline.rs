//! What a city gets without a German search: an engine like Apache Lucene with its GermanAnalyzer, for comparison.
//!
//! Light stems ([`light`]), title and text as two fields, each scored by BM25 (Robertson, Zaragoza 2009) with k1 = 1.2 and
//! b = 0.75, the title twice; whatever has one of the words is a hit. Exact lengths, where Lucene keeps one byte of them.

pub mod light;

use std::collections::{BTreeMap, HashMap};

use self::light::Light;
use super::{
    collection::PlainDocument,
    figures::{Answer, DEPTH},
};
use crate::text::LanguageData;

/// BM25: how soon repetition stops to count.
const K1: f64 = 1.2;
/// BM25: how much length counts.
const B: f64 = 0.75;
/// Weights of title and text.
const WEIGHTS: [f64; 2] = [2.0, 1.0];

/// An index in memory.
#[derive(Debug)]
pub struct Baseline {
    light: Light,
    ids: Vec<String>,
    fields: [Field; 2],
}

#[derive(Debug, Default)]
struct Field {
    /// By stem: documents, ascending, with how often they have it.
    postings: HashMap<String, Vec<(usize, u32)>>,
    /// By document.
    lengths: Vec<usize>,
    /// Documents that have any word in this field.
    filled: usize,
    mean_length: f64,
}

impl Baseline {
    /// Indexes documents.
    pub fn new(documents: &[PlainDocument]) -> Self {
        let light = Light::new(&LanguageData::bundled().stopwords);
        let field =
            |text: fn(&PlainDocument) -> &str| Field::new(documents.iter().map(|document| light.stems(text(document))));
        let fields = [field(|document| &document.title), field(|document| &document.body)];
        Self { light, ids: documents.iter().map(|document| document.id.clone()).collect(), fields }
    }

    /// The best documents for a query; ties in the order of the documents.
    pub fn ask(&self, query: &str) -> Answer {
        let mut scores: BTreeMap<usize, f64> = BTreeMap::new();
        for stem in self.light.stems(query) {
            for (field, weight) in self.fields.iter().zip(WEIGHTS) {
                field.add(&stem, weight, &mut scores);
            }
        }
        let mut hits: Vec<(usize, f64)> = scores.into_iter().collect();
        hits.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let first = hits.iter().take(DEPTH as usize);
        Answer {
            documents: first.map(|(document, _)| self.ids[*document].clone()).collect(),
            total: hits.len() as u64,
            relaxed: false,
        }
    }
}

impl Field {
    fn new(documents: impl Iterator<Item = Vec<String>>) -> Self {
        let mut field = Self::default();
        for (number, stems) in documents.enumerate() {
            field.lengths.push(stems.len());
            for stem in stems {
                let postings = field.postings.entry(stem).or_default();
                match postings.last_mut() {
                    Some((last, count)) if *last == number => *count += 1,
                    _ => postings.push((number, 1)),
                }
            }
        }
        field.filled = field.lengths.iter().filter(|length| **length > 0).count();
        field.mean_length = field.lengths.iter().sum::<usize>() as f64 / field.filled.max(1) as f64;
        field
    }

    fn add(&self, stem: &str, weight: f64, scores: &mut BTreeMap<usize, f64>) {
        let Some(postings) = self.postings.get(stem) else { return };
        let having = postings.len() as f64;
        let rarity = (1.0 + (self.filled as f64 - having + 0.5) / (having + 0.5)).ln();
        for (document, count) in postings {
            let frequency = f64::from(*count);
            let length = self.lengths[*document] as f64 / self.mean_length;
            let saturated = frequency / (frequency + K1 * (1.0 - B + B * length));
            *scores.entry(*document).or_default() += weight * rarity * saturated;
        }
    }
}
