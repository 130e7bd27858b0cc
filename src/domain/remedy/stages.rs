//! The stages of a proceeding, their deadlines, and what each entry makes of them.
//!
//! A reconsideration has one stage; a suit has one for every instance. Deadlines are those of
//! [`crate::domain::terms`] and follow from the days recorded; none is stored.
//!
//! Absent on purpose: execution and supervision, which no figure of the report depends on.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::{Value, json};

use crate::coded;
use crate::domain::calendar::{DueDate, WorkCalendar};
use crate::domain::labels::Coded;
use crate::domain::outcome::{Outcome, RemedyClass};
use crate::domain::refusal::Refusals;
use crate::domain::remedy::{RemedyFacts, RemedyKind, RemedyResult};
use crate::domain::terms::{self, Term};

coded! {
    /// Before whom a proceeding is.
    pub enum StageKind: "stage kind" {
        /// The reconsideration body.
        Reconsideration = "reconsideration", "行政复议";
        /// The court of first instance.
        FirstInstance = "first_instance", "一审";
        /// The court of appeal.
        SecondInstance = "second_instance", "二审";
        /// A retrial of what had become final.
        Retrial = "retrial", "再审";
    }
}

coded! {
    /// In which procedure, for the period to answer a reconsideration depends on it.
    pub enum Procedure: "procedure" {
        /// 复议法 ch. 4 sec. 3.
        Ordinary = "ordinary", "普通程序";
        /// 复议法 art. 53: cases of government information may be heard in it.
        Simplified = "simplified", "简易程序";
    }
}

coded! {
    /// The paper that ends a stage, for the period to appeal depends on it.
    pub enum Paper: "paper" {
        /// Of a reconsideration body.
        Decision = "decision", "行政复议决定书";
        /// Of a court, on the merits.
        Judgment = "judgment", "判决书";
        /// Of a court, on procedure.
        Ruling = "ruling", "裁定书";
    }
}

/// How a stage ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StageEnd {
    /// The day of the paper.
    pub on: NaiveDate,
    /// The day it was served on this agency.
    pub served_on: Option<NaiveDate>,
    /// What kind of paper.
    pub paper: Paper,
    /// The result it states.
    pub result: RemedyResult,
}

/// One stage of a proceeding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stage {
    /// Before whom.
    pub kind: StageKind,
    /// The number it has there.
    pub docket_no: String,
    /// The body or court.
    pub body: String,
    /// The day it was accepted there.
    pub accepted_on: NaiveDate,
    /// In which procedure.
    pub procedure: Procedure,
    /// The day this agency received the copy of the application or complaint.
    pub copy_received_on: Option<NaiveDate>,
    /// The day the answer and the evidence were handed in.
    pub answered_on: Option<NaiveDate>,
    /// The day of the hearing.
    pub hearing_on: Option<NaiveDate>,
    /// Notes of the hearing, and anything else.
    pub notes: String,
    /// How it ended; none while it goes on.
    pub end: Option<StageEnd>,
}

/// A deadline of a stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// The period and its article.
    pub term: Term,
    /// The day from which it runs, not counted in.
    pub from: NaiveDate,
    /// What happened that day, in words.
    pub since: &'static str,
    /// The last day.
    pub due: DueDate,
    /// The day it was kept; none while it is open.
    pub done_on: Option<NaiveDate>,
    /// Whether it is this agency that must act.
    pub is_ours: bool,
}

impl Stage {
    /// The first stage of a proceeding of which only the facts of the table are known.
    pub fn first(facts: &RemedyFacts, docket_no: &str, body: &str) -> Self {
        Self {
            kind: match facts.kind {
                RemedyKind::Reconsideration => StageKind::Reconsideration,
                RemedyKind::DirectSuit | RemedyKind::SuitAfterReconsideration => StageKind::FirstInstance,
            },
            docket_no: docket_no.to_owned(),
            body: body.to_owned(),
            accepted_on: facts.accepted_on,
            procedure: Procedure::Ordinary,
            copy_received_on: None,
            answered_on: None,
            hearing_on: None,
            notes: String::new(),
            end: None,
        }
    }

    /// Every deadline that runs from what is known of the stage; `next` is the stage after it, which
    /// shows that there was an appeal.
    pub fn deadlines(&self, next: Option<&Self>, calendar: &WorkCalendar) -> Vec<Deadline> {
        let mut deadlines = Vec::new();
        let mut add = |term: Term, from, since, done_on, is_ours| {
            let due = term.last_day(from, calendar);
            deadlines.push(Deadline { term, from, since, due, done_on, is_ours });
        };
        let is_simplified = self.procedure == Procedure::Simplified;
        let ended_on = self.end.as_ref().map(|it| it.on);
        let served_on = self.end.as_ref().and_then(|it| it.served_on);
        match self.kind {
            StageKind::Reconsideration => {
                let (answer, decision) = if is_simplified {
                    (terms::RESPONDENT_ANSWER_SIMPLIFIED, terms::RECONSIDERATION_DECISION_SIMPLIFIED)
                } else {
                    (terms::RESPONDENT_ANSWER, terms::RECONSIDERATION_DECISION)
                };
                if let Some(copy) = self.copy_received_on {
                    add(answer, copy, "收到申请书副本", self.answered_on, true);
                }
                add(decision, self.accepted_on, "受理", ended_on, false);
                if let Some(served) = served_on {
                    add(terms::SUIT_AFTER_RECONSIDERATION, served, "收到决定书", None, false);
                }
            }
            StageKind::FirstInstance => {
                if let Some(copy) = self.copy_received_on {
                    add(terms::DEFENDANT_ANSWER, copy, "收到起诉状副本", self.answered_on, true);
                }
                if let (Some(served), Some(end)) = (served_on, &self.end) {
                    let term = match end.paper {
                        Paper::Ruling => terms::APPEAL_AGAINST_RULING,
                        Paper::Judgment | Paper::Decision => terms::APPEAL_AGAINST_JUDGMENT,
                    };
                    let appealed_on =
                        next.filter(|it| it.kind == StageKind::SecondInstance).map(|it| it.accepted_on);
                    add(term, served, "裁判文书送达", appealed_on, true);
                }
            }
            StageKind::SecondInstance | StageKind::Retrial => {}
        }
        deadlines
    }
}

/// The next thing this agency must do in an open proceeding.
pub fn next_deadline(stages: &[Stage], calendar: &WorkCalendar) -> Option<Deadline> {
    let last = stages.last()?;
    let open = last.deadlines(None, calendar).into_iter().filter(|it| it.is_ours && it.done_on.is_none());
    open.min_by_key(|it| it.due.on)
}

/// The first day on which reconsideration had to come first: the day the law of 2023 took effect.
fn reconsideration_first_since() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, 1).expect("a fixed date")
}

/// A warning where a refusal under art. 14 to 16 is sued without a reconsideration (复议法 art. 23).
/// It does not block: a court may have accepted the suit all the same.
pub fn order_warning(kind: RemedyKind, accepted_on: NaiveDate, outcome: Option<Outcome>) -> Option<String> {
    if kind != RemedyKind::DirectSuit || accepted_on < reconsideration_first_since() {
        return None;
    }
    let outcome = outcome?;
    let (words, article) = (outcome.label(), outcome.rule().article);
    match outcome.rule().remedy {
        RemedyClass::ReconsiderationFirst => Some(format!(
            "答复为“{words}”（{article}），属于不予公开，应当先申请行政复议，对复议决定不服的再起诉（复议法第二十三条第一款第四项）。请核对是否经过复议；法院已经立案的，照实登记，并在答辩中提出。"
        )),
        RemedyClass::FirstForWithheldPart => Some(format!(
            "答复为“{words}”，其中不予公开的部分应当先申请行政复议（复议法第二十三条第一款第四项）。请核对起诉的是哪一部分。"
        )),
        RemedyClass::Free | RemedyClass::Nothing => None,
    }
}

/// An entry in the record of a proceeding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RemedyCommand {
    /// The copy of the application or complaint has come.
    ReceiveCopy {
        /// The day of receipt.
        received_on: NaiveDate,
        /// In which procedure it is heard.
        procedure: Procedure,
    },
    /// The answer and the evidence have been handed in.
    HandInAnswer {
        /// The day.
        on: NaiveDate,
    },
    /// A hearing, or notes of the stage.
    NoteHearing {
        /// The day of the hearing.
        on: Option<NaiveDate>,
        /// The notes as they are to stand.
        notes: String,
    },
    /// The stage has ended.
    EndStage {
        /// How it ended.
        end: StageEnd,
        /// Whether the proceeding is concluded with it.
        is_final: bool,
    },
    /// The next stage has begun: an appeal, a case sent back, a retrial.
    BeginStage {
        /// The kind of stage.
        kind: StageKind,
        /// Its number.
        docket_no: String,
        /// The court.
        body: String,
        /// When it was accepted.
        accepted_on: NaiveDate,
    },
    /// The proceeding is concluded with final effect.
    Conclude {
        /// The day.
        on: NaiveDate,
        /// The result.
        result: RemedyResult,
    },
    /// The conclusion was recorded wrongly and is taken back.
    Reopen {
        /// The reason.
        reason: String,
    },
}

impl RemedyCommand {
    /// The word the journal has for it.
    pub fn action(&self) -> &'static str {
        match self {
            Self::ReceiveCopy { .. } => "receive_copy",
            Self::HandInAnswer { .. } => "hand_in_answer",
            Self::NoteHearing { .. } => "note_hearing",
            Self::EndStage { .. } => "end_stage",
            Self::BeginStage { .. } => "begin_stage",
            Self::Conclude { .. } => "conclude",
            Self::Reopen { .. } => "reopen_remedy",
        }
    }
}

/// That a day has come, and is not before another.
fn check_day(
    field: &'static str,
    what: &str,
    day: NaiveDate,
    not_before: (NaiveDate, &str),
    today: NaiveDate,
) -> Result<(), Refusals> {
    if today < day {
        return Err(Refusals::at(field, format!("{what}还没有到，请核对日期")));
    }
    if day < not_before.0 {
        return Err(Refusals::at(
            field,
            format!("{what}早于{}（{}），请核对两个日期", not_before.1, not_before.0),
        ));
    }
    Ok(())
}

/// Carries an entry out on the facts and stages of a proceeding; returns what the journal should say.
///
/// # Errors
/// What is wrong, field by field; then nothing has been changed.
pub fn apply(
    facts: &mut RemedyFacts,
    stages: &mut Vec<Stage>,
    command: &RemedyCommand,
    today: NaiveDate,
) -> Result<Value, Refusals> {
    let Some(stage) = stages.last_mut() else { return Err(Refusals::at("", "本案没有登记审级")) };
    let accepted = (stage.accepted_on, "受理日期");
    match command {
        RemedyCommand::ReceiveCopy { received_on, procedure } => {
            check_day("received_on", "收到副本的日期", *received_on, accepted, today)?;
            if let Some(answered) = stage.answered_on.filter(|it| it < received_on) {
                let message = format!("收到副本的日期晚于提交答复的日期（{answered}），请核对两个日期");
                return Err(Refusals::at("received_on", message));
            }
            let before = (stage.copy_received_on.replace(*received_on), stage.procedure);
            stage.procedure = *procedure;
            Ok(
                json!({ "copy_received_on": [before.0, Some(received_on)], "procedure": [before.1, *procedure] }),
            )
        }
        RemedyCommand::HandInAnswer { on } => {
            let Some(copy) = stage.copy_received_on else {
                return Err(Refusals::at("on", "请先登记收到副本的日期：答复期限从那天起算"));
            };
            check_day("on", "提交日期", *on, (copy, "收到副本的日期"), today)?;
            let before = stage.answered_on.replace(*on);
            Ok(json!({ "answered_on": [before, Some(on)] }))
        }
        RemedyCommand::NoteHearing { on, notes } => {
            // A hearing may be noted before it takes place.
            if let Some(day) = on.filter(|it| *it < stage.accepted_on) {
                return Err(Refusals::at(
                    "on",
                    format!("听证、开庭日期（{day}）早于受理日期（{}）", accepted.0),
                ));
            }
            let before = (stage.hearing_on, std::mem::replace(&mut stage.notes, notes.trim().to_owned()));
            stage.hearing_on = *on;
            Ok(json!({ "hearing_on": [before.0, *on], "notes": [before.1, stage.notes] }))
        }
        RemedyCommand::EndStage { end, is_final } => {
            check_day("on", "文书日期", end.on, accepted, today)?;
            if let Some(served) = end.served_on {
                check_day("served_on", "送达日期", served, (end.on, "文书日期"), today)?;
            }
            check_result(facts.kind, end.result)?;
            let is_decision = end.paper == Paper::Decision;
            if is_decision != (stage.kind == StageKind::Reconsideration) {
                let message = format!("{}的文书不会是{}", stage.kind.label(), end.paper.label());
                return Err(Refusals::at("paper", message));
            }
            if *is_final && stage.kind == StageKind::FirstInstance {
                let message = "一审裁判在上诉期内还没有生效；上诉期满无人上诉的，另行登记审结";
                return Err(Refusals::at("is_final", message));
            }
            let before = stage.end.replace(end.clone());
            if *is_final {
                facts.concluded = Some((end.served_on.unwrap_or(end.on), end.result));
            }
            Ok(json!({ "end": [before, Some(end)], "concluded": facts.concluded }))
        }
        RemedyCommand::BeginStage { kind, docket_no, body, accepted_on } => {
            if facts.kind == RemedyKind::Reconsideration || *kind == StageKind::Reconsideration {
                let message = "对复议决定不服而起诉的，是另一件案件，请另行登记“复议后起诉”";
                return Err(Refusals::at("kind", message));
            }
            let Some(end) = &stage.end else {
                return Err(Refusals::at("kind", format!("{}还没有登记结果", stage.kind.label())));
            };
            check_day("accepted_on", "受理日期", *accepted_on, (end.on, "上一审文书日期"), today)?;
            let (docket_no, body) = (docket_no.trim(), body.trim());
            if docket_no.is_empty() || body.is_empty() {
                let field = if docket_no.is_empty() { "docket_no" } else { "body" };
                return Err(Refusals::at(field, "请填写这一审的案号和法院"));
            }
            // One proceeding is one 件 through its instances: what is appealed is not concluded. A
            // retrial leaves the final judgment standing until it is replaced.
            if *kind != StageKind::Retrial {
                facts.concluded = None;
            }
            let next =
                Stage { kind: *kind, accepted_on: *accepted_on, ..Stage::first(facts, docket_no, body) };
            let details = json!({ "stage": &next, "concluded": facts.concluded });
            stages.push(next);
            Ok(details)
        }
        RemedyCommand::Conclude { on, result } => {
            check_result(facts.kind, *result)?;
            check_day("on", "审结日期", *on, (facts.accepted_on, "受理日期"), today)?;
            let before = facts.concluded.replace((*on, *result));
            Ok(json!({ "concluded": [before, facts.concluded] }))
        }
        RemedyCommand::Reopen { reason } => {
            if reason.trim().is_empty() {
                return Err(Refusals::at("reason", "请写明为什么撤销审结"));
            }
            let Some(before) = facts.concluded.take() else {
                return Err(Refusals::at("reason", "本案没有审结"));
            };
            Ok(json!({ "concluded": [Some(before), facts.concluded], "reason": reason.trim() }))
        }
    }
}

fn check_result(kind: RemedyKind, result: RemedyResult) -> Result<(), Refusals> {
    if result.fits(kind) {
        return Ok(());
    }
    Err(Refusals::at("result", format!("“{}”不是{}的结果，请重新选择", result.label(), kind.label())))
}

#[cfg(test)]
#[path = "stages_tests.rs"]
mod tests;
