//! The interface's own words: German or English, side by side where they are used.
//!
//! What editors wrote stays as they wrote it; an entry says its language where that is not the page's.

use crate::model::vocabulary::Language;

/// The language in which a page speaks.
///
/// Both versions of a text stand next to each other in the code and in the templates, so that neither is forgotten
/// when the other changes, and a page can be read without looking anything up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ui {
    /// Language of labels; everything but English speaks German.
    pub language: Language,
}

impl Ui {
    /// Speaks this language.
    pub fn new(language: Language) -> Self {
        Self { language }
    }

    /// The text in the page's language.
    pub fn say<'a>(&self, german: &'a str, english: &'a str) -> &'a str {
        self.language.say(german, english)
    }

    /// Whether the page is English.
    pub fn english(&self) -> bool {
        self.language == Language::English
    }

    /// The tag of the language, where somebody chose one: forms carry it on.
    pub fn chosen(&self) -> Option<&'static str> {
        (self.language != Language::default()).then(|| self.language.tag())
    }

    /// Language of the page for `<html lang>`.
    pub fn tag(&self) -> &'static str {
        if self.english() { "en" } else { "de" }
    }

    /// The language of a text, where it is not the page's: for `lang` on a part of a page.
    pub fn foreign(&self, language: &str) -> Option<String> {
        let language = if language.is_empty() { "de" } else { language };
        let primary = language.split('-').next().unwrap_or(language);
        (primary != self.tag()).then(|| language.to_owned())
    }

    /// "1 Treffer", "12 Treffer": a number with its word, German then English.
    pub fn count(&self, how_many: u64, german: (&str, &str), english: (&str, &str)) -> String {
        let (one, many) = if self.english() { english } else { german };
        format!("{} {}", self.number(how_many), if how_many == 1 { one } else { many })
    }

    /// "371 Einträge".
    pub fn entries(&self, how_many: u64) -> String {
        self.count(how_many, ("Eintrag", "Einträge"), ("entry", "entries"))
    }

    /// In the quotation marks of the language.
    pub fn quoted(&self, text: &str) -> String {
        if self.english() { format!("“{text}”") } else { format!("„{text}“") }
    }

    /// "Vor Ort, digital und gemischt".
    pub fn listed(&self, texts: &[String]) -> String {
        match texts {
            [] => String::new(),
            [one] => one.clone(),
            [first @ .., last] => format!("{} {} {last}", first.join(", "), self.say("und", "and")),
        }
    }
}
