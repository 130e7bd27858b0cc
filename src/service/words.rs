//! The words for what the journal records.

use crate::domain::labels::Coded;
use crate::domain::workflow::Action;

/// What the use cases write besides the actions of the workflow.
const ACTIONS: &[(&str, &str)] = &[
    ("import", "导入"),
    ("import_closing", "导入办结"),
    ("import_conclusion", "导入审结"),
    ("import_change", "导入变更"),
    ("add", "添加"),
    ("rename", "更名"),
    ("move", "调整隶属"),
    ("add_department", "添加部门"),
    ("rename_department", "部门更名"),
    ("enter_figures", "填报数字"),
    ("import_notice", "导入放假通知"),
    ("open_feed", "启用日历订阅"),
    ("close_feed", "停用日历订阅"),
    ("record", "登记"),
    ("correct", "更正"),
    ("receive_copy", "收到副本"),
    ("hand_in_answer", "提交答复、答辩"),
    ("note_hearing", "记录听证、开庭"),
    ("end_stage", "记录本审结果"),
    ("begin_stage", "进入下一审级"),
    ("conclude", "审结"),
    ("reopen_remedy", "撤销审结"),
    ("set_mail", "设定电子邮箱"),
    ("mail_sent", "邮件已发出"),
    ("mail_failed", "邮件没有送达"),
    ("resend_mail", "重新发送邮件"),
    ("hold_mail", "不发送邮件"),
    ("trial_mail", "试发邮件"),
    ("run_job", "立即运行后台任务"),
    ("pause_job", "暂停后台任务"),
    ("resume_job", "恢复后台任务"),
    ("issue_letter", "出具文书"),
    ("put_template", "更换文书模板"),
    ("restore_template", "恢复内置文书模板"),
    ("letter_settings", "文书设置"),
];

/// An action of the journal in words; its code where there are none.
pub fn action(code: &str) -> String {
    if let Ok(action) = Action::from_code(code) {
        return action.label().to_owned();
    }
    ACTIONS.iter().find(|(it, _)| *it == code).map_or(code, |(_, words)| *words).to_owned()
}

/// Every action there is with its words, for filters.
pub fn actions() -> Vec<(&'static str, &'static str)> {
    Action::ALL.iter().map(|it| (it.code(), it.label())).chain(ACTIONS.iter().copied()).collect()
}

/// The names of what the journal holds, in words.
const FIELDS: &[(&str, &str)] = &[
    ("remedy_no", "案号"),
    ("case_no", "登记号"),
    ("kind", "类别"),
    ("capacity", "身份"),
    ("body", "机关"),
    ("accepted_on", "受理"),
    ("concluded", "审结"),
    ("copy_received_on", "收到副本"),
    ("procedure", "程序"),
    ("answered_on", "提交答复、答辩"),
    ("hearing_on", "听证、开庭"),
    ("notes", "笔录"),
    ("end", "本审结果"),
    ("stage", "审级"),
    ("docket_no", "本审案号"),
    ("on", "日期"),
    ("served_on", "送达"),
    ("paper", "文书"),
    ("result", "结果"),
    ("reason", "理由"),
    ("remarks", "备注"),
    ("facts", "案件"),
    ("year", "年度"),
    ("row", "行"),
    ("code", "代码"),
    ("name", "名称"),
    ("parent", "上级"),
    ("moved", "变动件数"),
    ("earlier", "提前件数"),
    ("later", "推迟件数"),
    ("newly_overdue", "变为超期件数"),
    ("no_longer_overdue", "不再超期件数"),
    ("settled", "不再暂定件数"),
    ("shifts", "期限变动"),
    ("notice", "通知"),
    ("replaced", "替换原有地址"),
    ("before", "原为"),
    ("after", "改为"),
    ("received_on", "收到"),
    ("applicant_name", "申请人"),
    ("applicant_kind", "申请人类型"),
    ("channel", "提交方式"),
    ("outcome", "办理结果"),
    ("file", "文件"),
    ("email", "电子邮箱"),
    ("mail", "邮件"),
    ("message_id", "邮件标识"),
    ("muted", "不接收"),
    ("job", "任务"),
    ("letter_kind", "文书"),
    ("title", "文书"),
    ("document_no", "文号"),
    ("addressee", "收文人"),
    ("issued_on", "文书日期"),
    ("version", "版本"),
    ("template_version", "模板版本"),
    ("replaces", "取代"),
    ("sha256", "SHA-256"),
    ("document_words", "机关代字"),
    ("reply_mark", "答复文号用字"),
    ("notice_mark", "告知文号用字"),
    ("consultation_mark", "征求意见文号用字"),
    ("fee_mark", "收费文号用字"),
    ("reconsideration_body", "行政复议机关"),
    ("reconsideration_online", "网上申请行政复议的途径"),
    ("court", "一审人民法院"),
    ("contact_name", "联系人"),
    ("contact_phone", "联系电话"),
    ("address", "地址"),
    ("postcode", "邮编"),
    ("payment", "缴费方式"),
    ("has_red_head", "红头"),
];

fn field(code: &str) -> String {
    FIELDS.iter().find(|(it, _)| *it == code).map_or(code, |(_, words)| *words).to_owned()
}

/// What an entry's details say, as field, before, after. Where they hold no before, it is empty.
pub fn changes(details: &str) -> Vec<(String, String, String)> {
    let Ok(serde_json::Value::Object(mut fields)) = serde_json::from_str(details) else { return Vec::new() };
    // Two wholes are compared field by field.
    if let (Some(serde_json::Value::Object(before)), Some(serde_json::Value::Object(after)), 2) =
        (fields.get("before"), fields.get("after"), fields.len())
    {
        let changed = after.iter().filter(|(name, value)| before.get(*name) != Some(value));
        let text_of = |it: Option<&serde_json::Value>| it.map(text).unwrap_or_default();
        return changed.map(|(name, it)| (field(name), text_of(before.get(name)), text(it))).collect();
    }
    // A pair beside other fields: the fields say of what.
    let (before, after) = (fields.remove("before"), fields.remove("after"));
    let pair = after.map(|it| ("数值".to_owned(), before.as_ref().map(text).unwrap_or_default(), text(&it)));
    let change = |(name, value): (&String, &serde_json::Value)| match value {
        serde_json::Value::Array(pair) if pair.len() == 2 => {
            (pair[0] != pair[1]).then(|| (field(name), text(&pair[0]), text(&pair[1])))
        }
        serde_json::Value::Null => None,
        value => Some((field(name), String::new(), text(value))),
    };
    fields.iter().filter_map(change).chain(pair).collect()
}

/// A value in words: codes as their labels, where there is but one set that has them.
fn text(value: &serde_json::Value) -> String {
    use serde_json::Value;
    match value {
        Value::Null => String::new(),
        Value::Bool(it) => if *it { "是" } else { "否" }.to_owned(),
        Value::Number(it) => it.to_string(),
        Value::String(it) => label(it),
        Value::Array(all) => all.iter().map(text).filter(|it| !it.is_empty()).collect::<Vec<_>>().join("，"),
        Value::Object(all) => all
            .iter()
            .filter(|(_, it)| !it.is_null() && *it != &Value::String(String::new()))
            .map(|(name, it)| format!("{} {}", field(name), text(it)))
            .collect::<Vec<_>>()
            .join("，"),
    }
}

fn label(code: &str) -> String {
    use crate::domain::applicant::ApplicantKind;
    use crate::domain::outcome::Outcome;
    use crate::domain::remedy::stages::{Paper, Procedure, StageKind};
    use crate::domain::remedy::{Capacity, RemedyKind, RemedyResult};
    use crate::domain::request::Channel;
    // "other" means something else in every set.
    if code == "other" {
        return "其他".to_owned();
    }
    fn find<T: Coded>(code: &str) -> Option<&'static str> {
        T::from_code(code).ok().map(Coded::label)
    }
    let found = find::<Outcome>(code)
        .or_else(|| find::<RemedyKind>(code))
        .or_else(|| find::<RemedyResult>(code))
        .or_else(|| find::<Capacity>(code))
        .or_else(|| find::<StageKind>(code))
        .or_else(|| find::<Procedure>(code))
        .or_else(|| find::<Paper>(code))
        .or_else(|| find::<ApplicantKind>(code))
        .or_else(|| find::<Channel>(code));
    found.unwrap_or(code).to_owned()
}
