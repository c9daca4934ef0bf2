//! Comparing misspelt words: bounded Damerau-Levenshtein distance in its restricted form (optimal
//! string alignment: a transposition counts one, and no part is edited twice), the cost of a
//! candidate with regard to the German keyboard, and [`DamerauAutomaton`], which walks a sorted
//! dictionary without looking at every word.
//!
//! All of it works on folded words, so an umlaut never counts as an error.

/// Largest distance the automaton can be asked for; its states are sized by it.
pub const DISTANCE_MAX: u8 = 2;

/// Longest word, in characters, for which corrections are sought. Longer ones are not misspelt
/// words but something else, and the table of the distance grows with the product of the lengths.
pub const WORD_CHARS_MAX: usize = 64;

/// Errors allowed in a word of so many characters: short words turn into each other too easily.
pub fn allowed_distance(chars: usize) -> u8 {
    match chars {
        0..4 => 0,
        4..8 => 1,
        _ => 2,
    }
}

/// The distance of two words, if it is at most `max`.
pub fn distance(left: &str, right: &str, max: u8) -> Option<u8> {
    let automaton = DamerauAutomaton::new(left, max);
    let mut state = automaton.start();
    for byte in right.bytes() {
        if !automaton.can_match(&state) {
            return None;
        }
        state = automaton.accept(&state, byte);
    }
    automaton.distance(&state)
}

/// How unlikely it is that somebody meant `candidate` and typed `typed`; smaller is better.
///
/// The distance with prices: neighbours on a German keyboard, letters that sound alike, doubled
/// letters and transpositions are cheaper than one error, a wrong first letter is dearer.
/// Costs are comparable only between candidates for the same word. Words longer than
/// [`WORD_CHARS_MAX`] cost `f32::INFINITY`.
pub fn candidate_cost(typed: &str, candidate: &str) -> f32 {
    let typed: Vec<char> = typed.chars().collect();
    let meant: Vec<char> = candidate.chars().collect();
    if typed.len().max(meant.len()) > WORD_CHARS_MAX {
        return f32::INFINITY;
    }
    // The three rows of the table that a transposition can reach.
    let mut before: Vec<f32> = Vec::new();
    let mut above: Vec<f32> = vec![0.0];
    for j in 0..meant.len() {
        above.push(above[j] + insertion_cost(&meant, j));
    }
    for i in 0..typed.len() {
        let mut row = Vec::with_capacity(meant.len() + 1);
        row.push(above[0] + insertion_cost(&typed, i));
        for j in 0..meant.len() {
            let mut best = above[j] + substitution_cost(typed[i], meant[j]);
            best = best.min(above[j + 1] + insertion_cost(&typed, i));
            best = best.min(row[j] + insertion_cost(&meant, j));
            if i > 0 && j > 0 && typed[i] == meant[j - 1] && typed[i - 1] == meant[j] && typed[i] != typed[i - 1] {
                best = best.min(before[j - 1] + TRANSPOSITION);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    let wrong_start = if typed.first() == meant.first() { 0.0 } else { FIRST_LETTER };
    above[meant.len()] + wrong_start
}

const TRANSPOSITION: f32 = 0.7;
const NEIGHBOUR: f32 = 0.7;
const SOUNDS_ALIKE: f32 = 0.6;
const DOUBLED: f32 = 0.5;
const LINKING_S: f32 = 0.8;
const FIRST_LETTER: f32 = 0.3;

/// One letter too many or too few; less if it doubles its neighbour, or may be a linking `s`.
fn insertion_cost(word: &[char], at: usize) -> f32 {
    let c = word[at];
    let doubles = (at > 0 && word[at - 1] == c) || word.get(at + 1) == Some(&c);
    if doubles {
        DOUBLED
    } else if matches!(c, 's' | 'h') && at > 0 {
        LINKING_S
    } else {
        1.0
    }
}

fn substitution_cost(a: char, b: char) -> f32 {
    if a == b {
        0.0
    } else if ALIKE.iter().any(|pair| pair.contains(a) && pair.contains(b)) {
        SOUNDS_ALIKE
    } else if keyboard_neighbours(a, b) {
        NEIGHBOUR
    } else {
        1.0
    }
}

/// Letters that are taken for each other by ear.
const ALIKE: [&str; 10] = ["dt", "bp", "gk", "ck", "fv", "vw", "sz", "iy", "ae", "kq"];

/// The rows of a German keyboard, each shifted half a key to the right of the one above.
const KEYBOARD: [&str; 4] = ["1234567890", "qwertzuiop", "asdfghjkl", "yxcvbnm"];

fn keyboard_neighbours(a: char, b: char) -> bool {
    let place = |c: char| {
        KEYBOARD
            .iter()
            .enumerate()
            .find_map(|(row, keys)| keys.chars().position(|key| key == c).map(|column| (row, column)))
    };
    let (Some((row_a, column_a)), Some((row_b, column_b))) = (place(a), place(b)) else { return false };
    match row_a.abs_diff(row_b) {
        0 => column_a.abs_diff(column_b) == 1,
        1 => {
            let (upper, lower) = if row_a < row_b { (column_a, column_b) } else { (column_b, column_a) };
            upper == lower || upper == lower + 1
        }
        _ => false,
    }
}

/// Accepts the words within a distance of one word, byte by byte (UTF-8).
///
/// It has the operations that a walk through a sorted dictionary needs (`start`, `is_match`,
/// `can_match`, `accept`); the index wraps it in the trait of its dictionary. States are small and
/// copied, nothing is allocated: a state is a band of the distance table around the diagonal.
#[derive(Clone, Debug)]
pub struct DamerauAutomaton {
    word: Vec<char>,
    max: u8,
}

const BAND: usize = 2 * DISTANCE_MAX as usize + 1;

/// Where a [`DamerauAutomaton`] stands after some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DamerauState {
    /// Characters read.
    read: u16,
    /// Distances between what was read and the prefixes of the word around that length.
    row: [u8; BAND],
    /// The row one character earlier.
    above: [u8; BAND],
    /// The last character read.
    last: char,
    /// Bits of a character whose last bytes are still to come, and how many.
    pending: u32,
    missing: u8,
}

impl DamerauAutomaton {
    /// An automaton for `word`; `max` is lowered to [`DISTANCE_MAX`].
    pub fn new(word: &str, max: u8) -> DamerauAutomaton {
        DamerauAutomaton { word: word.chars().collect(), max: max.min(DISTANCE_MAX) }
    }

    /// The state before the first byte.
    pub fn start(&self) -> DamerauState {
        let mut row = [self.over(); BAND];
        for (distance, cell) in (0..).zip(&mut row[usize::from(DISTANCE_MAX)..]) {
            if usize::from(distance) <= self.word.len() {
                *cell = self.capped(distance);
            }
        }
        DamerauState { read: 0, row, above: [self.over(); BAND], last: '\0', pending: 0, missing: 0 }
    }

    /// Whether the bytes so far are a word within the distance.
    pub fn is_match(&self, state: &DamerauState) -> bool {
        self.distance(state).is_some()
    }

    /// Whether any continuation may still match. Never `false` when one would.
    pub fn can_match(&self, state: &DamerauState) -> bool {
        state.row.iter().any(|&distance| distance <= self.max)
    }

    /// The distance of the bytes so far, if within the bound.
    pub fn distance(&self, state: &DamerauState) -> Option<u8> {
        let end = self.word.len() + usize::from(DISTANCE_MAX);
        let cell = end.checked_sub(usize::from(state.read))?;
        let distance = *state.row.get(cell)?;
        (state.missing == 0 && distance <= self.max).then_some(distance)
    }

    /// The state after one more byte.
    pub fn accept(&self, state: &DamerauState, byte: u8) -> DamerauState {
        let (pending, missing) = match byte {
            0x00..0x80 => (u32::from(byte), 0),
            0x80..0xc0 => (state.pending << 6 | u32::from(byte & 0x3f), state.missing.saturating_sub(1)),
            0xc0..0xe0 => (u32::from(byte & 0x1f), 1),
            0xe0..0xf0 => (u32::from(byte & 0x0f), 2),
            _ => (u32::from(byte & 0x07), 3),
        };
        if missing > 0 {
            return DamerauState { pending, missing, ..*state };
        }
        let c = char::from_u32(pending).unwrap_or(char::REPLACEMENT_CHARACTER);
        self.step(state, c)
    }

    fn step(&self, state: &DamerauState, c: char) -> DamerauState {
        let read = usize::from(state.read) + 1;
        let mut row = [self.over(); BAND];
        for cell in 0..BAND {
            // Cell `cell` of row `read` belongs to the prefix of this length.
            let Some(length) = (read + cell).checked_sub(usize::from(DISTANCE_MAX)) else { continue };
            if length > self.word.len() {
                break;
            }
            if length == 0 {
                row[cell] = self.capped(u8::try_from(read).unwrap_or(u8::MAX));
                continue;
            }
            let here = self.word[length - 1];
            let mut best = state.row[cell] + u8::from(here != c);
            if cell + 1 < BAND {
                best = best.min(state.row[cell + 1] + 1);
            }
            if cell > 0 {
                best = best.min(row[cell - 1] + 1);
            }
            if read >= 2 && length >= 2 && here == state.last && self.word[length - 2] == c {
                best = best.min(state.above[cell] + 1);
            }
            row[cell] = self.capped(best);
        }
        let read = u16::try_from(read).unwrap_or(u16::MAX);
        DamerauState { read, row, above: state.row, last: c, pending: 0, missing: 0 }
    }

    /// Any distance beyond the bound; they need not be told apart.
    fn over(&self) -> u8 {
        self.max + 1
    }

    fn capped(&self, distance: u8) -> u8 {
        distance.min(self.over())
    }
}
