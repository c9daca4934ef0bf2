//! Numbers with a unit in what was typed: "200 Leute", "ein Tag", "unter 5.000 Euro", "kostenlos", "in zwei Wochen".
//!
//! Pure reading of German: no index, no vocabulary. `offers` turns what is read here into filters that the
//! visitor may take.

mod number;
mod unit;

use std::ops::Range;

use self::{
    number::{Number, number},
    unit::{Unit, adjective, unit},
};
use crate::text::{Form, OwnedWord};

/// Quantities taken from one query; a sentence with more is no wish but an enumeration.
const QUANTITIES_MAX: usize = 3;
/// Most people that anybody plans for; larger numbers are none of people.
const PEOPLE_MAX: f64 = 10_000_000.0;
/// Fewest of a group whose name stays in the query ("30 Kinder"): "zwei Kinder" is no size of an event.
const GROUP_MIN: f64 = 5.0;

/// A quantity and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity {
    /// What it says.
    pub measure: Measure,
    /// Bytes of the text: number and unit with "für", "höchstens", "etwa" and the like before them.
    pub span: Range<usize>,
}

/// What a quantity says. All but people are upper bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// About so many people.
    People(u32),
    /// Duration in minutes of work: a day has 480, a week 2,400.
    Minutes(u32),
    /// Cost.
    Euros(u32),
    /// Time to prepare, in weeks.
    LeadWeeks(u32),
}

/// The quantities of a text, in order; `words` are its words as [`crate::text::Analyser::analyse`] gives them.
///
/// Of a range of people the middle counts, of any other its end. A lower bound means something for people only:
/// nothing can filter by "ab 5.000 Euro", so that stays text.
pub fn quantities(text: &str, words: &[OwnedWord]) -> Vec<Quantity> {
    let reader = Reader { text, tokens: tokens(text, words) };
    let mut found = Vec::new();
    let (mut at, mut free) = (0, 0);
    while at < reader.tokens.len() && found.len() < QUANTITIES_MAX {
        // A sign belongs to one number: "tausend € 1.000" is one amount, and a number.
        let taken = found.last().map_or(0, |last: &Quantity| last.span.end);
        match reader.quantity(at, free).filter(|(quantity, _)| quantity.span.start >= taken) {
            Some((quantity, next)) => {
                found.push(quantity);
                (at, free) = (next, next);
            }
            None => at += 1,
        }
    }
    found
}

/// A word, or the half of one like "30min".
struct Token<'a> {
    folded: &'a str,
    span: Range<usize>,
}

struct Reader<'a> {
    text: &'a str,
    tokens: Vec<Token<'a>>,
}

/// What stands before a number.
struct Before {
    /// First token that belongs to it.
    start: usize,
    at_least: bool,
    /// "in", "binnen", "Vorlauf": the time until it begins.
    ahead: bool,
}

const APPROXIMATE: &[&str] = &["ca", "circa", "zirka", "etwa", "rund", "ungefahr", "knapp", "gut", "fast"];
const AT_MOST: &[&str] = &["bis", "unter", "hochstens", "maximal", "max"];
const AT_LEAST: &[&str] = &["ab", "uber", "mindestens", "wenigstens", "min"];
const LEADING: &[&str] = &["fur", "mit", "an", "von", "zwischen", "dauer", "dauert", "kosten", "kostet", "budget"];
const AHEAD: &[&str] = &["in", "innerhalb", "binnen"];
const PREPARATION: &[&str] = &["vorlauf", "vorlaufzeit", "vorbereitung", "vorbereitungszeit"];
/// Words that cost nothing, without their endings.
const FREE: &[&str] = &["kostenlos", "kostenfrei", "umsonst", "gratis"];
const MONEY: &[&str] = &["budget", "geld", "kosten"];

impl Reader<'_> {
    /// The quantity at this token, and the token after it; it may take in words from token `free` on.
    fn quantity(&self, at: usize, free: usize) -> Option<(Quantity, usize)> {
        let (measure, tokens) = self.in_a_word(at).or_else(|| self.counted(at, free))?;
        let mut span = self.tokens[tokens.start].span.start..self.tokens[tokens.end - 1].span.end;
        let after = &self.text[span.end..];
        let sign = after.len() - after.trim_start().len();
        if matches!(measure, Measure::Euros(_)) {
            span.start = self.euro_before(span.start).unwrap_or(span.start);
            if after[sign..].starts_with('€') {
                span.end += sign + '€'.len_utf8();
            }
        }
        // The dot of "20 Pers."
        span.end += usize::from(self.text[span.end..].starts_with('.'));
        self.stands_alone(&span).then_some((Quantity { measure, span }, tokens.end))
    }

    /// "kostenlos", "ohne Budget", "sofort", "eintägig".
    fn in_a_word(&self, at: usize) -> Option<(Measure, Range<usize>)> {
        let word = self.tokens[at].folded;
        if FREE.contains(&unit::uninflected(word)) || FREE.contains(&word) {
            return Some((Measure::Euros(0), at..at + 1));
        }
        if word == "ohne" && self.is_any(at + 1, MONEY) {
            return Some((Measure::Euros(0), at..at + 2));
        }
        if word == "sofort" {
            let start = if at > 0 && self.is_any(at - 1, &["ab"]) { at - 1 } else { at };
            return Some((Measure::LeadWeeks(0), start..at + 1));
        }
        adjective(word).map(|minutes| (Measure::Minutes(minutes), at..at + 1))
    }

    /// A number and its unit.
    fn counted(&self, at: usize, free: usize) -> Option<(Measure, Range<usize>)> {
        let (mut count, mut next) = self.number(at)?;
        let mut low = None;
        let joins = |word: &str| word == "bis" || word == "und" && at > 0 && self.tokens[at - 1].folded == "zwischen";
        let dashed = self.gap(next).is_some_and(|gap| matches!(gap.trim(), "-" | "–" | "—"));
        let other = if dashed {
            self.number(next)
        } else {
            self.tokens.get(next).filter(|word| joins(word.folded)).and_then(|_| self.number(next + 1))
        };
        if let Some((high, after)) = other.filter(|(high, _)| high.value >= count.value) {
            low = Some(count.value);
            (count, next) = (high, after);
        }
        let before = self.before(at, free);
        let (unit, mut end) = self.unit(&count, next)?;
        let mut ahead = before.ahead;
        if let Unit::Time { .. } = unit
            && self.is_any(end, PREPARATION)
        {
            (ahead, end) = (true, end + 1);
        }
        if unit == Unit::Euro && self.is_any(end, &["budget"]) {
            end += 1;
        }
        let people = |count: f64| low.map_or(count, |low| (low + count) / 2.0);
        let measure = match unit {
            Unit::People | Unit::Group => {
                let size = people(count.value);
                let least = if unit == Unit::Group { GROUP_MIN } else { 1.0 };
                (!count.article && (least..=PEOPLE_MAX).contains(&size))
                    .then(|| Measure::People(size.round() as u32))?
            }
            _ if before.at_least => return None,
            Unit::Euro => Measure::Euros(count.value as u32),
            Unit::Thousand => Measure::Euros((count.value * 1_000.0) as u32),
            Unit::Time { minutes, days } => time(count.value, minutes, days, ahead),
        };
        // "in 20 Leute" is nothing; "in" goes with times only.
        let start = if matches!(unit, Unit::Time { .. }) || !before.ahead { before.start } else { at };
        Some((measure, start..end))
    }

    /// A number, written in digits ("5.000", "5 000"), in words, or with "tausend" after it; and the token after it.
    fn number(&self, at: usize) -> Option<(Number, usize)> {
        let mut read = number(self.tokens.get(at)?.folded)?;
        let mut next = at + 1;
        let thin = |gap: &str| gap.chars().count() == 1 && gap.trim().is_empty();
        while read.groups
            && let Some(group) = self.tokens.get(next).map(|token| token.folded)
            && group.len() == 3
            && self.gap(next).is_some_and(thin)
            && let Ok(digits) = group.parse::<u32>()
        {
            read.value = read.value * 1_000.0 + f64::from(digits);
            next += 1;
        }
        if read.article && self.tokens.get(next).is_some_and(|token| number::is_half(token.folded)) {
            return Some((Number { value: 0.5, article: false, groups: false }, next + 1));
        }
        let factor = match self.tokens.get(next).map(|token| token.folded) {
            Some("tausend" | "tsd") => 1_000.0,
            Some("hundert") => 100.0,
            Some("million" | "millionen" | "mio") => 1_000_000.0,
            _ => return Some((read, next)),
        };
        Some((Number { value: read.value * factor, article: false, groups: false }, next + 1))
    }

    /// The unit at token `at` and the token after it.
    fn unit(&self, count: &Number, at: usize) -> Option<(Unit, usize)> {
        let number = &self.tokens[at - 1].span;
        if self.text[number.end..].trim_start().starts_with('€') || self.euro_before(number.start).is_some() {
            return Some((Unit::Euro, at));
        }
        let gap = self.gap(at)?;
        // The dot of "50 Tsd. Euro"; "3. Tag" is no number of days.
        let abbreviated = self.tokens[at - 1].folded == "tsd" || self.tokens[at - 1].folded == "mio";
        if !(gap.trim().is_empty() || gap == "-" || abbreviated && gap.trim() == ".") {
            return None;
        }
        let word = self.tokens[at].folded;
        if word == "k" {
            // "5 k" is five thousand, and of euros.
            let euro = self.is_any(at + 1, &["euro", "eur"]);
            return Some((Unit::Thousand, at + 1 + usize::from(euro))).filter(|_| count.value < 10_000.0);
        }
        match unit(word)? {
            // "30 Kinder": the children stay in the query.
            Unit::Group => Some((Unit::Group, at)),
            // "200 Bürgerinnen und Bürger".
            Unit::People
                if self.is_any(at + 1, &["und", "oder", "bzw"])
                    && self.tokens.get(at + 2).and_then(|token| unit(token.folded)) == Some(Unit::People) =>
            {
                Some((Unit::People, at + 3))
            }
            // "16 Jahre" is an age.
            Unit::Time { minutes, .. } if minutes >= unit::YEAR && count.value != 0.5 => None,
            unit => Some((unit, at + 1)),
        }
    }

    /// What stands before the number at `at` and belongs to it.
    fn before(&self, at: usize, free: usize) -> Before {
        let mut before = Before { start: at, at_least: false, ahead: false };
        while before.start > free {
            let word = self.tokens[before.start - 1].folded;
            let gap = self.gap(before.start).unwrap_or_default().trim();
            if !matches!(gap, "" | "." | ":" | "€") {
                break;
            }
            let two = |first: &[&str]| before.start >= free + 2 && self.is_any(before.start - 2, first);
            if word == "als" && two(&["mehr", "weniger"]) {
                let not = before.start >= free + 3 && self.is_any(before.start - 3, &["nicht"]);
                before.at_least |= !not && self.is_any(before.start - 2, &["mehr"]);
                before.start -= 2 + usize::from(not);
            } else if word == "zu" && two(&["bis"]) {
                before.start -= 2;
            } else if AHEAD.contains(&word) || PREPARATION.contains(&word) {
                before.ahead = true;
                before.start -= 1;
            } else if [APPROXIMATE, AT_MOST, AT_LEAST, LEADING].iter().any(|words| words.contains(&word)) {
                before.at_least |= AT_LEAST.contains(&word);
                before.start -= 1;
            } else {
                break;
            }
        }
        before
    }

    /// Whether a span is no piece of something longer, like the number in "§ 3" or "20-Personen-Workshop".
    fn stands_alone(&self, span: &Range<usize>) -> bool {
        let ties = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '/' | '§' | '*' | ':' | '_' | '.');
        let (before, after) = (&self.text[..span.start], &self.text[span.end..]);
        !before.trim_end().ends_with('§') && !before.ends_with(ties) && {
            let mut after = after.chars();
            let next = after.next();
            // A colon or dot before a space is punctuation.
            !(next.is_some_and(ties) && after.next().is_some_and(|letter| !letter.is_whitespace()))
        }
    }

    /// Where the sign of "€ 500" stands; that of "500 € 20 Leute" belongs to the number before it.
    fn euro_before(&self, at: usize) -> Option<usize> {
        let before = self.text[..at].trim_end().strip_suffix('€')?;
        (!before.trim_end().ends_with(|letter: char| letter.is_ascii_digit())).then_some(before.len())
    }

    fn is_any(&self, at: usize, words: &[&str]) -> bool {
        self.tokens.get(at).is_some_and(|token| words.contains(&token.folded))
    }

    /// The text between a token and the one before it.
    fn gap(&self, at: usize) -> Option<&str> {
        let (before, token) = (self.tokens.get(at.checked_sub(1)?)?, self.tokens.get(at)?);
        self.text.get(before.span.end..token.span.start)
    }
}

/// A time: how long it takes, or how long until it begins. "In einem Tag" is done within a day, "in zehn Tagen" begins
/// then.
fn time(count: f64, minutes: u32, days: f64, ahead: bool) -> Measure {
    let in_days = count * days;
    if ahead && in_days > 1.0 {
        Measure::LeadWeeks((in_days / 7.0).round() as u32)
    } else {
        Measure::Minutes((count * f64::from(minutes)).round() as u32)
    }
}

/// The words one by one; digits with letters after them are two: "30min", "5k".
fn tokens<'a>(text: &str, words: &'a [OwnedWord]) -> Vec<Token<'a>> {
    let mut tokens = Vec::with_capacity(words.len());
    for word in words.iter().filter(|word| word.form == Form::Simple) {
        let digits = word.folded.find(|letter: char| letter.is_alphabetic()).unwrap_or(0);
        let same = text.get(word.span.clone()).is_some_and(|written| written.len() == word.folded.len());
        if digits > 0 && same {
            let (number, unit) = word.folded.split_at(digits);
            let middle = word.span.start + digits;
            tokens.push(Token { folded: number, span: word.span.start..middle });
            tokens.push(Token { folded: unit, span: middle..word.span.end });
        } else {
            tokens.push(Token { folded: &word.folded, span: word.span.clone() });
        }
    }
    tokens
}
