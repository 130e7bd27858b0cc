//! The kinds of letter (文书) an office issues in a case.

use crate::coded;

coded! {
    /// A kind of letter. Each has a template; what it belongs to is in [`super::rules`].
    pub enum LetterKind: "letter kind" {
        /// The application as it was registered (art. 29, 45).
        RegistrationForm = "registration_form", "申请登记表";
        /// That the application has been received and registered.
        Receipt = "receipt", "登记回执";
        /// What must be supplemented, within which period (art. 30).
        CorrectionNotice = "correction_notice", "补正告知书";
        /// Why so many applications are made (art. 35).
        ReasonsNotice = "reasons_notice", "说明理由告知书";
        /// That the period is extended (art. 33(2)).
        ExtensionNotice = "extension_notice", "延期答复告知书";
        /// Asks a third party whether it consents (art. 32), with a slip to answer on.
        ThirdPartyConsultation = "third_party_consultation", "征求第三方意见书";
        /// Tells the applicant that others are asked, whose time does not count (art. 33(3)).
        ConsultationNotice = "consultation_notice", "征求意见告知书";
        /// Asks an agency that made the information jointly (art. 34), with a slip to answer on.
        JointMakerConsultation = "joint_maker_consultation", "征求共同制作机关意见书";
        /// Asks another agency (art. 11, 33(3)), with a slip to answer on.
        Coordination = "coordination_letter", "协办函";
        /// That an excessive application with good reasons is answered later (art. 35).
        DelayNotice = "delay_notice", "延迟答复告知书";
        /// The fee, its basis and how to pay it (art. 42; 〔2020〕109号 art. 6).
        FeeNotice = "fee_notice", "收费通知书";
        /// The information is public already (art. 36(1)).
        AlreadyPublicReply = "reply_already_public", "已主动公开信息告知书";
        /// The information is provided (art. 36(2)).
        ProvidedReply = "reply_provided", "政府信息公开告知书";
        /// Part is provided, part withheld (art. 37).
        PartialReply = "reply_partial", "政府信息部分公开告知书";
        /// Withheld under art. 14.
        SecretReply = "reply_withheld_secret", "不予公开告知书（国家秘密、法律禁止、三安全一稳定）";
        /// Withheld under art. 15 and 32.
        ThirdPartyReply = "reply_withheld_third_party", "不予公开告知书（第三方合法权益）";
        /// Withheld under art. 16.
        InternalReply = "reply_withheld_internal", "不予公开告知书（内部事务、过程性信息、执法案卷）";
        /// Other law has rules of its own for access (art. 36(7)).
        QueryReply = "reply_query", "行政查询事项告知书";
        /// Searched for and not existing (art. 36(4)).
        NotExistingReply = "reply_not_existing", "政府信息不存在告知书";
        /// Another agency's to disclose (art. 36(5)).
        NotOursReply = "reply_not_ours", "非本机关政府信息告知书";
        /// Would have to be made first (art. 38).
        NeedsCreationReply = "reply_needs_creation", "需另行制作信息告知书";
        /// Still unclear after the correction (art. 30).
        StillUnclearReply = "reply_still_unclear", "补正后仍不明确告知书";
        /// A petition, complaint or report (art. 39(1)).
        PetitionReply = "reply_petition", "不作为政府信息公开申请处理告知书";
        /// Answered before (art. 36(6)).
        DuplicateReply = "reply_duplicate", "不予重复处理告知书";
        /// A publication (art. 39(2)).
        PublicationReply = "reply_publication", "公开出版物获取途径告知书";
        /// Excessive without good reason (art. 35).
        ExcessiveReply = "reply_excessive", "大量反复申请不予处理告知书";
        /// Asks to confirm or re-issue what the applicant has.
        ReissueReply = "reply_reissue", "不予确认或者重新出具告知书";
        /// Anything else, with its reason.
        OtherReply = "reply_other", "政府信息公开申请处理告知书";
        /// An answer about the correction of records (art. 41).
        RecordCorrectionReply = "record_correction_reply", "更正政府信息答复书";
        /// Not corrected in time: no longer handled (art. 30).
        UncorrectedNotice = "uncorrected_notice", "逾期不补正不再处理告知书";
        /// Not paid in time: no longer handled (〔2020〕109号 art. 6).
        UnpaidNotice = "unpaid_notice", "逾期未缴费不再处理告知书";
        /// Tells a third party that its information is disclosed over its objection (art. 32).
        ThirdPartyDecision = "third_party_decision", "决定公开告知书（第三方）";
        /// Proof that a letter was delivered.
        DeliverySlip = "delivery_slip", "送达回证";
        /// The opinions of handler, legal adviser and head on a reply.
        ApprovalSheet = "approval_sheet", "答复审批单";
        /// What is in the file of a closed case (art. 45).
        FileIndex = "file_index", "案卷目录";
    }
}

coded! {
    /// A series of document numbers: each runs from 1 in every agency and year.
    pub enum Series: "document series" {
        /// Replies, and letters that end a case.
        Reply = "reply", "答复";
        /// Notices on the way.
        Notice = "notice", "告知";
        /// Letters that ask for an opinion.
        Consultation = "consultation", "征求意见";
        /// Notices of a fee.
        Fee = "fee", "收费";
    }
}

impl Series {
    /// The character that follows the agency's words where the agency has set no other.
    pub fn usual_mark(self) -> &'static str {
        match self {
            Self::Reply => "复",
            Self::Notice => "告",
            Self::Consultation => "询",
            Self::Fee => "费",
        }
    }
}

impl LetterKind {
    /// The series its numbers are of; none for papers that bear no number.
    pub fn series(self) -> Option<Series> {
        match self {
            Self::RegistrationForm
            | Self::Receipt
            | Self::DeliverySlip
            | Self::ApprovalSheet
            | Self::FileIndex => None,
            Self::CorrectionNotice
            | Self::ReasonsNotice
            | Self::ExtensionNotice
            | Self::ConsultationNotice
            | Self::DelayNotice
            | Self::ThirdPartyDecision => Some(Series::Notice),
            Self::ThirdPartyConsultation | Self::JointMakerConsultation | Self::Coordination => {
                Some(Series::Consultation)
            }
            Self::FeeNotice => Some(Series::Fee),
            Self::AlreadyPublicReply
            | Self::ProvidedReply
            | Self::PartialReply
            | Self::SecretReply
            | Self::ThirdPartyReply
            | Self::InternalReply
            | Self::QueryReply
            | Self::NotExistingReply
            | Self::NotOursReply
            | Self::NeedsCreationReply
            | Self::StillUnclearReply
            | Self::PetitionReply
            | Self::DuplicateReply
            | Self::PublicationReply
            | Self::ExcessiveReply
            | Self::ReissueReply
            | Self::OtherReply
            | Self::RecordCorrectionReply
            | Self::UncorrectedNotice
            | Self::UnpaidNotice => Some(Series::Reply),
        }
    }
}
