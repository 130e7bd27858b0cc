//! What the entries of the journal hold: every key with its words, and how its value reads.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::Value;

use crate::domain::applicant::ApplicantKind;
use crate::domain::attachment::{AttachmentKind, ScanState};
use crate::domain::journal::Names;
use crate::domain::labels::Coded;
use crate::domain::outcome::{Outcome, Particular};
use crate::domain::remedy::stages::{Paper, Procedure, StageKind};
use crate::domain::remedy::{Capacity, RemedyKind, RemedyResult};
use crate::domain::request::{Channel, PreferredForm};
use crate::domain::response_clock::Party;
use crate::domain::wording;
use crate::domain::workflow::Role;

/// How the value of a key reads.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Day,
    Text,
    /// A free text that speaks for itself, without its name.
    Words,
    /// A text too long for the line of a timeline.
    Long,
    /// One of a closed set, by the label of its code.
    Code(fn(&str) -> Option<&'static str>),
    Department,
    Account,
    Consent,
    Days,
    Yuan,
    /// What is put together of others: texts, codes, pairs, objects.
    Whole,
    /// A list, which is never taken for a before and after; two lists are.
    List,
    /// Kept for the record, not told.
    Silent,
}

fn code<T: Coded>(code: &str) -> Option<&'static str> {
    T::from_code(code).ok().map(Coded::label)
}

/// A kind, of applicants or of proceedings: no code is in both sets but "other".
fn kind(text: &str) -> Option<&'static str> {
    code::<RemedyKind>(text).or_else(|| code::<ApplicantKind>(text))
}

/// What an outcome or a result is called.
fn result(text: &str) -> Option<&'static str> {
    code::<RemedyResult>(text).or_else(|| code::<Outcome>(text))
}

/// Every key, in the order in which a timeline tells them.
pub(super) const FIELDS: &[(&str, &str, Kind)] = &[
    ("case_no", "登记号", Kind::Text),
    ("split_from", "拆分自", Kind::Text),
    ("channel", "提交方式", Kind::Code(code::<Channel>)),
    ("received_on", "收到之日", Kind::Day),
    ("confirmed_how", "确认方式", Kind::Text),
    ("applicant_kind", "申请人类别", Kind::Code(code::<ApplicantKind>)),
    ("applicant_name", "申请人", Kind::Text),
    ("department", "承办部门", Kind::Department),
    ("handler", "承办人", Kind::Account),
    ("notified_on", "告知日期", Kind::Day),
    ("reply_by", "补正期限", Kind::Day),
    ("party", "对象", Kind::Code(code::<Party>)),
    ("name", "名称", Kind::Text),
    ("sent_on", "发出日期", Kind::Day),
    ("delivered_on", "对方收到日期", Kind::Day),
    ("returned_on", "收回日期", Kind::Day),
    ("consent", "意见", Kind::Consent),
    ("working_days", "延长", Kind::Days),
    ("until", "延迟至", Kind::Day),
    ("amount", "金额", Kind::Yuan),
    ("paid_on", "缴费日期", Kind::Day),
    ("outcome", "办理结果", Kind::Code(code::<Outcome>)),
    ("reply_no", "文号", Kind::Text),
    ("on", "日期", Kind::Day),
    ("by", "限定日期", Kind::Day),
    ("order", "决定或者判决", Kind::Text),
    ("method", "送达方式", Kind::Text),
    ("tracking_no", "邮件号", Kind::Text),
    ("signed_for_on", "签收日期", Kind::Day),
    ("content", "申请内容", Kind::Text),
    ("preferred_form", "获取方式", Kind::Code(code::<PreferredForm>)),
    ("id_number", "证件号码", Kind::Text),
    ("phone", "联系电话", Kind::Text),
    ("email", "电子邮箱", Kind::Text),
    ("address", "通信地址", Kind::Text),
    ("content_before", "拆分前的内容", Kind::Text),
    ("opinion", "意见", Kind::Words),
    ("reason", "理由", Kind::Words),
    ("text", "备注", Kind::Words),
    ("particulars", "载明事项", Kind::Whole),
    ("parts", "拆分为", Kind::List),
    ("closed", "办结", Kind::Whole),
    // The draft stands on the page of the case, in every version.
    ("body_before", "修改前的答复稿", Kind::Long),
    ("id", "", Kind::Silent),
    ("clock", "", Kind::Silent),
    ("clock_before", "", Kind::Silent),
    ("awaits_confirmation", "待双方确认", Kind::Silent),
    // Proceedings.
    ("remedy_no", "案号", Kind::Text),
    ("kind", "类别", Kind::Code(kind)),
    ("capacity", "身份", Kind::Code(code::<Capacity>)),
    // Of a proceeding; of a draft reply, its text.
    ("body", "机关", Kind::Long),
    ("accepted_on", "受理", Kind::Day),
    ("concluded", "审结", Kind::Whole),
    ("copy_received_on", "收到副本", Kind::Day),
    ("procedure", "程序", Kind::Code(code::<Procedure>)),
    ("answered_on", "提交答复、答辩", Kind::Day),
    ("hearing_on", "听证、开庭", Kind::Day),
    ("notes", "笔录", Kind::Long),
    ("end", "本审结果", Kind::Whole),
    ("stage", "审级", Kind::Code(code::<StageKind>)),
    ("docket_no", "本审案号", Kind::Text),
    ("served_on", "送达", Kind::Day),
    ("paper", "文书", Kind::Code(code::<Paper>)),
    ("result", "结果", Kind::Code(result)),
    ("remarks", "备注", Kind::Long),
    ("facts", "案件", Kind::Whole),
    // Figures, agencies, calendars, accounts, files.
    ("year", "年度", Kind::Whole),
    ("row", "行", Kind::Whole),
    ("file", "文件", Kind::Long),
    ("part", "部分", Kind::Long),
    ("filing", "去向", Kind::Long),
    ("items", "逐项清单", Kind::Long),
    ("code", "代码", Kind::Text),
    ("parent", "上级", Kind::Text),
    ("moved", "变动件数", Kind::Whole),
    ("before", "原为", Kind::Whole),
    ("after", "改为", Kind::Whole),
    ("login", "登录名", Kind::Text),
    ("roles", "职责", Kind::List),
    ("ended_logins", "结束的登录", Kind::Whole),
    ("n_failures", "连续输错次数", Kind::Whole),
    ("ip", "地址", Kind::Text),
    ("browser", "浏览器", Kind::Text),
    // Mail and work in the background.
    ("mail", "邮件", Kind::Text),
    ("message_id", "邮件标识", Kind::Text),
    ("muted", "不接收", Kind::List),
    ("job", "任务", Kind::Whole),
    // The annual report as a text.
    ("part", "部分", Kind::Whole),
    ("filing", "去向", Kind::Whole),
    ("items", "逐项清单", Kind::Whole),
    // Calendars.
    ("earlier", "提前件数", Kind::Whole),
    ("later", "推迟件数", Kind::Whole),
    ("newly_overdue", "变为超期件数", Kind::Whole),
    ("no_longer_overdue", "不再超期件数", Kind::Whole),
    ("settled", "不再暂定件数", Kind::Whole),
    ("shifts", "期限变动", Kind::Whole),
    ("notice", "通知", Kind::Whole),
    ("replaced", "替换原有地址", Kind::Whole),
    // Files of a case.
    ("file_name", "文件", Kind::Text),
    ("file_kind", "材料类别", Kind::Code(code::<AttachmentKind>)),
    ("scan", "查毒", Kind::Code(code::<ScanState>)),
    ("virus", "病毒", Kind::Text),
    ("n_files", "文件数", Kind::Whole),
    ("list_sha256", "清单的 SHA-256", Kind::Text),
    // Letters, their templates and settings.
    ("title", "文书", Kind::Text),
    ("document_no", "文号", Kind::Text),
    ("addressee", "收文人", Kind::Text),
    ("replaces", "取代", Kind::Text),
    ("letter_kind", "文书种类", Kind::Whole),
    ("issued_on", "文书日期", Kind::Day),
    ("version", "版本", Kind::Whole),
    ("template_version", "模板版本", Kind::Whole),
    ("sha256", "SHA-256", Kind::Long),
    ("document_words", "机关代字", Kind::Text),
    ("reply_mark", "答复文号用字", Kind::Text),
    ("notice_mark", "告知文号用字", Kind::Text),
    ("consultation_mark", "征求意见文号用字", Kind::Text),
    ("fee_mark", "收费文号用字", Kind::Text),
    ("reconsideration_body", "行政复议机关", Kind::Text),
    ("reconsideration_online", "网上申请行政复议的途径", Kind::Text),
    ("court", "一审人民法院", Kind::Text),
    ("contact_name", "联系人", Kind::Text),
    ("contact_phone", "联系电话", Kind::Text),
    ("postcode", "邮编", Kind::Text),
    ("payment", "缴费方式", Kind::Text),
    ("has_red_head", "红头", Kind::Whole),
];

/// How the value of a key reads, where the key is known.
pub(super) fn kind_of(key: &str) -> Option<Kind> {
    FIELDS.iter().find(|(it, ..)| *it == key).map(|(_, _, kind)| *kind)
}

/// What a key is called; its code where it is not known.
pub(super) fn label_of(key: &str) -> &str {
    match FIELDS.iter().find(|(it, ..)| *it == key) {
        Some((_, label, _)) => label,
        None => code::<Particular>(key).unwrap_or(key),
    }
}

/// A value in words; none where it is empty, or not what the kind expects.
pub(super) fn spell(kind: Kind, value: &Value, names: &Names) -> Option<String> {
    match kind {
        Kind::Day => spell_day(value),
        Kind::Text | Kind::Words | Kind::Long => {
            value.as_str().filter(|it| !it.is_empty()).map(str::to_owned)
        }
        Kind::Code(label) => label(value.as_str()?).map(str::to_owned),
        Kind::Department => names.departments.get(&value.as_i64()?).cloned(),
        Kind::Account => names.accounts.get(value.as_str()?).cloned(),
        Kind::Consent => Some(if value.as_bool()? { "同意公开" } else { "不同意公开" }.to_owned()),
        Kind::Days => Some(format!("{}个工作日", value.as_u64()?)),
        Kind::Yuan => Some(format!("{}元", value.as_str()?)),
        Kind::Whole | Kind::List => Some(spell_whole(value, names)).filter(|it| !it.is_empty()),
        Kind::Silent => None,
    }
}

/// The value of a key in words, whatever it is: where it is not what the key usually holds, as it stands.
pub(super) fn spell_any(key: &str, value: &Value, names: &Names) -> String {
    kind_of(key).and_then(|kind| spell(kind, value, names)).unwrap_or_else(|| spell_whole(value, names))
}

fn spell_day(value: &Value) -> Option<String> {
    let day: NaiveDate = value.as_str()?.parse().ok()?;
    Some(wording::day(day))
}

/// A value by its own shape: days and codes as words, lists and objects part by part.
fn spell_whole(value: &Value, names: &Names) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(it) => if *it { "是" } else { "否" }.to_owned(),
        Value::Number(it) => it.to_string(),
        Value::String(it) => spell_day(value).unwrap_or_else(|| any_label(it)),
        Value::Array(all) => {
            let all = all.iter().map(|it| spell_whole(it, names));
            all.filter(|it| !it.is_empty()).collect::<Vec<_>>().join("，")
        }
        Value::Object(all) => {
            let told: BTreeMap<_, _> = all.iter().map(|(key, it)| (key, spell_any(key, it, names))).collect();
            let told = told.iter().filter(|(_, it)| !it.is_empty());
            told.map(|(key, it)| format!("{} {it}", label_of(key))).collect::<Vec<_>>().join("，")
        }
    }
}

/// The label of a code of which only the set of its possible meanings is known; the text itself where it
/// is no code.
fn any_label(text: &str) -> String {
    // "other" means something else in every set.
    if text == "other" {
        return "其他".to_owned();
    }
    let found = result(text)
        .or_else(|| kind(text))
        .or_else(|| code::<Capacity>(text))
        .or_else(|| code::<StageKind>(text))
        .or_else(|| code::<Procedure>(text))
        .or_else(|| code::<Paper>(text))
        .or_else(|| code::<Channel>(text))
        .or_else(|| code::<Role>(text));
    found.unwrap_or(text).to_owned()
}
