//! The record of a reconsideration or suit: its stages, its deadlines, its place in table 4.

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::Datelike;

use crate::domain::beijing;
use crate::domain::journal::{self, Names};
use crate::domain::labels::Coded;
use crate::domain::remedy::stages::{Paper, Procedure, Stage, StageKind, next_deadline, order_warning};
use crate::domain::remedy::{Capacity, RemedyKind, RemedyResult};
use crate::domain::report::statistics::Period;
use crate::domain::report::statistics::placement::remedy_reason;
use crate::domain::urgency::Light;
use crate::domain::wording;
use crate::service::remedy::act_on_remedy::{RemedyFile, remedy_file};
use crate::service::{Caller, Rules};
use crate::web::App;
use crate::web::error::{PageError, WebError};
use crate::web::form::Shown;
use crate::web::page::{self, Page};
use crate::web::pages::remedy::WRITERS;
use crate::web::pages::remedy::list::nearness;
use crate::web::session::SignedIn;

type Options = Vec<(&'static str, &'static str)>;

struct DeadlineLine {
    what: &'static str,
    article: &'static str,
    since: String,
    due: String,
    state: String,
    light: Light,
    provisional: bool,
}

struct StageView {
    id: String,
    heading: String,
    facts: Vec<(&'static str, String)>,
    notes: String,
    deadlines: Vec<DeadlineLine>,
}

struct Past {
    at: String,
    who: String,
    what: String,
    note: String,
    kind: &'static str,
    changes: Vec<(String, String, String)>,
}

/// A deadline that stands out, for the box.
struct DueBox {
    light: Light,
    label: &'static str,
    day: String,
    shown: String,
    words: String,
    sum: String,
    provisional: bool,
}

/// An attempt that was refused: which form, what was typed and what is wrong.
#[derive(Debug, Default)]
pub(super) struct Attempt {
    pub(super) act: String,
    pub(super) shown: Shown,
    /// What somebody else entered meanwhile, where the page was stale.
    pub(super) meanwhile: Vec<String>,
}

#[derive(Template)]
#[template(path = "pages/remedy/show.html")]
struct ShowPage {
    page: Page,
    id: String,
    no: String,
    version: String,
    kind: &'static str,
    state: String,
    is_open: bool,
    facts: Vec<(&'static str, String)>,
    case_href: String,
    case_no: String,
    due: Option<DueBox>,
    warning: String,
    table4: String,
    stages: Vec<StageView>,
    history: Vec<Past>,
    may_act: bool,
    is_suit: bool,
    is_ended: bool,
    can_be_final: bool,
    has_copy: bool,
    results: Options,
    papers: Options,
    procedures: Options,
    next_kinds: Options,
    kinds: Options,
    capacities: Options,
    tried: String,
    shown: Shown,
    meanwhile: Vec<String>,
}

impl ShowPage {
    fn is_tried(&self, act: &str) -> bool {
        self.tried == act
    }
}

/// The page.
pub async fn show(
    app: web::Data<App>,
    signed_in: SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, PageError> {
    draw(&app, &signed_in, &id, Attempt::default()).await
}

/// Draws the page, after an attempt with what was typed in it.
pub(super) async fn draw(
    app: &App,
    signed_in: &SignedIn,
    id: &str,
    attempt: Attempt,
) -> Result<HttpResponse, PageError> {
    let id = id.parse().map_err(|_| WebError::NotFound)?;
    let caller = signed_in.caller.clone();
    let file = app.run(move |db| db.read(|conn| remedy_file(conn, &caller, id))).await?;
    page::show_as(attempt.shown.status(), &view(app, signed_in, file, attempt))
}

fn options<T: Coded>(all: impl IntoIterator<Item = T>) -> Options {
    all.into_iter().map(|it| (it.code(), it.label())).collect()
}

fn view(app: &App, signed_in: &SignedIn, file: RemedyFile, attempt: Attempt) -> ShowPage {
    let (caller, rules) = (signed_in.caller.clone(), app.rules());
    let Attempt { act: tried, mut shown, meanwhile } = attempt;
    let RemedyFile { remedy, stages, case, history, may_act } = file;
    let (facts, today) = (&remedy.facts, caller.today());
    let is_suit = facts.kind != RemedyKind::Reconsideration;
    let is_open = facts.concluded.is_none();
    let last = stages.last();
    let warning =
        order_warning(facts.kind, facts.accepted_on, case.as_ref().and_then(|it| it.closed).map(|it| it.1));
    let case_no = case.as_ref().map(|it| it.case_no.clone()).unwrap_or_default();
    let next_kinds = match last.map(|it| it.kind) {
        Some(StageKind::FirstInstance) => vec![StageKind::SecondInstance, StageKind::Retrial],
        _ => vec![StageKind::FirstInstance, StageKind::Retrial],
    };
    fill_known(&mut shown, &remedy, last);
    ShowPage {
        page: Page::new(app, signed_in, "remedies"),
        id: remedy.id.to_string(),
        // A stale form takes the version that is shown beside it, so that sending it again is a choice.
        version: Some(shown.v("version").to_owned())
            .filter(|it| !it.is_empty() && !shown.is_stale())
            .unwrap_or_else(|| remedy.version.to_string()),
        kind: facts.kind.label(),
        state: match facts.concluded {
            Some((day, result)) => format!("{}审结：{}", wording::day(day), result.label()),
            None => format!("{}审理中", last.map_or("", |it| it.kind.label())),
        },
        facts: vec![
            ("复议机关、法院", remedy.body.clone()),
            ("受理", wording::day_with_weekday(facts.accepted_on)),
            ("本机关身份", facts.capacity.label().to_owned()),
            ("备注", if remedy.remarks.is_empty() { "无".to_owned() } else { remedy.remarks.clone() }),
        ],
        case_href: remedy.case_id.map(|it| format!("/cases/{it}")).unwrap_or_default(),
        due: due_box(&stages, &rules, &caller).filter(|_| is_open),
        warning: warning.unwrap_or_default(),
        table4: format!("{}年度表四：{}。", today.year(), remedy_reason(facts, Period::year(today.year()))),
        stages: stage_views(&stages, &rules, &caller, is_open),
        history: history.iter().rev().map(past).collect(),
        may_act: may_act && WRITERS.admits(&signed_in.caller.viewer),
        is_ended: last.is_some_and(|it| it.end.is_some()),
        can_be_final: last.is_some_and(|it| it.kind != StageKind::FirstInstance),
        has_copy: last.is_some_and(|it| it.copy_received_on.is_some()),
        results: options(RemedyResult::ALL.iter().copied().filter(|it| it.fits(facts.kind) && is_exact(*it))),
        papers: options(Paper::ALL.iter().copied().filter(|it| (*it == Paper::Decision) != is_suit)),
        procedures: options(Procedure::ALL.iter().copied()),
        next_kinds: options(next_kinds),
        kinds: options(RemedyKind::ALL.iter().copied()),
        capacities: options(Capacity::ALL.iter().copied()),
        no: remedy.remedy_no,
        case_no,
        is_open,
        is_suit,
        tried,
        shown,
        meanwhile,
    }
}

/// Results known by their column alone are for old registers.
fn is_exact(result: RemedyResult) -> bool {
    !matches!(result, RemedyResult::Upheld | RemedyResult::Corrected | RemedyResult::OtherResult)
}

/// What stands in the forms before anybody types.
fn fill_known(
    shown: &mut Shown,
    remedy: &crate::service::remedy::act_on_remedy::Recorded,
    last: Option<&Stage>,
) {
    let day = |day: Option<chrono::NaiveDate>| day.map(|it| it.to_string()).unwrap_or_default();
    if let Some(stage) = last {
        shown.fill("copy_received_on", day(stage.copy_received_on));
        shown.fill("copy_procedure", stage.procedure.code().to_owned());
        shown.fill("answer_on", day(stage.answered_on));
        shown.fill("hearing_on", day(stage.hearing_on));
        shown.fill("hearing_notes", stage.notes.clone());
        if let Some(end) = &stage.end {
            shown.fill("end_on", end.on.to_string());
            shown.fill("end_served_on", day(end.served_on));
            shown.fill("end_paper", end.paper.code().to_owned());
            shown.fill("end_result", end.result.code().to_owned());
            shown.fill("conclude_on", day(end.served_on.or(Some(end.on))));
            shown.fill("conclude_result", end.result.code().to_owned());
        } else if stage.kind == StageKind::Reconsideration {
            shown.fill("end_paper", Paper::Decision.code().to_owned());
        }
    }
    shown.fill("correct_remedy_no", remedy.remedy_no.clone());
    shown.fill("correct_kind", remedy.facts.kind.code().to_owned());
    shown.fill("correct_capacity", remedy.facts.capacity.code().to_owned());
    shown.fill("correct_body", remedy.body.clone());
    shown.fill("correct_accepted_on", remedy.facts.accepted_on.to_string());
    shown.fill("correct_remarks", remedy.remarks.clone());
}

fn due_box(stages: &[Stage], rules: &Rules, caller: &Caller) -> Option<DueBox> {
    let next = next_deadline(stages, &rules.calendar)?;
    let (light, words) = nearness(next.due.on, &rules.calendar, caller.today());
    Some(DueBox {
        light,
        label: next.term.what,
        day: next.due.on.to_string(),
        shown: wording::day_with_weekday(next.due.on),
        words,
        sum: format!(
            "{}{}的次日起 {} {}（{}）",
            wording::day(next.from),
            next.since,
            next.term.length,
            next.term.unit.label(),
            next.term.article
        ),
        provisional: next.due.provisional,
    })
}

fn stage_views(stages: &[Stage], rules: &Rules, caller: &Caller, is_open: bool) -> Vec<StageView> {
    let today = caller.today();
    let view = |(i, stage): (usize, &Stage)| {
        let next = stages.get(i + 1);
        let day =
            |day: Option<chrono::NaiveDate>, none: &str| day.map_or_else(|| none.to_owned(), wording::day);
        let mut facts = vec![
            ("案号", stage.docket_no.clone()),
            ("机关", stage.body.clone()),
            ("受理", wording::day(stage.accepted_on)),
            ("收到副本", day(stage.copy_received_on, "未登记")),
            ("提交答复、答辩", day(stage.answered_on, "未登记")),
            ("听证、开庭", day(stage.hearing_on, "未登记")),
        ];
        if stage.kind == StageKind::Reconsideration {
            facts.insert(3, ("程序", stage.procedure.label().to_owned()));
        }
        if let Some(end) = &stage.end {
            facts.push(("文书", format!("{}　{}", end.paper.label(), wording::day(end.on))));
            facts.push(("送达", day(end.served_on, "未登记")));
            facts.push(("结果", end.result.label().to_owned()));
        }
        let deadlines = stage.deadlines(next, &rules.calendar).into_iter().map(|it| {
            let (light, state) = match it.done_on {
                Some(done) if it.due.on < done => {
                    (Light::Done, format!("{} 已办，晚于期限", wording::day(done)))
                }
                Some(done) => (Light::Done, format!("{} 已办", wording::day(done))),
                None if !is_open || next.is_some() => (Light::Done, "不再计算".to_owned()),
                None => nearness(it.due.on, &rules.calendar, today),
            };
            DeadlineLine {
                what: it.term.what,
                article: it.term.article,
                since: format!("{}{}", wording::day(it.from), it.since),
                due: wording::day(it.due.on),
                provisional: it.due.provisional,
                state,
                light,
            }
        });
        StageView {
            id: format!("stage-{}", i + 1),
            heading: stage.kind.label().to_owned(),
            facts,
            notes: stage.notes.clone(),
            deadlines: deadlines.collect(),
        }
    };
    stages.iter().enumerate().map(view).collect()
}

fn past(entry: &crate::service::remedy::act_on_remedy::HistoryEntry) -> Past {
    Past {
        at: beijing::time(entry.recorded_at()).format("%Y-%m-%d %H:%M").to_string(),
        who: entry.actor.clone(),
        what: journal::action(&entry.action),
        note: String::new(),
        kind: "",
        changes: journal::changes(&entry.details, &Names::default()),
    }
}
