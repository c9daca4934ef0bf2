//! Numbers, times, money and dates as people write them, in the language of the page.

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::ui::Ui;

/// Between a number and its unit: narrow, and no line ends there.
const THIN: char = '\u{202f}';

impl Ui {
    /// `12345` → "12.345".
    pub fn number(&self, number: u64) -> String {
        self.language.number(number)
    }

    /// "12–30 Personen", "ab 12 Personen", "bis 30 Personen"; none where nothing is stated.
    pub fn people(&self, min: Option<u32>, max: Option<u32>) -> Option<String> {
        self.range(min, max, |low, high| {
            let one = high.or(low) == Some(1);
            let unit = if one { self.say("Person", "person") } else { self.say("Personen", "people") };
            self.joined(low.map(|low| self.amount(low)), high.map(|high| self.amount(high)), unit)
        })
    }

    /// "500–3.000 €", "ab 500 €", "bis 3.000 €".
    pub fn euros(&self, min: Option<u32>, max: Option<u32>) -> Option<String> {
        if (min, max) == (Some(0), Some(0)) {
            return Some(self.say("kostenlos", "free of charge").into());
        }
        let min = if max.is_some() { min.filter(|min| *min > 0) } else { min };
        self.range(min, max, |low, high| {
            self.joined(low.map(|low| self.amount(low)), high.map(|high| self.amount(high)), "€")
        })
    }

    /// "halber Tag", "20–30 Min.", "1½–4 Std.", "1–2 Tage". Minutes of work: a day has 480, a week 2,400.
    pub fn duration(&self, min: Option<u32>, max: Option<u32>) -> Option<String> {
        match (min, max) {
            (Some(HALF_DAY), Some(HALF_DAY)) => return Some(self.say("halber Tag", "half a day").into()),
            (Some(HALF_DAY), None) => return Some(self.say("ab einem halben Tag", "from half a day").into()),
            _ => {}
        }
        self.range(min, max, |low, high| {
            let (mut low, high) = (low.map(Span::of_minutes), high.map(Span::of_minutes));
            // "½–1 Tag" reads better than "4 Std. bis 1 Tag".
            if min == Some(HALF_DAY) && high.is_some_and(|high| high.unit == &DAYS) {
                low = Some(Span { halves: 1, unit: &DAYS });
            }
            self.spans(low, high)
        })
    }

    /// "4–8 Wochen", "3–6 Monate".
    pub fn weeks(&self, min: Option<u32>, max: Option<u32>) -> Option<String> {
        if (min, max) == (Some(0), Some(0)) {
            return Some(self.say("ohne Vorlauf", "no lead time").into());
        }
        let min = if max.is_some() { min.filter(|min| *min > 0) } else { min };
        self.range(min, max, |low, high| self.spans(low.map(Span::of_weeks), high.map(Span::of_weeks)))
    }

    /// "3. März 2026".
    pub fn date(&self, date: Date) -> String {
        let (day, month, year) = (date.day(), self.month(date.month()), date.year());
        if self.english() { format!("{day} {month} {year}") } else { format!("{day}. {month} {year}") }
    }

    /// A year, a month or a day: "2021", "Juni 2021", "15. Juni 2021". Other text stays as it is.
    pub fn partial_date(&self, text: &str) -> String {
        let parts: Vec<&str> = text.split('-').collect();
        match parts.as_slice() {
            [year, month_number] => match month_number.parse().ok().filter(|number| (1..=12).contains(number)) {
                Some(number) => format!("{} {year}", self.month(number)),
                None => text.to_owned(),
            },
            [_, _, _] => text.parse().map_or_else(|_| text.to_owned(), |date| self.date(date)),
            _ => text.to_owned(),
        }
    }

    /// The day of an instant in Germany.
    pub fn day_of(&self, instant: Timestamp) -> String {
        let zone = TimeZone::get("Europe/Berlin").unwrap_or(TimeZone::UTC);
        self.date(instant.to_zoned(zone).date())
    }

    fn month(&self, number: i8) -> &'static str {
        let months = if self.english() { &MONTHS_EN } else { &MONTHS_DE };
        usize::try_from(number - 1).ok().and_then(|index| months.get(index)).copied().unwrap_or_default()
    }

    fn amount(&self, number: u32) -> String {
        self.number(u64::from(number))
    }

    fn range(
        &self,
        min: Option<u32>,
        max: Option<u32>,
        write: impl Fn(Option<u32>, Option<u32>) -> String,
    ) -> Option<String> {
        match (min, max) {
            (None, None) => None,
            (Some(low), Some(high)) if low == high => {
                let up_to = self.say("bis ", "up to ");
                Some(write(None, Some(high)).trim_start_matches(up_to).to_owned())
            }
            (low, high) => Some(write(low, high)),
        }
    }

    fn joined(&self, low: Option<String>, high: Option<String>, unit: &str) -> String {
        let with_unit = |amount: String| {
            if self.english() && unit == "€" { format!("€{amount}") } else { format!("{amount}{THIN}{unit}") }
        };
        match (low, high) {
            (Some(low), Some(high)) => with_unit(format!("{low}–{high}")),
            (Some(low), None) => format!("{} {}", self.say("ab", "from"), with_unit(low)),
            (None, Some(high)) => format!("{} {}", self.say("bis", "up to"), with_unit(high)),
            (None, None) => String::new(),
        }
    }

    fn spans(&self, low: Option<Span>, high: Option<Span>) -> String {
        let with_unit = |span: Span| format!("{}{THIN}{}", span.amount(self), span.word(self));
        match (low, high) {
            (Some(low), Some(high)) if low.unit == high.unit && low.halves == high.halves => with_unit(high),
            (Some(low), Some(high)) if low.unit == high.unit => format!("{}–{}", low.amount(self), with_unit(high)),
            (Some(low), Some(high)) => {
                format!("{} {} {}", with_unit(low), self.say("bis", "to"), with_unit(high))
            }
            (Some(low), None) => {
                format!("{} {}{THIN}{}", self.say("ab", "from"), low.amount(self), low.dative(self))
            }
            (None, Some(high)) => format!("{} {}", self.say("bis", "up to"), with_unit(high)),
            (None, None) => String::new(),
        }
    }
}

const HALF_DAY: u32 = 240;

const MONTHS_DE: [&str; 12] = [
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
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

#[derive(Debug, PartialEq, Eq)]
struct Unit {
    one: &'static str,
    many: &'static str,
    /// After "ab", where the case matters.
    dative: &'static str,
    /// English, one and many.
    english: (&'static str, &'static str),
}

static MINUTES: Unit = Unit { one: "Min.", many: "Min.", dative: "Min.", english: ("min", "min") };
static HOURS: Unit = Unit { one: "Std.", many: "Std.", dative: "Std.", english: ("hr", "hrs") };
static DAYS: Unit = Unit { one: "Tag", many: "Tage", dative: "Tagen", english: ("day", "days") };
static WEEKS: Unit = Unit { one: "Woche", many: "Wochen", dative: "Wochen", english: ("week", "weeks") };
static MONTHS: Unit = Unit { one: "Monat", many: "Monate", dative: "Monaten", english: ("month", "months") };
static YEARS: Unit = Unit { one: "Jahr", many: "Jahre", dative: "Jahren", english: ("year", "years") };

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

    fn amount(self, ui: &Ui) -> String {
        match (self.halves / 2, self.halves % 2) {
            (0, 1) => "½".into(),
            (whole, 1) => format!("{whole}½"),
            (whole, _) => ui.amount(whole),
        }
    }

    fn word(self, ui: &Ui) -> &'static str {
        let (one, many) = if ui.english() { self.unit.english } else { (self.unit.one, self.unit.many) };
        if self.halves <= 2 { one } else { many }
    }

    fn dative(self, ui: &Ui) -> &'static str {
        if self.halves <= 2 || ui.english() { self.word(ui) } else { self.unit.dative }
    }
}

/// Halves of the unit, at least one; whole units where halves sound odd.
fn rounded(number: u32, per_unit: u32, halves: bool) -> u32 {
    let (number, per_unit) = (u64::from(number), u64::from(per_unit));
    let halves =
        if halves { (number * 4 + per_unit) / (per_unit * 2) } else { ((number * 2 + per_unit) / (per_unit * 2)) * 2 };
    u32::try_from(halves.max(if per_unit == 1 { 0 } else { 1 })).unwrap_or(u32::MAX)
}
