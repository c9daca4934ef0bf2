//! Light German analysis as Lucene's GermanAnalyzer does it, written anew from the published rules.
//!
//! * Words: UAX #29, as StandardTokenizer; lower case; stop words of the Snowball project.
//! * Normalisation: the rules of GermanNormalizationFilter, a variant of Snowball's `german2` (Apache Lucene, Apache-2.0).
//! * Stem: Savoy's light stemmer (J. Savoy 2006, "Light Stemming Approaches for the French, Portuguese, German and
//!   Hungarian Languages", SAC '06), as GermanLightStemmer has it.

use std::collections::HashSet;

use unicode_segmentation::UnicodeSegmentation;

/// Light analysis; it knows its stop words.
#[derive(Debug)]
pub struct Light(HashSet<String>);

impl Light {
    /// With a list of stop words: one a line, `#` begins a comment.
    pub fn new(stopwords: &str) -> Self {
        let words = stopwords.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
        Self(words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect())
    }

    /// The stems of a text, in order.
    pub fn stems(&self, text: &str) -> Vec<String> {
        let words = text.unicode_words().map(str::to_lowercase);
        words.filter(|word| !self.0.contains(word)).map(|word| stem(&normalised(&word))).collect()
    }
}

/// Umlauts as plain vowels, also where they are written `ae`, `oe`, `ue` (the last not behind a vowel or `q`); `ß` as `ss`.
pub fn normalised(word: &str) -> String {
    #[derive(PartialEq)]
    enum Before {
        Neutral,
        /// `a`, `o`, or `u` that may open an umlaut.
        Opener,
        /// Another vowel, or `q`.
        Vowel,
    }
    let mut before = Before::Neutral;
    let mut normal = String::with_capacity(word.len());
    for letter in word.chars() {
        let after = match letter {
            'a' | 'o' => Before::Opener,
            'u' if before == Before::Neutral => Before::Opener,
            'e' if before == Before::Opener => {
                before = Before::Vowel;
                continue;
            }
            'u' | 'e' | 'i' | 'q' | 'y' | 'ä' | 'ö' | 'ü' => Before::Vowel,
            _ => Before::Neutral,
        };
        match letter {
            'ä' => normal.push('a'),
            'ö' => normal.push('o'),
            'ü' => normal.push('u'),
            'ß' => normal.push_str("ss"),
            other => normal.push(other),
        }
        before = after;
    }
    normal
}

/// Savoy's light stem of a word in lower case.
pub fn stem(word: &str) -> String {
    let mut letters: Vec<char> = word.chars().map(without_accent).collect();
    inflection(&mut letters);
    derivation(&mut letters);
    letters.into_iter().collect()
}

fn without_accent(letter: char) -> char {
    match letter {
        'ä' | 'à' | 'á' | 'â' => 'a',
        'ö' | 'ò' | 'ó' | 'ô' => 'o',
        'ï' | 'ì' | 'í' | 'î' => 'i',
        'ü' | 'ù' | 'ú' | 'û' => 'u',
        other => other,
    }
}

/// `-ern`; `-em`, `-en`, `-er`, `-es`; `-e`; `-s` behind certain letters.
fn inflection(letters: &mut Vec<char>) {
    let length = letters.len();
    let cut = match letters.as_slice() {
        [.., 'e', 'r', 'n'] if length > 5 => 3,
        [.., 'e', 'm' | 'n' | 'r' | 's'] if length > 4 => 2,
        [.., 'e'] if length > 3 => 1,
        [.., before, 's'] if length > 3 && takes_s(*before) => 1,
        _ => 0,
    };
    letters.truncate(length - cut);
}

/// `-est`; `-er`, `-en`; `-st` behind certain letters.
fn derivation(letters: &mut Vec<char>) {
    let length = letters.len();
    let cut = match letters.as_slice() {
        [.., 'e', 's', 't'] if length > 5 => 3,
        [.., 'e', 'r' | 'n'] if length > 4 => 2,
        [.., before, 's', 't'] if length > 4 && takes_s(*before) => 2,
        _ => 0,
    };
    letters.truncate(length - cut);
}

fn takes_s(letter: char) -> bool {
    matches!(letter, 'b' | 'd' | 'f' | 'g' | 'h' | 'k' | 'l' | 'm' | 'n' | 't')
}
