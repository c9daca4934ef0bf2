//! German analysis, through its public surface.

mod compound;
mod compound_gold;
mod gender;
mod gram;
mod probe;
mod property;
mod readability;
mod spelling;
mod stem;
mod synonyms;
mod words;

use mitmachbox::text::{Analyser, Form, OwnedWord};

/// The only word of a text.
fn only(text: &str) -> OwnedWord {
    let words = Analyser::bundled().analyse(text);
    assert_eq!(words.len(), 1, "one word in {text:?}: {words:?}");
    words.into_iter().next().expect("just counted")
}

/// The parts of a word as they stand in it, `|` between them; the word itself if it is none.
fn parts(word: &str) -> String {
    let analysed = only(word);
    if analysed.parts.is_empty() {
        return word.to_lowercase();
    }
    analysed.parts.iter().map(|part| word[part.span.clone()].to_lowercase()).collect::<Vec<_>>().join("|")
}

/// The folded forms of all words, joined ones in brackets.
fn folded(text: &str) -> String {
    let show = |word: &OwnedWord| match word.form {
        Form::Simple => word.folded.clone(),
        Form::Joined => format!("[{}]", word.folded),
    };
    Analyser::bundled().analyse(text).iter().map(show).collect::<Vec<_>>().join(" ")
}

/// Everything a document with this word can be found by in the word field.
fn terms(text: &str) -> Vec<String> {
    let words = Analyser::bundled().analyse(text);
    let parts = words.iter().flat_map(|word| word.parts.iter().map(|part| part.stem.to_string()));
    words.iter().map(|word| word.stem.clone()).chain(parts).collect()
}
