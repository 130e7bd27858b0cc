//! From the fields of a form to a task: types only. Whether the facts hold is for the rules to say.

use chrono::NaiveDate;

use crate::domain::applicant::ApplicantKind;
use crate::domain::case::{Amendment, Case, Command, Draft};
use crate::domain::ids::{DepartmentId, UserId};
use crate::domain::outcome::Outcome;
use crate::domain::refusal::Refusals;
use crate::domain::request::{Channel, PreferredForm, Request};
use crate::domain::response_clock::Party;
use crate::domain::workflow::Action;
use crate::service::case::work_on_case::{RequestAmendment, Task};
use crate::web::form::{Fields, Reader};

/// The points a legal adviser looks at, with the names of their fields.
pub const POINTS: &[(&str, &str)] = &[
    ("check_subject", "主体"),
    ("check_facts", "事实"),
    ("check_basis", "依据"),
    ("check_reasons", "理由"),
    ("check_remedy", "救济告知"),
];

/// What stands between the parts of an application that is split, on a line of its own.
pub const PART_FIELD: &str = "part";

/// The task a form asks for.
///
/// # Errors
/// What is missing or cannot be read, by field.
pub fn parse(action: Action, fields: &Fields, case: &Case, request: &Request) -> Result<Task, Refusals> {
    let mut it = Reader::new(fields);
    let command = match action {
        Action::Register => Command::Register {
            confirmed_on: it.day("confirmed_on", "确认日期"),
            how: it.text("confirmed_how"),
        },
        Action::Split => {
            let parts: Vec<String> =
                fields.all(PART_FIELD).map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect();
            if parts.len() < 2 {
                it.refuse(PART_FIELD, "拆分应当至少有两项内容");
            }
            return it.finish(Task::Split { parts });
        }
        Action::Amend => return amendment(it, case, request),
        Action::Assign => Command::Assign { department: department(&mut it), handler: handler(&mut it) },
        Action::Claim => Command::Claim,
        Action::Recall => Command::Recall,
        Action::GiveBack => Command::GiveBack { reason: it.text("reason") },
        Action::RequestCorrection => Command::RequestCorrection {
            notified_on: it.day("notified_on", "告知日期"),
            reply_by: it.day("reply_by", "补正期限"),
        },
        Action::ReceiveCorrection => {
            Command::ReceiveCorrection { received_on: it.day("received_on", "收到补正的日期") }
        }
        Action::Consult => Command::Consult {
            party: it.code::<Party>("party", "征求意见的对象"),
            name: it.text("name"),
            sent_on: it.day("sent_on", "发出日期"),
            delivered_on: it.optional_day("delivered_on", "对方收到日期"),
        },
        Action::ReceiveOpinion => Command::ReceiveOpinion {
            id: it.number("id", "征求意见的序号"),
            returned_on: it.day("returned_on", "意见收回日期"),
            consent: match fields.get("consent") {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            },
        },
        Action::Extend => Command::Extend {
            notified_on: it.day("notified_on", "告知日期"),
            working_days: it.number("working_days", "延长的工作日"),
        },
        Action::Delay => Command::Delay {
            notified_on: it.day("notified_on", "告知日期"),
            until: it.day("until", "延迟答复的日期"),
        },
        Action::NoticeFee => Command::NoticeFee {
            sent_on: it.day("sent_on", "通知发出日期"),
            delivered_on: it.optional_day("delivered_on", "申请人收到日期"),
            amount: it.plain("amount"),
        },
        Action::ReceivePayment => Command::ReceivePayment { paid_on: it.day("paid_on", "缴费日期") },
        Action::SubmitDraft => Command::SubmitDraft(draft(&mut it)),
        Action::Agree => Command::Agree { opinion: opinion(&it, fields) },
        Action::AgreeWithChanges => {
            if it.text("opinion").is_empty() {
                it.refuse("opinion", "请填写修改了什么、为什么");
            }
            let opinion = opinion(&it, fields);
            Command::AgreeWithChanges { opinion, draft: draft(&mut it) }
        }
        Action::ReturnDraft => {
            if it.text("opinion").is_empty() {
                it.refuse("opinion", "请填写退回意见，写明哪里不妥、如何修改");
            }
            Command::ReturnDraft { opinion: opinion(&it, fields) }
        }
        Action::SignOff => Command::SignOff { reply_no: it.optional_own_number("reply_no") },
        Action::RefuseSignOff => Command::RefuseSignOff { reason: it.text("reason") },
        Action::Issue => Command::Issue {
            on: it.day("on", "送达日期"),
            method: it.text("method"),
            tracking_no: it.optional_plain("tracking_no"),
        },
        Action::RecordDelivery => {
            Command::RecordDelivery { signed_for_on: it.day("signed_for_on", "签收日期") }
        }
        Action::Withdraw => Command::Withdraw { on: it.day("on", "撤回日期"), record: it.text("record") },
        Action::EndUncorrected => Command::EndUncorrected { on: it.day("on", "决定日期") },
        Action::EndUnpaid => Command::EndUnpaid { on: it.day("on", "决定日期") },
        Action::Reopen => Command::Reopen {
            on: it.day("on", "收到决定或者判决的日期"),
            by: it.optional_day("by", "限定的日期"),
            order: it.text("order"),
        },
        Action::Link => {
            let case_no = it.own_number("case_no");
            if case_no.is_empty() {
                it.refuse("case_no", "请填写对方的登记号");
            } else if case_no == case.case_no {
                it.refuse("case_no", "这是本件的登记号，请填写另一件的登记号");
            }
            Command::Link { case_no, reason: it.text("reason") }
        }
        Action::AddNote => Command::AddNote { text: it.text("text") },
    };
    it.finish(Task::Command(command))
}

fn department(it: &mut Reader<'_>) -> DepartmentId {
    // The choice of a person carries the department: `1/…`; that of a department alone is `1`.
    let choice = it.text("assignee");
    let department = choice.split('/').next().and_then(|it| it.parse().ok()).map(DepartmentId);
    department.unwrap_or_else(|| {
        it.refuse("assignee", "请选择承办部门和承办人");
        DepartmentId(0)
    })
}

fn handler(it: &mut Reader<'_>) -> Option<UserId> {
    it.text("assignee").split_once('/').and_then(|(_, user)| user.parse().ok())
}

/// The draft reply in a form.
pub fn draft(it: &mut Reader<'_>) -> Draft {
    let outcome: Outcome = it.code("outcome", "办理结果");
    let rule = outcome.rule();
    let particulars = rule
        .required
        .iter()
        .chain(rule.optional)
        .filter_map(|particular| Some((*particular, it.optional_text(particular_field(*particular))?)))
        .collect();
    let body = it.text("body");
    if body.is_empty() {
        it.refuse("body", "请填写答复内容");
    }
    Draft { outcome, particulars, body, reply_no: it.optional_own_number("reply_no") }
}

/// The field of a particular is called by its code, as refusals name it.
pub fn particular_field(it: crate::domain::outcome::Particular) -> &'static str {
    crate::domain::labels::Coded::code(it)
}

/// The opinion with the points looked at, as one text.
fn opinion(it: &Reader<'_>, fields: &Fields) -> String {
    let named = |value: &str| -> Vec<&str> {
        POINTS.iter().filter(|(name, _)| fields.get(name) == value).map(|(_, label)| *label).collect()
    };
    let mut text = it.text("opinion");
    for (value, words) in [("no", "不符合要求"), ("yes", "符合要求")] {
        let points = named(value);
        if !points.is_empty() {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&format!("{}：{words}。", points.join("、")));
        }
    }
    text
}

/// Only what differs from what is recorded is set right.
fn amendment(mut it: Reader<'_>, case: &Case, request: &Request) -> Result<Task, Refusals> {
    let received_on = it.optional_day("received_on", "收到日期").filter(|day| *day != case.received_on);
    let channel = it.optional_code::<Channel>("channel").filter(|it| Some(*it) != case.channel);
    let kind = it.optional_code::<ApplicantKind>("applicant_kind").filter(|it| *it != case.applicant_kind);
    let name = it.text("applicant_name");
    if name.is_empty() {
        it.refuse("applicant_name", "请填写申请人姓名或者名称");
    }
    let closed = closing(&mut it, case.closed);
    let amendment = Amendment {
        received_on,
        channel,
        applicant_kind: kind,
        applicant_name: Some(name).filter(|it| *it != case.applicant_name),
        closed,
        reason: it.text("reason"),
    };
    // Masked fields are left empty; they are changed where something is typed, or taken away by a tick.
    let personal = |name: &str, clear: &str| {
        let text = if name == "address" { it.text(name) } else { it.plain(name) };
        if !it.text(clear).is_empty() { Some(String::new()) } else { Some(text).filter(|it| !it.is_empty()) }
    };
    let changes = RequestAmendment {
        content: Some(it.text("content")).filter(|it| *it != request.content.trim().replace("\r\n", "\n")),
        preferred_form: it.optional_code::<PreferredForm>("preferred_form"),
        id_number: personal("id_number", "clear_id_number"),
        phone: personal("phone", "clear_phone"),
        email: personal("email", "clear_email"),
        address: personal("address", "clear_address"),
    };
    it.finish(Task::Amend { case: amendment, request: changes })
}

fn closing(it: &mut Reader<'_>, known: Option<(NaiveDate, Outcome)>) -> Option<(NaiveDate, Outcome)> {
    let (day, outcome) = known?;
    let on = it.optional_day("closed_on", "办结日期").unwrap_or(day);
    let result = it.optional_code::<Outcome>("outcome").unwrap_or(outcome);
    Some((on, result)).filter(|it| *it != (day, outcome))
}
