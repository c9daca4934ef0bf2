//! Numbers, times, money and dates as people in Germany write them.

use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// Between a number and its unit: narrow, and no line ends there.
const THIN: char = '\u{202f}';

/// `12345` → "12.345".
pub fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) && digits.len() > 3 {
            text.push('.');
        }
        text.push(digit);
    }
    text
}

/// "1 Treffer", "12 Treffer": a number with its word.
pub fn count(how_many: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(how_many), if how_many == 1 { one } else { many })
}

/// "12–30 Personen", "ab 12 Personen", "bis 30 Personen"; none where nothing is stated.
pub fn people(min: Option<u32>, max: Option<u32>) -> Option<String> {
    range(min, max, |low, high| {
        let unit = if high.or(low) == Some(1) { "Person" } else { "Personen" };
        joined(low.map(plain), high.map(plain), unit)
    })
}

/// "500–3.000 €", "ab 500 €", "bis 3.000 €".
pub fn euros(min: Option<u32>, max: Option<u32>) -> Option<String> {
    if (min, max) == (Some(0), Some(0)) {
        return Some("kostenlos".into());
    }
    let min = if max.is_some() { min.filter(|min| *min > 0) } else { min };
    range(min, max, |low, high| joined(low.map(plain), high.map(plain), "€"))
}

/// "halber Tag", "20–30 Min.", "1½–4 Std.", "1–2 Tage". Minutes of work: a day has 480, a week 2,400.
pub fn duration(min: Option<u32>, max: Option<u32>) -> Option<String> {
    match (min, max) {
        (Some(HALF_DAY), Some(HALF_DAY)) => return Some("halber Tag".into()),
        (Some(HALF_DAY), None) => return Some("ab einem halben Tag".into()),
        _ => {}
    }
    range(min, max, |low, high| {
        let (mut low, high) = (low.map(Span::of_minutes), high.map(Span::of_minutes));
        // "½–1 Tag" reads better than "4 Std. bis 1 Tag".
        if min == Some(HALF_DAY) && high.is_some_and(|high| high.unit == &DAYS) {
            low = Some(Span { halves: 1, unit: &DAYS });
        }
        spans(low, high)
    })
}

/// "4–8 Wochen", "3–6 Monate".
pub fn weeks(min: Option<u32>, max: Option<u32>) -> Option<String> {
    if (min, max) == (Some(0), Some(0)) {
        return Some("ohne Vorlauf".into());
    }
    let min = if max.is_some() { min.filter(|min| *min > 0) } else { min };
    range(min, max, |low, high| spans(low.map(Span::of_weeks), high.map(Span::of_weeks)))
}

/// "3. März 2026".
pub fn date(date: Date) -> String {
    format!("{}. {} {}", date.day(), month(date.month()), date.year())
}

/// A year, a month or a day: "2021", "Juni 2021", "15. Juni 2021". Other text stays as it is.
pub fn partial_date(text: &str) -> String {
    let parts: Vec<&str> = text.split('-').collect();
    match parts.as_slice() {
        [year, month_number] => match month_number.parse().ok().filter(|number| (1..=12).contains(number)) {
            Some(number) => format!("{} {year}", month(number)),
            None => text.to_owned(),
        },
        [_, _, _] => text.parse().map_or_else(|_| text.to_owned(), date),
        _ => text.to_owned(),
    }
}

/// The day of an instant in Germany.
pub fn day_of(instant: Timestamp) -> String {
    let zone = TimeZone::get("Europe/Berlin").unwrap_or(TimeZone::UTC);
    date(instant.to_zoned(zone).date())
}

/// German quotation marks.
pub fn quoted(text: &str) -> String {
    format!("„{text}“")
}

/// "Vor Ort, digital und gemischt".
pub fn listed(texts: &[String]) -> String {
    match texts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} und {last}", first.join(", ")),
    }
}

const HALF_DAY: u32 = 240;

fn month(number: i8) -> &'static str {
    const MONTHS: [&str; 12] = [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ];
    usize::try_from(number - 1).ok().and_then(|index| MONTHS.get(index)).copied().unwrap_or_default()
}

fn plain(number_: u32) -> String {
    number(u64::from(number_))
}

fn range(min: Option<u32>, max: Option<u32>, write: impl Fn(Option<u32>, Option<u32>) -> String) -> Option<String> {
    match (min, max) {
        (None, None) => None,
        (Some(low), Some(high)) if low == high => Some(write(None, Some(high)).trim_start_matches("bis ").to_owned()),
        (low, high) => Some(write(low, high)),
    }
}

fn joined(low: Option<String>, high: Option<String>, unit: &str) -> String {
    match (low, high) {
        (Some(low), Some(high)) => format!("{low}–{high}{THIN}{unit}"),
        (Some(low), None) => format!("ab {low}{THIN}{unit}"),
        (None, Some(high)) => format!("bis {high}{THIN}{unit}"),
        (None, None) => String::new(),
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Unit {
    one: &'static str,
    many: &'static str,
    /// After "ab" and "bis", where the case matters.
    dative: &'static str,
}

static MINUTES: Unit = Unit { one: "Min.", many: "Min.", dative: "Min." };
static HOURS: Unit = Unit { one: "Std.", many: "Std.", dative: "Std." };
static DAYS: Unit = Unit { one: "Tag", many: "Tage", dative: "Tagen" };
static WEEKS: Unit = Unit { one: "Woche", many: "Wochen", dative: "Wochen" };
static MONTHS: Unit = Unit { one: "Monat", many: "Monate", dative: "Monaten" };
static YEARS: Unit = Unit { one: "Jahr", many: "Jahre", dative: "Jahren" };

/// A length of time in the unit that people would use, counted in halves.
#[derive(Clone, Copy)]
struct Span {
    halves: u32,
    unit: &'static Unit,
}

impl Span {
    fn of_minutes(minutes: u32) -> Self {
        let (per_unit, unit) = match minutes {
            0..90 if !minutes.is_multiple_of(60) || minutes == 0 => (1, &MINUTES),
            0..480 => (60, &HOURS),
            480..2_400 => (480, &DAYS),
            2_400..10_000 => (2_400, &WEEKS),
            // A month has 52/12 weeks.
            10_000..124_800 => (10_400, &MONTHS),
            _ => (124_800, &YEARS),
        };
        Self { halves: rounded(minutes, per_unit, unit != &WEEKS && unit != &MONTHS), unit }
    }

    fn of_weeks(weeks: u32) -> Self {
        match weeks {
            0..=12 => Self { halves: weeks * 2, unit: &WEEKS },
            _ => Self::of_minutes(weeks.saturating_mul(2_400)),
        }
    }

    fn amount(self) -> String {
        match (self.halves / 2, self.halves % 2) {
            (0, 1) => "½".into(),
            (whole, 1) => format!("{whole}½"),
            (whole, _) => plain(whole),
        }
    }

    fn word(self) -> &'static str {
        if self.halves <= 2 { self.unit.one } else { self.unit.many }
    }

    fn dative(self) -> &'static str {
        if self.halves <= 2 { self.unit.one } else { self.unit.dative }
    }
}

/// Halves of the unit, at least one; whole units where halves sound odd.
fn rounded(number: u32, per_unit: u32, halves: bool) -> u32 {
    let (number, per_unit) = (u64::from(number), u64::from(per_unit));
    let halves =
        if halves { (number * 4 + per_unit) / (per_unit * 2) } else { ((number * 2 + per_unit) / (per_unit * 2)) * 2 };
    u32::try_from(halves.max(if per_unit == 1 { 0 } else { 1 })).unwrap_or(u32::MAX)
}

fn spans(low: Option<Span>, high: Option<Span>) -> String {
    match (low, high) {
        (Some(low), Some(high)) if low.unit == high.unit && low.halves == high.halves => {
            format!("{}{THIN}{}", high.amount(), high.word())
        }
        (Some(low), Some(high)) if low.unit == high.unit => {
            format!("{}–{}{THIN}{}", low.amount(), high.amount(), high.word())
        }
        (Some(low), Some(high)) => {
            format!("{}{THIN}{} bis {}{THIN}{}", low.amount(), low.word(), high.amount(), high.word())
        }
        (Some(low), None) => format!("ab {}{THIN}{}", low.amount(), low.dative()),
        (None, Some(high)) => format!("bis {}{THIN}{}", high.amount(), high.word()),
        (None, None) => String::new(),
    }
}
