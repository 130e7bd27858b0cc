//! The parts of a letter that the clerk writes.

use crate::coded;

coded! {
    /// A part of a letter that no fact of the case yields. Its label is its name in templates, under 填写.
    pub enum Part: "part of a letter" {
        /// What must be supplemented.
        CorrectionMatters = "correction_matters", "补正事项";
        /// How to do it.
        CorrectionGuidance = "correction_guidance", "补正指导";
        /// Where answers and papers are sent.
        SubmitTo = "submit_to", "提交方式";
        /// Why number or frequency is beyond reason.
        Excess = "excess", "超过合理范围的情况";
        /// By when the reasons are to be given.
        ReasonsPeriod = "reasons_period", "说明理由的期限";
        /// Why the period is extended.
        ExtensionReason = "extension_reason", "延期原因";
        /// The information others are asked about.
        ConsultedInformation = "consulted_information", "征求意见的信息";
        /// Which interests disclosure may harm.
        ConcernedInterest = "concerned_interest", "可能涉及的权益";
        /// What another agency is asked to do.
        CoordinationMatters = "coordination_matters", "协办事项";
        /// Why the answer is delayed.
        DelayReason = "delay_reason", "延迟原因";
        /// How the fee is calculated.
        FeeBasis = "fee_basis", "收费计算";
        /// How the fee is paid.
        FeePayment = "fee_payment", "缴纳方式";
        /// What goes with a reply: a line for each.
        Attachments = "attachments", "附件";
        /// What was done about a record the applicant holds to be wrong.
        RecordChange = "record_change", "更正情况";
        /// What is disclosed over an objection.
        DisclosedContent = "disclosed_content", "决定公开的内容";
        /// Why it is.
        DisclosureReason = "disclosure_reason", "决定公开的理由";
        /// The person a letter is delivered to.
        Recipient = "recipient", "受送达人";
        /// The place of delivery.
        DeliveryPlace = "delivery_place", "送达地点";
        /// The method of delivery.
        DeliveryMethod = "delivery_method", "送达方式";
        /// Anything else.
        Remark = "remark", "附注";
    }
}

impl Part {
    /// Whether the letter is not issued without it.
    pub fn is_required(self) -> bool {
        !matches!(
            self,
            Self::CorrectionGuidance
                | Self::ExtensionReason
                | Self::ConcernedInterest
                | Self::Attachments
                | Self::DeliveryPlace
                | Self::Remark
        )
    }

    /// Whether it takes one line only.
    pub fn is_line(self) -> bool {
        matches!(self, Self::ReasonsPeriod | Self::Recipient | Self::DeliveryPlace | Self::DeliveryMethod)
    }

    /// What to write, for the form; empty where the name says it.
    pub fn hint(self) -> &'static str {
        match self {
            Self::CorrectionMatters => "一次性告知全部需要补正的事项，每项一行（条例第三十条）。",
            Self::CorrectionGuidance => "怎样填写才算明确，例如名称、文号或者便于查询的其他特征性描述。",
            Self::SubmitTo => "地址、邮编、网址或者邮箱。",
            Self::Excess => "写明数量、频次，例如某月内提出的申请件数（条例第三十五条）。",
            Self::ReasonsPeriod => "例如“收到本告知书之日起10个工作日”。条例没有规定期限，应当合理。",
            Self::ConsultedInformation => "只写被征求意见的信息；除确有必要外，不写申请人的姓名。",
            Self::ConcernedInterest => "例如商业秘密、个人隐私。",
            Self::FeeBasis => "写明按件还是按量计收、件数或者页数、各档标准和合计（国办函〔2020〕109号）。",
            Self::Attachments => "每行一份，例如“征地补偿安置方案.pdf（6页）”。",
            Self::DisclosureReason => "写明不公开可能对公共利益造成的重大影响（条例第三十二条）。",
            Self::RecordChange => {
                "已经更正的写明更正结果；转送或者告知其他机关的写明机关名称（条例第四十一条）。"
            }
            _ => "",
        }
    }
}
