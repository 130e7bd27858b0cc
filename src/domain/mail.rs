//! Mail: what the office tells its own people and those who apply, and when a failed attempt is repeated.

use chrono::{DateTime, TimeDelta, Utc};

use crate::coded;
use crate::domain::labels::Coded;

coded! {
    /// What a message tells.
    pub enum MailKind: "mail kind" {
        /// Work has come to this person: a case, a draft to review, to sign or to deliver.
        Assigned = "assigned", "派办和待办";
        /// Work has come back.
        Returned = "returned", "退回";
        /// An answer will soon be due.
        DueSoon = "due_soon", "答复期限临近";
        /// An answer is overdue.
        Overdue = "overdue", "答复已超期";
        /// An answer is overdue, told to the head.
        Escalation = "escalation", "超期报告负责人";
        /// What others were to do by now: a correction, an opinion, a payment.
        Waiting = "waiting", "等待期限届满";
        /// A step in a reconsideration or a suit.
        Remedy = "remedy", "复议诉讼期限";
        /// The annual report.
        Report = "report", "年度报告期限";
        /// The morning's queue.
        Digest = "digest", "每日办件清单";
        /// A holiday notice has moved due dates.
        CalendarChange = "calendar_change", "工作日历变动";
        /// Next year's holiday notice is not known yet.
        CalendarMissing = "calendar_missing", "放假安排待导入";
        /// A message to an applicant did not arrive.
        Undelivered = "undelivered", "邮件未送达";
        /// To see whether mail works.
        Trial = "trial", "试发邮件";
        /// To the applicant: the application has come in.
        Receipt = "receipt", "登记回执";
        /// To the applicant: what to supplement (art. 30).
        CorrectionNotice = "correction_notice", "补正告知";
        /// To the applicant: the answer will take longer (art. 33).
        ExtensionNotice = "extension_notice", "延期答复告知";
        /// To the applicant: the answer.
        Reply = "reply", "答复";
    }
}

impl MailKind {
    /// Whether it goes to an applicant.
    pub fn is_for_applicants(self) -> bool {
        matches!(self, Self::Receipt | Self::CorrectionNotice | Self::ExtensionNotice | Self::Reply)
    }

    /// Whether its reader may be given the choice not to get it.
    pub fn is_optional(self) -> bool {
        !self.is_for_applicants() && !matches!(self, Self::Undelivered | Self::Trial)
    }
}

/// The way of delivering a reply (送达方式) that sends it from here.
pub const BY_EMAIL: &str = "电子邮件";

coded! {
    /// Where a message stands.
    pub enum MailState: "mail state" {
        /// It waits for its first or its next attempt.
        Waiting = "waiting", "待发";
        /// A process has taken it and is sending it.
        Sending = "sending", "发送中";
        /// The mail server has taken it.
        Sent = "sent", "已发出";
        /// It was refused for good, or tried for too long.
        Failed = "failed", "发送失败";
        /// It is kept back: by hand, or because it tells nothing any more.
        Held = "held", "不发送";
    }
}

coded! {
    /// How the way to the mail server is protected.
    pub enum Encryption: "encryption of mail" {
        /// In clear at first, then TLS before anything is said; refused where the server does not offer it.
        StartTls = "starttls", "STARTTLS";
        /// TLS from the first byte.
        Tls = "tls", "TLS";
        /// In clear: for a relay in the same room alone.
        Plain = "none", "不加密";
    }
}

/// What this office has decided about mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailPolicy {
    /// Whether mail is sent. Where it is not, messages wait.
    pub is_on: bool,
    /// Whether applicants who asked for e-mail are written to.
    pub writes_to_applicants: bool,
    /// Whether mail to the staff names applicants; else it has the number of the case alone.
    pub names_applicants: bool,
    /// What readers may choose not to get.
    pub may_be_muted: Vec<MailKind>,
    /// The address of this installation, for links, without a slash at its end.
    pub public_url: String,
}

impl Default for MailPolicy {
    fn default() -> Self {
        Self {
            is_on: false,
            writes_to_applicants: true,
            names_applicants: false,
            may_be_muted: MailKind::ALL.iter().copied().filter(|it| it.is_optional()).collect(),
            public_url: "http://127.0.0.1:8080".to_owned(),
        }
    }
}

/// The wait after the first failed attempt; each further one doubles it.
const FIRST_WAIT: TimeDelta = TimeDelta::minutes(1);
/// The longest wait.
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(4);

/// When to try again after so many failed attempts, 1 or more: a minute later, then two, four, and so on up
/// to four hours.
pub fn next_attempt(attempts: u32, now: DateTime<Utc>) -> DateTime<Utc> {
    // 2^8 minutes are more than the longest wait already.
    let doublings = attempts.saturating_sub(1).min(8);
    now + (FIRST_WAIT * 2_i32.pow(doublings)).min(LONGEST_WAIT)
}

/// What is wrong with a mail address; none where it can be written to.
///
/// Addresses of plain letters only: mail servers that take others are few, and a domain in Chinese has a
/// form in plain letters.
pub fn address_fault(address: &str) -> Option<&'static str> {
    const WRONG: &str = "不是有效的电子邮箱地址，请核对，例如 name@example.gov.cn";
    let Some((name, host)) = address.rsplit_once('@') else { return Some(WRONG) };
    let is_name = |it: &str| {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
        !it.is_empty() && it.chars().all(is_plain)
    };
    let is_label = |it: &str| {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        (1..=63).contains(&it.len()) && it.chars().all(is_plain) && !it.starts_with('-') && !it.ends_with('-')
    };
    let is_good = name.len() <= 64
        && name.split('.').all(is_name)
        && address.len() <= 254
        && host.contains('.')
        && host.split('.').all(is_label);
    (!is_good).then_some(WRONG)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_four_hours() {
        let start = DateTime::UNIX_EPOCH;
        let minutes: Vec<_> = (1..=11).map(|n| (next_attempt(n, start) - start).num_minutes()).collect();
        assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 64, 128, 240, 240, 240]);
        assert_eq!(next_attempt(u32::MAX, start) - start, LONGEST_WAIT);
    }

    #[test]
    fn addresses() {
        for good in ["a@b.cn", "zhang.san+gk@mail.example.gov.cn", "x@xn--fiq228c.cn", "o'neil@a-b.org"] {
            assert_eq!(address_fault(good), None, "{good}");
        }
        let long = format!("{}@example.cn", "a".repeat(65));
        let bad = [
            "",
            "@",
            "a@",
            "@b.cn",
            "a b@c.cn",
            "a@b",
            "a@@b.cn",
            "a@b..cn",
            "a@-b.cn",
            ".a@b.cn",
            "a..b@c.cn",
            "a@b.cn\r\nBcc: x@y.cn",
            "张三@b.cn",
            "a@b.cn,c@d.cn",
            "<a@b.cn>",
            long.as_str(),
        ];
        for it in bad {
            assert!(address_fault(it).is_some(), "{it}");
        }
    }
}
