//! What is wrong with an input, in words for people and with a pointer for programs.

use schemars::JsonSchema;
use serde::Serialize;

/// One thing that is wrong, at one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Problem {
    /// JSON pointer (RFC 6901) to the place; empty for the whole document.
    pub pointer: String,
    /// Stable name of what is wrong.
    pub code: &'static str,
    /// In German.
    pub detail: String,
    /// In English.
    pub detail_en: String,
}

impl Problem {
    /// A problem at `pointer`.
    pub fn new(
        pointer: impl Into<String>,
        code: &'static str,
        detail: impl Into<String>,
        detail_en: impl Into<String>,
    ) -> Self {
        Self { pointer: pointer.into(), code, detail: detail.into(), detail_en: detail_en.into() }
    }
}

/// Escapes one step of a JSON pointer (RFC 6901, section 3).
pub fn pointer_step(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The candidate nearest to what was typed, where one is near enough to be worth naming.
///
/// Near means at most a third of the letters differ (optimal string alignment distance).
pub fn nearest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed: Vec<char> = typed.chars().take(MAX_NEAREST_CHARS).flat_map(char::to_lowercase).collect();
    candidates
        .into_iter()
        .map(|candidate| {
            let letters: Vec<char> = candidate.chars().collect();
            (distance(&typed, &letters), letters.len().max(typed.len()), candidate)
        })
        .filter(|(distance, length, candidate)| {
            *distance * 3 <= *length
                || candidate.chars().take(typed.len()).eq(typed.iter().copied()) && typed.len() >= 3
        })
        .min_by_key(|(distance, _, _)| *distance)
        .map(|(_, _, candidate)| candidate)
}

/// Longer inputs are no typo of anything; the cap keeps the distance cheap.
const MAX_NEAREST_CHARS: usize = 64;

fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut cost = (above[j] + usize::from(x != y)).min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                cost = cost.min(before[j - 1] + 1);
            }
            row.push(cost);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_is_named_only_when_it_is_near() {
        let names = ["format_type", "topic", "kind"];
        assert_eq!(nearest("formattype", names), Some("format_type"));
        assert_eq!(nearest("topci", names), Some("topic"));
        assert_eq!(nearest("format", names), Some("format_type"));
        assert_eq!(nearest("zebra", names), None);
    }
}
