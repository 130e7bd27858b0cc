//! What was asked, how it came, and which day counts as the day of receipt.

use chrono::NaiveDate;

use crate::coded;

coded! {
    /// How an application reached the agency; decides the day of receipt (Regulation art. 31).
    pub enum Channel: "channel" {
        /// Handed in at the counter.
        InPerson = "in_person", "当面提交";
        /// Posted and signed for (registered mail, EMS).
        SignedPost = "signed_post", "邮寄（签收）";
        /// An ordinary letter that nobody signs for.
        OrdinaryPost = "ordinary_post", "平信";
        /// The office's web form.
        Web = "web", "网络";
        /// The fax of the disclosure office.
        Fax = "fax", "传真";
        /// The announced mail address.
        Email = "email", "电子邮件";
        /// Spoken, and written down by the disclosure office (art. 29).
        Oral = "oral", "口头";
        /// Another announced channel.
        Other = "other", "其他";
    }
}

/// Which day counts as received, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReceiptRule {
    /// The provision the rule comes from.
    pub article: &'static str,
    /// The rule in a sentence an office can show an applicant.
    pub explanation: &'static str,
    /// Whether the day must be confirmed by talking with the applicant.
    pub needs_confirmation: bool,
}

impl Channel {
    /// The rule that fixes the day of receipt for this channel (Regulation art. 31; for oral
    /// applications, on which it is silent, the day of submission; for other channels, letter
    /// 〔2015〕207号 section 1.5).
    pub fn receipt_rule(self) -> ReceiptRule {
        let (article, explanation, needs_confirmation) = match self {
            Self::InPerson => ("条例第三十一条第一项", "当面提交的，以提交之日为收到申请之日", false),
            Self::SignedPost => {
                ("条例第三十一条第二项", "以邮寄方式提交的，以行政机关签收之日为收到申请之日", false)
            }
            Self::OrdinaryPost => (
                "条例第三十一条第二项",
                "以平常信函等无需签收的邮寄方式提交的，应当于收到申请的当日与申请人确认，以确认之日为收到申请之日",
                true,
            ),
            Self::Web => ("条例第三十一条第三项", "通过互联网渠道提交的，以双方确认之日为收到申请之日", true),
            Self::Fax => {
                ("条例第三十一条第三项", "通过工作机构的传真提交的，以双方确认之日为收到申请之日", true)
            }
            Self::Email => (
                "条例第三十一条第三项",
                "通过电子邮件提交的，属于互联网渠道，以双方确认之日为收到申请之日",
                true,
            ),
            Self::Oral => (
                "条例第二十九条、第三十一条第一项",
                "口头申请由工作机构代为填写的，比照当面提交，以提交之日为收到申请之日",
                false,
            ),
            Self::Other => {
                ("国办公开办函〔2015〕207号", "其他渠道没有使用说明的，以双方确认之日为收到申请之日", true)
            }
        };
        ReceiptRule { article, explanation, needs_confirmation }
    }
}

coded! {
    /// How the applicant wants the information (Regulation art. 29(2)(3), art. 40).
    pub enum PreferredForm: "preferred form" {
        /// On paper.
        Paper = "paper", "纸质";
        /// By e-mail.
        Email = "email", "电子邮件";
        /// On a disc.
        Disc = "disc", "光盘";
        /// Collected at the office.
        Collect = "collect", "自行领取";
        /// Read at the office.
        Inspect = "inspect", "当面查阅";
        /// Copied by hand.
        Transcribe = "transcribe", "抄录";
        /// Another way.
        Other = "other", "其他";
    }
}

/// What was asked and by whom, beyond what lists and tables need. Personal data.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// The information asked for, in the applicant's words (art. 29(2)(2)).
    pub content: String,
    /// The form the applicant prefers.
    pub preferred_form: Option<PreferredForm>,
    /// Identity number or unified social credit code.
    pub id_number: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Postal address.
    pub address: Option<String>,
    /// The day the applicant sent it.
    pub submitted_on: Option<NaiveDate>,
    /// The day it reached the agency.
    pub arrived_on: Option<NaiveDate>,
    /// The day both sides confirmed it, where art. 31 asks for that.
    pub confirmed_on: Option<NaiveDate>,
    /// How it was confirmed.
    pub confirmed_how: Option<String>,
    /// Anything else, such as columns of an imported register that have no place of their own.
    pub remarks: String,
}
