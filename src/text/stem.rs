//! Stems: CISTEM (Weißweiler & Fraser 2017, "Developing a Stemmer for German Based on a
//! Comparative Analysis of Publicly Available Stemmers"; published under the MIT licence), written
//! anew from the published algorithm, with four small rules before it:
//!
//! - separable verbs: `angemeldet`, `anzumelden` → `anmelden`;
//! - participles: `geplant` → `planen`, but `Gespräch` stays apart from `Sprache`: CISTEM takes every `ge` off;
//! - plurals that change the end of a foreign word: `Foren` → `Forum`, `Themen` → `Thema`;
//! - nouns in `-ung` of prefixed verbs: `Beteiligung` → `beteiligen`.
//!
//! Input is the folded word, so a stem is only ever compared with other stems of folded words.

/// Prefixes that separate from their verb. Folded.
const SEPARABLE_PREFIXES: [&str; 46] = [
    "zusammen",
    "entgegen",
    "gegenuber",
    "zuruck",
    "wieder",
    "weiter",
    "voraus",
    "vorbei",
    "heraus",
    "herauf",
    "herein",
    "hervor",
    "herum",
    "herunter",
    "hinaus",
    "hinauf",
    "hinein",
    "hinunter",
    "hinzu",
    "bereit",
    "durch",
    "statt",
    "unter",
    "uber",
    "nach",
    "fest",
    "fort",
    "frei",
    "voran",
    "teil",
    "heim",
    "auf",
    "aus",
    "bei",
    "ein",
    "her",
    "hin",
    "los",
    "mit",
    "vor",
    "weg",
    "dar",
    "ab",
    "an",
    "um",
    "zu",
];

/// Prefixes that stay on their verb; with the separable ones they mark a noun in `-ung` as a
/// verb's noun. (`Zeitung`, `Satzung`, `Meinung` have none and stay as they are.) Folded.
const FIXED_PREFIXES: [&str; 6] = ["be", "ent", "er", "ver", "zer", "miss"];

/// Foreign plurals and their singulars, as endings. Folded.
const FOREIGN_PLURALS: [(&str, &str); 27] = [
    ("foren", "forum"),
    ("zentren", "zentrum"),
    ("gremien", "gremium"),
    ("kriterien", "kriterium"),
    ("ministerien", "ministerium"),
    ("kuratorien", "kuratorium"),
    ("laboratorien", "laboratorium"),
    ("stipendien", "stipendium"),
    ("museen", "museum"),
    ("praxen", "praxis"),
    ("themen", "thema"),
    ("schemata", "schema"),
    ("dramen", "drama"),
    ("firmen", "firma"),
    ("konten", "konto"),
    ("risiken", "risiko"),
    ("villen", "villa"),
    ("arenen", "arena"),
    ("viren", "virus"),
    ("zyklen", "zyklus"),
    ("ismen", "ismus"),
    ("praktika", "praktikum"),
    ("lexika", "lexikon"),
    ("individuen", "individuum"),
    ("jubilaen", "jubilaum"),
    ("prinzipien", "prinzip"),
    ("materialien", "material"),
];

/// Endings of nouns that look like a participle with `ge` inside (`Umgebungen`, `Angelegenheit`).
const NOUN_ENDINGS: [&str; 14] = [
    "ung", "ungen", "heit", "heiten", "keit", "keiten", "schaft", "schaften", "ion", "ionen", "tat", "taten", "nis",
    "nissen",
];

/// Nouns and adjectives that look like a participle: `ge`, a root, `t`. Folded, without inflection.
const NO_PARTICIPLES: [&str; 24] = [
    "gebet",
    "gebiet",
    "gebot",
    "geburt",
    "gedicht",
    "gehalt",
    "gelaut",
    "gemut",
    "gerat",
    "gerecht",
    "gericht",
    "gerucht",
    "gerust",
    "gesamt",
    "geschaft",
    "geschicht",
    "geschlecht",
    "gesicht",
    "gespenst",
    "gestalt",
    "gestirnt",
    "gewalt",
    "gewicht",
    "geflecht",
];

/// Roots of strong verbs whose participle has the vowel of the infinitive: `gefahren`, `fahren`. Of the others the
/// participle has another stem whether `ge` goes or not. Folded.
const STRONG_ROOTS: [&str; 28] = [
    "back", "blas", "brat", "fahr", "fall", "fang", "fress", "geb", "grab", "hang", "hau", "heiss", "komm", "lad",
    "lass", "lauf", "les", "mess", "ruf", "schlaf", "schlag", "seh", "stoss", "trag", "tret", "wachs", "wasch", "werd",
];

/// Most letters of an inflection: `geplanten` has two more than `geplant`.
const INFLECTION_MAX: usize = 2;

/// The stem of a folded word. Words with other characters than `a`–`z` are their own stem.
pub fn stem(folded: &str) -> String {
    if !folded.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return folded.to_owned();
    }
    let base = singular(folded).or_else(|| infinitive(folded)).or_else(|| verb_of_noun(folded));
    let base = base.as_deref().unwrap_or(folded);
    without_endings(participle(base).unwrap_or(base))
}

/// CISTEM for lower-case words in `a`–`z`.
pub fn cistem(word: &str) -> String {
    without_endings(strip_ge(word))
}

fn without_endings(word: &str) -> String {
    // Digraphs are single letters while endings are stripped; a doubled letter is the letter and `*`.
    let mut letters = encode(word);
    while letters.len() > 3 {
        let n = letters.len();
        let stripped = match letters.as_slice() {
            [.., b'e', b'm' | b'r'] | [.., b'n', b'd'] if n > 5 => 2,
            [.., b't' | b'e' | b's' | b'n'] => 1,
            _ => break,
        };
        letters.truncate(n - stripped);
    }
    decode(&letters)
}

/// `ge` at the beginning goes when at least four letters remain.
fn strip_ge(word: &str) -> &str {
    match word.strip_prefix("ge") {
        Some(rest) if rest.len() >= 4 => rest,
        _ => word,
    }
}

/// `geplanten` → `planten`, `gefahrener` → `fahrener`; nothing for what is no participle of that kind.
fn participle(word: &str) -> Option<&str> {
    let verb = word.strip_prefix("ge").filter(|rest| rest.len() >= 4)?;
    let strong = |root: &&str| {
        let ending = verb.strip_prefix(*root).and_then(|rest| rest.strip_prefix("en"));
        ending.is_some_and(|rest| rest.len() <= INFLECTION_MAX)
    };
    let looks_like = |noun: &&str| word.strip_prefix(*noun).is_some_and(|rest| rest.len() <= INFLECTION_MAX);
    if NOUN_ENDINGS.iter().any(|ending| verb.ends_with(ending)) || NO_PARTICIPLES.iter().any(looks_like) {
        return None;
    }
    let weak = ["", "e", "er", "em", "en", "es"]
        .iter()
        .filter_map(|ending| verb.strip_suffix(ending)?.strip_suffix('t'))
        .any(is_root);
    (weak || STRONG_ROOTS.iter().any(strong)).then_some(verb)
}

fn encode(word: &str) -> Vec<u8> {
    let word = word.replace("sch", "$").replace("ei", "%").replace("ie", "&");
    let mut letters = Vec::with_capacity(word.len());
    for byte in word.bytes() {
        let doubled = letters.last() == Some(&byte);
        letters.push(if doubled { b'*' } else { byte });
    }
    letters
}

fn decode(letters: &[u8]) -> String {
    let mut word = String::with_capacity(letters.len() + 4);
    let mut last = '*';
    for &byte in letters {
        let c = if byte == b'*' { last } else { char::from(byte) };
        last = c;
        match c {
            '$' => word.push_str("sch"),
            '%' => word.push_str("ei"),
            '&' => word.push_str("ie"),
            _ => word.push(c),
        }
    }
    word
}

fn singular(word: &str) -> Option<String> {
    FOREIGN_PLURALS.iter().find_map(|(plural, singular)| {
        let start = word.strip_suffix(plural)?;
        // `ismen` alone is no ending: `Organismen` has its root before it.
        Some(format!("{start}{singular}"))
    })
}

/// `angemeldet`, `anzumelden`, `ausgeloste` → prefix and verb without `ge` or `zu`.
fn infinitive(word: &str) -> Option<String> {
    SEPARABLE_PREFIXES.iter().find_map(|prefix| {
        let rest = word.strip_prefix(prefix)?;
        let verb = if let Some(verb) = rest.strip_prefix("ge") {
            is_participle(verb).then_some(verb)
        } else {
            rest.strip_prefix("zu").filter(|verb| is_zu_form(verb))
        };
        Some(format!("{prefix}{}", verb?))
    })
}

/// `meldet`, `loste`, `fangenen`: ends in `t` or `en`, perhaps inflected, after a root with a vowel.
fn is_participle(verb: &str) -> bool {
    // `Angeboten` is a noun more often than a verb, and must stay with `Angebot`.
    if verb.starts_with("bot") || NOUN_ENDINGS.iter().any(|ending| verb.ends_with(ending)) {
        return false;
    }
    let inflected = ["e", "er", "em", "en", "es", "s"].iter().filter_map(|ending| verb.strip_suffix(ending));
    std::iter::once(verb)
        .chain(inflected)
        .filter_map(|form| form.strip_suffix('t').or_else(|| form.strip_suffix("en")))
        .any(is_root)
}

/// `melden`, `wandern`, `meldende`: an infinitive; `gs` after `zu` is the noun Zug (`Einzugsgebiete`).
fn is_zu_form(verb: &str) -> bool {
    if verb.starts_with("gs") || NOUN_ENDINGS.iter().any(|ending| verb.ends_with(ending)) {
        return false;
    }
    let present =
        ["ende", "ender", "endem", "enden", "endes", "end"].iter().find_map(|ending| verb.strip_suffix(ending));
    let verb = || ["en", "n"].iter().find_map(|ending| verb.strip_suffix(ending));
    present.filter(|root| is_root(root)).or_else(verb).is_some_and(is_root)
}

fn is_root(root: &str) -> bool {
    root.len() >= 3 && root.bytes().any(|byte| matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u' | b'y'))
}

/// `beteiligung` → `beteiligen`, `auslosungen` → `auslosen`.
fn verb_of_noun(word: &str) -> Option<String> {
    let verb = word.strip_suffix("ung").or_else(|| word.strip_suffix("ungen"))?;
    let prefixed =
        SEPARABLE_PREFIXES.iter().chain(&FIXED_PREFIXES).any(|prefix| verb.strip_prefix(prefix).is_some_and(is_root));
    if !prefixed {
        return None;
    }
    // `versamml-ung` comes from `versammel-n`, but `erzähl-ung` from `erzähl-en`.
    Some(match verb.as_bytes() {
        [.., b'b' | b'c' | b'd' | b'f' | b'g' | b'k' | b'm' | b'n' | b'p' | b's' | b't' | b'z', b'l'] => {
            format!("{}eln", &verb[..verb.len() - 1])
        }
        _ => format!("{verb}en"),
    })
}
