//! German signs: „…“ and ‚…‘, the apostrophe ’, the dash –, the ellipsis ….

/// Every sign that is not the one German print uses.
pub(super) fn check(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let signs = [
        ("\"", "a straight quotation mark: write „…“"),
        ("'", "a straight apostrophe: write ’"),
        ("`", "a grave accent: write ’ or ‚…‘"),
        ("´", "an acute accent: write ’"),
        ("...", "three full stops: write …"),
        (" - ", "a hyphen between spaces: write the dash –"),
        ("  ", "two spaces: one is enough"),
    ];
    for (sign, detail) in signs {
        if text.contains(sign) {
            found.push(format!("{detail}, in \"{}\"", around(text, sign)));
        }
    }
    found.extend(unpaired(text));
    found
}

/// German quotation marks open with „ and close with “, which opens in English.
fn unpaired(text: &str) -> Option<String> {
    let mut open = false;
    for (at, sign) in text.char_indices() {
        let wrong = match sign {
            '„' => std::mem::replace(&mut open, true),
            '“' => !std::mem::replace(&mut open, false),
            '”' => true,
            _ => false,
        };
        if wrong {
            return Some(format!("quotation marks are paired „…“, in \"{}\"", around(&text[at..], "")));
        }
    }
    open.then(|| "a quotation „… is not closed with “".to_owned())
}

/// A sign with the letters around it.
fn around(text: &str, sign: &str) -> String {
    const LETTERS: usize = 12;
    let at = text.find(sign).unwrap_or_default();
    let before: String = text[..at].chars().rev().take(LETTERS).collect();
    before.chars().rev().chain(text[at..].chars().take(LETTERS)).collect()
}
