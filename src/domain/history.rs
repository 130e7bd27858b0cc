//! A journal entry about a case in words: what was done, the facts given, and before → after.
//!
//! Entries are kept for good while the program changes: what an entry holds that is not known here is
//! left out, never guessed at, and an unknown action is shown by its code.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::Value;

use crate::domain::applicant::ApplicantKind;
use crate::domain::labels::Coded;
use crate::domain::outcome::{Outcome, Particular};
use crate::domain::request::{Channel, PreferredForm};
use crate::domain::response_clock::Party;
use crate::domain::wording;
use crate::domain::workflow::Action;

/// The action of an entry that somebody looked at personal data.
pub const REVEAL: &str = "reveal";
/// The action of an entry that a message to the applicant was sent.
pub const MAIL_SENT: &str = "mail_sent";
/// The action of an entry that a message to the applicant did not arrive.
pub const MAIL_FAILED: &str = "mail_failed";

/// The action of an entry that a letter was issued.
pub const ISSUE_LETTER: &str = "issue_letter";

/// What entries hold by identifier only.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// The departments.
    pub departments: BTreeMap<i64, String>,
    /// The accounts.
    pub accounts: BTreeMap<String, String>,
}

/// How much an entry weighs in a timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// A step of the case.
    Step,
    /// Something set back: returned, refused.
    Setback,
    /// By the way.
    Minor,
}

/// An entry in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What was done.
    pub what: String,
    /// The facts given and the reasons, in one line; empty where there are none.
    pub note: String,
    /// What was replaced: its name, before, after.
    pub changes: Vec<(String, String, String)>,
    /// How much it weighs.
    pub weight: Weight,
}

/// How the value of a key reads.
#[derive(Clone, Copy)]
enum Kind {
    Day,
    Text,
    /// A free text that speaks for itself, without its name.
    Words,
    Channel,
    Form,
    Applicant,
    Outcome,
    Party,
    Department,
    Account,
    Consent,
    Days,
    Yuan,
    /// Kept for the record, not told.
    Silent,
}

const KEYS: &[(&str, &str, Kind)] = &[
    ("case_no", "登记号", Kind::Text),
    ("split_from", "拆分自", Kind::Text),
    ("channel", "提交方式", Kind::Channel),
    ("received_on", "收到之日", Kind::Day),
    ("confirmed_how", "确认方式", Kind::Text),
    ("applicant_kind", "申请人类别", Kind::Applicant),
    ("applicant_name", "申请人", Kind::Text),
    ("department", "承办部门", Kind::Department),
    ("handler", "承办人", Kind::Account),
    ("notified_on", "告知日期", Kind::Day),
    ("reply_by", "补正期限", Kind::Day),
    ("party", "对象", Kind::Party),
    ("name", "名称", Kind::Text),
    ("sent_on", "发出日期", Kind::Day),
    ("delivered_on", "对方收到日期", Kind::Day),
    ("returned_on", "收回日期", Kind::Day),
    ("consent", "意见", Kind::Consent),
    ("working_days", "延长", Kind::Days),
    ("until", "延迟至", Kind::Day),
    ("amount", "金额", Kind::Yuan),
    ("paid_on", "缴费日期", Kind::Day),
    ("outcome", "办理结果", Kind::Outcome),
    ("reply_no", "文号", Kind::Text),
    ("on", "日期", Kind::Day),
    ("by", "限定日期", Kind::Day),
    ("order", "决定或者判决", Kind::Text),
    ("method", "送达方式", Kind::Text),
    ("tracking_no", "邮件号", Kind::Text),
    ("signed_for_on", "签收日期", Kind::Day),
    ("content", "申请内容", Kind::Text),
    ("preferred_form", "获取方式", Kind::Form),
    ("id_number", "证件号码", Kind::Text),
    ("phone", "联系电话", Kind::Text),
    ("email", "电子邮箱", Kind::Text),
    ("address", "通信地址", Kind::Text),
    ("mail", "邮件", Kind::Text),
    ("message_id", "邮件标识", Kind::Text),
    ("content_before", "拆分前的内容", Kind::Text),
    ("title", "文书", Kind::Text),
    ("document_no", "文号", Kind::Text),
    ("addressee", "收文人", Kind::Text),
    ("replaces", "取代", Kind::Text),
    ("id", "", Kind::Silent),
    ("opinion", "", Kind::Words),
    ("reason", "", Kind::Words),
    ("text", "", Kind::Words),
];

/// The entry with this action and these details in words.
pub fn tell(action: &str, details: &Value, names: &Names) -> Told {
    let known = Action::from_code(action).ok();
    let what = match (action, known) {
        ("register", _) if details.get("case_no").is_none() => "双方确认，予以登记".to_owned(),
        ("register", _) if details.get("awaits_confirmation").is_some() => "收到，待双方确认".to_owned(),
        ("split", _) if details.get("split_from").is_some() => "拆分登记".to_owned(),
        (_, Some(action)) => action.label().to_owned(),
        (REVEAL, None) => "查看个人信息".to_owned(),
        ("import", None) => "导入登记簿".to_owned(),
        (MAIL_SENT, None) => "邮件已发出".to_owned(),
        (MAIL_FAILED, None) => "邮件没有送达".to_owned(),
        ("resend_mail", None) => "重新发送邮件".to_owned(),
        ("hold_mail", None) => "不发送邮件".to_owned(),
        (ISSUE_LETTER, None) => "出具文书".to_owned(),
        (other, None) => other.to_owned(),
    };
    let mut told = Told { what, note: String::new(), changes: Vec::new(), weight: weight(action, known) };
    let mut facts = Vec::new();
    let mut words = Vec::new();
    for (key, label, kind) in KEYS {
        let Some(value) = details.get(*key).filter(|it| !it.is_null()) else { continue };
        match (kind, value) {
            (Kind::Silent, _) => {}
            (Kind::Words, _) => words.extend(spell(*kind, value, names)),
            (_, Value::Array(pair)) if pair.len() == 2 => {
                let [before, after] =
                    [&pair[0], &pair[1]].map(|it| spell(*kind, it, names).unwrap_or_default());
                if before != after {
                    told.changes.push(((*label).to_owned(), before, after));
                }
            }
            _ => facts.extend(spell(*kind, value, names).map(|it| format!("{label}：{it}"))),
        }
    }
    if let Some(Value::Object(particulars)) = details.get("particulars") {
        for (code, text) in particulars {
            if let (Ok(particular), Some(text)) = (Particular::from_code(code), text.as_str())
                && !text.is_empty()
            {
                facts.push(format!("{}：{text}", particular.label()));
            }
        }
    }
    if let Some(Value::Array(parts)) = details.get("parts") {
        let parts: Vec<_> = parts.iter().filter_map(Value::as_str).collect();
        facts.push(format!("拆分为：{}", parts.join("、")));
    }
    if let Some(Value::Array(pair)) = details.get("closed")
        && let [before, after] = &pair[..]
    {
        told.changes.push(("办结".to_owned(), spell_closing(before), spell_closing(after)));
    }
    if let (Some(before), None) = (details.get("body_before").and_then(Value::as_str), details.get("body")) {
        facts.push(format!("修改前的答复稿共{}字", before.chars().count()));
    }
    words.extend((!facts.is_empty()).then(|| facts.join("；")));
    told.note = words.join("　");
    told
}

fn weight(action: &str, known: Option<Action>) -> Weight {
    match known {
        Some(Action::ReturnDraft | Action::RefuseSignOff | Action::GiveBack | Action::Recall) => {
            Weight::Setback
        }
        Some(Action::AddNote | Action::Link | Action::Amend | Action::RecordDelivery) => Weight::Minor,
        Some(_) => Weight::Step,
        None if ["import", ISSUE_LETTER, MAIL_SENT].contains(&action) => Weight::Step,
        None if action == MAIL_FAILED => Weight::Setback,
        None => Weight::Minor,
    }
}

fn spell(kind: Kind, value: &Value, names: &Names) -> Option<String> {
    fn label<T: Coded>(value: &Value) -> Option<String> {
        Some(T::from_code(value.as_str()?).ok()?.label().to_owned())
    }
    match kind {
        Kind::Day => spell_day(value),
        Kind::Text | Kind::Words => value.as_str().filter(|it| !it.is_empty()).map(str::to_owned),
        Kind::Channel => label::<Channel>(value),
        Kind::Form => label::<PreferredForm>(value),
        Kind::Applicant => label::<ApplicantKind>(value),
        Kind::Outcome => label::<Outcome>(value),
        Kind::Party => label::<Party>(value),
        Kind::Department => names.departments.get(&value.as_i64()?).cloned(),
        Kind::Account => names.accounts.get(value.as_str()?).cloned(),
        Kind::Consent => Some(if value.as_bool()? { "同意公开" } else { "不同意公开" }.to_owned()),
        Kind::Days => Some(format!("{}个工作日", value.as_u64()?)),
        Kind::Yuan => Some(format!("{}元", value.as_str()?)),
        Kind::Silent => None,
    }
}

fn spell_day(value: &Value) -> Option<String> {
    let day: NaiveDate = value.as_str()?.parse().ok()?;
    Some(wording::day(day))
}

/// The day and the outcome of a closing.
fn spell_closing(value: &Value) -> String {
    let Some([day, outcome]) = value.as_array().map(Vec::as_slice) else { return String::new() };
    let outcome = outcome.as_str().and_then(|it| Outcome::from_code(it).ok()).map_or("", Coded::label);
    format!("{}　{outcome}", spell_day(day).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn names() -> Names {
        Names {
            departments: [(1, "办公室".to_owned()), (2, "征收科".to_owned())].into(),
            accounts: [("a".to_owned(), "李敏".to_owned())].into(),
        }
    }

    #[track_caller]
    fn check(action: &str, details: &Value, what: &str, note: &str, changes: &[(&str, &str, &str)]) {
        let told = tell(action, details, &names());
        assert_eq!((told.what.as_str(), told.note.as_str()), (what, note));
        let found: Vec<_> =
            told.changes.iter().map(|it| (it.0.as_str(), it.1.as_str(), it.2.as_str())).collect();
        assert_eq!(found, changes);
    }

    #[test]
    fn entries_are_told_in_words() {
        check(
            "request_correction",
            &json!({"notified_on": "2026-03-05", "reply_by": "2026-03-20"}),
            "告知补正",
            "告知日期：2026年3月5日；补正期限：2026年3月20日",
            &[],
        );
        check(
            "assign",
            &json!({"department": [1, 2], "handler": [null, "a"]}),
            "派办",
            "",
            &[("承办部门", "办公室", "征收科"), ("承办人", "", "李敏")],
        );
        check("return_draft", &json!({"opinion": "理由不完整。"}), "审核退回", "理由不完整。", &[]);
        check(
            "amend",
            &json!({"reason": "登记有误", "received_on": ["2026-03-02", "2026-03-03"],
                    "closed": [["2026-03-13", "provided"], ["2026-03-14", "partial"]]}),
            "更正登记",
            "登记有误",
            &[
                ("收到之日", "2026年3月2日", "2026年3月3日"),
                ("办结", "2026年3月13日　予以公开", "2026年3月14日　部分公开"),
            ],
        );
        check(
            "submit_draft",
            &json!({"outcome": "provided", "particulars": {"grounds": "理由"}, "reply_no": null}),
            "提交答复稿",
            "办理结果：予以公开；理由：理由",
            &[],
        );
        check(
            "register",
            &json!({"received_on": ["2026-03-02", "2026-03-03"]}),
            "双方确认，予以登记",
            "",
            &[("收到之日", "2026年3月2日", "2026年3月3日")],
        );
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        check("reveal", &json!({}), "查看个人信息", "", &[]);
        check("some_day", &json!({"what": 1, "outcome": "no such"}), "some_day", "", &[]);
    }
}
