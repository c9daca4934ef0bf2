//! What advice on formats weighs: the terms that editors gave an entry themselves, and its numbers.
//!
//! The facets of a card say at which values an entry is found; "any topic" is found at every topic there. Advice has to
//! know the difference, so the card of a format also holds what was stated.

use serde::{Deserialize, Serialize};

use super::columns::FacetSpace;
use crate::model::{
    facet,
    kind::{ConflictSuitability, FormatType, LegalCharacter, MethodLevel},
    public::PublicEntry,
};

/// What a format states, as its card holds it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CardTraits {
    /// Terms in the order of the editors, by number of their facet.
    pub terms: Vec<(u8, String)>,
    /// The numbers.
    #[serde(flatten)]
    pub numbers: Numbers,
}

/// The numbers of a format and its closed sets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Numbers {
    /// Shortest and longest duration in minutes.
    pub minutes: Span,
    /// Shortest and longest lead time in weeks.
    pub weeks: Span,
    /// Lowest and highest cost in euros.
    pub euros: Span,
    /// How heated the matter may be.
    pub conflict: Option<ConflictSuitability>,
    /// How much of a process it covers.
    pub method_level: Option<MethodLevel>,
    /// Whether a law orders it.
    pub legal_character: Option<LegalCharacter>,
    /// How much of a full profile is filled in, percent.
    pub completeness: u8,
}

/// From a number to a number; either can be absent.
pub type Span = (Option<u32>, Option<u32>);

/// What a format states, in the numbers of a snapshot.
#[derive(Clone, Debug, PartialEq)]
pub struct Traits {
    /// Numbers of its terms in the order of the editors, those of one facet together.
    pub terms: Box<[u32]>,
    /// The numbers.
    pub numbers: Numbers,
}

impl CardTraits {
    /// Those of a format; none of any other entry.
    pub fn of(public: &PublicEntry) -> Option<Self> {
        let (common, format) = (&public.entry.common, public.entry.as_format()?);
        let format_types: Vec<String> =
            common.format_types.iter().copied().map(FormatType::id).map(Into::into).collect();
        let lists = [
            ("purpose", &common.purposes),
            ("phase", &common.phases),
            ("audience", &common.audiences),
            ("format_type", &format_types),
            ("level", &common.levels),
            ("topic", &common.topics),
            ("recruitment", &format.recruitment),
        ];
        let mut terms = Vec::new();
        for (parameter, list) in lists {
            if let Some((number, _)) = facet::facet(parameter) {
                terms.extend(list.iter().map(|term| (number as u8, term.clone())));
            }
        }
        let numbers = Numbers {
            minutes: (format.duration_minutes_min, format.duration_minutes_max),
            weeks: (format.lead_time_weeks_min, format.lead_time_weeks_max),
            euros: (format.cost_eur_min, format.cost_eur_max),
            conflict: format.conflict_suitability,
            method_level: format.method_level,
            legal_character: format.legal_character,
            completeness: public.derived.completeness,
        };
        Some(Self { terms, numbers })
    }

    /// In the numbers of a snapshot.
    pub(super) fn interned(&self, space: &FacetSpace) -> Traits {
        let terms = self.terms.iter().map(|(facet, term)| space.intern(*facet, term)).collect();
        Traits { terms, numbers: self.numbers }
    }
}
