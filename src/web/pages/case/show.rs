//! The page of a case.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::domain::labels::Coded;
use crate::domain::outcome::Outcome;
use crate::domain::remedy::{RemedyKind, RemedyResult};
use crate::domain::response_clock::Measure;
use crate::domain::response_clock::{ClockReading, ClockState, Consultation};
use crate::domain::wording;
use crate::domain::workflow::Action;
use crate::service::Rules;
use crate::service::case::letters::case_letters;
use crate::service::case::open_case;
use crate::service::case::open_case::CaseFile;
use crate::service::desk::forecast_cases::OfficePast;
use crate::web::App;
use crate::web::error::PageError;
use crate::web::form::{Fields, Posted};
use crate::web::page::{Page, show};
use crate::web::pages::case::files::view::{FilesView, short_timeline};
use crate::web::pages::case::letters::{self, IssuedView, OfferView};
use crate::web::pages::case::mails::{MailView, mails};
use crate::web::pages::case::view::{self, Act, DraftView, Head, TimelineEntry};
use crate::web::pages::case::{case_id, open, short};
use crate::web::pages::desk::forecast::{CaseForecast, in_words};
use crate::web::session::SignedIn;
use crate::web::view::due;
use crate::web::view::due::{LedgerRow, TRIALS, Trial};

/// A consultation as the page lists it.
#[derive(Debug, Clone)]
struct ConsultationView {
    party: &'static str,
    name: String,
    sent: String,
    delivered: String,
    returned: String,
    opinion: &'static str,
}

/// A proceeding about the case.
#[derive(Debug, Clone)]
struct RemedyView {
    kind: &'static str,
    no: String,
    body: String,
    accepted: String,
    result: String,
}

/// Facts: name, text.
type Facts = Vec<(&'static str, String)>;

/// A linked case: identifier, number, applicant, status, reason.
type Linked = (String, String, String, (&'static str, &'static str), String);

#[derive(Template)]
#[template(path = "pages/case/show.html")]
struct CasePage {
    page: Page,
    head: Head,
    steps: Vec<(&'static str, &'static str, String)>,
    facts: Vec<(&'static str, String, bool)>,
    is_revealed: bool,
    can_reveal: bool,
    consultations: Vec<ConsultationView>,
    fee: Facts,
    drafts: Vec<DraftView>,
    reply: Facts,
    reply_body: String,
    earlier_replies: Vec<(i32, Facts, String)>,
    timeline: Vec<TimelineEntry>,
    main: Option<Act>,
    acts: Vec<Act>,
    can_amend: bool,
    ledger: Vec<LedgerRow>,
    last_days: Vec<(&'static str, String)>,
    findings: Vec<(&'static str, String)>,
    trials: &'static [(&'static str, &'static str)],
    trial: Trial,
    is_open: bool,
    linked: Vec<Linked>,
    mails: Vec<MailView>,
    remedies: Vec<RemedyView>,
    files: FilesView,
    forecast: Option<CaseForecast>,
    letters: Vec<IssuedView>,
    due_letters: Vec<OfferView>,
    has_pdf: bool,
}

/// The head of a case and its clock.
pub(super) fn head(file: &CaseFile, rules: &Rules, today: chrono::NaiveDate) -> (Head, ClockReading) {
    let reading = file.case.read_clock(&rules.calendar, &rules.clock, today);
    let waiting = match reading.state {
        ClockState::Suspended { by, .. } => Some(by.label()),
        _ => None,
    };
    (Head::new(file, due::due_view(&file.case, &reading, today), waiting), reading)
}

impl CasePage {
    fn new(
        app: &App,
        signed_in: &SignedIn,
        file: &CaseFile,
        query: &Fields,
        past: &OfficePast,
        is_revealed: bool,
    ) -> Self {
        let rules = app.rules();
        let today = past.today;
        let can_issue = signed_in.caller.viewer.acts_on(&file.place);
        let all = case_letters(file.clone(), &signed_in.caller, &rules);
        let case = &file.case;
        let (head, reading) = head(file, &rules, today);
        let mut acts = view::acts(file, &signed_in.caller.viewer);
        let main = view::main_act(&acts, case.status, &signed_in.caller.viewer);
        let can_amend = acts.iter().any(|it| it.action == Action::Amend);
        acts.retain(|it| {
            it.action != Action::Amend && main.as_ref().is_none_or(|main| main.action != it.action)
        });
        let last_days = due::last_days(case, &rules, today);
        for act in &mut acts {
            let measure = match act.action {
                Action::RequestCorrection => Measure::CorrectionNotice,
                Action::Consult => Measure::Consultation,
                Action::Extend => Measure::Extension,
                _ => continue,
            };
            let last = last_days.iter().find(|(it, _)| *it == measure);
            act.note = last.map(|(_, it)| it.note()).unwrap_or_default();
        }
        view::arrange(&mut acts);
        let current = case.reply.as_ref().filter(|it| it.outcome.is_some());
        Self {
            page: Page::new(app, signed_in, "cases"),
            steps: view::steps(file, &head.due),
            facts: view::request_facts(file, is_revealed),
            is_revealed,
            can_reveal: !is_revealed && view::has_personal_data(file),
            consultations: case.clock.consultations.iter().map(consultation).collect(),
            fee: fee(file),
            drafts: view::drafts(file),
            reply: current.map(view::reply_facts).unwrap_or_default(),
            reply_body: current.map(|it| it.body.clone()).unwrap_or_default(),
            earlier_replies: file
                .replies
                .iter()
                .filter(|(round, _)| *round < case.round)
                .map(|(round, reply)| (*round, view::reply_facts(reply), reply.body.clone()))
                .collect(),
            timeline: short_timeline(file),
            main,
            acts,
            can_amend,
            ledger: due::ledger(&reading.ledger, today),
            last_days: last_days.into_iter().map(|(it, day)| (it.label(), day.words())).collect(),
            findings: reading.findings.iter().map(|it| (it.kind.label(), it.text.clone())).collect(),
            trials: TRIALS,
            trial: due::try_out(case, &rules, today, query),
            is_open: case.status.is_open(),
            mails: mails(file, &signed_in.caller.viewer),
            linked: file
                .linked
                .iter()
                .map(|it| {
                    let status = (it.place.status.code(), it.place.status.label());
                    (
                        it.id.to_string(),
                        it.case_no.clone(),
                        it.applicant_name.clone(),
                        status,
                        it.reason.clone(),
                    )
                })
                .collect(),
            remedies: file.remedies.iter().map(remedy(file)).collect(),
            files: FilesView::latest(app, signed_in, file),
            forecast: in_words(past, case, &file.history, reading.due.map(|it| it.on), &rules.calendar),
            letters: letters::issued(file),
            due_letters: if can_issue { letters::due(&all) } else { Vec::new() },
            has_pdf: app.office.is_some(),
            head,
        }
    }
}

fn consultation(it: &Consultation) -> ConsultationView {
    ConsultationView {
        party: it.party.label(),
        name: it.name.clone(),
        sent: short(it.sent_on),
        delivered: it.delivered_on.map(short).unwrap_or_default(),
        returned: it.returned_on.map(short).unwrap_or_default(),
        opinion: match (it.returned_on, it.consent) {
            (None, _) => "等待回复",
            (_, Some(true)) => "同意公开",
            (_, Some(false)) => "不同意公开",
            (_, None) => "没有明确表示",
        },
    }
}

/// The fee in facts: name, text.
pub(super) fn fee(file: &CaseFile) -> Vec<(&'static str, String)> {
    let Some(fee) = &file.case.clock.fee else { return Vec::new() };
    let day = |it: Option<chrono::NaiveDate>| it.map(wording::day).unwrap_or_default();
    let facts = [
        ("金额", fee.amount.as_ref().map(|it| format!("{it}元")).unwrap_or_default()),
        ("通知发出", wording::day(fee.sent_on)),
        ("申请人收到", day(fee.delivered_on)),
        ("缴费", fee.paid_on.map_or_else(|| "等待缴费".to_owned(), wording::day)),
    ];
    facts.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

/// A proceeding in words, with a warning where a refusal under art. 14 to 16 was sued without a
/// reconsideration first.
fn remedy(file: &CaseFile) -> impl Fn(&crate::service::case::open_case::AboutRemedy) -> RemedyView {
    let outcome: Option<Outcome> = file.case.closed.map(|(_, it)| it);
    move |it| {
        let first = outcome
            .is_some_and(|it| it.rule().remedy == crate::domain::outcome::RemedyClass::ReconsiderationFirst);
        let concluded: Option<(chrono::NaiveDate, RemedyResult)> = it.facts.concluded;
        let mut result = concluded.map_or_else(
            || "尚未审结".to_owned(),
            |(on, result)| format!("{}　{}", wording::day(on), result.label()),
        );
        if first && it.facts.kind == RemedyKind::DirectSuit {
            result.push_str("（应当先申请行政复议，请核对）");
        }
        RemedyView {
            kind: it.facts.kind.label(),
            no: it.remedy_no.clone(),
            body: it.body.clone(),
            accepted: wording::day(it.facts.accepted_on),
            result,
        }
    }
}

/// GET the page.
pub(super) async fn page(
    app: web::Data<App>,
    signed_in: SignedIn,
    id: web::Path<String>,
    query: web::Query<Fields>,
) -> Result<HttpResponse, PageError> {
    let file = open(&app, &signed_in, case_id(&id)?).await?;
    let past = app.past_of(file.case.agency_id, signed_in.caller.today()).await?;
    show(&CasePage::new(&app, &signed_in, &file, &query, &past, false))
}

/// POST to see the personal data in full; the journal keeps who did.
pub(super) async fn reveal(
    app: web::Data<App>,
    signed_in: SignedIn,
    id: web::Path<String>,
    _: Posted,
) -> Result<HttpResponse, PageError> {
    let id = case_id(&id)?;
    let caller = signed_in.caller.clone();
    let file = app.run(move |db| db.write(|conn| open_case::reveal(conn, &caller, id))).await?;
    let past = app.past_of(file.case.agency_id, signed_in.caller.today()).await?;
    show(&CasePage::new(&app, &signed_in, &file, &Fields::default(), &past, true))
}
