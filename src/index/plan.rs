//! What to look for: the input of [`super::execute`], made from a visitor's query by `search`.

/// A whole query, ready to run.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The words; all of them are asked of a strict hit unless their weight is low.
    pub words: Vec<PlanWord>,
    /// Pairs of neighbouring words, which add to the rank.
    pub pairs: Vec<Concept>,
    /// Word sequences a hit must have.
    pub phrases: Vec<Phrase>,
    /// Words a hit must not have.
    pub excluded: Vec<Vec<Concept>>,
    /// Word sequences a hit must not have.
    pub excluded_phrases: Vec<Phrase>,
    /// Concepts that the title must have.
    pub in_title: Vec<Concept>,
    /// Whether it has so many words that hardly any entry has them all: relaxed at once, and strict hits do not come
    /// before relaxed ones.
    pub is_question: bool,
    /// Whether relaxed hits may be shown at all.
    pub may_relax: bool,
    /// Whether to note what each score is the sum of.
    pub explain: bool,
    /// The folded words of the whole query, for the two tiers of titles; also with words joined that hyphens tie.
    pub titles: Vec<String>,
}

impl Plan {
    /// Whether it asks for nothing, so that everything is a hit.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
            && self.phrases.is_empty()
            && self.in_title.is_empty()
            && self.excluded.is_empty()
            && self.excluded_phrases.is_empty()
    }
}

/// One word as typed, with everything that counts as finding it.
#[derive(Clone, Debug, Default)]
pub struct PlanWord {
    /// 1 for content words, less for words that carry little.
    pub weight: f32,
    /// Whether a strict hit must have it.
    pub required: bool,
    /// Exact form, for the extra of [`super::ranking::Weights::exact`].
    pub exact: Option<String>,
    /// Ways to find it; the best one found counts.
    pub ways: Vec<Way>,
    /// Ways to find something like it: they add to the rank and count for relaxed hits, but make no strict one.
    pub loose_ways: Vec<Way>,
    /// Its own parts: each adds to the rank where it is found, alone or not.
    pub parts: Vec<Concept>,
    /// Its 4-grams, each once.
    pub grams: Vec<String>,
}

/// One way to find a word.
#[derive(Clone, Debug)]
pub struct Way {
    /// Concepts that must all be there.
    pub all: Vec<Concept>,
    /// What finding it this way is worth; 1 for the word itself.
    pub weight: f32,
    /// How many words of the query are found by it at once; its rarity is shared among them. 1 for a way that finds
    /// just this word.
    pub shared: u8,
}

impl Way {
    /// A way that finds one word.
    pub fn new(all: Vec<Concept>, weight: f32) -> Self {
        Self { all, weight, shared: 1 }
    }
}

/// Something found by any of a few terms.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Concept {
    /// Stems of whole words.
    pub stems: Vec<String>,
    /// Stems of parts of compounds.
    pub parts: Vec<String>,
    /// Pairs of neighbouring words.
    pub pairs: Vec<String>,
}

impl Concept {
    /// A stem, as a word of its own or as part of a compound.
    pub fn stem_or_part(stem: &str) -> Self {
        Self { stems: vec![stem.to_owned()], parts: vec![stem.to_owned()], pairs: Vec::new() }
    }

    /// Two neighbouring words.
    pub fn pair(pair: String) -> Self {
        Self { pairs: vec![pair], ..Self::default() }
    }

    /// A stem as a word of its own.
    pub fn stem(stem: &str) -> Self {
        Self { stems: vec![stem.to_owned()], ..Self::default() }
    }
}

/// Words in sequence, in their exact forms.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Phrase {
    /// For each word its distance from the first, and its form in every spelling that counts.
    pub words: Vec<(u32, Vec<String>)>,
}
