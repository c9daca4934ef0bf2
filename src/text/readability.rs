//! How easily a German text reads: syllables, and Amstad's index.
//!
//! Toni Amstad, "Wie verständlich sind unsere Zeitungen?", dissertation, Zürich 1978, fits the Reading Ease of Rudolf
//! Flesch ("A new readability yardstick", Journal of Applied Psychology 32, 1948) to German, whose words are longer:
//!
//! ```text
//! ease = 180 − words / sentences − 58.5 × syllables / words
//! ```
//!
//! About 100 is very easy, 60 to 70 is plain, below 30 is hard. It counts length alone: it does not know whether a
//! word is familiar, and a text of one or two sentences swings by ten points with one long compound.

use super::sentence::{sentences, words};

/// What is counted in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measure {
    /// Sentences.
    pub sentences: usize,
    /// Words, see [`words`].
    pub words: usize,
    /// Syllables, see [`syllables`].
    pub syllables: usize,
}

impl Measure {
    /// Counts a text.
    pub fn of(text: &str) -> Self {
        let mut measure = Self::default();
        for sentence in sentences(text) {
            let before = measure.words;
            for word in words(sentence) {
                measure.words += 1;
                measure.syllables += syllables(word);
            }
            measure.sentences += usize::from(measure.words > before);
        }
        measure
    }

    /// Amstad's index; none for a text without words.
    pub fn ease(&self) -> Option<f64> {
        let Self { sentences, words, syllables } = *self;
        if words == 0 {
            return None;
        }
        let (sentences, words, syllables) = (sentences as f64, words as f64, syllables as f64);
        Some(180.0 - words / sentences - 58.5 * syllables / words)
    }
}

/// Syllables of a word, at least one: its groups of vowels that are spoken together.
///
/// Signs inside are passed over (`Bürger*innen`, `World-Café`); a digit counts as a syllable, and so does each letter
/// of what has no vowel (`NRW`). A rule of thumb, good enough for a mean: it knows no seam between a prefix and a vowel
/// but those of its small table (`be|urteilen`), and takes foreign words for German ones.
pub fn syllables(word: &str) -> usize {
    let parts = word.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    // `Bürger*innen` is spoken with a break where the star stands, and counts as two parts of one word.
    parts.map(syllables_of_part).sum::<usize>().max(1)
}

/// Two vowels that are one sound.
const PAIRS: &[&str] = &["aa", "ai", "au", "ay", "ee", "ei", "eu", "ey", "ie", "oi", "oo", "ou", "oy", "äu", "uy"];

/// Places where two vowels look like one sound and are not: what stands before the seam, and behind it.
const SEAMS: &[(&str, &str)] =
    &[("be", "urt"), ("be", "unr"), ("ge", "urt"), ("be", "end"), ("ide", "e"), ("muse", "um"), ("re", "integr")];

/// Ends in which `ie` is two sounds: Ferien, Medien, Familie, Linie, Studie, Prämie.
const OPEN_ENDS: &[&str] = &["ien", "iens", "ilie", "inie", "udie", "ämie", "serie", "antie"];

fn syllables_of_part(part: &str) -> usize {
    let letters: Vec<char> = part.to_lowercase().chars().collect();
    let mut count = 0;
    let mut at = 0;
    while let Some(&letter) = letters.get(at) {
        let next = letters.get(at + 1).copied();
        if letter.is_ascii_digit() {
            count += 1;
        } else if is_vowel(&letters, at) {
            count += 1;
            if next.is_some_and(|next| is_pair(letter, next)) && !is_seam(&letters, at + 1) {
                at += 1;
            }
        }
        at += 1;
    }
    if count == 0 { letters.len() } else { count }
}

fn is_pair(first: char, second: char) -> bool {
    PAIRS.iter().any(|pair| pair.chars().eq([first, second]))
}

/// `u` behind `q` and `y` before a vowel at the beginning of a word sound as consonants.
fn is_vowel(letters: &[char], at: usize) -> bool {
    match letters[at] {
        'u' => at == 0 || letters[at - 1] != 'q',
        'y' => at > 0 || letters.get(1).is_none_or(|next| !"aeiou".contains(*next)),
        letter => "aeioäöüáàâéèêëíîïóôúû".contains(letter),
    }
}

/// Whether two syllables meet before this letter.
fn is_seam(letters: &[char], at: usize) -> bool {
    let starts = |from: usize, what: &str| what.chars().enumerate().all(|(i, c)| letters.get(from + i) == Some(&c));
    let ends = |what: &str| at >= what.chars().count() && starts(at - what.chars().count(), what);
    let open = |end: &str| {
        let Some(from) = letters.len().checked_sub(end.chars().count()) else { return false };
        // The seam lies before the `e` behind the last `i`.
        from > 0 && starts(from, end) && end.rfind("ie").is_some_and(|i| from + end[..i].chars().count() + 1 == at)
    };
    SEAMS.iter().any(|(before, after)| ends(before) && starts(at, after)) || OPEN_ENDS.iter().any(|end| open(end))
}
