//! One slip of the finger.
//!
//! The word is chosen by lot among those of four letters or more that are no stop words, the slip with equal shares, its
//! place evenly over the word:
//!
//! | slip | share |
//! | --- | --- |
//! | two neighbouring letters change places | 1/4 |
//! | a letter is left out | 1/4 |
//! | a letter too many: the same once more (1/8), or a neighbour on the keyboard behind it (1/8) | 1/4 |
//! | a neighbour on the keyboard instead of a letter | 1/4 |
//!
//! These are the four single errors of Damerau (1964, "A technique for computer detection and correction of spelling
//! errors"). The keyboard is the German one.

use crate::search::eval::random::Random;

/// Shortest word that gets a slip.
pub(super) const WORD_CHARS_MIN: usize = 4;

/// Draws before a letter is left out instead: a slip may be impossible (`ss` swapped, a neighbour of `é`).
const DRAWS_MAX: usize = 16;

/// The rows of a German keyboard, each shifted half a key to the right of the one above.
const KEYBOARD: [&str; 3] = ["qwertzuiopü", "asdfghjklöä", "yxcvbnm"];

/// The word with one slip; never the word itself. It has at least two letters.
///
/// Shift is held for the first key, or for all of them, whatever the slip.
pub(super) fn slip(word: &str, random: &mut Random) -> String {
    let letters: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
    let slipped = slipped(&letters, random);
    let capitals = word.chars().take_while(|letter| letter.is_uppercase()).count();
    let shift = |(at, letter): (usize, &char)| -> Vec<char> {
        let held = capitals > 0 && (at == 0 || capitals == letters.len());
        if held { letter.to_uppercase().collect() } else { vec![*letter] }
    };
    slipped.iter().enumerate().flat_map(shift).collect()
}

fn slipped(letters: &[char], random: &mut Random) -> Vec<char> {
    for _ in 0..DRAWS_MAX {
        let mut slipped = letters.to_vec();
        let (kind, at) = (random.below(8), random.below(letters.len()));
        match kind {
            0 | 1 => {
                let at = random.below(letters.len() - 1);
                slipped.swap(at, at + 1);
            }
            2 | 3 => {
                slipped.remove(at);
            }
            4 => slipped.insert(at, letters[at]),
            5 => match neighbour(letters[at], random) {
                Some(key) => slipped.insert(at + 1, key),
                None => continue,
            },
            _ => match neighbour(letters[at], random) {
                Some(key) => slipped[at] = key,
                None => continue,
            },
        }
        if slipped != letters {
            return slipped;
        }
    }
    letters[..letters.len() - 1].to_vec()
}

/// A key beside that of a small letter.
fn neighbour(letter: char, random: &mut Random) -> Option<char> {
    let place = |row: &&str| row.chars().position(|key| key == letter);
    let row = KEYBOARD.iter().position(|row| place(row).is_some())?;
    let column = place(&KEYBOARD[row])?;
    let key = |row: usize, column: Option<usize>| KEYBOARD.get(row)?.chars().nth(column?);
    let beside = [
        key(row, column.checked_sub(1)),
        key(row, Some(column + 1)),
        row.checked_sub(1).and_then(|above| key(above, Some(column))),
        row.checked_sub(1).and_then(|above| key(above, Some(column + 1))),
        key(row + 1, column.checked_sub(1)),
        key(row + 1, Some(column)),
    ];
    let beside: Vec<char> = beside.into_iter().flatten().collect();
    random.pick(&beside).copied()
}
