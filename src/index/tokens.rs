//! Binds the German analyser to tantivy: one tokenizer a chain, all over the same analysis.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer, TokenizerManager};

use super::schema::chain;
use crate::text::{Analyser, Form, Word, grams, inner_compounds, normalise::fold};

/// Separates the folded form from the form as written in a term of the lexis chain.
pub const LEXIS_SEPARATOR: char = '\u{0}';

/// Longest term in bytes; longer words are no words.
const TERM_BYTES_MAX: usize = 80;

/// The tokenizers of all chains.
pub fn manager(analyser: &'static Analyser) -> TokenizerManager {
    // The default one knows "raw", which ids and slugs are indexed with.
    let manager = TokenizerManager::default();
    for (name, chain) in [
        (chain::EXACT, Chain::Exact),
        (chain::LEXIS, Chain::Lexis),
        (chain::STEM, Chain::Stem),
        (chain::PART, Chain::Part),
        (chain::GRAM, Chain::Gram),
    ] {
        manager.register(name, German { analyser, chain, tokens: Vec::new() });
    }
    manager
}

#[derive(Clone, Copy)]
enum Chain {
    Exact,
    Lexis,
    Stem,
    Part,
    Gram,
}

#[derive(Clone)]
struct German {
    analyser: &'static Analyser,
    chain: Chain,
    tokens: Vec<Token>,
}

impl Tokenizer for German {
    type TokenStream<'a> = Tokens<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Tokens<'a> {
        let tokens = &mut self.tokens;
        tokens.clear();
        let chain = self.chain;
        self.analyser.words(text, &mut |word| emit(chain, text, &word, tokens));
        Tokens { tokens, next: 0 }
    }
}

fn emit(chain: Chain, text: &str, word: &Word<'_>, tokens: &mut Vec<Token>) {
    let mut push = |term: &str| {
        if !term.is_empty() && term.len() <= TERM_BYTES_MAX {
            tokens.push(Token {
                offset_from: word.span.start,
                offset_to: word.span.end,
                position: word.position as usize,
                text: term.to_owned(),
                position_length: 1,
            });
        }
    };
    match chain {
        Chain::Exact => push(word.exact),
        Chain::Lexis if word.form == Form::Simple => {
            let written: String = text[word.span.clone()].chars().filter(|letter| *letter != '\u{ad}').collect();
            push(&format!("{}{LEXIS_SEPARATOR}{written}", word.folded));
            // "buergerinenrat" is near to "bürgerinnenrat", not to the "bürgerrat" that it is reduced to.
            let unreduced = fold(word.exact);
            if unreduced != word.folded {
                push(&format!("{unreduced}{LEXIS_SEPARATOR}{written}"));
            }
        }
        Chain::Stem if !word.repeated => push(word.stem),
        Chain::Part if !word.repeated => {
            word.parts.iter().for_each(|part| push(&part.stem));
            inner_compounds(text, word.parts, &mut |stem, _| push(stem));
        }
        Chain::Gram if !word.repeated && word.form == Form::Simple && word.weight >= 1.0 => {
            grams(word.folded, &mut push)
        }
        _ => {}
    }
}

/// Tokens of one text.
pub struct Tokens<'a> {
    tokens: &'a mut Vec<Token>,
    next: usize,
}

impl TokenStream for Tokens<'_> {
    fn advance(&mut self) -> bool {
        self.next += 1;
        self.next <= self.tokens.len()
    }

    fn token(&self) -> &Token {
        &self.tokens[self.next - 1]
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.tokens[self.next - 1]
    }
}
