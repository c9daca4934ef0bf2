//! Misspelt words.

use mitmachbox::text::DamerauAutomaton;
use mitmachbox::text::spelling::{allowed_distance, candidate_cost, distance};
use proptest::prelude::*;

/// Optimal string alignment, straight from its definition.
fn naive(left: &str, right: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            table[i][j] = match (i, j) {
                (0, _) => j,
                (_, 0) => i,
                _ => {
                    let replaced = table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                    let mut best = replaced.min(table[i - 1][j] + 1).min(table[i][j - 1] + 1);
                    if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                        best = best.min(table[i - 2][j - 2] + 1);
                    }
                    best
                }
            };
        }
    }
    table[a.len()][b.len()]
}

#[test]
fn distances() {
    let table = [
        ("burgerinenrat", "burgerinnenrat", Some(1)),
        ("beteilgung", "beteiligung", Some(1)),
        ("burgerart", "burgerrat", Some(1)),
        ("hasuhalt", "haushalt", Some(1)),
        ("planungzelle", "planungszelle", Some(1)),
        ("wokshpo", "workshop", Some(2)),
        ("rat", "haus", None),
        ("", "", Some(0)),
        ("", "ab", Some(2)),
        ("", "abc", None),
        ("cafe", "cafe", Some(0)),
        ("ab", "ba", Some(1)),
        ("ca", "abc", None),
        ("мир", "мри", Some(1)),
    ];
    for (left, right, expected) in table {
        assert_eq!(distance(left, right, 2), expected, "{left} {right}");
    }
}

#[test]
fn short_words_must_be_right() {
    assert_eq!([0, 3, 4, 7, 8, 30].map(allowed_distance), [0, 0, 1, 1, 2, 2]);
}

#[test]
fn likely_slips_cost_less() {
    // In each row the first candidate is meant rather than the second.
    let table = [
        ("hausahlt", "haushalt", "hausfalt"), // a transposition before a replacement
        ("konferens", "konferenz", "konferent"),
        ("kommision", "kommission", "kommirsion"),
        ("planungzelle", "planungszelle", "planungkzelle"),
        ("eerkstatt", "werkstatt", "perkstatt"),
        ("burger", "burger", "burgen"),
        ("jugend", "jugend", "tugend"),
    ];
    for (typed, likely, unlikely) in table {
        let (likely_cost, unlikely_cost) = (candidate_cost(typed, likely), candidate_cost(typed, unlikely));
        assert!(likely_cost < unlikely_cost, "{typed}: {likely} {likely_cost}, {unlikely} {unlikely_cost}");
    }
    assert_eq!(candidate_cost("rat", "rat"), 0.0);
    assert!(candidate_cost(&"a".repeat(65), "a").is_infinite());
}

/// Runs the automaton over the bytes; the second value says whether it ever gave up.
fn run(automaton: &DamerauAutomaton, word: &str) -> (bool, bool) {
    let mut state = automaton.start();
    let mut alive = automaton.can_match(&state);
    for byte in word.bytes() {
        state = automaton.accept(&state, byte);
        alive &= automaton.can_match(&state);
    }
    (automaton.is_match(&state), alive)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn the_automaton_is_the_definition(left in "[abcé]{0,9}", right in "[abcé]{0,9}", max in 0u8..=2) {
        let expected = naive(&left, &right) <= usize::from(max);
        let (is_match, alive) = run(&DamerauAutomaton::new(&left, max), &right);
        prop_assert_eq!(is_match, expected);
        // It never gives up on the way to a match.
        prop_assert!(alive || !expected);
        prop_assert_eq!(distance(&left, &right, max).map(usize::from), expected.then(|| naive(&left, &right)));
    }

    #[test]
    fn slips_in_real_words_are_within_one(index in 0usize..12, at in 0usize..7, kind in 0u8..4) {
        let words = ["beteiligung", "haushalt", "planungszelle", "werkstatt", "konferenz", "spaziergang", "moderation", "gutachten",
            "nachbarschaft", "verfahren", "einwohner", "mitbestimmung"];
        let mut letters: Vec<char> = words[index].chars().collect();
        match kind {
            0 => { letters.remove(at); }
            1 => letters.insert(at, 'x'),
            2 => letters[at] = 'x',
            _ => letters.swap(at, at + 1),
        }
        let typed: String = letters.into_iter().collect();
        prop_assert!(distance(&typed, words[index], 1).is_some(), "{} {}", typed, words[index]);
    }

    #[test]
    fn no_bytes_make_it_panic(word in any::<String>(), bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        let automaton = DamerauAutomaton::new(&word, 2);
        let mut state = automaton.start();
        for byte in bytes {
            state = automaton.accept(&state, byte);
        }
        let _ = automaton.is_match(&state);
    }
}
