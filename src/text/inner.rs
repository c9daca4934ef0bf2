//! Compounds within compounds: `Bürgerrat` in `Bürgerratsempfehlung`.

use std::ops::Range;

use super::{analyser::Part, normalise::fold, stem::stem};

/// Calls `sink` with the stem and the bytes of every run of neighbouring parts that is shorter than the whole word.
///
/// `text` is the text in which the parts' spans lie. A run with anything but letters in it (a gender mark) is passed
/// over: the word without the mark gives it.
pub fn inner_compounds(text: &str, parts: &[Part], sink: &mut dyn FnMut(&str, Range<usize>)) {
    for length in 2..parts.len() {
        for run in parts.windows(length) {
            let span = run[0].span.start..run[length - 1].span.end;
            if let Some(inner) = text.get(span.clone())
                && inner.chars().all(char::is_alphabetic)
            {
                sink(&stem(&fold(inner)), span);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Analyser;

    #[test]
    fn runs_of_parts_have_the_stem_of_the_word_they_are() {
        let analyser = Analyser::bundled();
        for (long, inner) in [("Bürgerratsempfehlung", "Bürgerrat"), ("Planungszellenverfahren", "Planungszelle")] {
            let mut stems = Vec::new();
            for word in analyser.analyse(long) {
                inner_compounds(long, &word.parts, &mut |stem, span| {
                    stems.push((stem.to_owned(), long[span].to_owned()))
                });
            }
            let wanted = analyser.analyse(inner)[0].stem.clone();
            assert!(stems.iter().any(|(stem, _)| *stem == wanted), "{inner} in {long}: {stems:?}, wanted {wanted}");
        }
    }
}
