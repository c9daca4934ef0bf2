//! From the words of a text to the terms of each chain.
//!
//! A text is analysed once, whatever the number of chains. tantivy gets the finished terms of each chain as one string
//! in which they stand one after the other, and a tokenizer that does no more than take them apart.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer, TokenizerManager};

use crate::text::{Form, Pairs, Word, grams, inner_compounds, normalise::fold};

/// Separates the folded form from the form as written in a term of the lexis chain.
pub const LEXIS_SEPARATOR: char = '\u{0}';

/// Name of the tokenizer of all chains.
pub const TERMS: &str = "terms";

/// Longest term in bytes; longer words are no words.
const TERM_BYTES_MAX: usize = 80;

/// Begins a term behind the one before. Control characters end words, so no term holds one.
const NEXT: u8 = 1;
/// Begins a term at the place of the one before.
const HERE: u8 = 2;

/// The tokenizers that the schema names.
pub fn manager() -> TokenizerManager {
    // The default one knows "raw", which ids and slugs are indexed with.
    let manager = TokenizerManager::default();
    manager.register(TERMS, Listed(Token::default()));
    manager
}

/// The terms of one text, a list a chain. See [`super::schema::Fields`] for what the chains are.
#[derive(Debug, Default)]
pub struct Terms {
    /// Lower-case forms without gender suffix, not folded, with their places.
    pub exact: TermList,
    /// Folded form and the form as written.
    pub lexis: TermList,
    /// Stems of words.
    pub stem: TermList,
    /// Stems of the parts of compounds.
    pub part: TermList,
    /// Character 4-grams.
    pub gram: TermList,
    /// Pairs of neighbouring words.
    pub pair: TermList,
    pairs: Pairs,
}

impl Terms {
    /// Forgets all terms; the memory stays for the next text.
    pub fn clear(&mut self) {
        let Self { exact, lexis, stem, part, gram, pair, pairs } = self;
        [exact, lexis, stem, part, gram, pair].into_iter().for_each(|list| list.0.clear());
        pairs.clear();
    }

    /// Adds the terms of a word of `text`; words come in their order.
    pub fn add(&mut self, text: &str, word: &Word<'_>) {
        if word.form == Form::Joined {
            self.exact.push(HERE, &[word.neutral]);
        } else {
            self.exact.push(NEXT, &[word.neutral]);
            self.add_lexis(text, word);
        }
        if word.repeated {
            return;
        }
        self.stem.push(NEXT, &[word.stem]);
        word.parts.iter().for_each(|part| self.part.push(NEXT, &[&part.stem]));
        inner_compounds(text, word.parts, &mut |stem, _| self.part.push(NEXT, &[stem]));
        word.pairs(&mut self.pairs, &mut |pair| self.pair.push(NEXT, &[pair]));
        if word.form == Form::Simple && word.weight >= 1.0 {
            grams(word.folded, &mut |gram| self.gram.push(NEXT, &[gram]));
        }
    }

    fn add_lexis(&mut self, text: &str, word: &Word<'_>) {
        let mut separator = [0; 4];
        let separator = &*LEXIS_SEPARATOR.encode_utf8(&mut separator);
        let surface = &text[word.span.clone()];
        let without_hyphens: String;
        let written = if surface.contains('\u{ad}') {
            without_hyphens = surface.replace('\u{ad}', "");
            &without_hyphens
        } else {
            surface
        };
        self.lexis.push(NEXT, &[word.folded, separator, written]);
        // "buergerinenrat" is near to "bürgerinnenrat", not to the "bürgerrat" that it is reduced to.
        let unreduced = fold(word.exact);
        if unreduced != word.folded {
            self.lexis.push(NEXT, &[&unreduced, separator, written]);
        }
    }
}

/// Terms in the form that `Listed` takes apart: each behind a mark that tells its place.
#[derive(Debug, Default)]
pub struct TermList(String);

impl TermList {
    /// The list as a text for tantivy.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Adds one term, given in pieces. One that is too long leaves its place empty.
    fn push(&mut self, place: u8, pieces: &[&str]) {
        self.0.push(char::from(place));
        if pieces.iter().map(|piece| piece.len()).sum::<usize>() <= TERM_BYTES_MAX {
            self.0.extend(pieces.iter().copied());
        }
    }
}

/// Takes a [`TermList`] apart.
#[derive(Clone)]
struct Listed(Token);

impl Tokenizer for Listed {
    type TokenStream<'a> = Tokens<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Tokens<'a> {
        self.0.reset();
        Tokens { token: &mut self.0, left: text }
    }
}

/// Terms of one list.
struct Tokens<'a> {
    token: &'a mut Token,
    left: &'a str,
}

impl TokenStream for Tokens<'_> {
    fn advance(&mut self) -> bool {
        while let Some((mark, rest)) = self.left.as_bytes().split_first() {
            let length = rest.iter().position(|byte| matches!(*byte, NEXT | HERE)).unwrap_or(rest.len());
            let (term, left) = self.left[1..].split_at(length);
            self.left = left;
            if *mark == NEXT {
                self.token.position = self.token.position.wrapping_add(1);
            }
            if !term.is_empty() {
                self.token.text.clear();
                self.token.text.push_str(term);
                return true;
            }
        }
        false
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken_apart(list: &TermList) -> Vec<(String, usize)> {
        let mut listed = Listed(Token::default());
        let mut stream = listed.token_stream(list.as_str());
        let mut tokens = Vec::new();
        while stream.advance() {
            tokens.push((stream.token().text.clone(), stream.token().position));
        }
        tokens
    }

    #[test]
    fn what_was_put_in_comes_out_with_its_places() {
        let mut list = TermList::default();
        let long = "x".repeat(TERM_BYTES_MAX + 1);
        for (place, term) in [(NEXT, "das"), (NEXT, "world"), (HERE, "worldcafé"), (NEXT, &long), (NEXT, "ü")] {
            list.push(place, &[term]);
        }
        let expected = [("das", 0), ("world", 1), ("worldcafé", 1), ("ü", 3)];
        assert_eq!(taken_apart(&list), expected.map(|(term, place)| (term.to_owned(), place)));
        assert_eq!(taken_apart(&TermList::default()), []);
    }

    #[test]
    fn a_text_gives_the_terms_of_its_words() {
        let text = "Bürger:innen\u{ad}haushalt und World-Café";
        let mut terms = Terms::default();
        crate::text::Analyser::bundled().words(text, &mut |word| terms.add(text, &word));
        let of = |list: &TermList| taken_apart(list).into_iter().map(|(term, _)| term).collect::<Vec<_>>().join(" ");
        assert_eq!(of(&terms.exact), "bürgerhaushalt und world worldcafé café");
        assert_eq!(of(&terms.part), "burg haushal world caf");
        assert!(of(&terms.lexis).starts_with("burgerhaushalt\u{0}Bürger:innenhaushalt burgerinnenhaushalt\u{0}"));
        assert!(of(&terms.gram).contains("_wor") && !of(&terms.gram).contains("_und"));
    }
}
