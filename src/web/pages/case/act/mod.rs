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
use crate::web::form::{Control, Fields, Posted, Shown};
use crate::web::kept::SHOW_AGAIN;
use crate::web::page::{Page, show_as};
use crate::web::pages::case::act::commands::{PART_FIELD, parse};
use crate::web::pages::case::act::forms::{Surroundings, controls, refresh_untouched};
use crate::web::pages::case::show::head;
use crate::web::pages::case::shown::changes;
use crate::web::pages::case::view::{DraftView, Head, TimelineEntry, drafts, label, reply_facts};
use crate::web::pages::case::{case_id, open};
use crate::web::redirect::see_other;
use crate::web::session::SignedIn;

/// The field of a form for a fact that the rules call by another name.
fn field_of(fact: &str) -> Option<String> {
    const FIELDS: &[(&str, &str)] =
        &[("handler", "assignee"), ("department", "assignee"), ("parts", PART_FIELD)];
    FIELDS.iter().find(|(it, _)| *it == fact).map(|(_, field)| (*field).to_owned())
}

#[derive(Template)]
#[template(path = "pages/case/act/act.html")]
struct ActPage<'a> {
    page: Page,
    head: Head,
    action: &'static str,
    label: &'static str,
    controls: Vec<Control>,
    shown: &'a Shown,
    changes: Vec<TimelineEntry>,
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
    match action {
        Action::SubmitDraft => drafting::draw_draft(app, signed_in, file, &shown),
        Action::Agree | Action::AgreeWithChanges | Action::ReturnDraft => {
            drafting::draw_review(app, signed_in, file, &shown)
        }
        _ => {
            let applicant = applicant(app, file, action).await?;
            let rules = app.rules();
            let today = signed_in.caller.today();
            let shows_reply = matches!(action, Action::SignOff | Action::RefuseSignOff | Action::Issue);
            let reply = file.case.reply.as_ref().filter(|_| shows_reply);
            let around = Surroundings { file, rules: &rules, today, applicant: &applicant };
            let page = ActPage {
                page: Page::new(app, signed_in, "cases"),
                head: head(file, &rules, today).0,
                action: action.code(),
                label: label(action),
                controls: controls(action, &shown, &around),
                shown: &shown,
                changes: changes(&shown, file),
                is_danger: matches!(action, Action::Withdraw | Action::EndUncorrected | Action::EndUnpaid),
                reply: reply.map(reply_facts).unwrap_or_default(),
                reply_body: reply.map(|it| it.body.clone()).unwrap_or_default(),
                draft: drafts(file).into_iter().next().filter(|_| shows_reply),
            };
            show_as(shown.status(), &page)
        }
    }
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
    form: Posted,
) -> Result<HttpResponse, PageError> {
    let (id, code) = path.into_inner();
    let (id, action) = (case_id(&id)?, action(&code)?);
    let mut fields = form.0;
    if fields.get("then") == SHOW_AGAIN {
        let file = open(&app, &signed_in, id).await?;
        return draw(&app, &signed_in, &file, action, Shown::kept(fields)).await;
    }
    if drafting::is_step(action, &fields) {
        let file = open(&app, &signed_in, id).await?;
        drafting::take_step(&app, &file, &mut fields);
        return draw(&app, &signed_in, &file, action, Shown::again(fields)).await;
    }
    let Ok(version) = fields.get("version").parse() else {
        // A case they do not see is no case, whatever was sent.
        open(&app, &signed_in, id).await?;
        return Err(PageError(WebError::BadRequest));
    };
    let refusals = match carry_out(&app, &signed_in, id, version, action, fields.clone()).await {
        Ok(Worked { is_seen: true, .. }) => return Ok(see_other(format!("/cases/{id}"))),
        Ok(Worked { case, .. }) => {
            let mut response = see_other("/");
            response
                .add_cookie(&Done { action, case_no: case.case_no }.cookie(&app))
                .map_err(|_| WebError::BadRequest)?;
            return Ok(response);
        }
        Err(err) if err.is_stale() => return stale(&app, &signed_in, id, action, fields).await,
        Err(err) => err.refusals()?,
    };
    let file = open(&app, &signed_in, id).await?;
    if action == Action::Amend {
        refresh_untouched(&mut fields, &file.case, &file.request);
    }
    draw(&app, &signed_in, &file, action, Shown::refused(fields, refusals).renamed(field_of)).await
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
    let mut shown = Shown::stale(fields);
    if let Err(err) =
        next_status(&app.rules().policy, file.case.status, action, &signed_in.caller.viewer.roles, None)
    {
        shown = shown.with(Refusal::whole(err.to_string()));
    }
    draw(app, signed_in, &file, action, shown).await
}
