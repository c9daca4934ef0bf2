//! What holds for every text.

use mitmachbox::text::{Analyser, Form, Word};
use proptest::prelude::*;

/// Texts that come near the rules: German letters, marks, digits, separators, anything else.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-zäöüß]{1,12}",
        2 => prop_oneof![Just("innen"), Just("Innen"), Just("Bürger"), Just("ungs"), Just("rat"), Just("haus"), Just("§"), Just("in")].prop_map(str::to_owned),
        3 => prop_oneof![Just("-"), Just("/"), Just("/-"), Just(":"), Just("*"), Just("."), Just(","), Just("("), Just(")"), Just("’"), Just("_"), Just(" ")].prop_map(str::to_owned),
        2 => "[0-9]{1,4}",
        1 => prop_oneof![Just("\u{ad}"), Just("\u{200b}"), Just("\u{308}"), Just("®"), Just("ﬁ"), Just("İ"), Just("ẞ"), Just("市"), Just("़"), Just("\u{345}")].prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn check_word(text: &str, word: &Word<'_>) -> Result<(), TestCaseError> {
    prop_assert!(text.get(word.span.clone()).is_some_and(|surface| !surface.is_empty()));
    for form in [word.exact, word.folded, word.stem] {
        prop_assert!((1..=80).contains(&form.len()), "{:?} in {:?}", form, text);
        prop_assert!(!form.contains(char::is_whitespace));
    }
    prop_assert!(word.weight > 0.0 && word.weight <= 1.0);
    prop_assert!(word.parts.len() != 1);
    let mut end = word.span.start;
    for part in word.parts {
        prop_assert!(part.span.start >= end && part.span.end <= word.span.end && text.get(part.span.clone()).is_some());
        prop_assert!(!part.folded.is_empty() && !part.stem.is_empty());
        end = part.span.end;
    }
    Ok(())
}

fn check_text(text: &str) -> Result<(), TestCaseError> {
    let mut result = Ok(());
    let (mut start, mut position, mut words) = (0, 0, 0u32);
    Analyser::bundled().words(text, &mut |word| {
        if result.is_err() {
            return;
        }
        result = check_word(text, &word);
        if word.span.start < start || word.position < position {
            result = Err(TestCaseError::fail(format!("not ascending: {word:?} in {text:?}")));
        }
        start = word.span.start;
        match word.form {
            Form::Simple => words += 1,
            Form::Joined => {}
        }
        if word.position + 1 != words {
            result = Err(TestCaseError::fail(format!("position of {word:?} in {text:?}")));
        }
        position = word.position;
    });
    result
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn offsets_and_forms_hold_near_the_rules(text in text()) {
        check_text(&text)?;
    }

    #[test]
    fn offsets_and_forms_hold_for_any_text(text in any::<String>()) {
        check_text(&text)?;
    }

    #[test]
    fn the_cache_changes_nothing(texts in proptest::collection::vec(text(), 1..6)) {
        let first: Vec<_> = texts.iter().map(|text| Analyser::bundled().analyse(text)).collect();
        let again: Vec<_> = texts.iter().map(|text| Analyser::bundled().analyse(text)).collect();
        prop_assert_eq!(first, again);
    }

    #[test]
    fn in_latin_text_words_are_those_of_the_standard(text in "[a-zA-ZäöüÄÖÜßéèñ0-9 \n;!?-]{0,60}") {
        use unicode_segmentation::UnicodeSegmentation;
        // Brackets and commas are left out: our rules give them a meaning between letters and digits.
        let standard: Vec<&str> = text.unicode_words().flat_map(|word| word.split(|c: char| !c.is_alphanumeric())).filter(|word| !word.is_empty()).collect();
        let ours = Analyser::bundled().analyse(&text);
        let ours: Vec<&str> = ours.iter().filter(|word| word.form == Form::Simple).map(|word| &text[word.span.clone()]).collect();
        prop_assert_eq!(ours, standard);
    }
}

#[test]
fn a_small_stack_and_strange_texts_suffice() {
    let texts = [
        "a".repeat(1 << 20),
        "ä-".repeat(1 << 18),
        "bürger".repeat(1 << 16),
        "§".repeat(1 << 18),
        "a\u{308}".repeat(1 << 18),
        "市".repeat(1 << 16),
        "1.000".repeat(1 << 16),
        "a*innen".repeat(1 << 16),
        "(".repeat(1 << 18),
        "Bürger/-innen".repeat(1 << 15),
        "\u{ad}".repeat(1 << 18),
        "a'".repeat(1 << 18),
    ];
    let run = move || {
        for text in texts {
            let mut count = 0u32;
            Analyser::bundled().words(&text, &mut |_| count += 1);
            assert!(count > 0 || !text.contains(char::is_alphanumeric));
        }
    };
    std::thread::Builder::new().stack_size(512 * 1024).spawn(run).expect("a thread").join().expect("no panic");
}
