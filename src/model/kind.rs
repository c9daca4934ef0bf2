//! The closed sets: their ids are fixed by the program, their labels are data in `index-data/vocabularies`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An enum whose values have stable ids and whose labels live in a vocabulary of the same ids.
macro_rules! closed_set {
    ($($(#[$doc:meta])* $name:ident in $vocabulary:literal { $($(#[$variant_doc:meta])* $variant:ident = $id:literal),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $id)] $variant),+
        }

        impl $name {
            /// Vocabulary that holds the labels.
            pub const VOCABULARY: &'static str = $vocabulary;
            /// All values, in the order in which people see them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Stable id, as in JSON and in addresses.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => $id),+ }
            }

            /// The value with this id.
            pub fn from_id(id: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.id() == id)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.id())
            }
        }
    )+

        /// Vocabulary name and ids of every closed set, for the check that the data has a label for each.
        pub const CLOSED_SETS: &[(&str, &[&str])] = &[$(($vocabulary, &[$($id),+])),+];
    };
}

closed_set! {
    /// What an entry is about.
    Kind in "kinds" {
        /// A participation format, method or technique.
        Format = "format",
        /// A handbook, guideline, checklist … one can read.
        Guide = "guide",
        /// Something that took place.
        BestPractice = "best_practice",
        /// A plan or framework that a body adopted or proposed.
        Concept = "concept",
        /// A proposal.
        Idea = "idea",
    }

    /// Where people meet.
    FormatType in "format_types" {
        /// On site.
        Analog = "analog",
        /// Online.
        Digital = "digital",
        /// Both at once or in turn.
        Hybrid = "hybrid",
    }

    /// How much of a process the format covers.
    MethodLevel in "method_levels" {
        /// A whole procedure of several steps.
        Process = "process",
        /// A designed sequence, an event.
        Format = "format",
        /// One step.
        Method = "method",
        /// A building block of facilitation.
        Technique = "technique",
        /// A piece of software.
        DigitalTool = "digital_tool",
    }

    /// How much work it is.
    Effort in "efforts" {
        /// Little.
        Low = "low",
        /// Some.
        Medium = "medium",
        /// Much.
        High = "high",
    }

    /// Who may come.
    Openness in "openness" {
        /// Everybody.
        Open = "open",
        /// Everybody, with places kept for some.
        PartlyOpen = "partly_open",
        /// Only those invited or drawn.
        Closed = "closed",
    }

    /// Whether somebody has to guide the conversation.
    Facilitation in "facilitation" {
        /// Nobody.
        None = "none",
        /// Somebody of the organiser.
        Internal = "internal",
        /// An outsider is better.
        ExternalRecommended = "external_recommended",
        /// An outsider is needed.
        ExternalRequired = "external_required",
        /// Only people with a licence.
        Licensed = "licensed",
    }

    /// What participants must know beforehand.
    PriorKnowledge in "prior_knowledge" {
        /// Nothing.
        None = "none",
        /// A little.
        Some = "some",
        /// A good deal.
        Good = "good",
    }

    /// How heated the matter may be.
    ConflictSuitability in "conflict_suitability" {
        /// People mostly agree.
        Consensus = "consensus",
        /// People disagree.
        Controversial = "controversial",
        /// People no longer talk.
        Escalated = "escalated",
        /// All of these.
        Any = "any",
    }

    /// How often it takes place.
    Recurrence in "recurrence" {
        /// Once.
        Once = "once",
        /// Several times.
        Series = "series",
        /// Without end.
        Permanent = "permanent",
    }

    /// What the result binds.
    Bindingness in "bindingness" {
        /// Nothing.
        Informal = "informal",
        /// It is advice.
        Advisory = "advisory",
        /// Those who asked have promised to follow.
        SelfBinding = "self_binding",
        /// The law says so.
        LegallyBinding = "legally_binding",
    }

    /// What kind of procedure it is in law.
    LegalCharacter in "legal_characters" {
        /// Prescribed by law.
        Formal = "formal",
        /// Voluntary.
        Informal = "informal",
        /// A vote of the people.
        DirectDemocracy = "direct_democracy",
    }

    /// Whether anybody may use the method.
    UsageRights in "usage_rights" {
        /// Yes.
        Free = "free",
        /// The name is a trade mark.
        Trademark = "trademark",
        /// A licence is needed.
        LicenseNeeded = "license_needed",
        /// Not known.
        Unknown = "unknown",
    }

    /// Where a case stands.
    CaseStatus in "case_status" {
        /// Not begun.
        Planned = "planned",
        /// Going on.
        Running = "running",
        /// Over.
        Completed = "completed",
        /// Made permanent.
        Established = "established",
        /// Given up.
        Cancelled = "cancelled",
    }

    /// What kind of document a guide is.
    GuideType in "guide_types" {
        /// A book to look things up in.
        Handbook = "handbook",
        /// Rules a body gave itself, a statute.
        Guideline = "guideline",
        /// A checklist or template.
        Checklist = "checklist",
        /// A technical standard.
        Standard = "standard",
        /// Research.
        Study = "study",
        /// A collection of tools.
        Toolkit = "toolkit",
        /// A course.
        Training = "training",
    }

    /// How one gets a guide.
    Access in "access" {
        /// For nothing.
        Free = "free",
        /// For money.
        Paid = "paid",
        /// By asking.
        OnRequest = "on_request",
    }

    /// How far a concept has come.
    ImplementationState in "implementation_states" {
        /// Proposed.
        Draft = "draft",
        /// Decided.
        Adopted = "adopted",
        /// Being done.
        InProgress = "in_progress",
        /// Done.
        Implemented = "implemented",
        /// At rest.
        Paused = "paused",
    }

    /// How ripe an idea is.
    Maturity in "maturities" {
        /// A thought.
        Raw = "raw",
        /// Thought through.
        Elaborated = "elaborated",
        /// Somebody could start.
        ReadyToTry = "ready_to_try",
        /// Somebody has started.
        InTrial = "in_trial",
    }

    /// What an idea still needs.
    Wanted in "wanted" {
        /// People who join in.
        People = "people",
        /// A room.
        Room = "room",
        /// Money.
        Money = "money",
        /// Knowledge.
        Expertise = "expertise",
        /// Somebody in the administration.
        CityContact = "city_contact",
    }

    /// Who submitted an idea; never a name.
    SubmittedByType in "submitted_by_types" {
        /// Somebody who lives here.
        Resident = "resident",
        /// An association or initiative.
        Association = "association",
        /// The administration.
        Administration = "administration",
        /// Politics.
        Politics = "politics",
        /// Research.
        Research = "research",
        /// The editors of this database.
        Editorial = "editorial",
    }

    /// How one entry stands to another; stored in one direction, the other is derived.
    RelationType in "relation_types" {
        /// Case → format.
        UsesFormat = "uses_format",
        /// Guide → format.
        Explains = "explains",
        /// Goes well before or after the other; symmetric.
        CombinesWith = "combines_with",
        /// Does the same job; symmetric.
        AlternativeTo = "alternative_to",
        /// A special form of the other.
        VariantOf = "variant_of",
        /// The online form of the other.
        DigitalCounterpartOf = "digital_counterpart_of",
        /// Comes after the other.
        Follows = "follows",
        /// The other took its place.
        ReplacedBy = "replaced_by",
        /// Case → concept.
        Implements = "implements",
        /// Came out of the other.
        GrewFrom = "grew_from",
        /// A piece of the other.
        PartOf = "part_of",
    }
}

impl RelationType {
    /// Whether both directions mean the same.
    pub const fn symmetric(self) -> bool {
        matches!(self, Self::CombinesWith | Self::AlternativeTo)
    }

    /// Name of the derived direction.
    pub const fn inverse_id(self) -> &'static str {
        match self {
            Self::UsesFormat => "used_in",
            Self::Explains => "explained_in",
            Self::CombinesWith => "combines_with",
            Self::AlternativeTo => "alternative_to",
            Self::VariantOf => "has_variant",
            Self::DigitalCounterpartOf => "analog_counterpart",
            Self::Follows => "followed_by",
            Self::ReplacedBy => "replaces",
            Self::Implements => "implemented_by",
            Self::GrewFrom => "grew_into",
            Self::PartOf => "has_part",
        }
    }
}
