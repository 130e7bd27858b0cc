//! The clock of a case in the words of its page: the due date, the ledger, last days, and what-if.

use chrono::NaiveDate;

use crate::domain::calendar::DueDate;
use crate::domain::case::Case;
use crate::domain::dates;
use crate::domain::labels::Coded;
use crate::domain::response_clock::{
    self, ClockFacts, ClockReading, ClockState, Consultation, Correction, Extension, FeeNotice, Measure,
    Party, Start, Step, StepKind, WatchKind,
};
use crate::domain::urgency::{self, Light};
use crate::domain::wording;
use crate::domain::workflow::Status;
use crate::service::Rules;
use crate::web::form::Fields;

/// A due date as its box shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueView {
    pub light: Light,
    /// What the day is the last day for.
    pub label: &'static str,
    /// The day for machines.
    pub day: String,
    /// The day for people.
    pub shown: String,
    /// How it stands.
    pub words: String,
    /// Whether a notice still to come may move it.
    pub provisional: bool,
    /// What else there is to know.
    pub sum: String,
}

/// A line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerRow {
    /// The day, short.
    pub on: String,
    pub what: String,
    pub article: String,
    pub days: String,
    pub left: String,
    /// `stopped`, `ahead` or empty.
    pub kind: &'static str,
}

/// The label of a due date while the day of receipt is not confirmed.
pub const UNCONFIRMED_LABEL: &str = "答复期限（尚未确认）";

/// `03-05`.
pub fn short(day: NaiveDate) -> String {
    day.format("%m-%d").to_string()
}

/// The box of a case.
pub fn due_view(case: &Case, reading: &ClockReading, today: NaiveDate) -> DueView {
    let mut view = DueView {
        light: Light::of_case(case.status, reading.state),
        label: "答复期限",
        day: String::new(),
        shown: String::new(),
        words: String::new(),
        provisional: false,
        sum: String::new(),
    };
    if let Some(due) = reading.due {
        set_day(&mut view, due);
    }
    match reading.state {
        ClockState::Running { working_days_left } => {
            let last = reading.due.map_or(today, |it| it.on);
            view.words = urgency::words(working_days_left, last, today);
        }
        ClockState::Suspended { by, remaining, .. } => {
            view.words = format!("暂停计算（{}），剩余 {remaining} 个工作日", by.label());
            if let (None, Some(watch)) = (reading.due, reading.watch) {
                view.label = match watch.what {
                    WatchKind::CorrectionReply => "补正期限",
                    WatchKind::OpinionLapse => "意见期限",
                    WatchKind::FeePayment => "缴费期限",
                };
                set_day(&mut view, DueDate { on: watch.on, provisional: watch.provisional });
            } else if reading.due.is_none() {
                view.shown = "等待补正".to_owned();
            }
        }
        ClockState::Stopped { on, working_days_late, working_days_used } => {
            view.sum = format!("{}办结，用 {working_days_used} 个工作日", wording::day(on));
            view.words = match working_days_late {
                0 => "按期办结".to_owned(),
                late => format!("超期 {late} 个工作日办结"),
            };
        }
    }
    if case.status == Status::Received {
        view.label = UNCONFIRMED_LABEL;
        view.words = urgency::UNCONFIRMED.to_owned();
        view.sum = "此为以到达之日起算的日期，确认后重新计算".to_owned();
    }
    view
}

fn set_day(view: &mut DueView, due: DueDate) {
    view.day = due.on.to_string();
    view.shown = wording::day_with_weekday(due.on);
    view.provisional = due.provisional;
}

/// The ledger as a table.
pub fn ledger(steps: &[Step], today: NaiveDate) -> Vec<LedgerRow> {
    steps
        .iter()
        .map(|step| {
            let (counted, excluded) = step.span.as_ref().map_or((0, 0), |it| (it.counted, it.excluded));
            let days = match (counted, excluded) {
                (0, 0) => String::new(),
                (counted, 0) => counted.to_string(),
                (0, excluded) => format!("停\u{a0}{excluded}"),
                (counted, excluded) => format!("{counted}（停\u{a0}{excluded}）"),
            };
            let kind = if excluded > 0 || step.fact == StepKind::Awaiting {
                "stopped"
            } else if today < step.on {
                "ahead"
            } else {
                ""
            };
            let effect = if step.effective { "" } else { "（不发生预期效力）" };
            LedgerRow {
                on: short(step.on),
                what: format!("{}{effect}", step.text),
                article: step.article.to_owned(),
                days,
                left: step.remaining.to_string(),
                kind,
            }
        })
        .collect()
}

/// Until when a measure still has its effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastDay {
    /// Up to this day.
    On(NaiveDate),
    /// It can be taken once, and was.
    Taken,
    /// The day has passed, or no period runs that it could move.
    Passed,
}

impl LastDay {
    /// In words.
    pub fn words(self) -> String {
        match self {
            Self::On(day) => format!("{} {}", short(day), wording::weekday(day)),
            Self::Taken => "已告知过".to_owned(),
            Self::Passed => "已过，或者现在不能办理".to_owned(),
        }
    }

    /// In words beside the button of the measure.
    pub fn note(self) -> String {
        match self {
            Self::On(_) => format!("最迟 {}", self.words()),
            Self::Taken => self.words(),
            Self::Passed => "已过最后可办日".to_owned(),
        }
    }
}

/// The last day for each measure; empty where no period runs yet, or any more.
pub fn last_days(case: &Case, rules: &Rules, today: NaiveDate) -> Vec<(Measure, LastDay)> {
    if !case.status.has_due_date() {
        return Vec::new();
    }
    let last = |it| response_clock::last_safe_day(&case.clock, &rules.calendar, &rules.clock, today, it);
    [Measure::CorrectionNotice, Measure::Consultation, Measure::Extension]
        .into_iter()
        .map(|it| {
            let is_taken = it == Measure::CorrectionNotice && case.clock.correction.is_some();
            let day = match last(it) {
                Some(day) => LastDay::On(day),
                None if is_taken => LastDay::Taken,
                None => LastDay::Passed,
            };
            (it, day)
        })
        .collect()
}

/// What can be tried out: code and words.
pub const TRIALS: &[(&str, &str)] = &[
    ("correction", "告知补正"),
    ("consult", "征求第三方意见"),
    ("extend", "延长答复期限"),
    ("fee", "通知缴费"),
    ("confirm", "双方确认收到"),
];

/// A question "what if", and its answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trial {
    /// What is tried out; empty for nothing.
    pub what: String,
    pub on: String,
    /// How many working days it is extended by.
    pub days: String,
    /// The day the correction, opinion or payment comes; empty where it is not known.
    pub back: String,
    /// The answer; empty for none.
    pub answer: String,
    /// What else follows from it, or is wrong with it.
    pub notes: Vec<String>,
}

/// Tries a measure out: the same facts with one more, read by the same clock.
pub fn try_out(case: &Case, rules: &Rules, today: NaiveDate, fields: &Fields) -> Trial {
    let text = |name: &str, default: &str| {
        Some(fields.get(name)).filter(|it| !it.is_empty()).unwrap_or(default).to_owned()
    };
    let mut trial = Trial {
        what: fields.get("if").to_owned(),
        on: text("on", &today.to_string()),
        days: text("days", "20"),
        back: fields.get("back").to_owned(),
        ..Trial::default()
    };
    if trial.what.is_empty() || !case.status.is_open() {
        return trial;
    }
    let Ok(on) = dates::parse(&trial.on) else {
        trial.notes.push("请填写日期".to_owned());
        return trial;
    };
    let back = dates::parse(&trial.back).ok();
    let before = response_clock::read_briefly(&case.clock, &rules.calendar, &rules.clock, today);
    let facts = with_measure(&case.clock, rules, &trial, on, back);
    let after = response_clock::read(&facts, &rules.calendar, &rules.clock, on.max(today));
    trial.answer = match (after.due, after.watch) {
        (Some(due), _) => {
            let provisional = if due.provisional { "（暂定）" } else { "" };
            format!("答复期限将为{}{provisional}", wording::day_with_weekday(due.on))
        }
        (None, Some(watch)) => {
            format!("停止计算，{}止{}", wording::day_with_weekday(watch.on), watch.what.label())
        }
        (None, None) => "停止计算".to_owned(),
    };
    if trial.what == "consult" && back.is_none() {
        trial.notes.push("按对方当日收到、期满未回复推算；意见早到的，期限相应提前。".to_owned());
    }
    if matches!(trial.what.as_str(), "correction" | "fee") && back.is_none() {
        trial.notes.push("收到补正或者缴费后重新计算；填写预计日期可以推算新的期限。".to_owned());
    }
    for finding in after.findings.iter().filter(|it| !before.findings.contains(it)) {
        trial.notes.push(finding.text.clone());
    }
    trial
}

fn with_measure(
    facts: &ClockFacts,
    rules: &Rules,
    trial: &Trial,
    on: NaiveDate,
    back: Option<NaiveDate>,
) -> ClockFacts {
    let mut facts = facts.clone();
    match trial.what.as_str() {
        "correction" => {
            let reply_by = rules.calendar.nth_working_day_after(on, 10).on;
            facts.correction =
                Some(Correction { notified_on: on, reply_by: Some(reply_by), received_on: back });
        }
        "consult" => facts.consultations.push(Consultation {
            id: u32::MAX,
            party: Party::ThirdParty,
            name: "第三方".to_owned(),
            sent_on: on,
            delivered_on: Some(on),
            returned_on: back,
            consent: None,
        }),
        "extend" => facts.extensions.push(Extension {
            approved_on: Some(on),
            notified_on: on,
            working_days: trial.days.parse().unwrap_or(0),
        }),
        "fee" => {
            facts.fee = Some(FeeNotice { sent_on: on, delivered_on: Some(on), paid_on: back, amount: None });
        }
        "confirm" => facts.start = Start::Received(on),
        _ => {}
    }
    facts
}
