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
    ("record", "登记"),
    ("correct", "更正"),
    ("receive_copy", "收到副本"),
    ("hand_in_answer", "提交答复、答辩"),
    ("note_hearing", "记录听证、开庭"),
    ("end_stage", "记录本审结果"),
    ("begin_stage", "进入下一审级"),
    ("conclude", "审结"),
    ("reopen_remedy", "撤销审结"),
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
