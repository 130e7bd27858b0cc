//! Reminders: which of them are due, from the facts, the calendar and the day.
//!
//! Pure: what is due follows from what is the case today, not from when somebody last looked. Each reminder
//! has a key made of its facts, and whoever sends it sends each key once: a day missed is made up for by the
//! next, and seven days missed by one mail, not seven.

use chrono::{Datelike, NaiveDate};

use crate::domain::calendar::{DueDate, WorkCalendar};
use crate::domain::ids::{AgencyId, CaseId, RemedyId};
use crate::domain::labels::Coded;
use crate::domain::mail::MailKind;
use crate::domain::remedy::stages::Stage;
use crate::domain::response_clock::{self, ClockFacts, ClockSettings, ClockState};
use crate::domain::terms;
use crate::domain::wording;
use crate::domain::workflow::{Role, Status};

/// Who is reminded how many days before a last day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReminderPolicy {
    /// Working days before the due date on which the handler is reminded, 0 for the day itself.
    pub handler_days: Vec<u32>,
    /// The same for the clerks.
    pub clerk_days: Vec<u32>,
    /// The same for the legal adviser, of drafts under review.
    pub legal_adviser_days: Vec<u32>,
    /// The same for the head.
    pub approver_days: Vec<u32>,
    /// The same for managers.
    pub manager_days: Vec<u32>,
    /// Working days overdue from which the head is told.
    pub escalate_after: u32,
    /// Working days before the last day of a correction, an opinion or a payment.
    pub waiting_days: Vec<u32>,
    /// Working days before a deadline or a hearing in a reconsideration or a suit.
    pub remedy_days: Vec<u32>,
    /// Days of the calendar before the annual report is due.
    pub report_days: Vec<u32>,
    /// Month and day by which it goes to the authority in charge.
    pub report_submit_by: (u32, u32),
    /// Month and day by which it is published.
    pub report_publish_by: (u32, u32),
}

impl Default for ReminderPolicy {
    fn default() -> Self {
        Self {
            handler_days: vec![5, 2, 0],
            clerk_days: vec![1],
            legal_adviser_days: vec![2],
            approver_days: vec![1],
            manager_days: Vec::new(),
            escalate_after: 1,
            waiting_days: vec![2],
            remedy_days: vec![3, 1],
            report_days: vec![30, 10, 3],
            report_submit_by: (1, 31),
            report_publish_by: (1, 31),
        }
    }
}

/// Who is reminded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reader {
    /// Whoever has the case in hand; while nobody has, those who could take it up.
    Handler,
    /// Everybody of the agency with this role.
    Role(Role),
}

/// A reminder that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminder {
    /// Its kind.
    pub kind: MailKind,
    /// Whom.
    pub to: Reader,
    /// Made of its facts: what has been told with this key is told no second time.
    pub key: String,
    /// What it is about: the number of a case or proceeding, or the report.
    pub about: String,
    /// The last day it is about.
    pub on: NaiveDate,
    /// What it says, in a sentence or two.
    pub text: String,
}

/// The facts of an open case that reminders come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenCase {
    /// The case.
    pub id: CaseId,
    /// Its number.
    pub case_no: String,
    /// The round of handling.
    pub round: i32,
    /// Its status.
    pub status: Status,
    /// The facts of the clock of this round.
    pub clock: ClockFacts,
}

/// By what reminders are derived.
#[derive(Debug, Clone, Copy)]
pub struct Basis<'a> {
    /// Who is reminded when.
    pub policy: &'a ReminderPolicy,
    /// The calendar.
    pub calendar: &'a WorkCalendar,
    /// The settings of the clock.
    pub clock: &'a ClockSettings,
    /// Today in Beijing.
    pub today: NaiveDate,
}

impl Basis<'_> {
    /// The working days after today up to a day; none where it has passed.
    fn left(&self, on: NaiveDate) -> Option<u32> {
        (self.today <= on).then(|| self.calendar.working_days_between(self.today, on))
    }
}

/// The threshold that `left` days have come to: the last one crossed, so that one mail makes up for all that
/// were missed.
fn crossed(days: &[u32], left: u32) -> Option<u32> {
    days.iter().copied().filter(|it| left <= *it).min()
}

fn day(due: DueDate) -> String {
    let mark = if due.provisional { "（暂定）" } else { "" };
    format!("{}{mark}", wording::day_with_weekday(due.on))
}

fn in_days(left: u32) -> String {
    if left == 0 { "即在今日".to_owned() } else { format!("还剩{left}个工作日") }
}

/// The reminders that an open case gives rise to today.
pub fn of_case(case: &OpenCase, basis: Basis<'_>) -> Vec<Reminder> {
    if !case.status.is_open() {
        return Vec::new();
    }
    let reading = response_clock::read_briefly(&case.clock, basis.calendar, basis.clock, basis.today);
    let mut reminders = Vec::new();
    if let (Some(due), ClockState::Running { working_days_left }) = (reading.due, reading.state) {
        reminders.extend(of_due_date(case, basis.policy, due, working_days_left));
    }
    reminders.extend(of_waiting(case, basis));
    reminders
}

/// Of the due date: that it is near, or has passed.
fn of_due_date(case: &OpenCase, policy: &ReminderPolicy, due: DueDate, days_left: i64) -> Vec<Reminder> {
    let reminder = |kind: MailKind, to, step: &str, text| Reminder {
        kind,
        to,
        key: format!("{}:{}:{}:{}:{step}", kind.code(), case.id, case.round, due.on),
        about: case.case_no.clone(),
        on: due.on,
        text,
    };
    if let Ok(left) = u32::try_from(days_left) {
        let mut readers: Vec<(Reader, &[u32])> = vec![
            (Reader::Handler, &policy.handler_days),
            (Reader::Role(Role::Clerk), &policy.clerk_days),
            (Reader::Role(Role::Approver), &policy.approver_days),
            (Reader::Role(Role::Manager), &policy.manager_days),
        ];
        if case.status == Status::UnderReview {
            readers.push((Reader::Role(Role::LegalAdviser), &policy.legal_adviser_days));
        }
        let text = format!("答复期限{}届满，{}；现在“{}”。", day(due), in_days(left), case.status.label());
        let near = readers.into_iter().filter_map(|(to, days)| {
            let step = crossed(days, left)?;
            let code = match to {
                Reader::Handler => "handler",
                Reader::Role(role) => role.code(),
            };
            Some(reminder(MailKind::DueSoon, to, &format!("{code}:{step}"), text.clone()))
        });
        return near.collect();
    }
    let late = u32::try_from(-days_left).unwrap_or(u32::MAX);
    let text = |please: &str| {
        format!(
            "答复期限已于{}届满，超期{late}个工作日，现在“{}”。{please}；逾期不答复的，申请人可以申请行政复议或者提起行政诉讼。",
            day(due),
            case.status.label()
        )
    };
    let mut reminders = vec![reminder(MailKind::Overdue, Reader::Handler, "late", text("请立即办理"))];
    if policy.escalate_after <= late {
        let head = Reader::Role(Role::Approver);
        reminders.push(reminder(MailKind::Escalation, head, "late", text("请督促办理")));
    }
    reminders
}

/// Of what others are to do: that their time runs out, or has run out and what that means.
fn of_waiting(case: &OpenCase, basis: Basis<'_>) -> Vec<Reminder> {
    let facts = &case.clock;
    let mut waits: Vec<(String, String, DueDate, String)> = Vec::new();
    if let Some(it) = facts.correction.as_ref().filter(|it| it.received_on.is_none())
        && let Some(by) = it.reply_by
    {
        let on = DueDate { on: by, provisional: false };
        let silence = "申请人无正当理由逾期不补正的，视为放弃申请，本机关不再处理（条例第三十条）";
        waits.push(("correction".to_owned(), "申请人补正的期限".to_owned(), on, silence.to_owned()));
    }
    for it in facts.consultations.iter().filter(|it| it.returned_on.is_none()) {
        let term = it.party.term();
        let on = term.last_day(it.delivered_on.unwrap_or(it.sent_on), basis.calendar);
        let what = format!("{}“{}”提出意见的期限", it.party.label(), it.name);
        let silence = format!("{}（{}）；答复期限自次日起继续计算", it.party.silence(), term.article);
        waits.push((format!("opinion-{}", it.id), what, on, silence));
    }
    if let Some(it) = facts.fee.as_ref().filter(|it| it.paid_on.is_none()) {
        let on = terms::FEE_PAYMENT.last_day(it.delivered_on.unwrap_or(it.sent_on), basis.calendar);
        let silence =
            format!("申请人逾期未缴纳的，视为放弃申请，本机关不再处理（{}）", terms::FEE_PAYMENT.article);
        waits.push(("fee".to_owned(), "申请人缴纳信息处理费的期限".to_owned(), on, silence));
    }
    let due = waits.into_iter().filter_map(|(code, what, due, silence)| {
        let (step, text) = match basis.left(due.on) {
            Some(left) => {
                let step = crossed(&basis.policy.waiting_days, left)?.to_string();
                (step, format!("{what}{}届满，{}。{silence}。", day(due), in_days(left)))
            }
            None => ("over".to_owned(), format!("{what}已于{}届满，至今没有登记收到。{silence}。", day(due))),
        };
        Some(Reminder {
            kind: MailKind::Waiting,
            to: Reader::Handler,
            key: format!("waiting:{}:{}:{code}:{}:{step}", case.id, case.round, due.on),
            about: case.case_no.clone(),
            on: due.on,
            text,
        })
    });
    due.collect()
}

/// The reminders of a proceeding that is not concluded, with its stages, oldest first.
pub fn of_remedy(id: RemedyId, remedy_no: &str, stages: &[Stage], basis: Basis<'_>) -> Vec<Reminder> {
    let Some(stage) = stages.last() else { return Vec::new() };
    let mut found: Vec<(String, NaiveDate, String)> = Vec::new();
    for it in
        stage.deadlines(None, basis.calendar).into_iter().filter(|it| it.is_ours && it.done_on.is_none())
    {
        let (what, article, due) = (it.term.what, it.term.article, it.due);
        // Whether to appeal is ours to choose: once the time has passed there is nothing to be reminded of.
        let is_duty = it.term != terms::APPEAL_AGAINST_JUDGMENT && it.term != terms::APPEAL_AGAINST_RULING;
        match basis.left(due.on) {
            Some(left) => {
                let Some(step) = crossed(&basis.policy.remedy_days, left) else { continue };
                let text = format!("{what}的期限{}届满，{}（{article}）。", day(due), in_days(left));
                found.push((format!("{what}:{}:{step}", due.on), due.on, text));
            }
            None if is_duty => {
                let text = format!("{what}的期限已于{}届满，至今没有登记提交（{article}）。", day(due));
                found.push((format!("{what}:{}:over", due.on), due.on, text));
            }
            None => {}
        }
    }
    if let Some(on) = stage.hearing_on
        && let Some(left) = basis.left(on)
        && let Some(step) = crossed(&basis.policy.remedy_days, left)
    {
        let text = format!("{}听证、开庭，{}。", wording::day_with_weekday(on), in_days(left));
        found.push((format!("hearing:{on}:{step}"), on, text));
    }
    let mut reminders = Vec::new();
    for (step, on, text) in found {
        for to in [Reader::Handler, Reader::Role(Role::LegalAdviser)] {
            reminders.push(Reminder {
                kind: MailKind::Remedy,
                to,
                key: format!("remedy:{id}:{}:{step}", stages.len()),
                about: format!("{} {remedy_no}", stage.kind.label()),
                on,
                text: text.clone(),
            });
        }
    }
    reminders
}

/// The reminders of an agency's annual report on last year.
pub fn of_report(agency: AgencyId, basis: Basis<'_>) -> Vec<Reminder> {
    let year = basis.today.year();
    let days = [
        ("submit", "报送本级政府信息公开工作主管部门", basis.policy.report_submit_by),
        ("publish", "向社会公布", basis.policy.report_publish_by),
    ];
    let mut reminders = Vec::new();
    for (code, what, (month, day)) in days {
        let Some(on) = NaiveDate::from_ymd_opt(year, month, day) else { continue };
        let Ok(left) = u32::try_from((on - basis.today).num_days()) else { continue };
        let Some(step) = crossed(&basis.policy.report_days, left) else { continue };
        let rest = if left == 0 { "即在今日".to_owned() } else { format!("还剩{left}日") };
        let text = format!(
            "{}年度政府信息公开工作年度报告，应当在{}前{what}，{rest}（条例第四十九条；日期以本机关的设置为准）。",
            year - 1,
            wording::day_with_weekday(on),
        );
        for role in [Role::Clerk, Role::Manager] {
            reminders.push(Reminder {
                kind: MailKind::Report,
                to: Reader::Role(role),
                key: format!("report:{}:{}:{code}:{on}:{step}", agency.0, year - 1),
                about: format!("{}年度报告", year - 1),
                on,
                text: text.clone(),
            });
        }
    }
    reminders
}

#[cfg(test)]
#[path = "reminders_tests.rs"]
mod tests;
