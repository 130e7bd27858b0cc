//! One action on the selected cases, and what became of each.

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::domain::case::Command;
use crate::domain::ids::{CaseId, DepartmentId};
use crate::service::desk::act_on_many::{act_on_many, assign_many};
use crate::web::App;
use crate::web::error::{PageError, WebError};
use crate::web::form::Posted;
use crate::web::page::{Page, show};
use crate::web::pages::desk::find::{ListQuery, case_href, list_page};
use crate::web::session::SignedIn;

/// What is selected, and what is to be done with it.
#[derive(Debug, Deserialize)]
pub struct BulkForm {
    /// `identifier.version` of each.
    #[serde(default)]
    case: Vec<String>,
    /// `assign` or `claim`.
    #[serde(default)]
    r#do: String,
    #[serde(default)]
    handler: String,
    #[serde(default)]
    department: String,
    /// The query of the list.
    #[serde(default)]
    query: String,
    /// Whether it came from the queue.
    #[serde(default)]
    home: String,
}

struct DoneLine {
    number: String,
    href: String,
    refused: String,
}

#[derive(Template)]
#[template(path = "pages/desk/find/done.html")]
struct DonePage {
    page: Page,
    title: &'static str,
    n_done: usize,
    n_refused: usize,
    done: Vec<DoneLine>,
    refused: Vec<DoneLine>,
    back: String,
}

impl DonePage {
    fn done_title(&self) -> String {
        format!("已办理 {} 件", self.n_done)
    }

    fn refused_title(&self) -> String {
        format!("{} 件没有办理，原因如下", self.n_refused)
    }
}

fn selected(values: &[String]) -> Vec<(CaseId, i32)> {
    let read = |it: &String| {
        let (id, version) = it.split_once('.')?;
        Some((id.parse().ok()?, version.parse().ok()?))
    };
    let mut seen: Vec<(CaseId, i32)> = Vec::new();
    for it in values.iter().filter_map(read) {
        if seen.iter().all(|(id, _)| *id != it.0) {
            seen.push(it);
        }
    }
    seen
}

/// Carries it out.
pub async fn submit(
    app: web::Data<App>,
    signed_in: SignedIn,
    form: Posted<BulkForm>,
) -> Result<HttpResponse, PageError> {
    let form = form.0;
    let seen = selected(&form.case);
    let query = ListQuery::read(&form.query);
    if seen.is_empty() {
        return refused(&app, &signed_in, query, "请先选择申请，再办理".to_owned()).await;
    }
    let (caller, rules) = (signed_in.caller.clone(), app.rules());
    let handler = match form.handler.as_str() {
        "" => None,
        text => Some(text.parse().map_err(|_| PageError(WebError::BadRequest))?),
    };
    let department = match form.department.as_str() {
        "" => None,
        text => Some(DepartmentId(text.parse().map_err(|_| PageError(WebError::BadRequest))?)),
    };
    let is_claim = match form.r#do.as_str() {
        "claim" => true,
        "assign" => false,
        _ => return Err(PageError(WebError::BadRequest)),
    };
    let result = app
        .run(move |db| {
            if is_claim {
                act_on_many(db, &caller, &rules, &seen, &Command::Claim)
            } else {
                assign_many(db, &caller, &rules, &seen, department, handler)
            }
        })
        .await;
    let done = match result {
        Ok(done) => done,
        Err(err) => return refused(&app, &signed_in, query, err.refusals()?.to_string()).await,
    };
    let back = if form.home.is_empty() { format!("/cases?{}", query.text()) } else { "/".to_owned() };
    // One case taken up: on to it.
    if let ([one], true) = (done.as_slice(), is_claim)
        && one.refused.is_none()
    {
        let place = case_href(&one.id.to_string());
        return Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, place)).finish());
    }
    let line = |it: crate::service::desk::act_on_many::Done| DoneLine {
        href: case_href(&it.id.to_string()),
        number: if it.case_no.is_empty() { "（无此申请）".to_owned() } else { it.case_no },
        refused: it.refused.unwrap_or_default(),
    };
    let (refused, done): (Vec<_>, Vec<_>) = done.into_iter().map(line).partition(|it| !it.refused.is_empty());
    show(&DonePage {
        page: Page::new(&app, &signed_in, "cases"),
        title: if is_claim { "认领结果" } else { "批量派办结果" },
        n_done: done.len(),
        n_refused: refused.len(),
        done,
        refused,
        back,
    })
}

async fn refused(
    app: &web::Data<App>,
    signed_in: &SignedIn,
    query: ListQuery,
    message: String,
) -> Result<HttpResponse, PageError> {
    let mut response = list_page(app, signed_in, query, message).await?;
    *response.status_mut() = actix_web::http::StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}
