//! An entry of the journal in words: what was done, the facts given, and before → after.
//!
//! Entries are kept for good while the program changes. [`tell`] is for those who read a case: what an entry
//! holds that is not known here is left out, never guessed at. [`changes`] is for those who read the journal
//! itself: everything is there, with its code where there are no words.

mod fields;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::domain::journal::fields::{FIELDS, Kind, kind_of, label_of, spell, spell_any};
use crate::domain::labels::Coded;
use crate::domain::outcome::{Outcome, Particular};
use crate::domain::workflow::Action;

/// The action of an entry that somebody looked at personal data.
pub const REVEAL: &str = "reveal";

/// The action of an entry that a letter was issued.
pub const ISSUE_LETTER: &str = "issue_letter";

/// The action of an entry that a file was added to a case.
pub const ATTACH: &str = "attach";

/// The action of an entry that a file was removed from a case.
pub const REMOVE_ATTACHMENT: &str = "remove_attachment";

/// The action of an entry that somebody opened a proof of identity.
pub const OPEN_IDENTITY_PROOF: &str = "open_identity_proof";

/// The action of an entry that a file was refused because it is infected.
pub const REFUSE_INFECTED: &str = "refuse_infected";

/// The action of an entry that the whole case was taken out as one file.
pub const BUNDLE: &str = "bundle";

/// The action of an entry that a message to the applicant was sent.
pub const MAIL_SENT: &str = "mail_sent";

/// The action of an entry that a message to the applicant did not arrive.
pub const MAIL_FAILED: &str = "mail_failed";

/// What the use cases write besides the actions of the workflow.
const ACTIONS: &[(&str, &str)] = &[
    (REVEAL, "查看个人信息"),
    ("import", "导入"),
    ("import_closing", "导入办结"),
    ("import_conclusion", "导入审结"),
    ("import_change", "导入变更"),
    ("add", "添加"),
    ("edit", "修改"),
    ("rename", "更名"),
    ("move", "调整隶属"),
    ("add_department", "添加部门"),
    ("rename_department", "部门更名"),
    ("enter_figures", "填报数字"),
    ("enter_indicator", "填报指标"),
    ("define_indicator", "设置指标"),
    ("write_wording", "编写年度报告"),
    ("write_problems", "填写问题和措施"),
    ("file_report", "登记报送、公布"),
    ("keep_report_template", "更换年度报告模板"),
    ("import_notice", "导入放假通知"),
    ("record", "登记"),
    ("correct", "更正"),
    ("receive_copy", "收到副本"),
    ("hand_in_answer", "提交答复、答辩"),
    ("note_hearing", "记录听证、开庭"),
    ("end_stage", "记录本审结果"),
    ("begin_stage", "进入下一审级"),
    ("conclude", "审结"),
    ("reopen_remedy", "撤销审结"),
    ("set_up", "首次设置"),
    ("sign_in", "登录"),
    ("lock", "锁定账号"),
    ("unlock", "解锁账号"),
    ("disable", "停用账号"),
    ("enable", "启用账号"),
    ("reset_password", "重设口令"),
    ("change_password", "修改口令"),
    ("add_second_factor", "设置动态口令"),
    ("remove_second_factor", "取消动态口令"),
    ("end_logins", "结束登录"),
    (ISSUE_LETTER, "出具文书"),
    (ATTACH, "添加材料"),
    (REMOVE_ATTACHMENT, "移除材料"),
    (OPEN_IDENTITY_PROOF, "查看身份证明"),
    (REFUSE_INFECTED, "拒收带病毒的文件"),
    (BUNDLE, "导出案卷"),
    ("enter_indicator", "填报指标"),
    ("define_indicator", "设置指标"),
    ("write_wording", "编写年度报告"),
    ("write_problems", "填写问题和措施"),
    ("file_report", "登记报送、公布"),
    ("keep_report_template", "更换年度报告模板"),
    ("open_feed", "启用日历订阅"),
    ("close_feed", "停用日历订阅"),
    ("set_mail", "设定电子邮箱"),
    (MAIL_SENT, "邮件已发出"),
    (MAIL_FAILED, "邮件没有送达"),
    ("resend_mail", "重新发送邮件"),
    ("hold_mail", "不发送邮件"),
    ("trial_mail", "试发邮件"),
    ("run_job", "立即运行后台任务"),
    ("pause_job", "暂停后台任务"),
    ("resume_job", "恢复后台任务"),
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
    /// The act, in words.
    pub what: String,
    /// The facts given and the reasons, in one line; empty where there are none.
    pub note: String,
    /// What was replaced: its name, before, after.
    pub changes: Vec<(String, String, String)>,
    /// How much it weighs.
    pub weight: Weight,
}

/// What was replaced or given: its name, before, after. Where nothing was there before, or the entry does not
/// say, the middle is empty.
pub type Change = (String, String, String);

/// The entry about a case with this action and these details, for a timeline.
pub fn tell(action_code: &str, details: &Value, names: &Names) -> Told {
    let known = Action::from_code(action_code).ok();
    let what = match action_code {
        "register" if details.get("case_no").is_none() => "双方确认，予以登记".to_owned(),
        "register" if details.get("awaits_confirmation").is_some() => "收到，待双方确认".to_owned(),
        "split" if details.get("split_from").is_some() => "拆分登记".to_owned(),
        "import" => "导入登记簿".to_owned(),
        code => action(code),
    };
    let weight = weight(action_code, known);
    let mut told = Told { what, note: String::new(), changes: Vec::new(), weight };
    let (mut facts, mut words) = (Vec::new(), Vec::new());
    for (key, label, kind) in FIELDS {
        let Some(value) = details.get(*key).filter(|it| !it.is_null()) else { continue };
        match (kind, value) {
            (Kind::Silent | Kind::Long | Kind::Whole | Kind::List, _) => {}
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
        told.changes.push(("办结".to_owned(), spell_closing(before, names), spell_closing(after, names)));
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

/// What an entry's details say, for whoever reads the journal: field by field.
pub fn changes(details: &str, names: &Names) -> Vec<Change> {
    let Ok(Value::Object(fields)) = serde_json::from_str(details) else { return Vec::new() };
    let (before, after) = (fields.get("before"), fields.get("after"));
    // Two wholes are compared field by field.
    if let (Some(Value::Object(before)), Some(Value::Object(after)), 2) = (before, after, fields.len()) {
        let changed = after.iter().filter(|(key, value)| before.get(*key) != Some(value));
        let was = |key: &str| before.get(key).map(|it| spell_any(key, it, names)).unwrap_or_default();
        return changed
            .map(|(key, it)| (label_of(key).to_owned(), was(key), spell_any(key, it, names)))
            .collect();
    }
    // A pair beside other fields: the fields say of what.
    let was = before.map(|it| spell_any("before", it, names)).unwrap_or_default();
    let pair = after.map(|it| ("数值".to_owned(), was, spell_any("after", it, names)));
    let change = |(key, value): (&String, &Value)| {
        let label = || label_of(key).to_owned();
        match value {
            Value::Null => None,
            _ if matches!(kind_of(key), Some(Kind::Silent)) => None,
            Value::Array(pair) if is_change(key, pair) => {
                let [before, after] = [&pair[0], &pair[1]].map(|it| spell_any(key, it, names));
                (before != after).then(|| (label(), before, after))
            }
            value => Some((label(), String::new(), spell_any(key, value, names))),
        }
    };
    let others =
        fields.iter().filter(|(key, _)| !(after.is_some() && matches!(key.as_str(), "before" | "after")));
    others.filter_map(change).chain(pair).collect()
}

/// Whether the two values of a key are what was and what is.
fn is_change(key: &str, pair: &[Value]) -> bool {
    pair.len() == 2 && (!matches!(kind_of(key), Some(Kind::List)) || pair.iter().all(Value::is_array))
}

/// The day and the outcome of a closing.
fn spell_closing(value: &Value, names: &Names) -> String {
    let Some([day, outcome]) = value.as_array().map(Vec::as_slice) else { return String::new() };
    let outcome = outcome.as_str().and_then(|it| Outcome::from_code(it).ok()).map_or("", Coded::label);
    format!("{}　{outcome}", spell(Kind::Day, day, names).unwrap_or_default())
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
    fn whoever_reads_the_journal_misses_nothing() {
        let check = |details: Value, expected: &[(&str, &str, &str)]| {
            let found = changes(&details.to_string(), &names());
            let found: Vec<_> =
                found.iter().map(|it| (it.0.as_str(), it.1.as_str(), it.2.as_str())).collect();
            assert_eq!(found, expected);
        };
        check(
            json!({"notified_on": "2026-03-05", "department": [1, 2], "handler": [null, "b"], "some": "thing"}),
            &[
                ("承办部门", "办公室", "征收科"),
                ("承办人", "", "b"),
                ("告知日期", "", "2026年3月5日"),
                ("some", "", "thing"),
            ],
        );
        check(
            json!({"before": {"remedy_no": "1号", "facts": {"kind": "review", "concluded": null}},
                   "after": {"remedy_no": "1号",
                             "facts": {"kind": "review", "concluded": ["2026-03-05", "review_revoked"]}}}),
            &[("案件", "类别 行政复议", "审结 2026年3月5日，撤销，类别 行政复议")],
        );
        check(
            json!({"year": 2025, "row": "rules", "before": ["1", null], "after": ["2", "3"]}),
            &[("行", "", "rules"), ("年度", "", "2025"), ("数值", "1", "2，3")],
        );
        check(
            json!({"particulars": {"grounds": "理由不足"}, "roles": ["clerk", "manager"], "clock": [{}, {"a": 1}]}),
            &[("载明事项", "", "理由 理由不足"), ("职责", "", "登记人员，管理人员")],
        );
        check(
            json!({"roles": [["clerk"], ["clerk", "manager"]]}),
            &[("职责", "登记人员", "登记人员，管理人员")],
        );
        assert_eq!(changes("\"text\"", &names()), []);
        assert_eq!(changes("", &names()), []);
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        check("reveal", &json!({}), "查看个人信息", "", &[]);
        check("some_day", &json!({"what": 1, "outcome": "no such"}), "some_day", "", &[]);
    }
}
