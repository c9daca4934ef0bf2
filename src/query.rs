//! What a visitor typed, as a bounded query: plain words, phrases, exclusions, words bound to the title.
//!
//! The grammar is flat, so nothing a visitor types can recurse, and everything that is no operator is plain text: no
//! input is a syntax error. The only refusals are the bounds.
//!
//! ```text
//! query  = { phrase | excluded | bound | word }
//! phrase = '"' text '"'            also „…“, “…”, »…« and «…»
//! excluded = '-' ( phrase | word )   only at the start of a word
//! bound  = ( "titel" | "title" ) ':' ( phrase | word )
//! ```

use std::ops::Range;

/// Bounds of a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryLimits {
    /// Longest query in bytes. The longest title in German law has 200; 512 leaves room for a sentence.
    pub query_bytes_max: usize,
    /// Most words. Each costs a handful of posting lists.
    pub query_terms_max: usize,
    /// Most phrases. Each reads positions.
    pub query_phrases_max: usize,
    /// Most words of one phrase.
    pub phrase_terms_max: usize,
}

impl Default for QueryLimits {
    fn default() -> Self {
        Self { query_bytes_max: 512, query_terms_max: 32, query_phrases_max: 5, phrase_terms_max: 16 }
    }
}

/// A query as typed, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// The plain words: the text as typed with everything else blanked out, so that byte offsets stay.
    pub plain: String,
    /// Word sequences asked for.
    pub phrases: Vec<Clause>,
    /// Words or phrases a hit must not have.
    pub excluded: Vec<Clause>,
    /// Words or phrases the title must have.
    pub in_title: Vec<Clause>,
}

/// A piece of text with its place in what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// The text, without its operator.
    pub text: String,
    /// Byte offsets of the text in what was typed.
    pub span: Range<usize>,
}

/// Something that was read as plain text although it looks like an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A quotation mark without its partner.
    UnpairedQuote,
    /// A `word:` that names no field of ours.
    UnknownField,
    /// Nothing but exclusions: there is nothing to search.
    OnlyExclusions,
    /// Signs without a word: there is nothing to search, so everything is shown.
    NoWords,
}

impl Notice {
    /// Stable name.
    pub fn id(self) -> &'static str {
        match self {
            Self::UnpairedQuote => "unpaired_quote",
            Self::UnknownField => "unknown_field",
            Self::OnlyExclusions => "only_exclusions",
            Self::NoWords => "no_words",
        }
    }
}

/// A query over its bounds. Never a guess at what to cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong {
    /// What there is too much of, German and English.
    pub of: (&'static str, &'static str),
    /// The bound.
    pub max: usize,
}

impl Query {
    /// Whether nothing is asked.
    pub fn is_empty(&self) -> bool {
        self.plain.trim().is_empty() && self.phrases.is_empty() && self.in_title.is_empty() && self.excluded.is_empty()
    }
}

/// Takes apart what a visitor typed.
///
/// # Errors
/// [`TooLong`] when a bound is passed.
pub fn parse(text: &str, limits: &QueryLimits) -> Result<(Query, Vec<Notice>), TooLong> {
    check_length(text, limits)?;
    let mut query = Query { plain: text.to_owned(), ..Query::default() };
    let mut notices = Vec::new();
    let mut blanks: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while let Some(letter) = text[at..].chars().next() {
        let starts_word = text[..at].chars().next_back().is_none_or(char::is_whitespace);
        if starts_word && let Some((target, after_operator)) = operator(&text[at..]) {
            let start = at + after_operator;
            let clause = phrase_at(text, start).or_else(|| word_at(text, start).map(|span| (span.clone(), span.end)));
            if let Some((span, end)) = clause {
                blanks.push(at..end);
                let clause = Clause { text: text[span.clone()].to_owned(), span };
                match target {
                    Operator::Not => query.excluded.push(clause),
                    Operator::InTitle => query.in_title.push(clause),
                }
                at = end;
                continue;
            }
        }
        if closing_quote(letter).is_some() {
            match phrase_at(text, at) {
                Some((span, end)) => {
                    blanks.push(at..end);
                    query.phrases.push(Clause { text: text[span.clone()].to_owned(), span });
                    at = end;
                    continue;
                }
                None if letter == '"' => notices.push(Notice::UnpairedQuote),
                None => {}
            }
        }
        if letter == ':' && looks_like_field(text, at) {
            notices.push(Notice::UnknownField);
        }
        at += letter.len_utf8();
    }
    blank(&mut query.plain, &blanks);
    // A phrase of signs asks for nothing.
    query.phrases.retain(|phrase| phrase.text.contains(|letter: char| letter.is_alphanumeric() || letter == '§'));
    if !query.excluded.is_empty()
        && query.plain.trim().is_empty()
        && query.phrases.is_empty()
        && query.in_title.is_empty()
    {
        notices.push(Notice::OnlyExclusions);
    }
    check_phrases(&query, limits)?;
    notices.dedup();
    Ok((query, notices))
}

/// Takes text as plain words, whatever is in it.
///
/// # Errors
/// [`TooLong`] when a bound is passed.
pub fn plain(text: &str, limits: &QueryLimits) -> Result<Query, TooLong> {
    check_length(text, limits)?;
    Ok(Query { plain: text.to_owned(), ..Query::default() })
}

#[derive(Clone, Copy)]
enum Operator {
    Not,
    InTitle,
}

/// The operator at the start of a word and its length.
fn operator(text: &str) -> Option<(Operator, usize)> {
    let bytes = text.as_bytes();
    // "-30", "--" and a lone hyphen are text.
    if bytes.first() == Some(&b'-')
        && text[1..].chars().next().is_some_and(|next| next.is_alphabetic() || closing_quote(next).is_some())
    {
        return Some((Operator::Not, 1));
    }
    ["titel:", "title:"]
        .into_iter()
        .find(|name| bytes.len() > name.len() && bytes[..name.len()].eq_ignore_ascii_case(name.as_bytes()))
        .map(|name| (Operator::InTitle, name.len()))
}

fn closing_quote(open: char) -> Option<&'static [char]> {
    match open {
        '"' => Some(&['"', '“', '”']),
        '„' => Some(&['“', '”', '"']),
        '“' => Some(&['”', '"']),
        '»' => Some(&['«']),
        '«' => Some(&['»']),
        _ => None,
    }
}

/// The phrase that opens at `at`: its inside, and where the text goes on.
fn phrase_at(text: &str, at: usize) -> Option<(Range<usize>, usize)> {
    let open = text[at..].chars().next()?;
    let closings = closing_quote(open)?;
    let start = at + open.len_utf8();
    let length = text[start..].find(closings)?;
    let close = text[start + length..].chars().next()?;
    Some((start..start + length, start + length + close.len_utf8()))
}

fn word_at(text: &str, at: usize) -> Option<Range<usize>> {
    let length = text[at..].find(char::is_whitespace).unwrap_or(text.len() - at);
    (length > 0).then_some(at..at + length)
}

/// Whether the colon ends something like `thema:` right before a value.
fn looks_like_field(text: &str, colon: usize) -> bool {
    let before = text[..colon].rsplit(char::is_whitespace).next().unwrap_or_default();
    let known_field_form = before.len() >= 2 && before.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    // "bürger:innen" and "jede:r" are gender forms, "https://" is an address: no fields.
    let after = &text[colon + 1..];
    let letters = after.chars().take_while(|letter| letter.is_alphanumeric()).count();
    known_field_form
        && (letters > 1 || after.starts_with(|next| closing_quote(next).is_some()))
        && !after.to_lowercase().starts_with("in")
}

fn blank(text: &mut String, ranges: &[Range<usize>]) {
    for range in ranges {
        text.replace_range(range.clone(), &" ".repeat(range.len()));
    }
}

fn check_length(text: &str, limits: &QueryLimits) -> Result<(), TooLong> {
    if text.len() > limits.query_bytes_max {
        return Err(TooLong { of: ("Zeichen (Bytes)", "bytes"), max: limits.query_bytes_max });
    }
    if text.split_whitespace().count() > limits.query_terms_max {
        return Err(TooLong { of: ("Wörter", "words"), max: limits.query_terms_max });
    }
    Ok(())
}

fn check_phrases(query: &Query, limits: &QueryLimits) -> Result<(), TooLong> {
    let clauses = || query.phrases.iter().chain(&query.excluded).chain(&query.in_title);
    let bound = query.excluded.iter().chain(&query.in_title);
    let quoted = bound.filter(|clause| clause.text.contains(char::is_whitespace)).count();
    if query.phrases.len() + quoted > limits.query_phrases_max {
        return Err(TooLong {
            of: ("Wortfolgen in Anführungszeichen", "quoted phrases"),
            max: limits.query_phrases_max,
        });
    }
    if clauses().any(|clause| clause.text.split_whitespace().count() > limits.phrase_terms_max) {
        return Err(TooLong {
            of: ("Wörter in einer Wortfolge", "words in one phrase"), max: limits.phrase_terms_max
        });
    }
    Ok(())
}
