//! Normalising one word: NFC, invisible characters removed, lower case; and the folded form in
//! which `Bürger`, `Buerger` and `Burger`, or `Café` and `Cafe`, are the same.
//!
//! Every step keeps the byte offset of the character it came from, so that a part of a compound
//! can be highlighted in the text as it was written.

use unicode_normalization::char::{decompose_compatible, is_combining_mark};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// One lower-case character of a word and where it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The character: NFC, lower case.
    pub ch: char,
    /// Byte offset, in the surface word, of the character it was made from.
    pub at: u32,
    /// Whether it was a capital (the `I` of `BürgerInnen` shows by that).
    pub upper: bool,
}

/// A folded word with the origin of each of its bytes.
#[derive(Clone, Debug, Default)]
pub struct Folded {
    /// The folded word.
    pub text: String,
    /// For every byte of `text` the byte offset in the surface word.
    pub starts: Vec<u32>,
}

/// Whether a character is ignored inside a word: soft hyphen, zero-width characters, `®`, `™`, `©`, `℠`.
pub fn is_ignorable(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{fe0e}' | '\u{fe0f}' | '®' | '™' | '©' | '℠'
    )
}

/// Whether a character belongs to a word, and is not a sign inside one (`Bürger*innen`).
pub fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || c == '§' || is_combining_mark(c)
}

/// Appends the characters of `surface` in NFC and lower case, without ignorable ones.
/// `base` is added to every offset.
pub fn push_letters(surface: &str, base: usize, letters: &mut Vec<Letter>) {
    if is_nfc_quick(surface.chars()) == IsNormalized::Yes {
        for (offset, c) in surface.char_indices() {
            push_lower(c, base + offset, letters);
        }
        return;
    }
    // Compose cluster by cluster: a starter with its marks. That keeps the offsets.
    let mut rest = surface.char_indices().peekable();
    while let Some((start, c)) = rest.next() {
        let mut end = start + c.len_utf8();
        while let Some(&(offset, mark)) = rest.peek()
            && is_combining_mark(mark)
        {
            end = offset + mark.len_utf8();
            rest.next();
        }
        for composed in surface[start..end].nfc() {
            push_lower(composed, base + start, letters);
        }
    }
}

/// The folded form of letters: umlauts and their spellings `ae`, `oe`, `ue` become the plain
/// vowel, `ß` becomes `ss`, other diacritics go.
///
/// The rule for `ae`, `oe`, `ue` is that of Lucene's GermanNormalizationFilter: the `e` is dropped
/// unless the vowel follows another vowel or `q` (`Buerger`, but `neue`, `Quelle`, `Bauer`).
pub fn fold_letters(letters: &[Letter], folded: &mut Folded) {
    folded.text.clear();
    folded.starts.clear();
    let mut state = After::Consonant;
    for letter in letters {
        state = fold_char(letter.ch, state, &mut |c| {
            folded.text.push(c);
            folded.starts.extend(std::iter::repeat_n(letter.at, c.len_utf8()));
        });
    }
}

/// Folds a single word; gender forms are left alone.
pub fn fold(word: &str) -> String {
    let mut letters = Vec::new();
    push_letters(word, 0, &mut letters);
    let mut folded = Folded::default();
    fold_letters(&letters, &mut folded);
    folded.text
}

/// A word without umlauts and accents, the way a keyboard without them is used: `ä` is `ae`, `ß` is `ss`, `é` is `e`.
/// Two words with the same one are spellings of each other; unlike [`fold`], it keeps `Müller` and `Muller` apart.
pub fn transliterated(word: &str) -> String {
    let mut plain = String::with_capacity(word.len() + 2);
    for letter in word.chars().flat_map(char::to_lowercase).collect::<String>().nfc() {
        match letter {
            'ä' => plain.push_str("ae"),
            'ö' => plain.push_str("oe"),
            'ü' => plain.push_str("ue"),
            'ß' => plain.push_str("ss"),
            other => decompose_compatible(other, |part| {
                if !is_combining_mark(part) {
                    plain.push(part);
                }
            }),
        }
    }
    plain
}

/// Cuts a string to at most `bytes_max` bytes, at a character boundary.
pub fn truncated(text: &str, bytes_max: usize) -> &str {
    &text[..text.floor_char_boundary(bytes_max)]
}

/// What came before, for the rule about `ae`, `oe`, `ue`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    /// An `e` stays; `a`, `o`, `u` may open a digraph.
    Consonant,
    /// `a`, `o` or `u`: a following `e` is the second half of an umlaut.
    Opener,
    /// Any other vowel, or `q`.
    Vowel,
}

fn fold_char(c: char, state: After, push: &mut dyn FnMut(char)) -> After {
    match c {
        'a' | 'o' => {
            push(c);
            After::Opener
        }
        'u' => {
            push(c);
            if state == After::Consonant { After::Opener } else { After::Vowel }
        }
        'e' => {
            if state != After::Opener {
                push(c);
            }
            After::Vowel
        }
        'i' | 'q' | 'y' => {
            push(c);
            After::Vowel
        }
        _ if c.is_ascii() => {
            push(c);
            After::Consonant
        }
        'ä' | 'æ' => {
            push('a');
            After::Vowel
        }
        'ö' | 'ø' | 'œ' => {
            push('o');
            After::Vowel
        }
        'ü' => {
            push('u');
            After::Vowel
        }
        'ß' => {
            push('s');
            push('s');
            After::Consonant
        }
        'ı' => {
            push('i');
            After::Vowel
        }
        'ł' => fold_char('l', state, push),
        'đ' | 'ð' => fold_char('d', state, push),
        'þ' => {
            push('t');
            push('h');
            After::Consonant
        }
        _ => fold_foreign(c, push),
    }
}

/// Compatibility decomposition without its marks: `é` → `e`, `ﬁ` → `fi`, `²` → `2`.
fn fold_foreign(c: char, push: &mut dyn FnMut(char)) -> After {
    let mut state = After::Consonant;
    // `½` must not become `12`.
    if c.is_numeric() && !c.to_string().nfkd().all(char::is_numeric) {
        push(c);
        return state;
    }
    decompose_compatible(c, |d| {
        // Marks of other scripts are vowels; only those of Latin, Greek and Cyrillic are dropped.
        if ('\u{300}'..='\u{36f}').contains(&d) || !is_word_char(d) {
            return;
        }
        for lower in d.to_lowercase() {
            push(lower);
            state = match lower {
                'a' | 'e' | 'i' | 'o' | 'u' | 'y' => After::Vowel,
                _ => After::Consonant,
            };
        }
    });
    state
}

fn push_lower(c: char, at: usize, letters: &mut Vec<Letter>) {
    if is_ignorable(c) {
        return;
    }
    // A word has far fewer than 2^32 bytes: the analyser looks at the first few hundred only.
    let at = u32::try_from(at).unwrap_or(u32::MAX);
    if c.is_ascii() {
        letters.push(Letter { ch: c.to_ascii_lowercase(), at, upper: c.is_ascii_uppercase() });
        return;
    }
    let upper = c.is_uppercase();
    letters.extend(c.to_lowercase().map(|ch| Letter { ch, at, upper }));
}
