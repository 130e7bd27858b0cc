//! What happened in a case, as far as the period for its answer depends on it.
//!
//! Only facts: no due date and no flag is kept, for the notice that decides a date may be published,
//! or a fact corrected, afterwards. The whole is stored as JSON.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::coded;
use crate::domain::request::Channel;
use crate::domain::terms::{self, Term};

/// Everything the period depends on.
///
/// A question of the kind "what if we extended today" is these facts, cloned, with one more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockFacts {
    /// What set the period going.
    pub start: Start,
    /// How the application came; only for the words of the first step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// The one notice of what to supplement (条例 art. 30 allows no second one).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction: Option<Correction>,
    /// The letters asking for an opinion, in any order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub consultations: Vec<Consultation>,
    /// The extensions, in any order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<Extension>,
    /// The reasonable delay of an excessive application (条例 art. 35).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay: Option<ReasonableDelay>,
    /// The notice of a processing fee (条例 art. 42).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee: Option<FeeNotice>,
    /// The day the case was closed: the reply left the agency, or it was decided to go no further.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_on: Option<NaiveDate>,
}

impl ClockFacts {
    /// An application of which nothing else is known yet.
    pub fn new(start: Start) -> Self {
        Self {
            start,
            channel: None,
            correction: None,
            consultations: Vec::new(),
            extensions: Vec::new(),
            delay: None,
            fee: None,
            closed_on: None,
        }
    }

    /// An application received on that day.
    pub fn received(on: NaiveDate) -> Self {
        Self::new(Start::Received(on))
    }
}

/// What set the period going.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Start {
    /// The application was received (条例 art. 31).
    Received(NaiveDate),
    /// A decision on reconsideration or a judgment orders a new reply.
    Reopened {
        /// The day the decision or judgment was received.
        on: NaiveDate,
        /// The last day the order itself fixes; without one, 20 working days.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<NaiveDate>,
    },
}

impl Start {
    /// The day of receipt: of the application, or of the order.
    pub fn on(self) -> NaiveDate {
        match self {
            Self::Received(on) | Self::Reopened { on, .. } => on,
        }
    }
}

/// The notice of what to supplement, and what came of it (条例 art. 30).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// The day the notice was given.
    pub notified_on: NaiveDate,
    /// The last day of the reasonable period the notice sets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_by: Option<NaiveDate>,
    /// The day the supplemented application was received.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_on: Option<NaiveDate>,
}

coded! {
    /// Who is asked for an opinion; decides the period, and what silence means.
    pub enum Party: "consulted party" {
        /// Somebody whose rights disclosure would harm (条例 art. 32).
        ThirdParty = "third_party", "第三方";
        /// An agency that made the information jointly (条例 art. 34).
        JointMaker = "joint_maker", "共同制作机关";
        /// Another agency (条例 art. 33(3)).
        OtherAgency = "other_agency", "其他机关";
    }
}

impl Party {
    /// The period for the opinion. The law sets none for other agencies; that for joint makers
    /// is applied, so that no clock stands still without end.
    pub fn term(self) -> &'static Term {
        match self {
            Self::ThirdParty => &terms::THIRD_PARTY_OPINION,
            Self::JointMaker | Self::OtherAgency => &terms::AGENCY_OPINION,
        }
    }

    /// What silence means, as a clause.
    pub fn silence(self) -> &'static str {
        match self {
            Self::ThirdParty => "第三方逾期未提出意见的，由本机关依照条例的规定决定是否公开",
            Self::JointMaker => "共同制作机关逾期未提出意见的，视为同意公开",
            Self::OtherAgency => "被征求意见的机关逾期未提出意见的，由本机关依法作出处理",
        }
    }
}

/// One letter asking for an opinion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consultation {
    /// Number within the case; not used in counting.
    pub id: u32,
    /// The party that was asked.
    pub party: Party,
    /// Its name.
    pub name: String,
    /// The day the letter went out.
    pub sent_on: NaiveDate,
    /// The day the party received it, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_on: Option<NaiveDate>,
    /// The day the opinion came back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned_on: Option<NaiveDate>,
    /// Whether the party consents to disclosure, where it said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<bool>,
}

/// One extension of the period (条例 art. 33(2)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// The day the head of the disclosure office approved it; without approval it has no effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_on: Option<NaiveDate>,
    /// The day the applicant was told.
    pub notified_on: NaiveDate,
    /// The number of working days added, 1 to 20.
    pub working_days: u32,
}

/// The later day set for an application that is excessive but has good reasons (条例 art. 35).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReasonableDelay {
    /// The day the applicant was told.
    pub notified_on: NaiveDate,
    /// The last day for the answer.
    pub until: NaiveDate,
}

/// The notice of a processing fee (国办函〔2020〕109号 art. 6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeeNotice {
    /// The day the notice went out.
    pub sent_on: NaiveDate,
    /// The day the applicant received it, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_on: Option<NaiveDate>,
    /// The day the fee was paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_on: Option<NaiveDate>,
    /// The amount in yuan, as written in the notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
}
