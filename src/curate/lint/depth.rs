//! How much an entry holds: deep or short, and what each must at least have filled in.

use super::{Findings, Item};
use crate::model::entry::{Entry, Profile};
use crate::model::public::completeness;

/// What a deep entry has filled in at least, percent of [`completeness`]. The fields that make it deep are about half
/// of those; with the other half missing a reader could read but not filter, compare or check.
pub const DEEP_COMPLETENESS_MIN: u8 = 90;

/// What any entry has filled in at least. Below, it is a title with a summary.
pub const COMPLETENESS_MIN: u8 = 70;

/// Steps that make a procedure, headings that make contents, and items that make a list.
const STEPS_MIN: usize = 3;
const CONTENTS_MIN: usize = 4;
const LIST_MIN: usize = 2;

/// How much an entry holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Enough to decide and to do: steps, limits, experience; for a case what came of it and what was learned.
    Deep,
    /// What is known, and no more.
    Short,
}

/// Whether an entry is deep: every text field that a reader needs for deciding and doing is there.
pub fn depth(entry: &Entry) -> Depth {
    let common = &entry.common;
    let list = |texts: &[String]| texts.len() >= LIST_MIN;
    let texts = match &entry.profile {
        Profile::Format(profile) => {
            profile.steps.len() >= STEPS_MIN
                && list(&profile.fits_when)
                && list(&profile.does_not_fit_when)
                && list(&profile.strengths)
                && list(&profile.weaknesses)
                && list(&profile.tips)
                && !profile.pitfalls.is_empty()
                && !profile.variants.is_empty()
        }
        Profile::BestPractice(profile) => {
            profile.process.is_some()
                && profile.results.is_some()
                && (profile.use_of_results.is_some() || profile.impact.is_some())
                && list(&profile.lessons)
                && profile.transferability.is_some()
        }
        Profile::Guide(profile) => {
            profile.contents.len() >= CONTENTS_MIN && common.sources.iter().any(|source| source.url.is_some())
        }
        Profile::Concept(profile) => {
            profile.aim.is_some() && list(&profile.building_blocks) && profile.resolution.is_some()
        }
        Profile::Idea(profile) => profile.problem.is_some() && profile.proposal.is_some() && profile.benefit.is_some(),
    };
    let deep = texts && !common.body.is_empty() && common.plain_language.is_some();
    if deep { Depth::Deep } else { Depth::Short }
}

pub(super) fn check(item: &Item, findings: &mut Findings) {
    let (score, depth) = (completeness(&item.entry), depth(&item.entry));
    let (floor, name) = match depth {
        Depth::Deep => (DEEP_COMPLETENESS_MIN, "a deep entry"),
        Depth::Short => (COMPLETENESS_MIN, "an entry"),
    };
    if score < floor {
        let detail =
            format!("{score} % of the profile is filled in; {name} has at least {floor} %: fill in what is known");
        findings.error(&item.place, "", "incomplete", detail);
    }
}
