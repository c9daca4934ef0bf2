//! Character 4-grams of a folded word.
//!
//! They find what stems cannot: typing errors, parts of words, unusual inflections. Measured in
//! the design they are the largest single gain; the padding `_wort_` is part of that, since it
//! tells the beginning and the end of a word from its middle.

/// Length of a gram in characters.
pub const GRAM_LENGTH: usize = 4;

/// The mark for the beginning and the end of a word. It cannot occur inside: words are split at it.
pub const PAD: char = '_';

/// Calls `sink` with each 4-gram of `_folded_`, in order; with all of it when it is shorter.
pub fn grams(folded: &str, sink: &mut dyn FnMut(&str)) {
    if folded.is_empty() {
        return;
    }
    let mut padded = String::with_capacity(folded.len() + 2);
    padded.push(PAD);
    padded.push_str(folded);
    padded.push(PAD);
    if windows(&padded, sink) == 0 {
        sink(&padded);
    }
}

/// The same for a word still being typed: `_folded` without the mark at the end.
/// Fewer than three letters give nothing, for no gram of a finished word would equal it.
pub fn grams_open(folded: &str, sink: &mut dyn FnMut(&str)) {
    let mut padded = String::with_capacity(folded.len() + 1);
    padded.push(PAD);
    padded.push_str(folded);
    windows(&padded, sink);
}

/// Slides over the characters; returns how many windows there were.
fn windows(padded: &str, sink: &mut dyn FnMut(&str)) -> usize {
    let mut count = 0;
    // The window ends where the character GRAM_LENGTH places further on begins.
    let ends = padded.char_indices().map(|(at, _)| at).chain([padded.len()]).skip(GRAM_LENGTH);
    for ((start, _), end) in padded.char_indices().zip(ends) {
        sink(&padded[start..end]);
        count += 1;
    }
    count
}
