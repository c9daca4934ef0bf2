//! The profile of a case: something that took place.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::kind::CaseStatus;

type Line = String;
type Texts = Vec<String>;

/// Fields of a case.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct CaseProfile {
    /// Town or towns.
    #[schemars(length(max = 160))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub municipality: Option<Line>,
    /// Official municipality key, eight digits.
    #[schemars(regex(pattern = "^[0-9]{8}$"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ags: Option<Line>,
    /// State or region, ISO 3166-2.
    #[schemars(regex(pattern = "^[A-Z]{2}-[A-Z0-9]{1,3}$"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<Line>,
    /// Country, ISO 3166-1 alpha-2.
    #[schemars(regex(pattern = "^[A-Z]{2}$"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<Line>,
    /// Point on the map.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// Place within the town.
    #[schemars(length(max = 200))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub venue: Option<Line>,
    /// Begin: a year, a month or a day.
    #[schemars(regex(pattern = "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub begins_on: Option<Line>,
    /// End, likewise.
    #[schemars(regex(pattern = "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<Line>,
    /// Where it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<CaseStatus>,
    /// Why it was done.
    #[schemars(length(max = 2_000))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub occasion: Option<String>,
    /// What was to come of it.
    #[schemars(length(max = 2_000))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aim: Option<String>,
    /// How it went.
    #[schemars(length(max = 4_000))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub process: Option<String>,
    /// What came of it.
    #[schemars(length(max = 4_000))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub results: Option<String>,
    /// What was done with that.
    #[schemars(length(max = 2_000))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub use_of_results: Option<String>,
    /// What changed.
    #[schemars(length(max = 2_000))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impact: Option<String>,
    /// What was learned.
    #[schemars(length(max = 12), inner(length(min = 1, max = 600)))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lessons: Texts,
    /// Whether others can do it.
    #[schemars(length(max = 1_000))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transferability: Option<String>,
    /// People who took part.
    #[schemars(range(max = 100_000_000))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub participants_actual: Option<u32>,
    /// People who were written to.
    #[schemars(range(max = 100_000_000))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invited_count: Option<u32>,
    /// People who took part online.
    #[schemars(range(max = 100_000_000))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub participants_online: Option<u32>,
    /// What it cost, in euros.
    #[schemars(range(max = 4_000_000_000_u32))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_eur_actual: Option<u32>,
    /// What that covers.
    #[schemars(length(max = 400))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_note: Option<String>,
    /// How people came to it; terms of `recruitment`.
    #[schemars(length(max = 9), inner(length(min = 1, max = 64)))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub recruitment: Texts,
    /// Who wanted it.
    #[schemars(length(max = 200))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commissioned_by: Option<Line>,
    /// Who did it.
    #[schemars(length(max = 12), inner(length(min = 1, max = 200)))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub carried_out_by: Texts,
    /// Who paid.
    #[schemars(length(max = 12), inner(length(min = 1, max = 200)))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub funding: Texts,
    /// Paper of the council.
    #[schemars(length(max = 500), regex(pattern = "^https?://"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub council_document_url: Option<Line>,
    /// Whether somebody looked back at it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evaluation: Option<Evaluation>,
    /// Prizes.
    #[schemars(length(max = 12), inner(length(min = 1, max = 200)))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub awards: Texts,
}

/// A point, WGS 84.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Location {
    /// Degrees north.
    #[schemars(range(min = -90, max = 90))]
    pub lat: f64,
    /// Degrees east.
    #[schemars(range(min = -180, max = 180))]
    pub lon: f64,
}

/// A look back at a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Evaluation {
    /// By whom or how.
    #[schemars(length(min = 1, max = 160))]
    pub kind: Line,
    /// Where to read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 500), regex(pattern = "^https?://"))]
    pub url: Option<Line>,
}
