//! Parameters of an address: decoded, bounded, checked against what a route takes.

use crate::{
    config::Limits,
    http::problem::{Problem, TOO_MANY_PARAMETERS},
    model::{
        facet::FACETS,
        problem::{Problem as Fault, nearest, pointer_step},
        shape::unknown_value,
        vocabulary::Language,
    },
};

pub mod finder;
pub mod search;

/// A parameter that a route takes.
#[derive(Clone, Debug)]
pub struct Param {
    /// Name.
    pub name: &'static str,
    /// Form of its values.
    pub form: ParamForm,
    /// What it does, English.
    pub doc: String,
}

/// Form of a parameter's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamForm {
    /// Any text.
    Text,
    /// A whole number in this range.
    Number {
        /// Smallest.
        min: i64,
        /// Largest.
        max: i64,
    },
    /// One of these words.
    One(&'static [&'static str]),
    /// Some of these words, separated by commas.
    Some(&'static [&'static str]),
    /// Texts, separated by commas.
    List,
}

impl Param {
    /// A parameter.
    pub fn new(name: &'static str, form: ParamForm, doc: impl Into<String>) -> Self {
        Self { name, form, doc: doc.into() }
    }
}

/// Parameters of one address in the order in which they first appear; repeated ones are merged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Params {
    /// Values stay encoded until they are read: a comma separates values, `%2C` can be part of one.
    pairs: Vec<(String, Vec<String>)>,
}

impl Params {
    /// Splits the query part of an address. Empty parameters count as absent.
    ///
    /// # Errors
    /// When there are more parameters than allowed, or a byte sequence that is no UTF-8.
    pub fn parse(query: &str, limits: &Limits) -> Result<Self, Problem> {
        let mut params = Self::default();
        for (count, pair) in query.split('&').filter(|pair| !pair.is_empty()).enumerate() {
            if count >= limits.parameters {
                let max = limits.parameters;
                return Err(Problem::new(&TOO_MANY_PARAMETERS)
                    .detail(format!("Höchstens {max} sind möglich."), format!("At most {max} are possible.")));
            }
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (Some(name), Some(decoded)) = (decode(name), decode(value)) else {
                return Err(Problem::of_parameters(vec![Fault::new(
                    "",
                    "bad_encoding",
                    "Die Adresse ist nicht in UTF-8 kodiert.",
                    "The address is not encoded in UTF-8.",
                )]));
            };
            if !decoded.trim().is_empty() {
                params.add(name, value);
            }
        }
        Ok(params)
    }

    fn add(&mut self, name: String, value: &str) {
        match self.pairs.iter_mut().find(|(known, _)| *known == name) {
            Some((_, values)) => values.push(value.to_owned()),
            None => self.pairs.push((name, vec![value.to_owned()])),
        }
    }

    /// Faults for parameters that are not among these, each naming the nearest that is.
    pub fn unknown(&self, known: &[Param]) -> Vec<Fault> {
        self.pairs
            .iter()
            .filter(|(name, _)| known.iter().all(|param| param.name != name))
            .map(|(name, _)| unknown_parameter(name, known))
            .collect()
    }

    /// Names of the parameters that are there.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.pairs.iter().map(|(name, _)| name.as_str())
    }

    /// Whether the parameter is there.
    pub fn has(&self, name: &str) -> bool {
        self.names().any(|known| known == name)
    }

    /// The parameters as the query part of an address.
    pub fn to_query(&self) -> String {
        let pairs = self
            .pairs
            .iter()
            .flat_map(|(name, values)| values.iter().map(move |value| format!("{}={value}", encode(name))));
        pairs.collect::<Vec<_>>().join("&")
    }

    fn raw(&self, name: &str) -> &[String] {
        self.pairs.iter().find(|(known, _)| known == name).map_or(&[], |(_, values)| values)
    }
}

/// Reads parameters and collects what is wrong with them; whoever calls decides whether faults are fatal.
pub struct Reader<'a> {
    params: &'a Params,
    limits: &'a Limits,
    /// What was wrong so far.
    pub faults: Vec<Fault>,
}

impl<'a> Reader<'a> {
    /// A reader of these parameters.
    pub fn new(params: &'a Params, limits: &'a Limits) -> Self {
        Self { params, limits, faults: Vec::new() }
    }

    /// The one text of a parameter; a second, different one is a fault.
    pub fn text(&mut self, name: &'static str) -> Option<String> {
        let raw = self.params.raw(name);
        let first = raw.first()?;
        if raw.iter().any(|value| value != first) {
            self.fault(
                name,
                "given_twice",
                format!("{name} steht mehrfach in der Adresse."),
                format!("{name} is given more than once."),
            );
        }
        decode(first)
    }

    /// A whole number in a range.
    pub fn number(&mut self, name: &'static str, min: i64, max: i64) -> Option<i64> {
        let text = self.text(name)?;
        let number = text.trim().parse().ok().filter(|number| (min..=max).contains(number));
        if number.is_none() {
            self.fault(
                name,
                "bad_number",
                format!("{name} ist eine ganze Zahl von {min} bis {max}, nicht „{text}“."),
                format!("{name} is a whole number from {min} to {max}, not \"{text}\"."),
            );
        }
        number
    }

    /// One of these words.
    pub fn one(&mut self, name: &'static str, words: &[&'static str]) -> Option<&'static str> {
        let text = self.text(name)?;
        self.word(name, text.trim(), words)
    }

    /// Some of these words, each once.
    pub fn some(&mut self, name: &'static str, words: &[&'static str]) -> Vec<&'static str> {
        let values = self.list(name, true);
        let mut found: Vec<_> = values.iter().filter_map(|value| self.word(name, value, words)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// `1` or `true`, `0` or `false`.
    pub fn flag(&mut self, name: &'static str) -> bool {
        matches!(self.one(name, FLAG), Some("1" | "true"))
    }

    /// Language of the answer.
    pub fn language(&mut self) -> Language {
        let tags: Vec<&'static str> = Language::ALL.iter().map(|(tag, _)| *tag).collect();
        let tag = self.one("lang", &tags);
        Language::ALL.iter().find(|(known, _)| Some(*known) == tag).map(|(_, language)| *language).unwrap_or_default()
    }

    /// All values of a parameter in order. A comma separates; an encoded one only where `ids_only`, since ids have none.
    pub fn list(&mut self, name: &'static str, ids_only: bool) -> Vec<String> {
        let mut values: Vec<String> = Vec::new();
        for raw in self.params.raw(name) {
            for piece in raw.split(',').filter_map(decode) {
                if ids_only {
                    values.extend(piece.split(',').map(|value| value.trim().to_owned()));
                } else {
                    values.push(piece.trim().to_owned());
                }
            }
        }
        values.retain(|value| !value.is_empty());
        let max = self.limits.values_per_parameter.max(self.limits.ids);
        if values.len() > max {
            values.truncate(max);
            self.fault(
                name,
                "too_many",
                format!("{name} nimmt höchstens {max} Werte."),
                format!("{name} takes at most {max} values."),
            );
        }
        let max = self.limits.value_bytes;
        if values.iter().any(|value| value.len() > max) {
            values.retain(|value| value.len() <= max);
            self.fault(
                name,
                "too_long",
                format!("Ein Wert von {name} hat höchstens {max} Bytes."),
                format!("A value of {name} has at most {max} bytes."),
            );
        }
        values
    }

    /// Notes a fault of a parameter.
    pub fn fault(&mut self, name: &str, code: &'static str, detail: impl Into<String>, detail_en: impl Into<String>) {
        self.faults.push(Fault::new(pointer(name), code, detail, detail_en));
    }

    /// What was read, unless something was wrong.
    ///
    /// # Errors
    /// All faults as one problem.
    pub fn finish<T>(self, read: T) -> Result<T, Problem> {
        if self.faults.is_empty() { Ok(read) } else { Err(Problem::of_parameters(self.faults)) }
    }

    fn word(&mut self, name: &str, text: &str, words: &[&'static str]) -> Option<&'static str> {
        let found = words.iter().copied().find(|word| *word == text);
        if found.is_none() {
            self.faults.push(unknown_value(&pointer(name), text, words));
        }
        found
    }
}

/// Words of a switch.
pub const FLAG: &[&str] = &["1", "0", "true", "false"];

/// Tags of the languages of answers.
pub const LANGUAGES: &[&str] = &["de", "en", "de-x-einfach"];

/// Names of all facets, and the word for none of them.
pub fn facet_names() -> &'static [&'static str] {
    static NAMES: std::sync::LazyLock<Vec<&'static str>> = std::sync::LazyLock::new(|| {
        FACETS.iter().map(|facet| facet.parameter).chain([crate::model::facet::NONE]).collect()
    });
    &NAMES
}

fn pointer(name: &str) -> String {
    format!("/{}", pointer_step(name))
}

fn unknown_parameter(name: &str, known: &[Param]) -> Fault {
    let shown: String = name.chars().take(60).collect();
    let (hint, hint_en) = match nearest(name, known.iter().map(|param| param.name)) {
        Some(near) => (format!(" Gemeint ist vielleicht {near}."), format!(" Perhaps {near} is meant.")),
        None => {
            let all = known.iter().map(|param| param.name).collect::<Vec<_>>().join(", ");
            if all.is_empty() {
                (" Hier gibt es keine Parameter.".into(), " There are no parameters here.".into())
            } else {
                (format!(" Möglich sind: {all}."), format!(" Possible: {all}."))
            }
        }
    };
    Fault::new(
        pointer(&shown),
        "unknown_parameter",
        format!("Den Parameter „{shown}“ gibt es hier nicht.{hint}"),
        format!("There is no parameter \"{shown}\" here.{hint_en}"),
    )
}

/// Decodes `application/x-www-form-urlencoded`; none where the bytes are no UTF-8. A `%` that begins no escape stays.
pub fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        match (first, after) {
            (b'+', _) => bytes.push(b' '),
            (b'%', [high, low, after @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => {
                    bytes.push(high << 4 | low);
                    rest = after;
                }
                _ => bytes.push(b'%'),
            },
            (byte, _) => bytes.push(*byte),
        }
    }
    String::from_utf8(bytes).ok()
}

/// Encodes a value for the query part of an address.
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'*' => {
                encoded.push(char::from(byte))
            }
            b' ' => encoded.push('+'),
            _ => {
                encoded.push('%');
                for digit in [byte >> 4, byte & 15] {
                    encoded.push(char::from(b"0123456789ABCDEF"[usize::from(digit)]));
                }
            }
        }
    }
    encoded
}

fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}
