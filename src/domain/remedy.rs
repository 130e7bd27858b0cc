//! What comes after a reply: administrative reconsideration and litigation, and their results.

pub mod stages;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::coded;
use crate::domain::report::forms::RemedyColumn;

coded! {
    /// The three groups of table 4.
    pub enum RemedyKind: "remedy kind" {
        /// Administrative reconsideration (行政复议).
        Reconsideration = "review", "行政复议";
        /// A suit without reconsideration first.
        DirectSuit = "direct_suit", "未经复议直接起诉";
        /// A suit after reconsideration.
        SuitAfterReconsideration = "suit_after_review", "复议后起诉";
    }
}

coded! {
    /// In which capacity the agency takes part. Only the agency that acted counts the proceeding
    /// in table 4 (letter 〔2016〕201号).
    pub enum Capacity: "capacity" {
        /// The agency whose act is challenged: respondent or defendant.
        ActingAgency = "acting_agency", "原行为机关（被申请人、被告）";
        /// The reconsideration body sued together with the agency that acted.
        ReconsiderationBody = "reconsideration_body", "复议机关（共同被告）";
    }
}

coded! {
    /// The exact result of a proceeding. The column of table 4 is derived from it ([`RemedyResult::column`]).
    ///
    /// Articles are of the Reconsideration Law (复议法) and the Administrative Litigation Law (行诉法).
    pub enum RemedyResult: "remedy result" {
        /// 复议法 68.
        ReviewUpheld = "review_upheld", "维持";
        /// 复议法 69.
        ReviewClaimDismissed = "review_claim_dismissed", "驳回行政复议请求";
        /// 复议法 63.
        ReviewChanged = "review_changed", "变更";
        /// 复议法 64.
        ReviewRevoked = "review_revoked", "撤销";
        /// 复议法 64.
        ReviewPartlyRevoked = "review_partly_revoked", "部分撤销";
        /// 复议法 65.
        ReviewUnlawful = "review_unlawful", "确认违法";
        /// 复议法 66.
        ReviewPerform = "review_perform", "限期履行";
        /// 复议法 67.
        ReviewVoid = "review_void", "确认无效";
        /// 复议法 33.
        ReviewApplicationDismissed = "review_application_dismissed", "驳回行政复议申请";
        /// 复议法 41, withdrawal included.
        ReviewTerminated = "review_terminated", "终止行政复议";
        /// 复议法 74.
        ReviewSettled = "review_settled", "和解";
        /// 复议法 73.
        ReviewMediated = "review_mediated", "行政复议调解书";
        /// 复议法 30: not accepted, so recorded and not counted.
        ReviewNotAccepted = "review_not_accepted", "不予受理";
        /// 行诉法 69.
        SuitClaimDismissed = "suit_claim_dismissed", "判决驳回诉讼请求";
        /// 行诉法 70.
        SuitRevoked = "suit_revoked", "判决撤销";
        /// 行诉法 70.
        SuitPartlyRevoked = "suit_partly_revoked", "判决部分撤销";
        /// 行诉法 70, with an order to act anew.
        SuitRemade = "suit_remade", "判决撤销并重作";
        /// 行诉法 72.
        SuitPerform = "suit_perform", "判决履行";
        /// 行诉法 73.
        SuitPay = "suit_pay", "判决给付";
        /// 行诉法 74.
        SuitUnlawful = "suit_unlawful", "判决确认违法";
        /// 行诉法 75.
        SuitVoid = "suit_void", "判决确认无效";
        /// 行诉法 77.
        SuitChanged = "suit_changed", "判决变更";
        /// 行诉解释 69.
        SuitDismissed = "suit_dismissed", "裁定驳回起诉";
        /// 行诉法 62.
        SuitWithdrawn = "suit_withdrawn", "准许撤诉";
        /// 行诉法 58.
        SuitDeemedWithdrawn = "suit_deemed_withdrawn", "按撤诉处理";
        /// Moved to another court, or terminated.
        SuitEnded = "suit_ended", "移送或者终结";
        /// 行诉法 51: not accepted, so recorded and not counted.
        SuitNotAccepted = "suit_not_accepted", "不予立案";
        /// The exact result is not on record, only the column. Old registers only.
        Upheld = "upheld", "结果维持";
        /// The exact result is not on record, only the column. Old registers only.
        Corrected = "corrected", "结果纠正";
        /// The exact result is not on record, only the column. Old registers only.
        OtherResult = "other", "其他结果";
    }
}

impl RemedyResult {
    /// The column of table 4, or none where the proceeding was never accepted and is not counted.
    ///
    /// No source defines the columns; the table is that of the project's law notes, section 5.5.
    pub fn column(self) -> Option<RemedyColumn> {
        use RemedyColumn::{Corrected, Other, Upheld};
        match self {
            Self::ReviewUpheld | Self::ReviewClaimDismissed | Self::SuitClaimDismissed | Self::Upheld => {
                Some(Upheld)
            }
            Self::ReviewChanged
            | Self::ReviewRevoked
            | Self::ReviewPartlyRevoked
            | Self::ReviewUnlawful
            | Self::ReviewPerform
            | Self::ReviewVoid
            | Self::SuitRevoked
            | Self::SuitPartlyRevoked
            | Self::SuitRemade
            | Self::SuitPerform
            | Self::SuitPay
            | Self::SuitUnlawful
            | Self::SuitVoid
            | Self::SuitChanged
            | Self::Corrected => Some(Corrected),
            Self::ReviewApplicationDismissed
            | Self::ReviewTerminated
            | Self::ReviewSettled
            | Self::ReviewMediated
            | Self::SuitDismissed
            | Self::SuitWithdrawn
            | Self::SuitDeemedWithdrawn
            | Self::SuitEnded
            | Self::OtherResult => Some(Other),
            Self::ReviewNotAccepted | Self::SuitNotAccepted => None,
        }
    }

    /// Whether a proceeding of this kind can end this way.
    pub fn fits(self, kind: RemedyKind) -> bool {
        let code = crate::domain::labels::Coded::code(self);
        match kind {
            RemedyKind::Reconsideration => !code.starts_with("suit_"),
            RemedyKind::DirectSuit | RemedyKind::SuitAfterReconsideration => !code.starts_with("review_"),
        }
    }
}

/// The dated facts of one proceeding. One proceeding is one 件 through both instances: a judgment
/// under appeal is not concluded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemedyFacts {
    /// Which group of table 4.
    pub kind: RemedyKind,
    /// The day it was accepted.
    pub accepted_on: NaiveDate,
    /// The day it was concluded with final effect, and how; none while pending.
    pub concluded: Option<(NaiveDate, RemedyResult)>,
    /// In which capacity the agency takes part.
    pub capacity: Capacity,
}

impl RemedyFacts {
    /// Whether this agency counts the proceeding at all: accepted, and challenged for its own act.
    pub fn is_counted(&self) -> bool {
        self.capacity == Capacity::ActingAgency
            && self.concluded.is_none_or(|(_, result)| result.column().is_some())
    }
}
