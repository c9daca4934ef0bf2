//! Character 4-grams.

use mitmachbox::text::{grams, grams_open};

fn all(word: &str) -> Vec<String> {
    let mut found = Vec::new();
    grams(word, &mut |gram| found.push(gram.to_owned()));
    found
}

fn open(word: &str) -> Vec<String> {
    let mut found = Vec::new();
    grams_open(word, &mut |gram| found.push(gram.to_owned()));
    found
}

#[test]
fn a_finished_word_is_padded_on_both_sides() {
    assert_eq!(all("rat"), ["_rat", "rat_"]);
    assert_eq!(all("burger"), ["_bur", "burg", "urge", "rger", "ger_"]);
    assert_eq!(all("ob"), ["_ob_"]);
    assert_eq!(all("a"), ["_a_"]);
    assert!(all("").is_empty());
    assert_eq!(all("мир"), ["_мир", "мир_"]);
}

#[test]
fn a_word_still_being_typed_has_no_end() {
    assert_eq!(open("burger"), ["_bur", "burg", "urge", "rger"]);
    assert_eq!(open("bur"), ["_bur"]);
    assert!(open("bu").is_empty());
    assert!(open("").is_empty());
}
