//! The right side of the registration form: the day of receipt, the due date with its arithmetic,
//! likely repeats beside their replies, and the applicant's earlier applications.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::domain::labels::Coded;
use crate::domain::response_clock::{self, ClockFacts, Measure};
use crate::domain::terms;
use crate::domain::urgency::Light;
use crate::domain::wording;
use crate::domain::workflow::Status;
use crate::service::case::look_up_applicant::{Inquiry, LookedUp, Similar, look_up_applicant};
use crate::web::App;
use crate::web::error::PageError;
use crate::web::form::Fields;
use crate::web::page::show;
use crate::web::pages::case::register::form;
use crate::web::pages::case::{DueView, UNCONFIRMED_LABEL, short};
use crate::web::session::SignedIn;

/// A similar application.
#[derive(Debug, Clone)]
pub struct SimilarView {
    pub(super) id: String,
    pub(super) case_no: String,
    pub(super) status: (&'static str, &'static str),
    pub(super) applicant: String,
    pub(super) received: String,
    pub(super) content: String,
    pub(super) percent: u32,
    pub(super) is_likely: bool,
    pub(super) reply: String,
    pub(super) reply_body: String,
}

/// An earlier application of the applicant.
#[derive(Debug, Clone)]
pub struct EarlierView {
    pub(super) id: String,
    pub(super) case_no: String,
    pub(super) status: (&'static str, &'static str),
    pub(super) received: String,
    pub(super) content: String,
}

/// The right side.
#[derive(Debug, Clone, Default)]
pub struct SideView {
    pub(super) due: Option<DueView>,
    pub(super) lines: Vec<(String, String)>,
    pub(super) correction: String,
    pub(super) unconfirmed: bool,
    pub(super) own: Vec<SimilarView>,
    pub(super) others: Vec<SimilarView>,
    pub(super) name: String,
    pub(super) counts: (u32, u32, usize),
    pub(super) earlier: Vec<EarlierView>,
    pub(super) frequency: String,
    /// Warnings the clerk sees here, which the form sends back as seen.
    pub(super) seen: Vec<&'static str>,
}

#[derive(Template)]
#[template(path = "pages/case/register/side.html")]
struct SidePage {
    side: SideView,
}

/// GET the live side for the form as it is.
pub(super) async fn side(
    app: web::Data<App>,
    signed_in: SignedIn,
    query: web::Query<Fields>,
) -> Result<HttpResponse, PageError> {
    show(&SidePage { side: view(&app, &signed_in, &query).await? })
}

/// The side for these fields.
pub(super) async fn view(
    app: &web::Data<App>,
    signed_in: &SignedIn,
    fields: &Fields,
) -> Result<SideView, PageError> {
    let today = signed_in.caller.today();
    let rules = app.rules();
    let mut side = SideView::default();
    let receipt = form::receipt(fields);
    if let Some((channel, on, unconfirmed)) = receipt {
        let facts = ClockFacts { channel: Some(channel), ..ClockFacts::received(on) };
        let reading = response_clock::read(&facts, &rules.calendar, &rules.clock, on);
        let now = response_clock::read_briefly(&facts, &rules.calendar, &rules.clock, today);
        let status = if unconfirmed { Status::Received } else { Status::Registered };
        side.unconfirmed = unconfirmed;
        if let Some(due) = reading.due {
            side.due = Some(DueView {
                light: Light::of_case(status, now.state),
                label: if unconfirmed { UNCONFIRMED_LABEL } else { "答复期限" },
                day: due.on.to_string(),
                shown: wording::day_with_weekday(due.on),
                words: if unconfirmed {
                    "双方确认之日起重新计算".to_owned()
                } else {
                    "20 个工作日".to_owned()
                },
                provisional: due.provisional,
                sum: format!(
                    "收到之日：{}，{}",
                    wording::day_with_weekday(on),
                    form::day_that_counts(channel)
                ),
            });
            side.lines.push(("收到之日，不计入".to_owned(), wording::day_with_weekday(on)));
            let first = rules.calendar.nth_working_day_after(on, 1).on;
            side.lines.push(("第 1 个工作日".to_owned(), wording::day_with_weekday(first)));
            if let Some(span) = reading.ledger.last().and_then(|it| it.span.as_ref()) {
                side.lines.push((span.words(), String::new()));
            }
            side.lines
                .push((format!("第 {} 个工作日", terms::ANSWER.length), wording::day_with_weekday(due.on)));
        }
        let last = response_clock::last_safe_day(
            &facts,
            &rules.calendar,
            &rules.clock,
            on,
            Measure::CorrectionNotice,
        );
        side.correction = last.map(wording::day_with_weekday).unwrap_or_default();
    }
    let name = fields.get("applicant_name").trim().to_owned();
    let content = fields.get("content").to_owned();
    if name.is_empty() && content.trim().is_empty() {
        return Ok(side);
    }
    let inquiry = Inquiry {
        name: name.clone(),
        id_number: fields.get("id_number").to_owned(),
        content,
        on: receipt.map_or(today, |(_, on, _)| on),
        except: None,
    };
    let agency = signed_in.caller.viewer.agency;
    let known: LookedUp =
        app.run(move |db| db.read(|conn| look_up_applicant(conn, agency, &inquiry, true))).await?;
    if known.own.iter().any(Similar::is_likely_repeat) {
        side.seen.push("repeat");
    }
    if crate::domain::fees::FREE_APPLICATIONS <= known.n_this_month {
        side.seen.push("frequent");
        side.frequency = form::frequency(known.n_this_month);
    }
    side.own = known.own.iter().map(similar).collect();
    side.others = known.others.iter().map(similar).collect();
    side.counts = (known.n_this_month, known.n_this_year, known.earlier.len());
    side.earlier = known
        .earlier
        .iter()
        .take(5)
        .map(|it| EarlierView {
            id: it.id.to_string(),
            case_no: it.case_no.clone(),
            status: (it.status.code(), it.status.label()),
            received: short(it.received_on),
            content: it.content.clone(),
        })
        .collect();
    side.name = name;
    Ok(side)
}

fn similar(it: &Similar) -> SimilarView {
    let known = &it.known;
    let number = known.reply_no.as_ref().map(|it| format!("，{it}")).unwrap_or_default();
    SimilarView {
        id: known.id.to_string(),
        case_no: known.case_no.clone(),
        status: (known.status.code(), known.status.label()),
        applicant: known.applicant_name.clone(),
        received: wording::day(known.received_on),
        content: known.content.clone(),
        percent: it.percent,
        is_likely: it.is_likely_repeat(),
        reply: known
            .closed
            .map(|(on, outcome)| format!("{}办结，{}{number}", wording::day(on), outcome.label()))
            .unwrap_or_default(),
        reply_body: it.reply_body.clone(),
    }
}
