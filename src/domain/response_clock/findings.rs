//! What is wrong with the facts of a clock.

use chrono::NaiveDate;
use serde::Serialize;

use super::ledger::StepKind;
use crate::coded;

coded! {
    /// A kind of fault.
    pub enum FindingKind: "finding about the clock" {
        /// The correction notice came after the 7th working day.
        LateCorrectionNotice = "late_correction_notice", "补正告知超期";
        /// The correction notice sets no period for the applicant.
        CorrectionWithoutPeriod = "correction_without_period", "补正告知未定期限";
        /// The correction came after the period set for it.
        LateCorrection = "late_correction", "逾期补正";
        /// The letter asking for an opinion went out after the period had run out.
        LateConsultation = "late_consultation", "征求意见超期";
        /// The opinion came after its period.
        LateOpinion = "late_opinion", "逾期提出意见";
        /// The head of the disclosure office did not approve the extension.
        UnapprovedExtension = "unapproved_extension", "延期未经批准";
        /// The applicant was told of the extension before it was approved.
        ExtensionNotifiedFirst = "extension_notified_first", "延期先告知后批准";
        /// The extension was approved or notified after the period had run out.
        LateExtension = "late_extension", "延期超期";
        /// The extensions of one period add up to more than 20 working days.
        ExtensionOverCap = "extension_over_cap", "延期超过上限";
        /// The delay was notified after the period had run out.
        LateDelay = "late_delay", "延迟答复告知超期";
        /// The delay sets no later day than the one already due.
        DelayNotLater = "delay_not_later", "延迟日期不晚于原期限";
        /// The notice of the fee went out after the period had run out.
        LateFeeNotice = "late_fee_notice", "收费通知超期";
        /// The fee was paid after its period.
        LatePayment = "late_payment", "逾期缴费";
        /// An extension or delay while the clock stood still for a correction or payment.
        MeasureWhileSuspended = "measure_while_suspended", "期限中止期间采取措施";
        /// A measure although an order fixes the last day.
        OrderFixesDay = "order_fixes_day", "期限由决定或者判决确定";
        /// The answer is dated before the receipt of the application.
        AnswerBeforeReceipt = "answer_before_receipt", "答复早于收到申请";
        /// A fact is dated before the receipt of the application; it is ignored.
        BeforeReceipt = "before_receipt", "早于收到申请";
        /// A fact is dated after the case was closed; it is ignored.
        AfterClosing = "after_closing", "晚于办结";
        /// What followed is dated before what it followed; it is taken as of the same day.
        OutOfOrder = "out_of_order", "日期先后颠倒";
    }
}

/// A fault, with the day of the fact it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Its kind.
    pub kind: FindingKind,
    /// Which fact it is about.
    pub fact: StepKind,
    /// The day of the fact.
    pub on: NaiveDate,
    /// A sentence for the clerk, with the effect on the period.
    pub text: String,
}
