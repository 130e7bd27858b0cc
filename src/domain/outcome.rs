//! How an application ends: the fine outcomes, each with its law, its row and what it must state.
//!
//! Three rows of the form merge different legal bases, so the fine outcome is what is
//! stored; the row is derived from it by [`Outcome::rule`].

use crate::coded;
use crate::domain::report::forms::Leaf;

coded! {
    /// The outcome of an application, finer than the form's rows.
    pub enum Outcome: "outcome" {
        /// Already published; the applicant is told where (art. 36(1)).
        AlreadyPublic = "already_public", "已主动公开，告知获取方式和途径";
        /// Provided, or told how, where and when to get it (art. 36(2)).
        Provided = "provided", "予以公开";
        /// Severed: part given, part withheld (art. 37).
        Partial = "partial", "部分公开";
        /// A state secret (art. 14).
        StateSecret = "state_secret", "属于国家秘密";
        /// Another law or administrative regulation forbids disclosure (art. 14).
        LawForbids = "law_forbids", "其他法律行政法规禁止公开";
        /// Endangers national, public or economic security or social stability (art. 14).
        ThreeSecurities = "three_securities", "危及“三安全一稳定”";
        /// Protects a third party's lawful rights (art. 15, 32).
        ThirdParty = "third_party", "保护第三方合法权益";
        /// One of the three classes of internal affairs (art. 16(1)).
        InternalAffairs = "internal_affairs", "属于三类内部事务信息";
        /// One of the four classes of process information (art. 16(2)).
        ProcessInfo = "process_info", "属于四类过程性信息";
        /// From an administrative enforcement file (art. 16(2)).
        EnforcementFile = "enforcement_file", "属于行政执法案卷";
        /// A matter of administrative query with access rules of its own (art. 36(7)).
        AdminQuery = "admin_query", "属于行政查询事项";
        /// Searched for and not existing (art. 36(4)).
        NotExisting = "not_existing", "信息不存在";
        /// Not this agency's to disclose (art. 36(5)).
        NotOurs = "not_ours", "不属于本机关负责公开";
        /// Not held, with no record of which of the two bases above. Old registers only.
        NotHeld = "not_held", "本机关不掌握相关政府信息";
        /// Would have to be processed or analysed first (art. 38).
        NeedsCreation = "needs_creation", "没有现成信息需要另行制作";
        /// Still unclear after the correction (art. 30).
        StillUnclear = "still_unclear", "补正后申请内容仍不明确";
        /// A petition, complaint or report in the guise of an application (art. 39(1)).
        Petition = "petition", "信访举报投诉类申请";
        /// The same applicant was already answered about the same information (art. 36(6)).
        Duplicate = "duplicate", "重复申请";
        /// Asks for a publication that is on sale (art. 39(2)).
        Publication = "publication", "要求提供公开出版物";
        /// Clearly beyond a reasonable number or frequency, without good reason (art. 35).
        Excessive = "excessive", "无正当理由大量反复申请";
        /// Asks the agency to confirm or re-issue what the applicant already has.
        Reissue = "reissue", "要求行政机关确认或重新出具已获取信息";
        /// Not corrected in time without good reason (art. 30).
        NoCorrection = "no_correction", "逾期不补正";
        /// The fee was not paid in time (art. 42; 〔2020〕109号 art. 6).
        UnpaidFee = "unpaid_fee", "逾期未缴费";
        /// Withdrawn by the applicant.
        Withdrawn = "withdrawn", "申请人撤回";
        /// Anything else, with its reason.
        Other = "other", "其他";
    }
}

coded! {
    /// Something a reply of a given outcome must, or may, state.
    pub enum Particular: "particular" {
        /// Where and how the published information can be found.
        WhereToFind = "where_to_find", "获取该政府信息的方式、途径";
        /// How, where and when it will be provided.
        HowProvided = "how_provided", "提供方式、途径和时间";
        /// What is withheld.
        WithheldPart = "withheld_part", "不予公开的部分";
        /// Why, on which facts.
        Grounds = "grounds", "理由";
        /// The law or regulation that forbids disclosure, with its article.
        ForbiddingLaw = "forbidding_law", "禁止公开的法律、行政法规名称和条款";
        /// Which of the four dangers.
        Danger = "danger", "危及国家安全、公共安全、经济安全、社会稳定中的哪一项";
        /// That the third party objected, and why that is reasonable.
        Objection = "objection", "第三方不同意公开的意见和理由";
        /// Which class of internal affairs: personnel, logistics or internal workflow.
        InternalClass = "internal_class", "人事管理、后勤管理、内部工作流程中的哪一类";
        /// Which class of process information: discussions, drafts, letters or reports.
        ProcessClass = "process_class", "讨论记录、过程稿、磋商信函、请示报告中的哪一类";
        /// The special rules for access, and where to apply.
        SpecialRules = "special_rules", "有关法律、行政法规对查询的特别规定和办理途径";
        /// What was searched, how and by whom.
        SearchRecord = "search_record", "检索范围、方法和结果";
        /// The agency that is responsible.
        CompetentAgency = "competent_agency", "负责公开的行政机关名称";
        /// How to reach it.
        CompetentAgencyContact = "competent_agency_contact", "负责公开的行政机关联系方式";
        /// Why it would have to be made first.
        ProcessingNeeded = "processing_needed", "需要加工、分析的情况";
        /// What remains unclear after the correction.
        UnclearPoint = "unclear_point", "补正后仍不明确的内容";
        /// The right channel for the petition, complaint or report.
        PetitionChannel = "petition_channel", "信访、投诉、举报的渠道";
        /// The earlier reply's number.
        EarlierReplyNo = "earlier_reply_no", "此前答复的文号";
        /// The day of the earlier reply.
        EarlierReplyOn = "earlier_reply_on", "此前答复的日期";
        /// Where the publication can be had.
        PublicationSource = "publication_source", "公开出版物的获取途径";
        /// Number and day of the correction notice, and the period it set.
        CorrectionNotice = "correction_notice", "补正告知书的文号、日期和补正期限";
        /// Number and day of the fee notice, and the period to pay.
        FeeNotice = "fee_notice", "收费通知书的文号、送达日期和缴费期限";
        /// How the applicant withdrew.
        WithdrawalRecord = "withdrawal_record", "撤回申请的方式和记录";
        /// Why none of the other outcomes fits.
        OtherReason = "other_reason", "其他处理的原因";
    }
}

/// Which way of challenging a reply the applicant must be told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemedyClass {
    /// Reconsideration must come first (Reconsideration Law art. 23(1)(4)).
    ReconsiderationFirst,
    /// Reconsideration or a suit, as the applicant chooses.
    Free,
    /// Both: the withheld part needs reconsideration first, the rest does not.
    FirstForWithheldPart,
    /// Nothing to challenge: the applicant withdrew.
    Nothing,
}

/// Everything the law and the form say about one outcome.
#[derive(Debug, Clone, Copy)]
pub struct OutcomeRule {
    /// The basis in the Regulation, in official words.
    pub article: &'static str,
    /// The one row of the form it is counted in.
    pub leaf: Leaf,
    /// The remedies the reply must name.
    pub remedy: RemedyClass,
    /// What the reply must state.
    pub required: &'static [Particular],
    /// What the reply states where it is known.
    pub optional: &'static [Particular],
}

impl Outcome {
    /// The law of this outcome: basis, row, remedy, particulars.
    pub fn rule(self) -> OutcomeRule {
        use Particular as P;
        use RemedyClass::{FirstForWithheldPart, Free, Nothing, ReconsiderationFirst as First};
        let rule = |article, leaf, remedy, required, optional| OutcomeRule {
            article,
            leaf,
            remedy,
            required,
            optional,
        };
        const NONE: &[Particular] = &[];
        match self {
            Self::AlreadyPublic => rule("条例第三十六条第一项", Leaf::Granted, Free, &[P::WhereToFind], NONE),
            Self::Provided => rule("条例第三十六条第二项", Leaf::Granted, Free, NONE, &[P::HowProvided]),
            Self::Partial => rule(
                "条例第三十七条",
                Leaf::Partial,
                FirstForWithheldPart,
                &[P::WithheldPart, P::Grounds],
                &[P::HowProvided],
            ),
            Self::StateSecret => {
                rule("条例第十四条、第三十六条第三项", Leaf::DenyStateSecret, First, &[P::Grounds], NONE)
            }
            Self::LawForbids => rule(
                "条例第十四条、第三十六条第三项",
                Leaf::DenyLawForbids,
                First,
                &[P::ForbiddingLaw, P::Grounds],
                NONE,
            ),
            Self::ThreeSecurities => rule(
                "条例第十四条、第三十六条第三项",
                Leaf::DenyThreeSecurities,
                First,
                &[P::Danger, P::Grounds],
                NONE,
            ),
            Self::ThirdParty => rule(
                "条例第十五条、第三十二条、第三十六条第三项",
                Leaf::DenyThirdParty,
                First,
                &[P::Objection, P::Grounds],
                NONE,
            ),
            Self::InternalAffairs => rule(
                "条例第十六条第一款、第三十六条第三项",
                Leaf::DenyInternalAffairs,
                First,
                &[P::InternalClass, P::Grounds],
                NONE,
            ),
            Self::ProcessInfo => rule(
                "条例第十六条第二款、第三十六条第三项",
                Leaf::DenyProcessInfo,
                First,
                &[P::ProcessClass, P::Grounds],
                NONE,
            ),
            Self::EnforcementFile => rule(
                "条例第十六条第二款、第三十六条第三项",
                Leaf::DenyEnforcementFile,
                First,
                &[P::Grounds],
                NONE,
            ),
            Self::AdminQuery => {
                rule("条例第三十六条第七项", Leaf::DenyAdminQuery, Free, &[P::SpecialRules], NONE)
            }
            Self::NotExisting => {
                rule("条例第三十六条第四项", Leaf::UnableNotHeld, Free, &[P::SearchRecord], NONE)
            }
            Self::NotOurs => rule(
                "条例第三十六条第五项",
                Leaf::UnableNotHeld,
                Free,
                &[P::Grounds],
                &[P::CompetentAgency, P::CompetentAgencyContact],
            ),
            Self::NotHeld => {
                rule("条例第三十六条第四项或第五项（未区分）", Leaf::UnableNotHeld, Free, &[P::Grounds], NONE)
            }
            Self::NeedsCreation => {
                rule("条例第三十八条", Leaf::UnableNeedsCreation, Free, &[P::ProcessingNeeded], NONE)
            }
            Self::StillUnclear => rule(
                "条例第三十条",
                Leaf::UnableStillUnclear,
                Free,
                &[P::CorrectionNotice, P::UnclearPoint],
                NONE,
            ),
            Self::Petition => {
                rule("条例第三十九条第一款", Leaf::RefusePetition, Free, &[P::Grounds], &[P::PetitionChannel])
            }
            Self::Duplicate => rule(
                "条例第三十六条第六项",
                Leaf::RefuseDuplicate,
                Free,
                &[P::EarlierReplyNo, P::EarlierReplyOn],
                NONE,
            ),
            Self::Publication => {
                rule("条例第三十九条第二款", Leaf::RefusePublication, Free, NONE, &[P::PublicationSource])
            }
            Self::Excessive => rule("条例第三十五条", Leaf::RefuseExcessive, Free, &[P::Grounds], NONE),
            Self::Reissue => {
                rule("条例无明文，依年度报告格式（五）5", Leaf::RefuseReissue, Free, &[P::Grounds], NONE)
            }
            Self::NoCorrection => {
                rule("条例第三十条", Leaf::OtherNoCorrection, Free, &[P::CorrectionNotice], NONE)
            }
            Self::UnpaidFee => rule(
                "条例第四十二条、国办函〔2020〕109号第六条",
                Leaf::OtherUnpaidFee,
                Free,
                &[P::FeeNotice],
                NONE,
            ),
            Self::Withdrawn => rule(
                "申请人撤回，依年度报告格式（六）3",
                Leaf::OtherOther,
                Nothing,
                NONE,
                &[P::WithdrawalRecord],
            ),
            Self::Other => rule("依年度报告格式（六）3", Leaf::OtherOther, Free, &[P::OtherReason], NONE),
        }
    }

    /// The one leaf of the form this outcome is counted in.
    pub fn leaf(self) -> Leaf {
        self.rule().leaf
    }

    /// Whether the case is ended without a substantive reply: no correction, no payment, withdrawn.
    pub fn ends_without_reply(self) -> bool {
        matches!(self, Self::NoCorrection | Self::UnpaidFee | Self::Withdrawn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::labels::Coded;

    #[test]
    fn every_leaf_has_an_outcome() {
        for leaf in Leaf::ALL {
            assert!(Outcome::ALL.iter().any(|it| it.leaf() == *leaf), "{leaf:?}");
        }
    }

    #[test]
    fn refusals_under_articles_14_to_16_need_reconsideration_first() {
        let first: Vec<_> =
            Outcome::ALL.iter().filter(|it| it.rule().remedy == RemedyClass::ReconsiderationFirst).collect();
        assert_eq!(
            first,
            [
                &Outcome::StateSecret,
                &Outcome::LawForbids,
                &Outcome::ThreeSecurities,
                &Outcome::ThirdParty,
                &Outcome::InternalAffairs,
                &Outcome::ProcessInfo,
                &Outcome::EnforcementFile
            ]
        );
    }
}
