//! Numbers in digits and in German words.

/// A number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Number {
    pub value: f64,
    /// Whether it may be no number but an article.
    pub article: bool,
    /// Whether groups of three digits may follow.
    pub groups: bool,
}

/// The number that a folded word is.
pub(super) fn number(word: &str) -> Option<Number> {
    let plain = |value: f64| Some(Number { value, article: false, groups: false });
    if word.starts_with(|letter: char| letter.is_ascii_digit()) {
        let value: f64 = word.replace(',', ".").parse().ok()?;
        let groups = word.len() <= 3 && !word.contains(',') && value > 0.0;
        return Some(Number { value, article: false, groups });
    }
    match word {
        "ein" | "eine" | "einen" | "einem" | "einer" => Some(Number { value: 1.0, article: true, groups: false }),
        "anderthalb" | "eineinhalb" => plain(1.5),
        "zweieinhalb" => plain(2.5),
        _ if is_half(word) => plain(0.5),
        _ => numeral(word).and_then(|value| plain(f64::from(value))),
    }
}

/// "halber", "halben", "halbe" …
pub(super) fn is_half(word: &str) -> bool {
    super::unit::uninflected(word) == "halb"
}

/// A German numeral below a million: "zwölf", "fünfundzwanzig", "zweihundert", "dreitausendfünfhundert".
pub(super) fn numeral(word: &str) -> Option<u32> {
    for (name, factor) in [("tausend", 1_000), ("hundert", 100)] {
        if let Some((before, after)) = word.split_once(name) {
            let times = if before.is_empty() { 1 } else { numeral(before)? };
            let rest = if after.is_empty() { 0 } else { numeral(after)? };
            return (times < 1_000).then_some(times * factor + rest);
        }
    }
    if let Some((_, value)) = NAMES.iter().find(|(name, _)| *name == word) {
        return Some(*value);
    }
    let (ones, tens) = word.split_once("und")?;
    let of = |part: &str| NAMES.iter().find(|(name, _)| *name == part).map(|(_, value)| *value);
    Some(of(ones).filter(|ones| *ones < 10)? + of(tens).filter(|tens| *tens >= 20)?)
}

/// Folded: "fünf" is "funf".
const NAMES: &[(&str, u32)] = &[
    ("ein", 1),
    ("zwei", 2),
    ("drei", 3),
    ("vier", 4),
    ("funf", 5),
    ("sechs", 6),
    ("sieben", 7),
    ("acht", 8),
    ("neun", 9),
    ("zehn", 10),
    ("elf", 11),
    ("zwolf", 12),
    ("dreizehn", 13),
    ("vierzehn", 14),
    ("funfzehn", 15),
    ("sechzehn", 16),
    ("siebzehn", 17),
    ("achtzehn", 18),
    ("neunzehn", 19),
    ("zwanzig", 20),
    ("dreissig", 30),
    ("vierzig", 40),
    ("funfzig", 50),
    ("sechzig", 60),
    ("siebzig", 70),
    ("achtzig", 80),
    ("neunzig", 90),
];
