//! One immutable state of the index: what a search looks at from beginning to end.

use std::{
    collections::HashMap,
    ops::Range,
    sync::{Arc, OnceLock},
};

use parking_lot::Mutex;
use tantivy::{
    InvertedIndexReader, Searcher, TantivyDocument, Term,
    fieldnorm::FieldNormReader,
    index::SegmentId,
    schema::{Field, Value},
    store::StoreReader,
};

use super::{
    IndexError,
    columns::{Columns, FacetSpace},
    document::Card,
    labels::{FoldedTerm, FoldedTerms},
    schema::{self, Fields, Zone},
    sheet::Sheet,
};
use crate::{
    model::{
        facet::{FACETS, Facet},
        id::{EntryId, PublicSeq},
        public::PublicEntry,
        vocabulary::Vocabularies,
    },
    text::{Analyser, SynonymSet},
};

/// Unpacked blocks of stored documents that are kept. A block holds one or two of them, and what is shown again comes
/// from the cache of sheets.
const STORE_BLOCKS_KEPT: usize = 0;

/// Number of a document within a snapshot.
pub type Doc = u32;

/// Data that the index needs beside entries; it travels with the snapshot so that a search sees one state of all.
#[derive(Clone, Debug, Default)]
pub struct Reference {
    /// Vocabularies.
    pub vocabularies: Arc<Vocabularies>,
    /// Synonyms.
    pub synonyms: Arc<SynonymSet>,
}

/// What snapshots of one generation share.
pub struct Shared {
    /// Fields of the schema.
    pub fields: Fields,
    /// German.
    pub analyser: &'static Analyser,
    /// Numbers of facet values.
    pub space: FacetSpace,
    /// Name of the generation.
    pub generation: String,
    columns: Mutex<HashMap<SegmentId, Arc<Columns>>>,
    terms: OnceLock<FoldedTerms>,
}

impl Shared {
    /// Nothing read yet.
    pub fn new(fields: Fields, analyser: &'static Analyser, generation: String) -> Self {
        Self {
            fields,
            analyser,
            space: FacetSpace::default(),
            generation,
            columns: Mutex::default(),
            terms: OnceLock::new(),
        }
    }
}

/// One immutable state of the index.
pub struct Snapshot {
    /// What all snapshots of the generation share.
    pub shared: Arc<Shared>,
    /// Vocabularies and synonyms.
    pub reference: Reference,
    /// Newest public change it holds.
    pub seq: PublicSeq,
    /// Segments, in the order of their documents.
    pub segments: Vec<Segment>,
    /// Entries that can be found.
    pub live_count: u32,
    /// Mean length of the zones in stems.
    pub mean_stems: [f32; Zone::COUNT],
    /// Mean length of title and text in grams.
    pub mean_grams: [f32; 2],
    /// Facet of each facet value, by its number. Later snapshots know more values, this one never does.
    pub value_facets: Vec<u8>,
    /// Values by facet, with their numbers.
    values: HashMap<u8, Vec<(u32, Arc<str>)>>,
    /// Place of each value among those of its facet, by its number.
    value_places: Vec<u32>,
    /// By facet: the number of each term of its vocabulary, in the order of the terms.
    term_numbers: Vec<Vec<Option<u32>>>,
    searcher: Searcher,
}

/// A segment with what execution reads of it.
pub struct Segment {
    /// Documents of the snapshot that lie in this segment.
    pub docs: Range<Doc>,
    /// Filters and orders.
    pub columns: Arc<Columns>,
    /// Whether the document can be found: neither deleted nor a tombstone.
    pub live: Vec<bool>,
    /// Whether all documents can be found.
    pub all_live: bool,
    /// Postings of the exact chain.
    pub exact: Arc<InvertedIndexReader>,
    /// Vocabulary.
    pub lexis: Arc<InvertedIndexReader>,
    /// Postings of stems by zone.
    pub stem: [Arc<InvertedIndexReader>; Zone::COUNT],
    /// Postings of parts by zone.
    pub part: [Arc<InvertedIndexReader>; Zone::COUNT],
    /// Postings of grams.
    pub gram: [Arc<InvertedIndexReader>; 2],
    /// Postings of pairs of neighbouring words.
    pub pair: Arc<InvertedIndexReader>,
    /// Lengths in stems by zone, each as the byte that tantivy stores for it.
    pub stem_norms: [Box<[u8]>; Zone::COUNT],
    /// Lengths in grams, likewise.
    pub gram_norms: [Box<[u8]>; 2],
    /// Identity, for caches: no two segments ever have the same.
    pub number: u128,
    store: StoreReader,
}

impl Snapshot {
    /// Reads what is new since the last snapshot of the same generation.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn open(
        shared: Arc<Shared>,
        searcher: Searcher,
        seq: PublicSeq,
        reference: Reference,
    ) -> Result<Self, IndexError> {
        let mut segments = Vec::with_capacity(searcher.segment_readers().len());
        let mut first: Doc = 0;
        for reader in searcher.segment_readers() {
            let columns = columns_of(&shared, reader)?;
            let live: Vec<bool> =
                (0..reader.max_doc()).map(|doc| !reader.is_deleted(doc) && !columns.tombstones[doc as usize]).collect();
            let postings = |field: Field| reader.inverted_index(field);
            let norms = |field: Field| norms(reader, field);
            let fields = &shared.fields;
            segments.push(Segment {
                docs: first..first + reader.max_doc(),
                columns,
                all_live: live.iter().all(|live| *live),
                live,
                exact: postings(fields.exact)?,
                lexis: postings(fields.lexis)?,
                stem: try_array(fields.stem, postings)?,
                part: try_array(fields.part, postings)?,
                gram: try_array(fields.gram, postings)?,
                pair: postings(fields.pair)?,
                stem_norms: try_array(fields.stem, norms)?,
                gram_norms: try_array(fields.gram, norms)?,
                number: uuid_of(reader.segment_id()),
                store: reader.get_store_reader(STORE_BLOCKS_KEPT)?,
            });
            first += reader.max_doc();
        }
        forget_merged(&shared, &searcher);
        let live_count = segments.iter().map(|segment| segment.live.iter().filter(|live| **live).count() as u32).sum();
        let mean = |norm: &dyn Fn(&Segment) -> &[u8]| mean_length(&segments, live_count, norm);
        let mean_stems = std::array::from_fn(|zone| mean(&|segment| &segment.stem_norms[zone]));
        let mean_grams = std::array::from_fn(|zone| mean(&|segment| &segment.gram_norms[zone]));
        let (mut value_facets, mut values) = (Vec::new(), HashMap::<u8, Vec<_>>::new());
        for (number, (facet, value)) in shared.space.values().into_iter().enumerate() {
            value_facets.push(facet);
            values.entry(facet).or_default().push((number as u32, value));
        }
        values.values_mut().for_each(|of_facet| of_facet.sort_unstable_by(|a, b| a.1.cmp(&b.1)));
        let mut value_places = vec![0; value_facets.len()];
        for (place, (number, _)) in values.values().flat_map(|of_facet| (0..).zip(of_facet)) {
            value_places[*number as usize] = place;
        }
        let vocabulary = |facet: &Facet| facet.vocabulary.and_then(|name| reference.vocabularies.get(name));
        let term_numbers = FACETS.iter().enumerate().map(|(facet, of)| {
            let terms = vocabulary(of).into_iter().flat_map(|vocabulary| &vocabulary.terms);
            terms.map(|term| number_of(&values, facet as u8, &term.id)).collect()
        });
        let term_numbers = term_numbers.collect();
        Ok(Self {
            shared,
            reference,
            seq,
            segments,
            live_count,
            mean_stems,
            mean_grams,
            value_facets,
            values,
            value_places,
            term_numbers,
            searcher,
        })
    }

    /// Values of a facet that any entry of this snapshot or an earlier one had, with their numbers, in the order of the values.
    pub fn facet_values(&self, facet: u8) -> &[(u32, Arc<str>)] {
        self.values.get(&facet).map(Vec::as_slice).unwrap_or_default()
    }

    /// Number of a facet value, where this snapshot knows it.
    pub fn facet_number(&self, facet: u8, value: &str) -> Option<u32> {
        number_of(&self.values, facet, value)
    }

    /// Place of a value of its facet in [`Self::facet_values`], by its number.
    pub fn facet_place(&self, number: u32) -> usize {
        self.value_places[number as usize] as usize
    }

    /// The number of each term of a facet's vocabulary, where this snapshot knows it, in the order of the terms.
    pub fn term_numbers(&self, facet: u8) -> &[Option<u32>] {
        self.term_numbers.get(facet as usize).map(Vec::as_slice).unwrap_or_default()
    }

    /// What the terms of a vocabulary are called, folded, in the order of the terms.
    pub fn folded_terms(&self, vocabulary: &str) -> &[FoldedTerm] {
        let all = || FoldedTerms::new(&self.reference.vocabularies, self.shared.analyser);
        self.shared.terms.get_or_init(all).of(vocabulary)
    }

    /// Documents, deleted ones included.
    pub fn doc_count(&self) -> usize {
        self.segments.last().map_or(0, |segment| segment.docs.end as usize)
    }

    /// The segment of a document and its number there.
    pub fn locate(&self, doc: Doc) -> (&Segment, u32) {
        let number = self.segments.partition_point(|segment| segment.docs.end <= doc);
        let segment = &self.segments[number];
        (segment, doc - segment.docs.start)
    }

    /// Identity of a document.
    pub fn id(&self, doc: Doc) -> EntryId {
        let (segment, local) = self.locate(doc);
        segment.columns.ids[local as usize]
    }

    /// The public entry of a document.
    ///
    /// # Errors
    /// Where the stored document cannot be read.
    pub fn entry(&self, doc: Doc) -> Result<PublicEntry, IndexError> {
        let (segment, local) = self.locate(doc);
        let stored: TantivyDocument = segment.store.get(local)?;
        let json = stored.get_first(self.shared.fields.json);
        let json = json.as_ref().and_then(|value| value.as_bytes());
        let json = json.ok_or_else(|| IndexError(format!("document {doc} holds no entry")))?;
        let text = std::str::from_utf8(json).map_err(|error| IndexError(error.to_string()))?;
        Ok(PublicEntry::from_json(text)?)
    }

    /// What the hit list needs of a document.
    ///
    /// # Errors
    /// Where the stored document cannot be read.
    pub fn sheet(&self, doc: Doc) -> Result<Sheet, IndexError> {
        let (segment, local) = self.locate(doc);
        Sheet::decode(&segment.store.get_document_bytes(local)?)
    }

    /// The newest title of a tombstone.
    pub fn tombstone_title(&self, doc: Doc) -> String {
        let (segment, local) = self.locate(doc);
        segment.columns.title_keys[local as usize].split('\u{0}').nth(1).unwrap_or_default().to_owned()
    }

    /// Whether the document is a tombstone.
    pub fn is_tombstone(&self, doc: Doc) -> bool {
        let (segment, local) = self.locate(doc);
        segment.columns.tombstones[local as usize]
    }

    /// The document with this id, tombstones included.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn by_id(&self, id: EntryId) -> Result<Option<Doc>, IndexError> {
        Ok(self.with_term(self.shared.fields.id, &id.to_string())?.into_iter().next())
    }

    /// The document that has or had this slug, tombstones included.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn by_slug(&self, slug: &str) -> Result<Option<Doc>, IndexError> {
        Ok(self.with_term(self.shared.fields.slug, slug)?.into_iter().next())
    }

    /// Findable entries that name this one in a relation.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn pointing_at(&self, id: EntryId) -> Result<Vec<Doc>, IndexError> {
        let mut docs = self.with_term(self.shared.fields.target, &id.to_string())?;
        docs.retain(|doc| !self.is_tombstone(*doc));
        Ok(docs)
    }

    fn with_term(&self, field: Field, text: &str) -> Result<Vec<Doc>, IndexError> {
        use tantivy::DocSet;
        let term = Term::from_field_text(field, text);
        let mut docs = Vec::new();
        for (segment, reader) in self.segments.iter().zip(self.searcher.segment_readers()) {
            if let Some(mut postings) =
                reader.inverted_index(field)?.read_postings(&term, tantivy::schema::IndexRecordOption::Basic)?
            {
                while postings.doc() != tantivy::TERMINATED {
                    if !reader.is_deleted(postings.doc()) {
                        docs.push(segment.docs.start + postings.doc());
                    }
                    postings.advance();
                }
            }
        }
        Ok(docs)
    }
}

fn number_of(values: &HashMap<u8, Vec<(u32, Arc<str>)>>, facet: u8, value: &str) -> Option<u32> {
    let values = values.get(&facet)?;
    let at = values.binary_search_by(|(_, known)| (**known).cmp(value)).ok()?;
    Some(values[at].0)
}

fn columns_of(shared: &Shared, reader: &tantivy::SegmentReader) -> Result<Arc<Columns>, IndexError> {
    if let Some(columns) = shared.columns.lock().get(&reader.segment_id()) {
        return Ok(columns.clone());
    }
    let columns = Arc::new(columns(reader, &shared.space)?);
    shared.columns.lock().insert(reader.segment_id(), columns.clone());
    Ok(columns)
}

/// The cards of a segment in the order of its documents. The column is read in one sweep; only one card at a time is
/// taken apart, for they are large in that form.
fn columns(reader: &tantivy::SegmentReader, space: &FacetSpace) -> Result<Columns, IndexError> {
    let missing = || IndexError("a segment without cards".into());
    let column = reader.fast_fields().bytes(schema::CARD)?.ok_or_else(missing)?;
    let (mut bytes, mut ends) = (Vec::new(), Vec::with_capacity(column.num_terms()));
    let mut stream = column.dictionary().stream()?;
    while stream.advance() {
        bytes.extend_from_slice(stream.key());
        ends.push(bytes.len());
    }
    // Each card names its entry. Only an entry and an earlier state of it, already deleted, can share one.
    let card = |doc| {
        let ord = column.term_ords(doc).next().ok_or_else(missing)? as usize;
        let start = ord.checked_sub(1).map_or(0, |before| ends[before]);
        Ok(serde_json::from_slice::<Card>(&bytes[start..*ends.get(ord).ok_or_else(missing)?])?)
    };
    Columns::build((0..reader.max_doc()).map(card), space)
}

fn uuid_of(segment: SegmentId) -> u128 {
    uuid::Uuid::parse_str(&segment.uuid_string()).map_or(0, |uuid| uuid.as_u128())
}

/// Columns of segments that were merged away are of no use to anybody new.
fn forget_merged(shared: &Shared, searcher: &Searcher) {
    let here: Vec<SegmentId> = searcher.segment_readers().iter().map(tantivy::SegmentReader::segment_id).collect();
    shared.columns.lock().retain(|segment, _| here.contains(segment));
}

fn norms(reader: &tantivy::SegmentReader, field: Field) -> Result<Box<[u8]>, IndexError> {
    let norms = reader.get_fieldnorms_reader(field)?;
    Ok((0..reader.max_doc()).map(|doc| norms.fieldnorm_id(doc)).collect())
}

fn mean_length(segments: &[Segment], live_count: u32, norm: &dyn Fn(&Segment) -> &[u8]) -> f32 {
    let total: u64 = segments
        .iter()
        .map(|segment| {
            let lengths = segment.live.iter().zip(norm(segment)).filter(|(live, _)| **live);
            lengths.map(|(_, length)| u64::from(FieldNormReader::id_to_fieldnorm(*length))).sum::<u64>()
        })
        .sum();
    (total as f32 / live_count.max(1) as f32).max(1.0)
}

fn try_array<T, E, const N: usize>(
    fields: [Field; N],
    read: impl Fn(Field) -> Result<T, E>,
) -> Result<[T; N], IndexError>
where
    IndexError: From<E>,
{
    let read: Vec<T> = fields.into_iter().map(read).collect::<Result<_, E>>()?;
    read.try_into().map_err(|_| IndexError("a field for each zone".into()))
}
