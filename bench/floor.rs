//! What the same work costs in tantivy alone: the floor under our figures.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use mitmachbox::{
    index::{document, document::Public, schema, tokens},
    model::vocabulary::Vocabularies,
    text::{Analyser, Form},
};
use tantivy::{
    Index, Searcher, TantivyDocument, Term,
    collector::{Count, TopDocs},
    query::{BooleanQuery, Occur, Query, TermQuery},
    schema::IndexRecordOption,
};

/// Hits fetched with their stored documents, as many as on a page.
const TOP: usize = 20;

/// An index opened with plain tantivy.
pub(crate) struct Floor {
    searcher: Searcher,
    fields: schema::Fields,
}

impl Floor {
    /// Opens the very files that our search reads.
    pub(crate) fn open(directory: &Path) -> anyhow::Result<Self> {
        let index = Index::open_in_dir(directory)?;
        let (_, fields) = schema::build();
        Ok(Self { searcher: index.reader()?.searcher(), fields })
    }

    /// All words must be there, as stems in any zone: top hits with their documents, and the total. No facets, no
    /// parts, no grams, no corrections.
    pub(crate) fn search(&self, q: &str) -> anyhow::Result<(Duration, usize)> {
        let started = Instant::now();
        let mut words: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        Analyser::bundled().words(q, &mut |word| {
            if word.form == Form::Simple && word.weight >= 1.0 {
                let zones = self.fields.stem.map(|field| -> (Occur, Box<dyn Query>) {
                    let term = Term::from_field_text(field, word.stem);
                    (Occur::Should, Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)))
                });
                words.push((Occur::Must, Box::new(BooleanQuery::new(zones.into()))));
            }
        });
        let query = BooleanQuery::new(words);
        let (total, top) = self.searcher.search(&query, &(Count, TopDocs::with_limit(TOP).order_by_score()))?;
        for (_, address) in &top {
            let document: TantivyDocument = self.searcher.doc(*address)?;
            std::hint::black_box(document);
        }
        Ok((started.elapsed(), total))
    }
}

/// Entries per second into plain tantivy, with our analyser, our schema and our writer's memory: one thread, one
/// commit at the end.
pub(crate) fn entries_per_second(
    directory: &Path,
    entries: &[Public],
    vocabularies: &Vocabularies,
) -> anyhow::Result<f64> {
    let analyser = Analyser::bundled();
    let (schema, fields) = schema::build();
    let mut index = Index::create_in_dir(directory, schema)?;
    index.set_tokenizers(tokens::manager());
    let mut writer = index.writer_with_num_threads::<TantivyDocument>(1, 24 << 20)?;
    let started = Instant::now();
    for entry in entries {
        writer.add_document(document::build(entry, vocabularies, analyser, &fields)?)?;
    }
    writer.commit()?;
    let seconds = started.elapsed().as_secs_f64();
    writer.wait_merging_threads()?;
    Ok(entries.len() as f64 / seconds)
}
