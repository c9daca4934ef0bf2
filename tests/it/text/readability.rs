//! Sentences, syllables and Amstad's index.

use mitmachbox::text::readability::{Measure, syllables};
use mitmachbox::text::sentence::{sentences, words};
use proptest::prelude::*;

#[test]
fn syllables_are_counted() {
    for (hyphenated, expected) in [
        ("Rat", 1),
        ("Bür-ger-rat", 3),
        ("Be-tei-li-gung", 4),
        ("Zu-falls-aus-wahl", 4),
        ("Häu-ser", 2),
        ("neu-e", 2),
        ("Bau-er", 2),
        ("Si-tu-a-ti-on", 5),
        ("Kom-mu-ne", 3),
        ("Qua-li-tät", 3),
        ("Fa-mi-li-e", 4),
        ("Fe-ri-en", 3),
        ("Leit-li-ni-en", 4),
        ("Ga-le-rie", 3),
        ("spie-len", 2),
        ("I-de-en", 3),
        ("Mu-se-um", 3),
        ("be-ur-tei-len", 4),
        ("be-en-den", 3),
        ("Beu-te", 2),
        ("Ca-fé", 2),
        ("sys-te-ma-tisch", 4),
        ("Ya-sin", 2),
        ("Bür-ger*in-nen", 4),
        ("World-Ca-fé", 3),
    ] {
        let written = hyphenated.replace('-', "");
        assert_eq!(syllables(&written), expected, "{hyphenated}");
    }
    assert_eq!([syllables("NRW"), syllables("2024"), syllables("World-Café,"), syllables("–")], [3, 4, 3, 1]);
}

/// Sentences with a bar between them.
fn cut(text: &str) -> String {
    sentences(text).collect::<Vec<_>>().join("|")
}

#[test]
fn sentences_end_where_something_begins() {
    for (text, expected) in [
        ("Wer will? Alle. Gut!", "Wer will?|Alle.|Gut!"),
        ("Nach § 3 Abs. 1 BauGB. Danach mehr.", "Nach § 3 Abs. 1 BauGB.|Danach mehr."),
        ("Am 12. Dezember 2023. Im Mai.", "Am 12. Dezember 2023.|Im Mai."),
        ("Das kostet z. B. Zeit und ca. 500 Euro.", "Das kostet z. B. Zeit und ca. 500 Euro."),
        ("Es kamen 1.500. Alle blieben.", "Es kamen 1.500.|Alle blieben."),
        ("Sie fragen „Warum?“ und gehen.", "Sie fragen „Warum?“ und gehen."),
        ("Sie fragen: „Warum?“ Dann gehen sie.", "Sie fragen: „Warum?“|Dann gehen sie."),
        (
            "## Im Netz\n\nAlles geht … Vieles gut.\n- ein Punkt\n3. Schritt",
            "Im Netz|Alles geht …|Vieles gut.|ein Punkt|Schritt",
        ),
        ("DIPAS.org hilft.", "DIPAS.org hilft."),
        ("", ""),
    ] {
        assert_eq!(cut(text), expected, "{text}");
    }
    assert_eq!(words("Bürger*innen – und 2.500 (alle)!").count(), 4);
}

#[test]
fn the_index_is_amstads() {
    let measure = Measure::of("Alle dürfen reden. Danach wird abgestimmt.");
    assert_eq!(measure, Measure { sentences: 2, words: 6, syllables: 12 });
    assert_eq!(measure.ease(), Some(180.0 - 3.0 - 58.5 * 2.0));
    assert_eq!(Measure::of(" – ").ease(), None);
}

proptest! {
    #[test]
    fn nothing_is_lost_between_sentences(text in "[a-zA-ZäöüÄ0-9.!?…„“ ()\n*#-]{0,80}") {
        let whole = text.lines().map(|line| words(line).count()).sum::<usize>();
        let counted = sentences(&text).map(|sentence| words(sentence).count()).sum::<usize>();
        // The number of a list is no word of its item.
        let numbers = text.lines().filter(|line| line.trim_start_matches(['#', '>', ' ']).starts_with(|c: char| c.is_ascii_digit())).count();
        prop_assert!(counted <= whole && counted + numbers >= whole, "{} of {}", counted, whole);
        prop_assert!(Measure::of(&text).syllables >= counted);
    }
}
