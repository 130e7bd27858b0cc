//! What is done with a case: a short form, and what comes of it.

pub(in crate::web::pages::case) mod commands;
pub(in crate::web::pages::case) mod drafting;
pub(in crate::web::pages::case) mod forms;

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::domain::ids::CaseId;
use crate::domain::labels::Coded;
use crate::domain::refusal::Refusal;
use crate::domain::workflow::{Action, WorkflowError, next_status};
use crate::service::case::look_up_applicant::{Inquiry, LookedUp, look_up_applicant};
use crate::service::case::open_case::CaseFile;
use crate::service::case::work_on_case::{Worked, work_on_case};
use crate::web::App;
use crate::web::done::Done;
use crate::web::error::{PageError, WebError};
use crate::web::form::Posted;
use crate::web::kept::SHOW_AGAIN;
use crate::web::page::{Page, show};
use crate::web::pages::case::act::commands::parse;
use crate::web::pages::case::act::forms::{Surroundings, controls, refresh_untouched};
use crate::web::pages::case::controls::{Control, Maker};
use crate::web::pages::case::fields::Fields;
use crate::web::pages::case::show::head;
use crate::web::pages::case::shown::Shown;
use crate::web::pages::case::view::{DraftView, Head, TimelineEntry, drafts, label, reply_facts};
use crate::web::pages::case::{case_id, open, see_other};
use crate::web::session::SignedIn;

#[derive(Template)]
#[template(path = "pages/case/act/act.html")]
struct ActPage {
    page: Page,
    head: Head,
    action: &'static str,
    label: &'static str,
    controls: Vec<Control>,
    errors: Vec<(String, String)>,
    changes: Vec<TimelineEntry>,
    is_kept: bool,
    is_danger: bool,
    /// The reply, where it is about to be signed or sent.
    reply: Vec<(&'static str, String)>,
    reply_body: String,
    /// The opinions on it.
    draft: Option<DraftView>,
}

fn action(code: &str) -> Result<Action, PageError> {
    Action::from_code(code).map_err(|_| PageError(WebError::NotFound))
}

/// Refuses what neither the table nor the person's place permits, before a form is shown for it.
fn check_permitted(
    app: &App,
    signed_in: &SignedIn,
    file: &CaseFile,
    action: Action,
) -> Result<(), PageError> {
    if !signed_in.caller.viewer.acts_on(&file.place) {
        return Err(WorkflowError::NotPermitted { action }.into());
    }
    let policy = &app.rules().policy;
    next_status(policy, file.case.status, action, &signed_in.caller.viewer.roles, None)?;
    Ok(())
}

/// GET the form of an action.
pub(super) async fn form(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<(String, String)>,
    query: web::Query<Fields>,
) -> Result<HttpResponse, PageError> {
    let (id, code) = path.into_inner();
    let (id, action) = (case_id(&id)?, action(&code)?);
    if matches!(action, Action::Agree | Action::AgreeWithChanges | Action::ReturnDraft) {
        return Ok(see_other(format!("/cases/{id}/review")));
    }
    let file = open(&app, &signed_in, id).await?;
    check_permitted(&app, &signed_in, &file, action)?;
    draw(&app, &signed_in, &file, action, Shown::blank(query.into_inner())).await
}

/// Draws the form of an action.
async fn draw(
    app: &web::Data<App>,
    signed_in: &SignedIn,
    file: &CaseFile,
    action: Action,
    shown: Shown,
) -> Result<HttpResponse, PageError> {
    let status = shown.status();
    let mut response = match action {
        Action::SubmitDraft => drafting::draw_draft(app, signed_in, file, &shown)?,
        Action::Agree | Action::AgreeWithChanges | Action::ReturnDraft => {
            drafting::draw_review(app, signed_in, file, &shown)?
        }
        _ => {
            let applicant = applicant(app, file, action).await?;
            let rules = app.rules();
            let today = signed_in.caller.today();
            let shows_reply = matches!(action, Action::SignOff | Action::RefuseSignOff | Action::Issue);
            let reply = file.case.reply.as_ref().filter(|_| shows_reply);
            let make = Maker::new(&shown.fields, &shown.refusals, shown.is_blank);
            let around = Surroundings { file, rules: &rules, today, applicant: &applicant };
            show(&ActPage {
                page: Page::new(app, signed_in, "cases"),
                head: head(file, &rules, today).0,
                action: action.code(),
                label: label(action),
                controls: controls(action, &make, &around),
                errors: shown.errors(),
                changes: shown.changes(file),
                is_kept: shown.is_kept,
                is_danger: matches!(action, Action::Withdraw | Action::EndUncorrected | Action::EndUnpaid),
                reply: reply.map(reply_facts).unwrap_or_default(),
                reply_body: reply.map(|it| it.body.clone()).unwrap_or_default(),
                draft: drafts(file).into_iter().next().filter(|_| shows_reply),
            })?
        }
    };
    *response.status_mut() = status;
    Ok(response)
}

/// What is known of the applicant, where the form shows it.
async fn applicant(app: &web::Data<App>, file: &CaseFile, action: Action) -> Result<LookedUp, PageError> {
    if action != Action::NoticeFee {
        return Ok(LookedUp::default());
    }
    let agency = file.case.agency_id;
    let inquiry = Inquiry {
        name: file.case.applicant_name.clone(),
        id_number: file.request.id_number.clone().unwrap_or_default(),
        on: file.case.received_on,
        except: Some(file.case.id),
        ..Inquiry::default()
    };
    Ok(app.run(move |db| db.read(|conn| look_up_applicant(conn, agency, &inquiry, false))).await?)
}

/// POST an action.
pub(super) async fn submit(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<(String, String)>,
    form: Posted<Fields>,
) -> Result<HttpResponse, PageError> {
    let (id, code) = path.into_inner();
    let (id, action) = (case_id(&id)?, action(&code)?);
    let mut fields = form.0;
    if fields.get("then") == SHOW_AGAIN {
        let file = open(&app, &signed_in, id).await?;
        let shown = Shown { fields, is_kept: true, ..Shown::default() };
        return draw(&app, &signed_in, &file, action, shown).await;
    }
    if drafting::is_step(action, &fields) {
        let file = open(&app, &signed_in, id).await?;
        drafting::take_step(&app, &file, &mut fields);
        return draw(&app, &signed_in, &file, action, Shown { fields, ..Shown::default() }).await;
    }
    let Ok(version) = fields.get("version").parse() else {
        // A case they do not see is no case, whatever was sent.
        open(&app, &signed_in, id).await?;
        return Err(PageError(WebError::BadRequest));
    };
    let refusals = match carry_out(&app, &signed_in, id, version, action, fields.clone()).await {
        Ok(Worked { is_seen: true, .. }) => return Ok(see_other(format!("/cases/{id}"))),
        Ok(Worked { case, .. }) => {
            let mut response = see_other("/".to_owned());
            response
                .add_cookie(&Done { action, case_no: case.case_no }.cookie(&app))
                .map_err(|_| WebError::BadRequest)?;
            return Ok(response);
        }
        Err(err) if err.is_stale() => return stale(&app, &signed_in, id, action, fields).await,
        Err(err) => err.refusals()?.into_iter().collect(),
    };
    let file = open(&app, &signed_in, id).await?;
    if action == Action::Amend {
        refresh_untouched(&mut fields, &file.case, &file.request);
    }
    draw(&app, &signed_in, &file, action, Shown { fields, refusals, ..Shown::default() }).await
}

/// Reads the form and carries it out in one transaction.
async fn carry_out(
    app: &web::Data<App>,
    signed_in: &SignedIn,
    id: CaseId,
    version: i32,
    action: Action,
    mut fields: Fields,
) -> Result<Worked, WebError> {
    let (caller, rules) = (signed_in.caller.clone(), app.rules());
    app.run(move |db| {
        db.write(|conn| {
            work_on_case(conn, &caller, &rules, id, version, action, |case, request| {
                if action == Action::Amend {
                    refresh_untouched(&mut fields, case, request);
                }
                parse(action, &fields, case, request)
            })
        })
    })
    .await
}

/// The form again on the case as it now is, with what was typed and what has changed since.
async fn stale(
    app: &web::Data<App>,
    signed_in: &SignedIn,
    id: CaseId,
    action: Action,
    mut fields: Fields,
) -> Result<HttpResponse, PageError> {
    let file = open(app, signed_in, id).await?;
    if action == Action::Amend {
        refresh_untouched(&mut fields, &file.case, &file.request);
    }
    let mut refusals = Vec::new();
    if let Err(err) =
        next_status(&app.rules().policy, file.case.status, action, &signed_in.caller.viewer.roles, None)
    {
        refusals.push(Refusal::whole(err.to_string()));
    }
    let stale_since = Some(fields.get("seq").parse().unwrap_or(0));
    draw(app, signed_in, &file, action, Shown { fields, refusals, stale_since, ..Shown::default() }).await
}
