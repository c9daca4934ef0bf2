//! Gender forms: `Bürger*innen`, `Bürger:innen`, `BürgerInnen`, `Bürger/-innen`, `Bürgerinnen` …
//! are searched as `Bürger`, also inside compounds (`Bürger:innenrat` is `Bürgerrat`).
//!
//! Two questions are answered here: whether a sign between two runs of letters is a gender mark,
//! so that both belong to one word ([`joins`]), and which letters of a word are the feminine suffix
//! ([`reduce`]). Neither needs a dictionary: a short list of endings of person nouns tells
//! `Lehrerinnenzimmer` from `Dachrinnenreinigung`.

use super::normalise::{Letter, is_ignorable, is_word_char};

/// Shortest stem before a gender mark: `Pat*innen` is one, `a:in` is not.
const MARKED_STEM_MIN: usize = 3;

/// Shortest stem before a suffix without a mark: `worin`, `darin`, `herinnen` are no women.
const PLAIN_STEM_MIN: usize = 4;

/// Shortest tail of a compound after `innen` (`Bürgerinnen|rat`).
const TAIL_MIN: usize = 3;

/// The plural suffix, and how it is often misspelt.
const PLURAL: &str = "innen";
const MISSPELT_PLURAL: &str = "inen";

/// Endings of nouns after which `-in`, `-innen` makes a noun for a woman, each with the ending of the masculine plural:
/// `Senior|en`, `Ärzt|e`, `Bürger`. First endings of many nouns, then single nouns, which also end compounds
/// (`Fachärztin`). Folded, without the final `e` of the masculine. The longest that fits counts.
const PERSONS: &[(&str, &str)] = &[
    ("er", ""),
    ("ent", "en"),
    ("ist", "en"),
    ("or", "en"),
    ("ant", "en"),
    ("eur", "e"),
    ("log", "en"),
    ("gog", "en"),
    ("krat", "en"),
    ("dat", "en"),
    ("mat", "en"),
    ("kat", "en"),
    ("nom", "en"),
    ("graf", "en"),
    ("graph", "en"),
    ("arch", "en"),
    ("oph", "en"),
    ("ekt", "en"),
    ("peut", "en"),
    ("iat", "en"),
    ("nar", "e"),
    ("arzt", "e"),
    ("expert", "en"),
    ("anwalt", "e"),
    ("kolleg", "en"),
    ("kund", "en"),
    ("freund", "e"),
    ("feind", "e"),
    ("beamt", "en"),
    ("koch", "e"),
    ("wirt", "e"),
    ("genoss", "en"),
    ("zeug", "en"),
    ("nachbar", "n"),
    ("chef", ""),
    ("held", "en"),
    ("furst", "en"),
    ("sklav", "en"),
    ("herzog", "e"),
    ("konig", "e"),
    ("muslim", "e"),
    ("franzos", "en"),
    ("portugies", "en"),
    ("chines", "en"),
    ("turk", "en"),
    ("griech", "en"),
    ("schwed", "en"),
    ("finn", "en"),
    ("tschech", "en"),
    ("slowak", "en"),
    ("bulgar", "en"),
    ("kurd", "en"),
    ("afghan", "en"),
    ("vormund", "e"),
    ("pilot", "en"),
    ("patriot", "en"),
    ("athlet", "en"),
    ("poet", "en"),
    ("prophet", "en"),
    ("favorit", "en"),
    ("aktionar", "e"),
    ("sekretar", "e"),
    ("millionar", "e"),
    ("frisor", "e"),
    ("azubi", ""),
    ("mazen", ""),
    ("vorstand", "e"),
    ("lots", "en"),
];

/// More such nouns; without a gender mark too many other words end like them (`Keratin`).
const PERSONS_WHERE_MARKED: &[(&str, &str)] = &[("gast", "e"), ("rat", "e"), ("pat", "en"), ("gesell", "en")];

/// Words that end like a feminine form and are none. Folded.
const NOT_FEMININE: &[&str] = &[
    "schwerin",
    "severin",
    "valentin",
    "konstantin",
    "constantin",
    "quentin",
    "florentin",
    "clementin",
    "saccharin",
    "sacharin",
    "glycerin",
    "glyzerin",
    "nitroglycerin",
    "nitroglyzerin",
    "dentin",
    "terpentin",
    "serpentin",
    "argentin",
    "catherin",
    "katherin",
    "drinnen",
    "dahinterin",
    "mandarin",
    "benzinkanisterin",
];

/// What `innen` opens when it means "inside": `Theater|innenraum`, not `Theaterinnen|raum`. Folded.
const INSIDE_HEADS: &[&str] = &[
    "stadt",
    "raum",
    "hof",
    "minister",
    "polit",
    "ausbau",
    "archit",
    "entwick",
    "kreis",
    "bereich",
    "seit",
    "wand",
    "wande",
    "dienst",
    "leben",
    "tur",
    "einricht",
    "ausschuss",
    "senat",
    "ressort",
    "behord",
    "ausstatt",
    "sicht",
    "temper",
    "durchmess",
    "flach",
    "tasch",
    "futter",
    "ohr",
    "welt",
    "liegend",
    "beleucht",
    "lag",
    "mass",
    "teil",
    "spiegel",
];

/// English words with a capital inside that is no Binnen-I (`LinkedIn`). Lower case.
const PLUG_INS: &[&str] = &[
    "linkedin", "plugin", "login", "checkin", "drivein", "builtin", "signin", "standin", "addin", "loggedin", "walkin",
    "comein", "dropin", "sitin",
];

/// Endings that follow a star or colon where the article or adjective changes: `jede*r`, `eine:n`.
const SHORT_ENDINGS: &[&str] = &["e", "r", "n", "m", "s", "er", "en", "em", "es"];

/// Whether `gap` between `before` and `after` is a gender mark, so that the three are one word.
///
/// `after` is the whole run of letters behind the mark: the suffix, perhaps with the rest of a
/// compound (`innenrat`). For `Bürger(innen)` the closing bracket is not part of the arguments.
pub fn joins(before: &str, gap: &str, after: &str) -> bool {
    let Some(mark) = Mark::of(gap) else { return false };
    let stem_length = before.chars().count();
    let is_letter = |c: char| c.is_alphabetic() || is_word_char(c) && !c.is_numeric() || is_ignorable(c);
    if stem_length < MARKED_STEM_MIN || !before.chars().all(is_letter) {
        return false;
    }
    let after = after.to_lowercase();
    let plural = after.starts_with(PLURAL);
    let alone = after == "in" || after == PLURAL;
    let before = super::normalise::fold(before);
    match mark {
        Mark::Star => (plural && before != "aussen") || alone || SHORT_ENDINGS.contains(&&*after),
        Mark::Slash => (plural || after == "in") && names_person(&before),
        Mark::Hyphen | Mark::Bracket => alone && names_person(&before),
    }
}

/// What [`reduce`] found in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reduced {
    /// Index of the first letter of the suffix.
    pub start: usize,
    /// Index after the last letter of the suffix.
    pub end: usize,
    /// Whether the suffix was feminine (`-in`, `-innen`), not the ending of an article.
    pub feminine: bool,
    /// What the masculine plural has in its place: `en` in `Senior|innen`, nothing in `Bürger|innen`.
    pub ending: &'static str,
}

/// Finds the gendered suffix in the letters of one word, with marks still among them.
///
/// Putting `ending` in the place of `start..end` (marks included) gives the masculine form, on which index and query
/// agree.
pub fn reduce(letters: &[Letter]) -> Option<Reduced> {
    let mut reduced = suffix(letters)?;
    let plural = letters[reduced.start..reduced.end].iter().filter(|letter| is_word_char(letter.ch)).count();
    if reduced.feminine && plural > "in".len() {
        reduced.ending = plural_ending(&folded(&letters[..reduced.start]));
    }
    Some(reduced)
}

/// The ending of the masculine plural after a folded stem; none where it is not known.
fn plural_ending(stem: &str) -> &'static str {
    let fitting = PERSONS.iter().chain(PERSONS_WHERE_MARKED).filter(|(ending, _)| stem.ends_with(ending));
    fitting.max_by_key(|(ending, _)| ending.len()).map_or("", |(_, plural)| plural)
}

fn suffix(letters: &[Letter]) -> Option<Reduced> {
    if let Some(mark) = letters.iter().position(|letter| !is_word_char(letter.ch)) {
        return reduce_marked(letters, mark);
    }
    let whole: String = letters.iter().map(|letter| letter.ch).collect();
    if PLUG_INS.contains(&&*whole) {
        return None;
    }
    reduce_binnen_i(letters).or_else(|| reduce_inside(letters)).or_else(|| reduce_ending(letters))
}

/// Whether a folded word ends like a noun for a person.
fn names_person(folded: &str) -> bool {
    PERSONS.iter().any(|(ending, _)| folded.ends_with(ending))
}

/// The signs, by how much evidence each needs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// `*` `:` `·` `•` and the like: hardly anything else stands between letters there.
    Star,
    /// `/` `/-` `_` and apostrophes: common otherwise, so the noun before must name a person.
    Slash,
    /// A hyphen.
    Hyphen,
    /// An opening bracket.
    Bracket,
}

impl Mark {
    fn of(gap: &str) -> Option<Mark> {
        match gap {
            "*" | ":" | "·" | "•" | "‧" | "∗" | "＊" => Some(Mark::Star),
            "/" | "/-" | "_" | "'" | "’" | "‘" | "ʼ" | "`" | "´" => Some(Mark::Slash),
            "-" | "‐" | "\u{2011}" => Some(Mark::Hyphen),
            "(" => Some(Mark::Bracket),
            _ => None,
        }
    }
}

/// `Bürger*innenrat`: everything from the mark to the end of the suffix goes.
fn reduce_marked(letters: &[Letter], mark: usize) -> Option<Reduced> {
    let after = mark + letters[mark..].iter().position(|letter| is_word_char(letter.ch))?;
    let rest: String = letters[after..].iter().map(|letter| letter.ch).take_while(|&c| is_word_char(c)).collect();
    let length = if rest.starts_with(PLURAL) {
        PLURAL.len()
    } else if rest == "in" || SHORT_ENDINGS.contains(&&*rest) {
        rest.len()
    } else {
        return None;
    };
    // An apostrophe before one letter is a genitive (`Jane's`), no gender mark.
    if matches!(letters[mark].ch, '\'' | '’' | '‘' | 'ʼ' | '`' | '´') && !rest.starts_with("in") {
        return None;
    }
    Some(Reduced { start: mark, end: after + length, feminine: rest.starts_with("in"), ending: "" })
}

/// `BürgerInnen`, `BürgerInnenrat`, `LehrerIn`: a capital I after a small letter.
fn reduce_binnen_i(letters: &[Letter]) -> Option<Reduced> {
    let position = (MARKED_STEM_MIN..letters.len()).find(|&i| {
        letters[i].ch == 'i' && letters[i].upper && !letters[i - 1].upper && letters[i - 1].ch.is_alphabetic()
    })?;
    let has = |suffix: &str| letters_start_with(&letters[position..], suffix);
    if has(PLURAL) {
        return Some(Reduced { start: position, end: position + PLURAL.len(), feminine: true, ending: "" });
    }
    let at_end = position + "in".len() == letters.len();
    (at_end && has("in") && names_person(&folded(&letters[..position]))).then_some(Reduced {
        start: position,
        end: letters.len(),
        feminine: true,
        ending: "",
    })
}

/// `bürgerinnenrat`: the plural inside a compound, without any mark.
fn reduce_inside(letters: &[Letter]) -> Option<Reduced> {
    let last = letters.len().checked_sub(MISSPELT_PLURAL.len() + TAIL_MIN)?;
    (PLAIN_STEM_MIN..=last).find_map(|start| {
        let plural =
            [PLURAL, MISSPELT_PLURAL].into_iter().find(|plural| letters_start_with(&letters[start..], plural))?;
        let end = start + plural.len();
        let tail = folded(letters.get(end..)?);
        let inside = tail.len() < TAIL_MIN || INSIDE_HEADS.iter().any(|head| tail.starts_with(head));
        (!inside && takes(&folded(&letters[..start]), plural)).then_some(Reduced {
            start,
            end,
            feminine: true,
            ending: "",
        })
    })
}

/// `Bürgerinnen`, `Bürgerin`: the suffix at the end.
fn reduce_ending(letters: &[Letter]) -> Option<Reduced> {
    let end = letters.len();
    let suffix = [PLURAL, MISSPELT_PLURAL, "in"].into_iter().find(|suffix| {
        end.checked_sub(suffix.len()).is_some_and(|start| letters_start_with(&letters[start..], suffix))
    })?;
    let start = end - suffix.len();
    let feminine = start >= PLAIN_STEM_MIN
        && !NOT_FEMININE.contains(&&*folded(letters))
        && takes(&folded(&letters[..start]), suffix);
    feminine.then_some(Reduced { start, end, feminine, ending: "" })
}

/// Whether a folded stem can take that suffix. The misspelt one is accepted only after `-er`,
/// where hardly any other word looks like it (`Turbinen`, `Kantinen`, but `Bürgerinen`).
fn takes(stem: &str, suffix: &str) -> bool {
    if suffix == MISSPELT_PLURAL { stem.ends_with("er") && stem != "baller" } else { names_person(stem) }
}

fn letters_start_with(letters: &[Letter], prefix: &str) -> bool {
    let mut rest = letters.iter();
    prefix.chars().all(|c| rest.next().is_some_and(|letter| letter.ch == c))
}

fn folded(letters: &[Letter]) -> String {
    let mut folded = super::normalise::Folded::default();
    super::normalise::fold_letters(letters, &mut folded);
    folded.text
}
