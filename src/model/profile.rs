//! The profiles: fields that only one kind has.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use super::case::{CaseProfile, Evaluation, Location};
use super::kind::*;

type Line = String;
type Texts = Vec<String>;

/// Fields of a format, method or technique.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct FormatProfile {
    /// How much of a process it covers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method_level: Option<MethodLevel>,
    /// Fewest people with whom it works.
    #[schemars(range(min = 1, max = 10_000_000))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub participants_min: Option<u32>,
    /// Most people with whom it works; absent = unlimited.
    #[schemars(range(min = 1, max = 10_000_000))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub participants_max: Option<u32>,
    /// Shortest duration in minutes; a day counts 480, a week 2,400.
    #[schemars(range(min = 1, max = 10_000_000))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_minutes_min: Option<u32>,
    /// Longest duration in minutes; absent = no end.
    #[schemars(range(min = 1, max = 10_000_000))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_minutes_max: Option<u32>,
    /// Shortest preparation in weeks.
    #[schemars(range(max = 1_000))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead_time_weeks_min: Option<u32>,
    /// Longest preparation in weeks.
    #[schemars(range(max = 1_000))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead_time_weeks_max: Option<u32>,
    /// Lowest cost in euros.
    #[schemars(range(max = 1_000_000_000))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_eur_min: Option<u32>,
    /// Highest cost in euros.
    #[schemars(range(max = 1_000_000_000))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_eur_max: Option<u32>,
    /// Work for those who organise it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organiser_effort: Option<Effort>,
    /// Work for those who take part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub participant_effort: Option<Effort>,
    /// How people come to it; terms of `recruitment`.
    #[schemars(length(max = 9), inner(length(min = 1, max = 64)))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub recruitment: Texts,
    /// Who may come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub openness: Option<Openness>,
    /// Who guides it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facilitation: Option<Facilitation>,
    /// What participants must know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prior_knowledge: Option<PriorKnowledge>,
    /// How heated the matter may be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conflict_suitability: Option<ConflictSuitability>,
    /// How often it takes place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recurrence: Option<Recurrence>,
    /// What the result binds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bindingness: Option<Bindingness>,
    /// What it is in law.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legal_character: Option<LegalCharacter>,
    /// Where it stands in law; terms of `legal_bases`.
    #[schemars(length(max = 12), inner(length(min = 1, max = 64)))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub legal_bases: Texts,
    /// How it goes.
    #[schemars(length(max = 24))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// What must be there.
    #[schemars(length(max = 24), inner(length(min = 1, max = 400)))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub materials: Texts,
    /// Where it can take place.
    #[schemars(length(max = 12), inner(length(min = 1, max = 400)))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rooms: Texts,
    /// Who is needed.
    #[schemars(length(max = 12))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub staff: Vec<Staff>,
    /// Software that helps.
    #[schemars(length(max = 16))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub digital_tools: Vec<DigitalTool>,
    /// What makes it accessible; terms of `accessibility`.
    #[schemars(length(max = 13), inner(length(min = 1, max = 64)))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accessibility: Texts,
    /// What to mind so that everybody can come.
    #[schemars(length(max = 1_200))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accessibility_notes: Option<String>,
    /// When it fits.
    #[schemars(length(max = 12), inner(length(min = 1, max = 400)))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fits_when: Texts,
    /// When it does not.
    #[schemars(length(max = 12), inner(length(min = 1, max = 400)))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub does_not_fit_when: Texts,
    /// What it does well.
    #[schemars(length(max = 12), inner(length(min = 1, max = 400)))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub strengths: Texts,
    /// What it does badly.
    #[schemars(length(max = 12), inner(length(min = 1, max = 400)))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub weaknesses: Texts,
    /// Advice from practice.
    #[schemars(length(max = 12), inner(length(min = 1, max = 600)))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tips: Texts,
    /// What goes wrong.
    #[schemars(length(max = 12), inner(length(min = 1, max = 600)))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pitfalls: Texts,
    /// Other ways to do it.
    #[schemars(length(max = 12), inner(length(min = 1, max = 600)))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub variants: Texts,
    /// What comes out of it; terms of `outcome_forms`.
    #[schemars(length(max = 10), inner(length(min = 1, max = 64)))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub outcome_forms: Texts,
    /// What participants do with each other; terms of `interactions`.
    #[schemars(length(max = 11), inner(length(min = 1, max = 64)))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub interactions: Texts,
    /// Who thought of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invented: Option<Invented>,
    /// Whether anybody may use it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage_rights: Option<UsageRights>,
    /// What to mind.
    #[schemars(length(max = 400))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage_rights_note: Option<String>,
}

/// One step of a format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Step {
    /// What it is called.
    #[schemars(length(min = 1, max = 120))]
    pub title: Line,
    /// What happens.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[schemars(length(max = 1_000))]
    pub text: String,
    /// How long it takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub minutes: Option<u32>,
}

/// People a format needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Staff {
    /// What they do.
    #[schemars(length(min = 1, max = 160))]
    pub role: Line,
    /// How many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 10_000))]
    pub count: Option<u32>,
}

/// Software that helps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct DigitalTool {
    /// Term of `digital_tool_categories`.
    #[schemars(length(min = 1, max = 64))]
    pub category: Line,
    /// Name of one that does it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 160))]
    pub example: Option<Line>,
    /// Whether its source is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_source: Option<bool>,
    /// Whether a city can run it itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub self_hostable: Option<bool>,
}

/// Where a format comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Invented {
    /// Who.
    #[schemars(length(max = 8), inner(length(min = 1, max = 120)))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub people: Texts,
    /// When.
    #[schemars(range(min = -1000, max = 2200))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<i32>,
    /// Where.
    #[schemars(length(max = 160))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Line>,
}

/// Whether a file is accessible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Known {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// Nobody looked.
    Unknown,
}

/// Fields of a guide.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct GuideProfile {
    /// What kind of document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guide_type: Option<GuideType>,
    /// Who wrote it.
    #[schemars(length(max = 24), inner(length(min = 1, max = 160)))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authors: Texts,
    /// Who published it.
    #[schemars(length(max = 12), inner(length(min = 1, max = 200)))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub publishers: Texts,
    /// Year of this edition.
    #[schemars(range(min = 1500, max = 2200))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<i32>,
    /// Edition.
    #[schemars(length(max = 120))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edition: Option<Line>,
    /// Pages.
    #[schemars(range(min = 1, max = 100_000))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pages: Option<u32>,
    /// ISBN.
    #[schemars(length(max = 20))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub isbn: Option<Line>,
    /// DOI.
    #[schemars(length(max = 120))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doi: Option<Line>,
    /// Where to read it.
    #[schemars(length(max = 500), regex(pattern = "^https?://"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full_text_url: Option<Line>,
    /// How one gets it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access: Option<Access>,
    /// Whether the PDF is accessible.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pdf_accessible: Option<Known>,
    /// Version in Leichte Sprache.
    #[schemars(length(max = 500), regex(pattern = "^https?://"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub easy_language_url: Option<Line>,
    /// Version in sign language.
    #[schemars(length(max = 500), regex(pattern = "^https?://"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign_language_url: Option<Line>,
    /// For which town, state or field it holds.
    #[schemars(length(max = 300))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applies_to: Option<Line>,
    /// What is inside.
    #[schemars(length(max = 40), inner(length(min = 1, max = 300)))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contents: Texts,
}

/// Fields of a concept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ConceptProfile {
    /// What it wants.
    #[schemars(length(max = 2_000))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aim: Option<String>,
    /// What it consists of.
    #[schemars(length(max = 24), inner(length(min = 1, max = 600)))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub building_blocks: Texts,
    /// By when.
    #[schemars(length(max = 200))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_frame: Option<Line>,
    /// Who decided it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolution: Option<Resolution>,
    /// How far it has come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub implementation_state: Option<ImplementationState>,
    /// Who is in charge.
    #[schemars(length(max = 200))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead_office: Option<Line>,
}

/// A decision of a body.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(deny_unknown_fields)]
pub struct Resolution {
    /// Council, senate, parliament.
    #[schemars(length(max = 160))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Line>,
    /// A year, a month or a day.
    #[schemars(regex(pattern = "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Line>,
    /// Number of the paper.
    #[schemars(length(max = 120))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<Line>,
    /// Where to read it.
    #[schemars(length(max = 500), regex(pattern = "^https?://"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<Line>,
}

/// Fields of an idea.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct IdeaProfile {
    /// What is not right today.
    #[schemars(length(max = 2_000))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// What to do.
    #[schemars(length(max = 4_000))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposal: Option<String>,
    /// What that brings.
    #[schemars(length(max = 2_000))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub benefit: Option<String>,
    /// How ripe it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maturity: Option<Maturity>,
    /// What it still needs.
    #[schemars(length(max = 5))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub wanted: Vec<Wanted>,
    /// Who submitted it; never a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submitted_by_type: Option<SubmittedByType>,
}
